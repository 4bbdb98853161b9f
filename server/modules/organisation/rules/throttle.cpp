#include "modules/organisation/rules/throttle.hpp"

#include <algorithm>

namespace shouwen::organisation {

using namespace std::chrono_literals;

ThrottleLimits ThrottleLimits::pair()
{
    return {.free_count = 4, .first_wait = 1s, .longest_wait = 5min, .forgotten_after = 1h};
}

ThrottleLimits ThrottleLimits::account()
{
    return {.free_count = 10, .first_wait = 1s, .longest_wait = 60s, .forgotten_after = 1h};
}

ThrottleLimits ThrottleLimits::source()
{
    return {.free_count = 60, .first_wait = 1s, .longest_wait = 60s, .forgotten_after = 10min};
}

std::optional<Duration> wait_left(const Failures& failures, Instant now)
{
    // A clock that was set back must not lengthen a lock beyond what was imposed.
    const Instant until = now < failures.last_at ? now : failures.locked_until;
    if (until <= now) return std::nullopt;
    return until - now;
}

Failures after_failure(Failures before, const ThrottleLimits& limits, Instant now)
{
    if (now - before.last_at > limits.forgotten_after) before = {};
    Failures after{before.count + 1, now, now};
    const int beyond = after.count - limits.free_count;
    if (beyond > 0) {
        const Duration wait = limits.first_wait * (std::int64_t{1} << std::min(beyond - 1, 20));
        after.locked_until = now + std::min(wait, limits.longest_wait);
    }
    return after;
}

}  // namespace shouwen::organisation
