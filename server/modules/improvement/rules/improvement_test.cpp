#include "modules/improvement/rules/improvement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::improvement {
namespace {

using namespace std::chrono_literals;

constexpr Instant monday_9h{Duration{1'767'574'800'000}};
constexpr StaffId owner{1}, checker{2};
const Plan plan{"每周检查门机", monday_9h + 72h, monday_9h + 240h};

Improvement fresh()
{
    Improvement item;
    item.owner = owner;
    item.checker = checker;
    begin(item, plan, monday_9h);
    return item;
}

TEST(D13_Improvement, IsOwedByItsOwnerThenByWhoChecksIt)
{
    auto item = fresh();
    EXPECT_EQ(item.debtor, owner);
    EXPECT_EQ(item.watched.due_at, plan.due_at);
    EXPECT_EQ(assess(item, checker, true, "好", {}, monday_9h), Refusal::improvement_not_finished);
    EXPECT_FALSE(finish(item, "已加入巡检表", monday_9h + 24h));
    EXPECT_EQ(item.state, State::to_check);
    EXPECT_EQ(item.debtor, checker);
    EXPECT_EQ(item.watched.due_at, plan.check_at);
    EXPECT_EQ(item.watched.starts_at, monday_9h + 24h);
    EXPECT_EQ(finish(item, "再来", monday_9h + 24h), Refusal::improvement_not_open);
    EXPECT_FALSE(assess(item, checker, true, "一月无故障", {}, monday_9h + 240h));
    EXPECT_EQ(item.state, State::effective);
    EXPECT_EQ(item.ended_at, monday_9h + 240h);
    EXPECT_EQ(change(item, {}, monday_9h), Refusal::improvement_ended);
}

TEST(D13_Improvement, BeginsAnewWithAnotherMeasureWhereTheFirstDidNotHelp)
{
    auto item = fresh();
    finish(item, "已加入巡检表", monday_9h + 24h);
    const Plan next{"更换门机", monday_9h + 480h, monday_9h + 720h};
    EXPECT_FALSE(assess(item, checker, false, "仍有故障", next, monday_9h + 240h));
    EXPECT_EQ(item.state, State::open);
    ASSERT_EQ(item.rounds.size(), 2U);
    EXPECT_EQ(item.rounds[0].effective, false);
    EXPECT_EQ(item.round().no, 2);
    EXPECT_EQ(item.round().measure, "更换门机");
    EXPECT_EQ(item.debtor, owner);
    EXPECT_EQ(item.watched.due_at, next.due_at);
    EXPECT_FALSE(item.ended_at);
}

TEST(D13_Improvement, LateWorkLeavesTheCheckerTheTimeThatWasPlanned)
{
    auto item = fresh();
    const Instant late = plan.check_at + 24h;
    finish(item, "终于", late);
    EXPECT_EQ(item.round().check_at, late + (plan.check_at - plan.due_at));
}

TEST(D13_Improvement, ForgetsWhatWasToldOfALimitThatCountsNoMore)
{
    auto item = fresh();
    item.watched.warnings_count = 2;
    item.watched.breached = true;
    item.breached_at = plan.due_at;
    EXPECT_FALSE(change(item, {.checker = StaffId{3}}, monday_9h + 80h));
    EXPECT_TRUE(item.watched.breached) << "another checker does not free the owner";
    EXPECT_FALSE(change(item, {.due_at = monday_9h + 100h}, monday_9h + 80h));
    EXPECT_FALSE(item.watched.breached);
    EXPECT_EQ(item.watched.warnings_count, 0);
    EXPECT_FALSE(item.breached_at);
    EXPECT_FALSE(change(item, {.owner = StaffId{4}, .unit = UnitId{9}}, monday_9h + 81h));
    EXPECT_EQ(item.debtor, StaffId{4});
    EXPECT_EQ(item.unit, UnitId{9});
}

TEST(D13_Improvement, NeedsAMeasureForLaterAndACheckAfterIt)
{
    const auto codes = [](const Plan& p) {
        std::string all;
        for (const auto& each : check(p, monday_9h)) all += each.pointer + " " + each.code + ";";
        return all;
    };
    EXPECT_EQ(codes(plan), "");
    EXPECT_EQ(codes({"", monday_9h, monday_9h}),
              "/measure required;/due_at time_in_the_past;/check_at check_before_due;");
}

}  // namespace
}  // namespace shouwen::improvement
