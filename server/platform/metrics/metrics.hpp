#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Numbers about the running server in Prometheus' text form. Labels come from small fixed sets (a route's pattern, a
/// status), never from what a person typed.
namespace shouwen::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
public:
    void add(double amount = 1);

private:
    friend class Registry;
    void* impl_ = nullptr;
};

class Gauge {
public:
    void set(double value);
    void add(double amount);

private:
    friend class Registry;
    void* impl_ = nullptr;
};

class Histogram {
public:
    void observe(double value);

private:
    friend class Registry;
    void* impl_ = nullptr;
};

/// Owns all metrics; what it hands out is cheap to copy, thread-safe and lives as long as it. The same name and labels
/// give the same metric; keep it instead of looking it up each time.
class Registry {
public:
    Registry();
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
    Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
    /// @param bounds  upper bounds of the buckets, rising; those for durations in seconds when empty
    Histogram histogram(const std::string& name, const std::string& help, const Labels& labels = {},
                        std::vector<double> bounds = {});

    std::string render() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// `http_request_seconds` by pattern, method and status. Thread-safe.
class HttpRequests {
public:
    explicit HttpRequests(Registry& registry);
    ~HttpRequests();
    /// @param pattern  of the route; empty when there was none
    void observe(std::string_view method, std::string_view pattern, int status, double seconds);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shouwen::metrics
