#include "modules/obligation/rules/stage.hpp"

#include <gtest/gtest.h>

namespace shouwen::obligation {
namespace {

using namespace std::chrono_literals;

constexpr Instant monday_9h{Duration{1'767'574'800'000}};  // 2026-01-05, 09:00 in Shanghai

policy::Policy policy_with(std::vector<int> warnings)
{
    auto document = policy::default_document();
    document.warnings_percent = std::move(warnings);
    return policy::Policy{1, std::move(document)};
}

Watched two_hours()
{
    return {monday_9h, monday_9h + 2h, Limit::natural_time(2h), "office"};
}

/// All stages of an obligation that nobody ever meets.
std::vector<Stage> course(Watched watched, const policy::Policy& policy, int chain_length)
{
    std::vector<Stage> stages;
    while (const auto stage = next_stage(watched, policy, chain_length)) {
        stages.push_back(*stage);
        watched = after(watched, *stage);
    }
    return stages;
}

TEST(E5_Stages, WarnAtHalfAndAtEightTenthsThenBreachAtTheLimitThenClimb)
{
    using enum StageKind;
    const std::vector<Stage> expected{{warning, 0, monday_9h + 60min},
                                      {warning, 1, monday_9h + 96min},
                                      {breach, 0, monday_9h + 120min},
                                      {chain, 0, monday_9h + 150min},
                                      {chain, 1, monday_9h + 180min}};
    EXPECT_EQ(course(two_hours(), policy_with({50, 80}), 2), expected);
}

TEST(E5_Stages, AreThoseOfThePolicyAndOfTheChain)
{
    const struct {
        const char* name;
        std::vector<int> warnings;
        int chain_length;
        std::size_t stages;
    } cases[] = {{"no warnings", {}, 0, 1},
                 {"three warnings", {25, 50, 75}, 0, 4},
                 {"nobody above", {50}, 0, 2},
                 {"a long chain", {50}, 4, 6}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(course(two_hours(), policy_with(c.warnings), c.chain_length).size(), c.stages);
    }
}

TEST(E5_Stages, OfWorkingTimeCountWorkingTime)
{
    // Monday 16:00 to Tuesday 11:00: two hours before closing at 18:00 and two after opening at 9:00.
    const Watched over_night{monday_9h + 7h, monday_9h + 26h, Limit::working_time(4h), "office"};
    const auto policy = policy_with({25, 75});
    EXPECT_EQ(next_stage(over_night, policy, 0)->at, monday_9h + 8h);
    EXPECT_EQ(next_stage(after(over_night, *next_stage(over_night, policy, 0)), policy, 0)->at, monday_9h + 25h);
}

TEST(E5_Stages, OfWorkingDaysNeverFallIntoTheNight)
{
    // Friday 17:00, one working day: Monday 17:00. Half of the working time between ends on Monday morning.
    const Instant friday_17h = monday_9h + 4 * 24h + 8h;
    const Watched day{friday_17h, friday_17h + 72h, Limit::working_days(1), "office"};
    const auto half = next_stage(day, policy_with({50}), 0);
    EXPECT_GE(half->at, monday_9h + 7 * 24h);
    EXPECT_LT(half->at, day.due_at);
}

TEST(A9_Stages, OfAPromisedTimeAreSharesOfNaturalTime)
{
    EXPECT_EQ(next_stage({monday_9h, monday_9h + 30h, std::nullopt, "office"}, policy_with({50}), 0)->at,
              monday_9h + 15h);
}

TEST(E5_Stages, ALimitThatWasOverFromTheStartStillTellsInOrder)
{
    // Regraded from L3 to L1 after an hour: the minute is long over. Each stage is due in the past and told once.
    const auto stages =
        course({monday_9h, monday_9h + 1min, Limit::natural_time(1min), "office"}, policy_with({50, 80}), 1);
    ASSERT_EQ(stages.size(), 4U);
    for (std::size_t i = 1; i < stages.size(); ++i) EXPECT_GE(stages[i].at, stages[i - 1].at);
}

TEST(E5_Stages, ALaterLimitTakesNothingBackThatWasTold)
{
    const auto policy = policy_with({50, 80});
    auto watched = two_hours();
    for (int i = 0; i < 3; ++i) watched = after(watched, *next_stage(watched, policy, 2));
    ASSERT_TRUE(watched.breached);
    watched = moved(watched, Limit::natural_time(24h), monday_9h + 24h);
    EXPECT_TRUE(watched.breached);
    // Neither the warnings nor the breach come again; who stands above hears of it past the new limit.
    const auto next = next_stage(watched, policy, 2);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->kind, StageKind::chain);
    EXPECT_GT(next->at, monday_9h + 24h);
}

}  // namespace
}  // namespace shouwen::obligation
