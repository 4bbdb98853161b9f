#include "modules/ticket/rules/life_for_tests.hpp"

#include <gtest/gtest.h>

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;
using enum ObligationKind;

Life complaint_told(policy::PolicyPtr policy = policy_with())
{
    Life life{std::move(policy)};
    if (life.receive(call(Class::complaint), as_owner())) throw std::logic_error("intake refused");
    life.with(classification(Grade::L3, Class::complaint));
    life.with(ProposeSolution{"隔音", "加装隔音板", life.now + 4h}).with(RecordAgreement{true, {}});
    return life.with(FinishImplementation{"已装"}).with(GiveResult{"施工", "隔音板", "已安静"});
}
RecordFollowUp reached(const Life& life, int satisfaction = 5)
{
    return {.no = life.ticket.follow_up_no,
            .outcome = FollowUpOutcome::reached,
            .content = "安静了",
            .satisfaction = satisfaction,
            .recurred = false};
}

TEST(D12_FollowUp, IsOpenedOnceForEachResultOfWhatThePolicyNames)
{
    auto life = complaint_told();
    const auto* owed = life.owes(follow_up);
    ASSERT_TRUE(owed);
    EXPECT_EQ(owed->debtor, (Debtor{{}, people::desk}));
    EXPECT_EQ(owed->limit, Limit::working_days(3));
    EXPECT_EQ(owed->starts_at, life.now);
    EXPECT_FALSE(at(Place::told).owes(follow_up)) << "a repair, the first of its day";
    EXPECT_TRUE(at(Place::rework_told).owes(follow_up)) << "somebody was dissatisfied";
    const auto none =
        policy_with([](policy::Document& d) { d.follow_up = {.attempt_interval = "PT4H", .questions = {}}; });
    EXPECT_FALSE(complaint_told(none).owes(follow_up));
}

TEST(D12_FollowUp, TakesAnEvenShareOfTheOthersByTheirNumber)
{
    const auto share = [](int percent) {
        return policy_with([percent](policy::Document& d) { d.follow_up.share_percent = percent; });
    };
    Ticket ticket;
    ticket.class_ = Class::repair;
    const auto revisited = [&](int percent) {
        int count = 0;
        for (int number = 1; number <= 100; ++number) {
            ticket.number = "20260105-000" + std::to_string(1000 + number).substr(1);
            Life life{share(percent)};
            life.ticket = at(Place::implemented, life.policy).ticket;
            life.ticket.number = ticket.number;
            life.with(GiveResult{"办", "案", "果"});
            count += life.owes(follow_up) != nullptr;
        }
        return count;
    };
    for (const int percent : {0, 1, 10, 33, 100}) EXPECT_EQ(revisited(percent), percent);
}

TEST(D12_FollowUp, OutlivesTheArchiveAndGoesWithAReopening)
{
    auto life = complaint_told();
    life.with(Rate{5, {}, "phone"}).with(Archive{});
    ASSERT_EQ(life.ticket.obligations.size(), 1U);
    EXPECT_EQ(life.ticket.obligations.front().kind, follow_up);
    const int no = life.ticket.follow_up_no;
    life.with(Reopen{"再次发生"});
    EXPECT_EQ(life.ending_of(no), "reopened");
    EXPECT_FALSE(life.owes(follow_up));
}

TEST(D12_FollowUp, StandsStillNoLongerThanTheCustomerIsWaitedFor)
{
    auto paused = policy_with([](policy::Document& d) { d.paused_while_waiting.push_back(follow_up); });
    auto life = complaint_told(paused);
    life.with(Rate{5, {}, "phone"}).with(WaitForCustomer{"等回电"});
    ASSERT_TRUE(life.owes(follow_up)->paused_at);
    life.after(24h).with(Archive{});
    ASSERT_TRUE(life.owes(follow_up));
    EXPECT_FALSE(life.owes(follow_up)->paused_at) << "nobody would ever start it again";
}

TEST(D12_FollowUp, EndsWithItsRecordAndNotTwice)
{
    auto life = complaint_told();
    const auto record = reached(life);
    life.with(Rate{5, {}, "phone"}).with(Archive{});
    EXPECT_EQ(life.give(RecordFollowUp{.no = record.no + 1}), Refusal::follow_up_ended);
    EXPECT_EQ(life.give(record, as_colleague()), std::nullopt) << "of what is filed, by whoever revisits";
    EXPECT_EQ(life.ending_of(record.no), "met");
    EXPECT_EQ(life.ticket.step, Step::archived);
    EXPECT_EQ(life.give(record), Refusal::follow_up_ended);
}

TEST(D12_FollowUp, TellsDissatisfactionByThePolicyOfTheDay)
{
    auto life = complaint_told();
    life.with(reached(life, 2));
    EXPECT_TRUE(life.happened<FollowUpRecorded>()->dissatisfied);
    life = complaint_told();
    life.with(reached(life, 3));
    EXPECT_FALSE(life.happened<FollowUpRecorded>()->dissatisfied);
}

TEST(D12_FollowUp, MovesItsLimitOnlyForALaterCallThatIsWishedInTime)
{
    auto life = complaint_told();
    const auto due = *life.due(follow_up);
    RecordFollowUp later{
        .no = life.ticket.follow_up_no, .outcome = FollowUpOutcome::no_answer, .ends = false, .next_at = due + 24h};
    life.with(later);
    EXPECT_EQ(life.due(follow_up), due) << "who does not answer wishes nothing";
    later.outcome = FollowUpOutcome::call_later;
    life.with(later);
    EXPECT_EQ(life.due(follow_up), due + 24h);
    later.next_at = due + 48h;
    life.after(24h * 10).with(later);
    EXPECT_EQ(life.due(follow_up), due + 24h) << "what is late stays late";
}

TEST(A4_HandOver, TakesTheRevisitToTheSuccessorsUnit)
{
    auto life = complaint_told();
    life.with(HandOver{people::colleague, "交接"});
    life.with(AcceptHandOver{}, as_colleague());
    EXPECT_EQ(life.owes(follow_up)->debtor, (Debtor{{}, life.ticket.owner_unit}));
}

}  // namespace
}  // namespace shouwen::ticket
