#include "modules/ticket/rules/life_for_tests.hpp"

#include <gtest/gtest.h>

#include <algorithm>

// The owner hands the ticket over; only the successor's yes moves the ownership (工作交接, A4).

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;
using enum ObligationKind;

TEST(A4_HandOver, MovesNothingUntilItIsAccepted)
{
    auto life = at(Place::handling_L3);
    const int answer = life.owes(resolve_or_answer)->no;
    const auto due_at = life.due(resolve_or_answer);
    life.after(10min).with(HandOver{people::night, "已约周三上门"});
    EXPECT_EQ(life.ticket.owner, people::owner);
    EXPECT_EQ(life.ticket.tenures.size(), 1U);
    EXPECT_EQ(life.ticket.hand_over->to, people::night);
    EXPECT_EQ(life.owes(resolve_or_answer)->debtor.staff, people::owner);
    EXPECT_EQ(life.owes(answer_hand_over)->debtor, (Debtor{people::night, people::night_desk}));

    const int asked = life.owes(answer_hand_over)->no;
    life.after(5min).with(AcceptHandOver{}, as_night_shift());
    EXPECT_EQ(life.ending_of(asked), "met");
    EXPECT_FALSE(life.ticket.hand_over);
    EXPECT_EQ(life.ticket.owner, people::night);
    EXPECT_EQ(life.ticket.owner_unit, people::night_desk);
    // The ledger goes on without a gap.
    ASSERT_EQ(life.ticket.tenures.size(), 2U);
    EXPECT_EQ(life.ticket.tenures[0].to, life.now);
    EXPECT_EQ(life.ticket.tenures[1].from, life.now);
    EXPECT_EQ(life.ticket.tenures[1].cause, TenureCause::hand_over);
    // What was owed is owed by the successor, with no more time than before.
    EXPECT_EQ(life.owes(resolve_or_answer)->no, answer);
    EXPECT_EQ(life.due(resolve_or_answer), due_at);
    EXPECT_EQ(life.owes(resolve_or_answer)->debtor, (Debtor{people::night, people::night_desk}));
    EXPECT_EQ(life.give(Regrade{Grade::L1, "急"}), Refusal::not_owner) << "who handed over owns no more";
    EXPECT_EQ(life.give(Regrade{Grade::L1, "急"}, as_night_shift()), std::nullopt);
}

TEST(A4_HandOver, IsAnsweredWithinTheLimitOfTheGrade)
{
    const struct {
        Place place;
        Duration then;
    } cases[] = {{Place::handling_L1, 5min}, {Place::handling_L2, 15min}, {Place::phone_triage, 15min}};
    for (const auto& c : cases) {
        SCOPED_TRACE(name_of(c.place));
        auto life = at(c.place);
        life.with(HandOver{people::night, "交班"});
        EXPECT_EQ(life.due(answer_hand_over), life.now + c.then);
    }
    auto raised = at(Place::handing_over);
    raised.with(Regrade{Grade::L1, "急"});
    EXPECT_EQ(raised.due(answer_hand_over), monday_9h + 5min);
}

TEST(A4_HandOver, DeclinedReturnsWithTheReasonAndMayBeOfferedToAnother)
{
    auto life = at(Place::handing_over);
    const int asked = life.owes(answer_hand_over)->no;
    life.with(DeclineHandOver{"本班即将结束"}, as_night_shift());
    EXPECT_EQ(life.ending_of(asked), "met") << "a no in time is an answer in time";
    EXPECT_EQ(life.happened<HandOverDeclined>()->reason, "本班即将结束");
    EXPECT_FALSE(life.ticket.hand_over);
    EXPECT_EQ(life.ticket.owner, people::owner);
    EXPECT_EQ(life.give(HandOver{people::colleague, "交班"}), std::nullopt);
}

TEST(A4_HandOver, MayBeTakenBackUntilItIsAccepted)
{
    auto life = at(Place::handing_over);
    const int asked = life.owes(answer_hand_over)->no;
    life.with(WithdrawHandOver{});
    EXPECT_EQ(life.ending_of(asked), "withdrawn");
    EXPECT_EQ(life.give(AcceptHandOver{}, as_night_shift()), Refusal::hand_over_missing);
}

TEST(A4_HandOver, UnansweredIsTheSupervisorsToDecide)
{
    auto accepted = at(Place::handing_over);
    accepted.after(20min).with(AcceptHandOver{}, as_supervisor());
    EXPECT_EQ(accepted.ticket.owner, people::night) << "on behalf of the one who was named";

    auto renamed = at(Place::handing_over);
    const int asked = renamed.owes(answer_hand_over)->no;
    renamed.after(20min).with(HandOver{people::colleague, "夜班无人"}, as_supervisor());
    EXPECT_EQ(renamed.ending_of(asked), "renamed");
    EXPECT_EQ(renamed.ticket.hand_over->to, people::colleague);
    EXPECT_EQ(renamed.owes(answer_hand_over)->starts_at, renamed.now);

    // A supervisor who owns a ticket does not accept it for another.
    auto own = at(Place::handing_over);
    own.ticket.owner = people::supervisor;
    EXPECT_EQ(own.give(AcceptHandOver{}, as_supervisor()), Refusal::not_successor);
}

TEST(A4_HandOver, IsNotAcceptedForWhoIsNotAtWork)
{
    auto life = at(Place::handing_over);
    life.gone.insert(people::night);
    EXPECT_EQ(life.give(AcceptHandOver{}, as_supervisor()), Refusal::successor_unknown);
    EXPECT_EQ(life.give(HandOver{people::colleague, "夜班离岗"}, as_supervisor()), std::nullopt);
}

TEST(A4_HandOver, LeavesWithUnitsWhatIsTheirs)
{
    auto slips = at(Place::slip_acknowledged);
    slips.with(HandOver{people::night, "交班"}).with(AcceptHandOver{}, as_night_shift());
    EXPECT_EQ(slips.owes(slip_complete)->debtor, (Debtor{{}, people::technics}));

    auto ruling = at(Place::awaiting_ruling);
    ruling.with(HandOver{people::night, "交班"}).with(AcceptHandOver{}, as_night_shift());
    EXPECT_EQ(ruling.owes(rule_on_slip)->debtor, (Debtor{{}, people::night_desk}))
        << "ruled upon by the heads of the owner's unit";
}

TEST(A4_HandOver, EndsWithTheTicketAndOutlivesARework)
{
    auto cancelled = at(Place::handing_over);
    cancelled.with(Cancel{"重复来电"}, as_supervisor());
    EXPECT_FALSE(cancelled.ticket.hand_over);

    auto archived = at(Place::rated_well);
    archived.with(HandOver{people::night, "交班"}).with(Archive{});
    EXPECT_FALSE(archived.ticket.hand_over);

    auto reworked = at(Place::told);
    reworked.with(HandOver{people::night, "交班"}).with(StartRework{"未解决"});
    EXPECT_TRUE(reworked.ticket.hand_over);
    ASSERT_TRUE(reworked.owes(answer_hand_over));
    reworked.with(AcceptHandOver{}, as_night_shift());
    EXPECT_TRUE(std::ranges::all_of(reworked.ticket.obligations,
                                    [](const auto& each) { return each.debtor.staff == people::night; }));
}

}  // namespace
}  // namespace shouwen::ticket
