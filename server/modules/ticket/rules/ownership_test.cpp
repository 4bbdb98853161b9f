#include "modules/ticket/rules/life_for_tests.hpp"

#include <gtest/gtest.h>

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;

TEST(A2_Ownership, FollowsTheChannel)
{
    const struct {
        Channel channel;
        Giver by;
        bool owned;
    } cases[] = {
        {Channel::phone, as_owner(), true},     {Channel::counter, as_owner(), true},
        {Channel::email, as_owner(), true},     {Channel::fax, as_owner(), true},
        {Channel::web, as_owner(), false},      {Channel::chat, as_owner(), false},
        {Channel::wechat, as_owner(), false},   {Channel::sms, as_owner(), false},
        {Channel::api, as_owner(), false},      {Channel::web, as_customer(), false},
        {Channel::phone, as_customer(), false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(name_of(c.channel));
        Life life;
        auto receive = web_request();
        receive.channel = c.channel;
        ASSERT_FALSE(life.receive(receive, c.by));
        EXPECT_EQ(static_cast<bool>(life.ticket.owner), c.owned);
        EXPECT_EQ(life.ticket.step, c.owned ? Step::triage : Step::intake);
        EXPECT_EQ(life.ticket.first_response_at.has_value(), c.owned);
        EXPECT_EQ(life.owes(ObligationKind::respond) != nullptr, !c.owned);
        EXPECT_EQ(life.owes(ObligationKind::triage) != nullptr, c.owned);
        EXPECT_EQ(life.ticket.version, 1);
    }
}

TEST(A2_Ownership, GoesToWhoAnswersFirstAndTheLoserIsToldWho)
{
    auto life = at(Place::web_queue);
    life.after(10min).with(Respond{"您好，马上处理"}, as_colleague());
    EXPECT_EQ(life.ticket.owner, people::colleague);
    EXPECT_EQ(life.ticket.first_response_at, life.now);
    EXPECT_FALSE(life.ticket.queue_unit);

    const auto second = decide(life.ticket, Respond{"您好"}, as_owner(), life.context(), life.now);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Refusal::already_answered);
    EXPECT_EQ(second.error().staff, people::colleague);
}

TEST(A2_Ownership, IsNotTakenByACustomersMessage)
{
    auto life = at(Place::web_queue);
    life.with(CustomerMessage{"还在吗"}, as_customer());
    EXPECT_FALSE(life.ticket.owner);
    EXPECT_EQ(life.ticket.obligations.size(), 1U);
}

TEST(A1_Ledger, IsOneOpenTenureUntilTheArchiveClosesIt)
{
    auto life = at(Place::rated_well);
    ASSERT_EQ(life.ticket.tenures.size(), 1U);
    EXPECT_FALSE(life.ticket.tenures[0].to);
    life.after(1h).with(Archive{});
    EXPECT_EQ(life.ticket.tenures[0].from, monday_9h);
    EXPECT_EQ(life.ticket.tenures[0].to, life.now);
}

TEST(E11_Reopening, ReturnsToTheSameOwnerIfStillAtWork)
{
    const struct {
        const char* name;
        bool gone;
        StaffId then;
    } cases[] = {{"still at work", false, people::owner}, {"gone", true, people::colleague}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(Place::archived);
        if (c.gone) life.gone.insert(people::owner);
        life.after(48h).with(Reopen{"再次发生"}, as_colleague());
        EXPECT_EQ(life.ticket.owner, c.then);
        EXPECT_EQ(life.ticket.step, Step::triage);
        EXPECT_EQ(life.ticket.tenures.size(), 2U);
        EXPECT_EQ(life.ticket.tenures[1].from, life.now);
        EXPECT_EQ(life.ticket.tenures[1].cause, TenureCause::reopening);
        EXPECT_FALSE(life.ticket.archived_at);
        EXPECT_FALSE(life.ticket.rating);
        EXPECT_TRUE(life.owes(ObligationKind::triage));
        // Its limits count from the reopening, not from years ago.
        life.with(classification(Grade::L3), c.gone ? as_colleague() : as_owner());
        EXPECT_EQ(life.due(ObligationKind::resolve_or_answer), life.now + 24h);
    }
}

