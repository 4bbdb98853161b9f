#pragma once

#include "base/instant.hpp"

#include <optional>

namespace shouwen::organisation {

/// How failed sign-ins slow down the next ones. After `free_count` failures each further one doubles the wait.
struct ThrottleLimits {
    int free_count;
    Duration first_wait;
    Duration longest_wait;
    Duration forgotten_after;  ///< without a further failure

    /// One login from one address: a person who mistypes, or a guesser.
    static ThrottleLimits pair();
    /// One login from everywhere: guessing from many addresses. The wait stays short, and addresses that the person has
    /// signed in from are exempt, so that strangers cannot lock anybody out.
    static ThrottleLimits account();
    /// One address for all logins: generous, as a whole office may share it.
    static ThrottleLimits source();
};

struct Failures {
    int count = 0;
    Instant last_at{};
    Instant locked_until{};
};

/// @returns how long is left to wait; nothing when an attempt may be made.
std::optional<Duration> wait_left(const Failures& failures, Instant now);
Failures after_failure(Failures before, const ThrottleLimits& limits, Instant now);

/// How long an address counts as known after a sign-in from it.
inline constexpr Duration address_known_for = std::chrono::hours{24 * 30};

}  // namespace shouwen::organisation
