#include "modules/organisation/rules/throttle.hpp"

#include <gtest/gtest.h>

namespace shouwen::organisation {
namespace {

using namespace std::chrono_literals;

TEST(SignInThrottle, DoublesTheWaitUpToALimitAndForgets)
{
    const ThrottleLimits limits{.free_count = 2, .first_wait = 1s, .longest_wait = 5s, .forgotten_after = 1h};
    const Instant start{1'800'000'000'000ms};
    Failures failures;
    const Duration waits[]{0s, 0s, 1s, 2s, 4s, 5s, 5s};
    for (const Duration wait : waits) {
        failures = after_failure(failures, limits, start);
        EXPECT_EQ(wait_left(failures, start).value_or(0s), wait);
        EXPECT_FALSE(wait_left(failures, start + wait));
    }
    EXPECT_TRUE(wait_left(failures, start + 5s - 1ms));
    EXPECT_EQ(after_failure(failures, limits, start + 1h).count, 8);
    EXPECT_EQ(after_failure(failures, limits, start + 1h + 1ms).count, 1);
}

TEST(SignInThrottle, NeverOverflows)
{
    Failures failures;
    for (int i = 0; i < 1000; ++i) failures = after_failure(failures, ThrottleLimits::pair(), Instant{});
    EXPECT_EQ(wait_left(failures, Instant{}), ThrottleLimits::pair().longest_wait);
}

TEST(SignInThrottle, IsNotLengthenedByAClockSetBack)
{
    Failures failures;
    for (int i = 0; i < 20; ++i) failures = after_failure(failures, ThrottleLimits::pair(), Instant{24h});
    EXPECT_FALSE(wait_left(failures, Instant{1h}));
}

}  // namespace
}  // namespace shouwen::organisation
