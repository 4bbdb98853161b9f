#include "modules/follow_up/rules/follow_up.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::follow_up {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Instant monday_9h{Duration{1'767'574'800'000}};

const policy::Policy& rules()
{
    static const policy::Policy policy{1, policy::default_document()};
    return policy;
}
std::vector<std::string> faults(const Attempt& attempt)
{
    std::vector<std::string> found;
    for (const auto& each : check(attempt, rules().document().follow_up, monday_9h))
        found.push_back(each.pointer + " " + each.code);
    return found;
}
FollowUp due()
{
    return {.ticket = TicketId{1},
            .no = 4,
            .unit = UnitId{1},
            .opened_at = monday_9h,
            .due_at = monday_9h + 72h,
            .next_attempt_at = monday_9h};
}
Attempt reached(int satisfaction = 4)
{
    return {.outcome = Outcome::reached, .experience = "好用", .satisfaction = satisfaction, .recurred = false};
}

TEST(D12_FollowUp, AsksWhoWasReachedForWhatTheRegulationWants)
{
    EXPECT_THAT(faults({.outcome = Outcome::reached}),
                ElementsAre("/satisfaction required", "/experience required", "/recurred required"));
    EXPECT_THAT(faults(reached()), IsEmpty());
    auto again = reached();
    again.recurred = true;
    EXPECT_THAT(faults(again), ElementsAre("/recurrence required"));
    again.recurrence = Recurrence::reopen;
    EXPECT_THAT(faults(again), IsEmpty());
    again.recurred = false;
    EXPECT_THAT(faults(again), ElementsAre("/recurrence not_recurred"));
}

TEST(D12_FollowUp, TakesAnswersToThePolicysQuestionsOnly)
{
    auto attempt = reached();
    attempt.answers = {{"attitude", "5"}, {"in_time", "yes"}, {"suggestion", "再快些"}};
    EXPECT_THAT(faults(attempt), IsEmpty());
    attempt.answers = {{"attitude", "6"}, {"in_time", "maybe"}, {"weight", "70"}, {"attitude", "1"}};
    EXPECT_THAT(faults(attempt), ElementsAre("/answers/0/answer not_a_choice", "/answers/1/answer not_a_choice",
                                             "/answers/2/code question_unknown", "/answers/3/code duplicate"));
}

TEST(D12_FollowUp, NothingWasSaidByWhoWasNotReached)
{
    EXPECT_THAT(faults({.outcome = Outcome::no_answer, .satisfaction = 5, .recurred = false}),
                ElementsAre("/satisfaction not_reached", "/recurred not_reached"));
    EXPECT_THAT(faults({.outcome = Outcome::call_later}), ElementsAre("/again_at required"));
    EXPECT_THAT(faults({.outcome = Outcome::call_later, .again_at = monday_9h}),
                ElementsAre("/again_at time_in_the_past"));
    EXPECT_THAT(faults({.outcome = Outcome::call_later, .again_at = monday_9h + 24h * 32}),
                ElementsAre("/again_at time_too_far"));
    EXPECT_THAT(faults({.outcome = Outcome::refused, .again_at = monday_9h + 1h}),
                ElementsAre("/again_at not_call_later"));
}

TEST(D12_FollowUp, EndsUnreachedAfterThePolicysAttemptsHoursApart)
{
    auto revisit = due();
    Instant now = monday_9h;
    const Attempt unanswered{.outcome = Outcome::no_answer};
    for (int i = 1; i <= 3; ++i) {
        const auto then = after(revisit, unanswered, rules(), now);
        ASSERT_TRUE(then.has_value()) << i;
        revisit = *then;
        EXPECT_EQ(revisit.unanswered_count, i);
        EXPECT_EQ(revisit.state, i < 3 ? State::due : State::unreached);
        if (i < 3) {
            EXPECT_EQ(after(revisit, unanswered, rules(), now + 4h - 1ms).error(), Refusal::follow_up_too_early);
            EXPECT_TRUE(after(revisit, reached(), rules(), now + 1min).has_value()) << "the customer calls back";
        }
        now += 4h;
    }
    EXPECT_EQ(revisit.ended_at, now - 4h);
}

TEST(D12_FollowUp, CallingLaterCountsAsNoUnansweredCall)
{
    const auto then =
        after(due(), {.outcome = Outcome::call_later, .again_at = monday_9h + 6h}, rules(), monday_9h + 1h);
    EXPECT_EQ(then->state, State::due);
    EXPECT_EQ(then->next_attempt_at, monday_9h + 6h);
    EXPECT_EQ(then->attempt_count, 1);
    EXPECT_EQ(then->unanswered_count, 0);
}

TEST(D12_FollowUp, IsDoneWithTheAnswersOrTheRefusal)
{
    const auto done = after(due(), reached(2), rules(), monday_9h + 1h);
    EXPECT_EQ(done->state, State::done);
    EXPECT_EQ(done->satisfaction, 2);
    EXPECT_EQ(done->recurred, false);
    EXPECT_EQ(done->ended_at, monday_9h + 1h);
    EXPECT_EQ(after(due(), {.outcome = Outcome::refused}, rules(), monday_9h)->state, State::refused);
}

}  // namespace
}  // namespace shouwen::follow_up
