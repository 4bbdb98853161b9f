#include "modules/ticket/rules/life_for_tests.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;
using enum ObligationKind;

TEST(E5_Limits, AreThoseOfTheGrade)
{
    const struct {
        Grade grade;
        std::vector<std::pair<ObligationKind, Duration>> owed;
    } cases[] = {
        {Grade::L1, {{start_handling, 15min}, {tell_progress, 15min}}},
        {Grade::L2, {{plan, 2h}}},
        {Grade::L3, {{resolve_or_answer, 24h}}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(name_of(c.grade));
        auto life = at(Place::phone_triage);
        const int triage_no = life.owes(triage)->no;
        life.with(classification(c.grade));
        EXPECT_EQ(life.ending_of(triage_no), "met");
        ASSERT_EQ(life.ticket.obligations.size(), c.owed.size());
        for (const auto& [kind, limit] : c.owed) EXPECT_EQ(life.due(kind), monday_9h + limit);
        for (const auto& each : life.ticket.obligations) EXPECT_EQ(each.debtor, (Debtor{people::owner, people::desk}));
    }
}

TEST(E5_Limits, OfTheFirstAnswerCountAsL3UntilGraded)
{
    auto life = at(Place::web_queue);
    EXPECT_EQ(life.due(respond), monday_9h + 2h);
    EXPECT_EQ(life.owes(respond)->debtor, (Debtor{{}, people::desk}));
}

TEST(E5_Regrading, ComputesFromTheOriginalStart)
{
    const struct {
        const char* name;
        Place place;
        Grade to;
        ObligationKind kind;
        Duration limit;
    } cases[] = {
        {"unanswered, urgent", Place::web_queue, Grade::L1, respond, 1min},
        {"unanswered, important", Place::web_queue, Grade::L2, respond, 30min},
        {"in handling, urgent", Place::handling_L3, Grade::L1, start_handling, 15min},
        {"in handling, important", Place::handling_L3, Grade::L2, plan, 2h},
        {"in handling, less urgent", Place::handling_L1, Grade::L3, resolve_or_answer, 24h},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(c.place);
        life.after(40min).with(Regrade{c.to, "影响多户"});
        EXPECT_EQ(life.due(c.kind), monday_9h + c.limit);
        EXPECT_EQ(life.ticket.grade, c.to);
    }
}

TEST(E5_Regrading, KeepsTheTimeInWhichTheCustomerWasWaitedFor)
{
    auto life = at(Place::handling_L3);
    life.after(10min).with(WaitForCustomer{"等照片"}).after(1h).with(Resume{});
    EXPECT_EQ(life.due(resolve_or_answer), monday_9h + 25h);
    life.after(5min).with(Regrade{Grade::L2, "影响多户"});
    EXPECT_EQ(life.due(plan), monday_9h + 3h);
}

TEST(E5_Regrading, WhileWaitingLeavesTheClockStopped)
{
    auto life = at(Place::handling_L3);
    life.after(10min).with(WaitForCustomer{"等照片"}).after(1h).with(Regrade{Grade::L2, "影响多户"});
    EXPECT_TRUE(life.owes(plan)->paused_at);
    life.after(1h).with(Resume{});
    EXPECT_EQ(life.due(plan), monday_9h + 4h);
}

TEST(E5_Regrading, OfAPausedFirstAnswerLeavesItPaused)
{
    auto life = at(Place::told, policy_with([](policy::Document& d) { d.paused_while_waiting.push_back(respond); }));
    life.with(CustomerMessage{"还有问题"}, as_customer()).after(10min).with(WaitForCustomer{"等照片"});
    ASSERT_TRUE(life.owes(respond)->paused_at);
    life.after(1h).with(Regrade{Grade::L2, "影响多户"});
    EXPECT_TRUE(life.owes(respond)->paused_at);
    life.after(1h).with(Resume{});
    EXPECT_EQ(life.due(respond), monday_9h + 2h + 30min);
}

TEST(E7_Progress, OfL1RecursUntilTheResult)
{
    auto life = at(Place::handling_L1);
    for (int round = 0; round < 3; ++round) {
        const int no = life.owes(tell_progress)->no;
        life.after(10min).with(TellProgress{"抢修中"});
        EXPECT_EQ(life.ending_of(no), "met");
        EXPECT_EQ(life.due(tell_progress), life.now + 15min);
    }
    life.with(ProposeSolution{"换泵", "停水更换", life.now + 1h})
        .with(RecordAgreement{true, {}})
        .with(FinishImplementation{"已更换"});
    EXPECT_TRUE(life.owes(tell_progress));
    life.after(5min).with(TellProgress{"已修好，正在试水"});
    EXPECT_EQ(life.due(tell_progress), life.now + 15min);
    life.with(GiveResult{"抢修", "换泵", "恢复供水"});
    EXPECT_FALSE(life.owes(tell_progress));
}

TEST(E5_Answers, MeetWhatTheyAnswer)
{
    const struct {
        const char* name;
        Place place;
        Command command;
        ObligationKind met;
    } cases[] = {
        {"first answer", Place::web_queue, Respond{"您好"}, respond},
        {"L1 is begun by telling", Place::handling_L1, TellProgress{"已出发"}, start_handling},
        {"L1 is begun by a reply", Place::handling_L1, Reply{"已出发"}, start_handling},
        {"L2 by its plan", Place::handling_L2, ProposeSolution{"案", "步骤", monday_9h + 5h}, plan},
        {"L3 by an answer", Place::handling_L3, Reply{"可以"}, resolve_or_answer},
        {"L3 by a promise told", Place::handling_L3, MakePromise{"忙", monday_9h + 5h, "回电"}, resolve_or_answer},
        {"the work done", Place::agreed, FinishImplementation{"完"}, keep_promise},
        {"the result told", Place::implemented, GiveResult{"办", "案", "果"}, give_result},
        {"filed", Place::rated_well, Archive{}, close_out},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(c.place);
        ASSERT_TRUE(life.owes(c.met));
        const int no = life.owes(c.met)->no;
        life.with(c.command);
        EXPECT_EQ(life.ending_of(no), "met");
        EXPECT_FALSE(life.owes(c.met));
    }
}

TEST(E5_Answers, AReplyDoesNotPlanAnImportantMatter)
{
    auto life = at(Place::handling_L2);
    life.with(Reply{"收到"});
    EXPECT_TRUE(life.owes(plan));
}

TEST(D7_Result, IsOwedAWorkingDayAfterTheWorkIsDone)
{
    auto life = at(Place::agreed);
    life.now = monday_9h + 4 * 24h + 2h;  // Friday 11:00
    life.with(FinishImplementation{"完"});
    EXPECT_EQ(life.due(give_result), monday_9h + 7 * 24h + 2h);  // Monday 11:00
}

TEST(C7_Customer, WhoWritesAgainIsOwedAnAnswer)
{
    auto life = at(Place::told);
    life.after(1h).with(CustomerMessage{"还有问题"}, as_customer());
    EXPECT_EQ(life.due(respond), life.now + 2h);
    EXPECT_EQ(life.owes(respond)->debtor.staff, people::owner);
    life.with(CustomerMessage{"在吗"}, as_customer());  // asked twice, owed once
    EXPECT_EQ(std::ranges::count(life.ticket.obligations, respond, &OpenObligation::kind), 1);
    life.with(Reply{"在的"});
    EXPECT_FALSE(life.owes(respond));
}

TEST(A9_Promise, BecomesADeadlineOfItsOwn)
{
    auto life = at(Place::handling_L2);
    life.with(MakePromise{"待到货", monday_9h + 30h, "到货后上门"});
    EXPECT_EQ(life.due(keep_promise), monday_9h + 30h);
    EXPECT_FALSE(life.owes(keep_promise)->limit);
    EXPECT_EQ(life.owes(keep_promise)->subject, 1);
}

TEST(A9_Promise, IsChangedInTimeOrBroken)
{
    const struct {
        const char* name;
        Duration told_after;
        std::string ending;
    } cases[] = {
        {"before it passes", 2h - 1ms, "promise_changed"},
        {"at the very moment", 2h, "met"},
        {"too late: the old one stays broken and ends late", 3h, "met"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(Place::promised);
        const int no = life.owes(keep_promise)->no;
        life.after(c.told_after).with(MakePromise{"货仍未到", life.now + 5h, "到货后上门"});
        EXPECT_EQ(life.ending_of(no), c.ending);
        EXPECT_TRUE(life.ticket.promises[0].replaced_at);
        EXPECT_EQ(life.due(keep_promise), monday_9h + c.told_after + 5h);
    }
}

TEST(A9_Promise, OutlivesAReworkStartedBeforeTheResult)
{
    auto life = at(Place::implemented);
    life.with(MakePromise{"还要试运行", life.now + 8h, "试运行后回电"}).with(StartRework{"试运行失败"});
    EXPECT_TRUE(life.ticket.open_promise(false));
    EXPECT_TRUE(life.owes(keep_promise)) << "a promise that binds is owed";
}

TEST(E10_Agreement, DeclinedFreesFromTheDateAndAsksForAnotherPlan)
{
    auto life = at(Place::proposed);
    const int promised = life.owes(keep_promise)->no;
    life.with(RecordAgreement{false, "太慢"}, as_customer());
    EXPECT_EQ(life.ending_of(promised), "solution_declined");
    EXPECT_TRUE(life.owes(plan));
    EXPECT_EQ(life.happened<AgreementRecorded>()->source, Source::customer);
    EXPECT_EQ(life.ticket.solution->state, SolutionState::declined);
}

TEST(E10_Agreement, IsFollowedToTheEndOfTheWork)
{
    const auto life = at(Place::agreed);
    ASSERT_EQ(life.ticket.obligations.size(), 1U);
    EXPECT_EQ(life.ticket.obligations[0].kind, keep_promise);
}

TEST(E5_Waiting, PausesOnlyWhatThePolicyLists)
{
    auto life = at(Place::promised);  // L3; its answer is given, the promise is open
    life.with(Regrade{Grade::L2, "影响多户"}).after(30min).with(WaitForCustomer{"等订单号"});
    EXPECT_TRUE(life.owes(plan)->paused_at);
    EXPECT_FALSE(life.owes(keep_promise)->paused_at);
    life.after(45min).with(CustomerMessage{"订单号 123"}, as_customer());
    EXPECT_FALSE(life.ticket.waiting_since);
    EXPECT_EQ(life.due(plan), monday_9h + 2h + 45min);
    EXPECT_EQ(life.due(keep_promise), monday_9h + 2h);
    ASSERT_EQ(life.owes(plan)->pauses.size(), 1U);
}

TEST(E5_Waiting, KeepsEachPause)
{
    auto life = at(Place::handling_L2);
    for (int round = 0; round < 3; ++round) life.after(10min).with(WaitForCustomer{"等"}).after(20min).with(Resume{});
    EXPECT_EQ(life.owes(plan)->pauses.size(), 3U);
    EXPECT_EQ(life.due(plan), monday_9h + 3h);
}

TEST(E5_Waiting, AlsoStopsTheClockOfWhatOpensMeanwhile)
{
    auto life = at(Place::phone_triage);
    life.with(WaitForCustomer{"等照片"}).after(1h).with(classification(Grade::L2));
    EXPECT_TRUE(life.owes(plan)->paused_at);
    EXPECT_TRUE(life.ticket.next_due()) << "something still presses";
}

TEST(E5_Waiting, NeverLeavesATicketWithNothingThatPresses)
{
    auto life = at(Place::waiting);
    ASSERT_TRUE(life.ticket.next_due());
    EXPECT_EQ(life.ticket.next_due()->kind, tell_progress);
    life.after(1h).with(Resume{});
    EXPECT_FALSE(life.owes(tell_progress)) << "only owed while nothing else is";
}

TEST(A1_NothingForgotten, EachPlaceOfAnOpenTicketOwesSomething)
{
    for (const Place place : all_of<Place>()) {
        SCOPED_TRACE(name_of(place));
        const auto life = at(place);
        EXPECT_EQ(life.ticket.next_due() == nullptr, life.ticket.is_closed());
        if (life.ticket.is_closed()) EXPECT_TRUE(life.ticket.obligations.empty());
    }
}

TEST(E5_Waiting, WhatIsMetWhileItStandsStillIsNotLate)
{
    auto life = at(Place::waiting);
    const int answer = life.owes(resolve_or_answer)->no;
    life.after(30h).with(Reply{"先为您登记"});
    EXPECT_EQ(life.ending_of(answer), "met");
    const auto* moved = life.happened<ObligationMoved>();
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->no, answer);
    EXPECT_EQ(moved->due_at, monday_9h + 54h) << "the 30 hours that the customer was waited for come on top";
    EXPECT_TRUE(life.ticket.waiting_since);
}

TEST(E5_Waiting, DoesNotHideWhatIsOwedTooLateAlready)
{
    // Two hours after the call it turns out to be urgent: the limit of a quarter is over, and that is told before it may rest.
    auto life = at(Place::phone_triage);
    life.after(2h).with(WaitForCustomer{"等照片"}).with(classification(Grade::L1));
    EXPECT_FALSE(life.owes(start_handling)->paused_at);
    life.after(1min).with(Note{"已告知主管"});
    EXPECT_TRUE(life.owes(start_handling)->paused_at) << "told by now";
}

}  // namespace
}  // namespace shouwen::ticket
