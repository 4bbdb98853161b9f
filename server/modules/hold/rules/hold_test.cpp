#include "modules/hold/rules/hold.hpp"

#include <gtest/gtest.h>

namespace shouwen::hold {
namespace {

TEST(HoldRules, F20_AnotherTimelineOrClusterIsACause)
{
    const Server before{"7711", 3};
    EXPECT_EQ(cause_of_change(before, before), std::nullopt);
    EXPECT_EQ(cause_of_change(before, {"7711", 4}), Cause::new_timeline);
    EXPECT_EQ(cause_of_change(before, {"7711", 2}), Cause::new_timeline) << "the old server, come back";
    EXPECT_EQ(cause_of_change(before, {"7712", 3}), Cause::new_system);
    EXPECT_EQ(cause_of_change(before, {"7712", 4}), Cause::new_system) << "the timelines of two clusters say nothing";
}

}  // namespace
}  // namespace shouwen::hold
