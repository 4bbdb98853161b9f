#pragma once

#include "platform/sql/sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <latch>
#include <mutex>
#include <vector>

namespace shouwen::bench {

using Stopwatch = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

inline double percentile(const std::vector<double>& sorted, double part)
{
    return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

/// One JSON line.
inline void print(std::string_view name, int waiting, std::vector<double>& latencies_ms, double seconds)
{
    std::ranges::sort(latencies_ms);
    fmt::print(
        "{{\"name\": \"{}\", \"waiting\": {}, \"per_second\": {:.0f}, \"p50_ms\": {:.2f}, \"p99_ms\": {:.2f}}}\n", name,
        waiting, static_cast<double>(latencies_ms.size()) / seconds, percentile(latencies_ms, 0.5),
        percentile(latencies_ms, 0.99));
    std::fflush(stdout);
}

/// Keeps `waiting` jobs under way: each that is done submits the next.
class Load {
public:
    using Insert = std::function<void(sql::Connection&, std::int64_t id)>;

    Load(sql::Store& store, Insert insert, int waiting, double seconds, std::int64_t first_id)
        : store_(store),
          insert_(std::move(insert)),
          waiting_(waiting),
          start_(Stopwatch::now()),
          end_(start_ + std::chrono::duration_cast<Stopwatch::duration>(std::chrono::duration<double>{seconds})),
          next_id_(first_id),
          ended_(waiting)
    {
    }

    /// Until the time is over; prints its line.
    void run(std::string_view name)
    {
        for (int i = 0; i < waiting_; ++i) submit_next();
        ended_.wait();
        print(name, waiting_, latencies_, Milliseconds{Stopwatch::now() - start_}.count() / 1000);
    }
    std::int64_t next_id() const { return next_id_; }

private:
    void submit_next()
    {
        std::int64_t id = 0;
        {
            const std::lock_guard lock{mutex_};
            id = next_id_++;
        }
        const auto start = Stopwatch::now();
        if (start >= end_) return ended_.count_down();
        store_.submit({[this, id](sql::Connection& connection) { insert_(connection, id); },
                       [this, start](std::exception_ptr failure) {
                           if (failure) std::rethrow_exception(failure);
                           {
                               const std::lock_guard lock{mutex_};
                               latencies_.push_back(Milliseconds{Stopwatch::now() - start}.count());
                           }
                           submit_next();
                       }});
    }

    sql::Store& store_;
    const Insert insert_;
    const int waiting_;
    const Stopwatch::time_point start_;
    const Stopwatch::time_point end_;
    std::mutex mutex_;
    std::int64_t next_id_;
    std::vector<double> latencies_;
    std::latch ended_;
};

}  // namespace shouwen::bench
