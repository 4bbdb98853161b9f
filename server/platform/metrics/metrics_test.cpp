#include "platform/metrics/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace shouwen;
using ::testing::HasSubstr;

TEST(Metrics, AreRenderedAsPrometheusText)
{
    metrics::Registry registry;
    registry.counter("tickets_created_total", "Tickets received", {{"channel", "web"}}).add(2);
    registry.counter("tickets_created_total", "Tickets received", {{"channel", "web"}}).add();
    registry.gauge("obligations_open", "Open obligations").set(5);
    registry.gauge("obligations_open", "Open obligations").add(-1);
    registry.histogram("batch_size", "Jobs in one transaction", {}, {1, 10}).observe(7);
    const auto text = registry.render();
    EXPECT_THAT(text,
                HasSubstr("# HELP tickets_created_total Tickets received\n# TYPE tickets_created_total counter\n"));
    EXPECT_THAT(text, HasSubstr("tickets_created_total{channel=\"web\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("obligations_open 4\n"));
    EXPECT_THAT(text, HasSubstr("batch_size_bucket{le=\"1\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("batch_size_bucket{le=\"10\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("batch_size_sum 7\n"));
}

TEST(Metrics, CountHttpRequestsByRouteMethodAndStatus)
{
    metrics::Registry registry;
    metrics::HttpRequests requests(registry);
    requests.observe("GET", "/api/v1/tickets/{id}", 200, 0.002);
    requests.observe("GET", "/api/v1/tickets/{id}", 200, 0.2);
    requests.observe("GET", "", 404, 0.0001);
    const auto text = registry.render();
    EXPECT_THAT(
        text,
        HasSubstr("http_request_seconds_count{method=\"GET\",route=\"/api/v1/tickets/{id}\",status=\"200\"} 2\n"));
    EXPECT_THAT(
        text,
        HasSubstr(
            "http_request_seconds_bucket{method=\"GET\",route=\"/api/v1/tickets/{id}\",status=\"200\",le=\"0.0025\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("http_request_seconds_count{method=\"GET\",route=\"\",status=\"404\"} 1\n"));
}