TEST(A6_FirstContact, IsOneActWithAllItsParts)
{
    auto life = at(Place::phone_triage);
    life.after(3min).with(ResolveAtFirstContact{"查询订单", "补开发票", "已发邮箱"});
    EXPECT_EQ(life.ticket.step, Step::feedback);
    EXPECT_TRUE(life.ticket.first_contact_resolution);
    EXPECT_EQ(life.ticket.solution->state, SolutionState::agreed);
    EXPECT_EQ(life.ticket.implementation->finished_at, life.now);
    EXPECT_EQ(life.ticket.result->result, "已发邮箱");
    EXPECT_EQ(life.ticket.completed_at, life.now);
    EXPECT_EQ(life.ticket.grade, Grade::L3);
    EXPECT_EQ(life.ticket.triaged_at, life.now);
    ASSERT_EQ(life.ticket.obligations.size(), 1U);
    EXPECT_EQ(life.ticket.obligations[0].kind, ObligationKind::close_out);
}

TEST(A6_FirstContact, IsCountedOnlyAtOnceAndInOneGo)
{
    const auto wait = [](Life& life) { life.with(WaitForCustomer{"等订单号"}).after(10min).with(Resume{}); };
    const struct {
        const char* name;
        Place place;
        std::function<void(Life&)> meanwhile;
        bool counted;
    } cases[] = {
        {"on the phone", Place::phone_triage, [](Life& life) { life.after(3min); }, true},
        {"classified first", Place::handling_L3, [](Life& life) { life.after(5min); }, true},
        {"looked up and answered", Place::handling_L3, [](Life& life) { life.with(Reply{"正在查"}).after(1h); }, true},
        {"a moment before the limit", Place::handling_L2, [](Life& life) { life.after(2h - 1ms); }, true},
        {"when the limit is over", Place::handling_L2, [](Life& life) { life.after(2h); }, false},
        {"urgent, after a quarter", Place::handling_L1, [](Life& life) { life.after(15min); }, false},
        {"answered in time, settled the day after", Place::handling_L3,
         [](Life& life) { life.with(Reply{"正在查"}).after(24h); }, false},
        {"after a promise", Place::promised, [](Life& life) { life.after(1h); }, false},
        {"while the customer is waited for", Place::waiting, [](Life& life) { life.after(1min); }, false},
        {"when the customer has answered", Place::handling_L3, wait, false},
        {"of a reopened matter", Place::reopened, [](Life& life) { life.after(1min); }, false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(c.place);
        c.meanwhile(life);
        life.with(ResolveAtFirstContact{"查询订单", "补开发票", "已发邮箱"});
        EXPECT_EQ(life.ticket.step, Step::feedback);
        EXPECT_EQ(life.ticket.first_contact_resolution, c.counted);
    }
}

TEST(E4_Emotion, AnAngryComplaintIsAtLeastImportant)
{
    const auto off = policy_with([](policy::Document& d) { d.raise_angry_complaints = false; });
    const struct {
        const char* name;
        policy::PolicyPtr policy;
        Class of;
        std::optional<Emotion> emotion;
        Grade given;
        Grade then;
    } cases[] = {
        {"angry complaint", policy_with(), Class::complaint, Emotion::angry, Grade::L3, Grade::L2},
        {"urgent stays urgent", policy_with(), Class::complaint, Emotion::angry, Grade::L1, Grade::L1},
        {"anxious", policy_with(), Class::complaint, Emotion::anxious, Grade::L3, Grade::L3},
        {"angry, no complaint", policy_with(), Class::repair, Emotion::angry, Grade::L3, Grade::L3},
        {"not noted", policy_with(), Class::complaint, std::nullopt, Grade::L3, Grade::L3},
        {"turned off", off, Class::complaint, Emotion::angry, Grade::L3, Grade::L3},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(Place::phone_triage, c.policy);
        life.with(Classify{c.of, {}, c.given, Complexity::simple, true, c.emotion});
        EXPECT_EQ(life.ticket.grade, c.then);
        EXPECT_EQ(life.happened<Classified>()->raised, c.then != c.given);
        EXPECT_EQ(life.ticket.emotion, c.emotion);
    }
}

TEST(D11_Dissatisfaction, LeadsThroughReworkToANewOpinion)
{
    auto life = at(Place::told);
    life.with(Rate{2, "没有修好", "customer"}, as_customer());
    EXPECT_EQ(life.ticket.step, Step::handling);
    EXPECT_EQ(life.ticket.rework->reason, "没有修好");
    EXPECT_FALSE(life.ticket.result);
    EXPECT_FALSE(life.ticket.solution);
    EXPECT_EQ(life.due(ObligationKind::resolve_or_answer), life.now + 24h);
    EXPECT_FALSE(life.owes(ObligationKind::close_out));

    life = at(Place::rework_told);
    EXPECT_FALSE(life.ticket.rework);
    EXPECT_FALSE(life.ticket.rating);
    life.with(Rate{4, {}, "customer"}, as_customer()).with(Archive{});
    EXPECT_EQ(life.ticket.step, Step::archived);
}

TEST(D11_Dissatisfaction, IsClosedOverBySupervisorsWithAReasonOnly)
{
    auto life = at(Place::reworking);
    EXPECT_EQ(life.give(Archive{"已三次上门，客户拒绝沟通"}, as_supervisor()), std::nullopt);
    EXPECT_EQ(life.happened<Archived>()->reason, "已三次上门，客户拒绝沟通");
    // D12: and is asked once more, what it was like.
    ASSERT_EQ(life.ticket.obligations.size(), 1U);
    EXPECT_EQ(life.ticket.obligations.front().kind, ObligationKind::follow_up);
}

TEST(D11_SilentCustomer, IsFiledWhenTheWaitIsOver)
{
    auto life = at(Place::told);
    const auto until = life.due(ObligationKind::close_out).value();
    EXPECT_EQ(until, monday_9h + 72h);  // three working days: Thursday
    life.now = until - 1ms;
    EXPECT_EQ(life.give(Archive{}, as_policy()), Refusal::rating_missing);
    life.now = until;
    const int close_out = life.owes(ObligationKind::close_out)->no;
    ASSERT_EQ(life.give(Archive{}, as_policy()), std::nullopt);
    EXPECT_EQ(life.happened<Archived>()->cause, Source::policy);
    EXPECT_EQ(life.ending_of(close_out), "customer_silent");
}

TEST(D11_SilentCustomer, IsNotSilentWhoWroteAndWasNotAnswered)
{
    auto life = at(Place::told);
    life.after(1h).with(CustomerMessage{"门还是关不上"}, as_customer());
    const auto first = life.due(ObligationKind::close_out).value();
    const int first_no = life.owes(ObligationKind::close_out)->no;
    life.now = first;
    EXPECT_EQ(life.give(Archive{}, as_policy()), Refusal::not_answered_yet);
    // The answer starts the wait for the customer's word anew: they have as long as after the result.
    life.with(Reply{"今天再派人"});
    EXPECT_EQ(life.ending_of(first_no), "customer_wrote");
    EXPECT_EQ(life.give(Archive{}, as_policy()), Refusal::rating_missing);
    const auto second = life.due(ObligationKind::close_out).value();
    EXPECT_EQ(second, monday_9h + 144h + 48h);  // Thursday and three working days: the next Tuesday
    // A reply to nobody's question moves nothing.
    life.after(1h).with(Reply{"已派人"});
    EXPECT_EQ(life.due(ObligationKind::close_out), second);
    life.now = second;
    EXPECT_EQ(life.give(Archive{}, as_policy()), std::nullopt);
}

TEST(D11_SilentCustomer, IsNotSilentWhoRatedAndThenWrote)
{
    auto life = at(Place::rated_well);
    life.after(1h).with(CustomerMessage{"还有一个问题"}, as_customer());
    life.now = life.due(ObligationKind::close_out).value();
    EXPECT_EQ(life.give(Archive{}, as_policy()), Refusal::not_answered_yet);
}

TEST(D11_SilentCustomer, IsNotCalledSoWhoRated)
{
    auto life = at(Place::rated_well);
    life.now = life.due(ObligationKind::close_out).value();
    const int close_out = life.owes(ObligationKind::close_out)->no;
    ASSERT_EQ(life.give(Archive{}, as_policy()), std::nullopt);
    EXPECT_EQ(life.ending_of(close_out), "customer_rated");
}

}  // namespace
}  // namespace shouwen::ticket
