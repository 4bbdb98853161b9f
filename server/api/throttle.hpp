#pragma once

#include "base/instant.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace shouwen::api {

/// How many requests one address may send before it has to wait. Memory only: a restart forgives.
class Throttle {
public:
    Throttle(int requests_max, Duration window) : requests_max_(requests_max), window_(window) {}

    /// @returns the time to wait, or nothing
    std::optional<Duration> refuse(const std::string& address, Instant now)
    {
        const std::lock_guard lock{mutex_};
        if (counted_.size() > addresses_max)
            std::erase_if(counted_, [&](const auto& each) { return each.second.since + window_ <= now; });
        auto& counted = counted_[address];
        // A clock that went back begins anew.
        if (counted.since + window_ <= now || now < counted.since) counted = {now, 0};
        if (++counted.requests <= requests_max_) return std::nullopt;
        return counted.since + window_ - now;
    }

private:
    static constexpr std::size_t addresses_max = 100'000;
    struct Counted {
        Instant since;
        int requests = 0;
    };
    const int requests_max_;
    const Duration window_;
    std::mutex mutex_;
    std::unordered_map<std::string, Counted> counted_;
};

}  // namespace shouwen::api
