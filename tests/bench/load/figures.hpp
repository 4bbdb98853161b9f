#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace shouwen::load {

using Clock = std::chrono::steady_clock;
using Moment = Clock::time_point;

/// Counts of durations in buckets 3 % wide, from one microsecond to hours: percentiles without keeping the values.
class Histogram {
public:
    void add(Clock::duration took)
    {
        const auto us = std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::microseconds>(took).count());
        ++buckets_[bucket_of(static_cast<std::uint64_t>(us))];
        ++count_;
        greatest_us_ = std::max(greatest_us_, us);
    }
    std::int64_t count() const { return count_; }
    /// In milliseconds; the upper end of the bucket.
    double at(double share) const
    {
        auto left = static_cast<std::int64_t>(share * static_cast<double>(count_));
        for (std::size_t i = 0; i < buckets_.size(); ++i)
            if ((left -= buckets_[i]) < 0)
                return std::min(static_cast<double>(end_of(i)), static_cast<double>(greatest_us_)) / 1000;
        return static_cast<double>(greatest_us_) / 1000;
    }

private:
    static constexpr int parts_bits = 5;  // 32 buckets for each doubling
    static std::size_t bucket_of(std::uint64_t us)
    {
        const int doublings = std::max(0, static_cast<int>(std::bit_width(us)) - parts_bits - 1);
        return (static_cast<std::size_t>(doublings) << parts_bits) + static_cast<std::size_t>(us >> doublings);
    }
    static std::uint64_t end_of(std::size_t bucket)
    {
        const auto parts = std::size_t{1} << parts_bits;
        if (bucket < 2 * parts) return bucket;
        const auto doublings = bucket / parts - 1;
        return ((bucket % parts + parts + 1) << doublings) - 1;
    }

    std::array<std::int64_t, 34 << parts_bits> buckets_{};
    std::int64_t count_ = 0;
    std::int64_t greatest_us_ = 0;
};

/// What was measured, by the name of the operation.
struct Figures {
    std::map<std::string, Histogram> took;
    /// Answers that were not what a user would want to see, by operation, status (0: none came) and code.
    std::map<std::string, std::int64_t> failed;
    Histogram pushed;         ///< from sending a command to its push at a subscriber
    std::int64_t pushes = 0;  ///< messages that came
    std::int64_t sockets_lost = 0;
};

}  // namespace shouwen::load
