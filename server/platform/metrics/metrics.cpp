#include "platform/metrics/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <shared_mutex>
#include <tuple>

namespace shouwen::metrics {
namespace {

std::map<std::string, std::string> as_map(const Labels& labels)
{
    return {labels.begin(), labels.end()};
}

const std::vector<double> seconds_bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

}  // namespace

void Counter::add(double amount)
{
    static_cast<prometheus::Counter*>(impl_)->Increment(amount);
}
void Gauge::set(double value)
{
    static_cast<prometheus::Gauge*>(impl_)->Set(value);
}
void Gauge::add(double amount)
{
    static_cast<prometheus::Gauge*>(impl_)->Increment(amount);
}
void Histogram::observe(double value)
{
    static_cast<prometheus::Histogram*>(impl_)->Observe(value);
}

class Registry::Impl {
public:
    prometheus::Registry registry;
};

Registry::Registry() : impl_(std::make_unique<Impl>())
{
}
Registry::~Registry() = default;

Counter Registry::counter(const std::string& name, const std::string& help, const Labels& labels)
{
    Counter counter;
    counter.impl_ = &prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry).Add(as_map(labels));
    return counter;
}

Gauge Registry::gauge(const std::string& name, const std::string& help, const Labels& labels)
{
    Gauge gauge;
    gauge.impl_ = &prometheus::BuildGauge().Name(name).Help(help).Register(impl_->registry).Add(as_map(labels));
    return gauge;
}

Histogram Registry::histogram(const std::string& name, const std::string& help, const Labels& labels,
                              std::vector<double> bounds)
{
    Histogram histogram;
    histogram.impl_ = &prometheus::BuildHistogram()
                           .Name(name)
                           .Help(help)
                           .Register(impl_->registry)
                           .Add(as_map(labels), bounds.empty() ? seconds_bounds : bounds);
    return histogram;
}

std::string Registry::render() const
{
    return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

class HttpRequests::Impl {
public:
    explicit Impl(Registry& registry) : registry_(registry) {}

    Histogram of(std::string_view method, std::string_view pattern, int status)
    {
        const std::tuple key{method, pattern, status};
        {
            const std::shared_lock lock(mutex_);
            if (const auto known = histograms_.find(key); known != histograms_.end()) return known->second;
        }
        const std::unique_lock lock(mutex_);
        const Labels labels{
            {"method", std::string(method)}, {"route", std::string(pattern)}, {"status", std::to_string(status)}};
        const auto histogram = registry_.histogram("http_request_seconds",
                                                   "Time from a request's first byte to its answer's last", labels);
        return histograms_.emplace(std::tuple{std::string(method), std::string(pattern), status}, histogram)
            .first->second;
    }

private:
    using Key = std::tuple<std::string, std::string, int>;
    Registry& registry_;
    std::shared_mutex mutex_;
    std::map<Key, Histogram, std::less<>> histograms_;  // bounded: routes, methods and status codes are few
};

HttpRequests::HttpRequests(Registry& registry) : impl_(std::make_unique<Impl>(registry))
{
}
HttpRequests::~HttpRequests() = default;

void HttpRequests::observe(std::string_view method, std::string_view pattern, int status, double seconds)
{
    impl_->of(method, pattern, status).observe(seconds);
}

}  // namespace shouwen::metrics
