#include "modules/ticket/rules/life_for_tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
using enum ObligationKind;

std::vector<ObligationKind> owed_for(const Life& life, int slip)
{
    std::vector<ObligationKind> kinds;
    for (const auto& each : life.ticket.obligations)
        if (each.subject == slip && each.kind != keep_promise) kinds.push_back(each.kind);
    return kinds;
}

/// The working time between is that of the default calendar: nine to twelve, half past one to six.
Instant today(int hour, int minute = 0)
{
    return monday_9h + std::chrono::hours{hour - 9} + std::chrono::minutes{minute};
}

TEST(A8_Transfer, GivesSeveralUnitsTheirPartsAtOnceWithOneLead)
{
    auto life = at(Place::handling_L2);
    auto technics = order_for(people::technics);
    auto production = order_for(people::production);
    production.lead = true;
    life.with(transfer({technics, production}));
    ASSERT_EQ(life.ticket.slips.size(), 2U);
    EXPECT_EQ(life.slip(1).unit, people::technics);
    EXPECT_EQ(life.slip(2).unit, people::production);
    EXPECT_FALSE(life.slip(1).lead);
    EXPECT_TRUE(life.slip(2).lead);
    EXPECT_EQ(life.ticket.lead_unit, people::production);
    EXPECT_EQ(life.happened<Transferred>()->told_customer, told_of_transfer);
}

TEST(A8_Transfer, LetsTheFirstUnitLeadWhereNobodyIsNamed)
{
    auto life = at(Place::handling_L2);
    life.with(transfer({order_for(people::technics), order_for(people::production)}));
    EXPECT_EQ(life.ticket.lead_unit, people::technics);
    // A third one joins and leaves the lead where it is; a fourth is named and takes it over.
    life.with(transfer({order_for(people::desk)}));
    EXPECT_EQ(life.ticket.lead_unit, people::technics);
    auto named = order_for(people::production);
    named.lead = true;
    life.with(transfer({named}));
    EXPECT_EQ(life.ticket.lead_unit, people::production);
    EXPECT_EQ(std::ranges::count_if(life.ticket.slips, &TransferSlip::lead), 1);
}

TEST(A1_Transfer, NeverMovesTheOwner)
{
    for (const Place place : {Place::slip_issued, Place::slip_acknowledged, Place::slip_completed, Place::slip_rejected,
                              Place::awaiting_ruling, Place::slip_ruled}) {
        SCOPED_TRACE(name_of(place));
        const auto life = at(place);
        EXPECT_EQ(life.ticket.owner, people::owner);
        ASSERT_EQ(life.ticket.tenures.size(), 1U);
        EXPECT_FALSE(life.ticket.tenures.front().to);
    }
}

TEST(A14_TransferSlip, ChargesUnsignedTimeToTheReceiver)
{
    auto life = at(Place::handling_L2);
    life.with(transfer({order_for(people::technics)}));
    EXPECT_THAT(owed_for(life, 1), UnorderedElementsAre(acknowledge_slip, slip_plan, slip_complete));
    const auto due_at = life.slip().due_at;
    for (const auto kind : {acknowledge_slip, slip_plan, slip_complete}) {
        const auto* owed = life.owes(kind);
        EXPECT_EQ(owed->debtor, (Debtor{{}, people::technics})) << name_of(kind);
        EXPECT_EQ(owed->starts_at, life.now) << name_of(kind);
    }
    // Hours later somebody signs: the limits of the work are what they were.
    life.after(3h).with(AcknowledgeSlip{1}, as_technician());
    EXPECT_EQ(life.slip().state, SlipState::acknowledged);
    EXPECT_EQ(life.slip().due_at, due_at);
    EXPECT_EQ(life.owes(slip_complete)->starts_at, monday_9h);
    EXPECT_EQ(life.owes(acknowledge_slip), nullptr);
    EXPECT_EQ(life.owes(appoint_and_contact)->starts_at, life.now);
}

TEST(A14_TransferSlip, HasTheLimitsOfItsGrade)
{
    const struct {
        const char* name;
        Place place;
        ObligationKind kind;
        Instant then;
    } cases[] = {
        {"L1 is signed for in 5 min", Place::handling_L1, acknowledge_slip, today(9, 5)},
        {"L2 in 30 min", Place::handling_L2, acknowledge_slip, today(9, 30)},
        {"L3 in 2 working hours", Place::handling_L3, acknowledge_slip, today(11)},
        {"L2 has a plan in 2 h (E8)", Place::handling_L2, slip_plan, today(11)},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(c.place);
        life.with(transfer({order_for(people::technics)}));
        EXPECT_EQ(life.due(c.kind), c.then);
    }
}

TEST(A14_TransferSlip, MayNameItsTimeAndItsHandler)
{
    auto life = at(Place::handling_L3);
    auto order = order_for(people::technics);
    order.due_at = life.now + 5h;
    order.assignee = people::technician;
    life.with(transfer({order}));
    EXPECT_EQ(life.slip().due_at, life.now + 5h);
    EXPECT_EQ(life.slip().handler, people::technician);
    EXPECT_EQ(life.owes(slip_complete)->debtor, (Debtor{people::technician, people::technics}));
    // Signing for it is the unit's, whoever is to do the work.
    EXPECT_EQ(life.owes(acknowledge_slip)->debtor, (Debtor{{}, people::technics}));
}

TEST(E5_TransferSlip, FollowsTheGradeFromItsOriginalStartUnlessATimeWasAgreedUpon)
{
    auto life = at(Place::handling_L3);
    auto agreed = order_for(people::production);
    agreed.due_at = life.now + 50h;
    life.with(transfer({order_for(people::technics), agreed}));
    life.after(1min).with(Regrade{Grade::L1, "停梯困人"});
    EXPECT_EQ(life.ticket.find(acknowledge_slip, 1)->due_at, today(9, 5));
    EXPECT_EQ(life.slip(1).due_at, today(13));
    EXPECT_EQ(life.slip(1).due_at, life.ticket.find(slip_complete, 1)->due_at);
    EXPECT_EQ(life.slip(2).due_at, monday_9h + 50h);
}

TEST(D5_TransferSlip, IsOwedAHandlerAndAWordToTheCustomerInEitherOrder)
{
    for (const bool contact_first : {true, false}) {
        auto life = at(Place::slip_acknowledged);
        const Command first =
            contact_first ? Command{ContactCustomer{1, "已电话联系"}} : Command{AppointHandler{1, people::fitter}};
        const Command second =
            contact_first ? Command{AppointHandler{1, people::fitter}} : Command{ContactCustomer{1, "已电话联系"}};
        life.with(first, as_technician());
        EXPECT_EQ(life.slip().state, SlipState::in_progress);
        const auto* owed = life.owes(appoint_and_contact);
        ASSERT_TRUE(owed) << "one of the two is not enough";
        const int no = owed->no;
        life.with(second, as_technician());
        EXPECT_EQ(life.ending_of(no), "met");
        EXPECT_EQ(life.slip().handler, people::fitter);
        EXPECT_EQ(life.owes(slip_complete)->debtor, (Debtor{people::fitter, people::technics}))
            << "whose work it is owes it";
    }
}

TEST(D5_TransferSlip, FirstContactIsNotMadeLaterByASecond)
{
    auto life = at(Place::slip_acknowledged);
    life.with(ContactCustomer{1, "已联系"}, as_technician()).after(1h);
    life.with(ContactCustomer{1, "再联系"}, as_technician());
    EXPECT_EQ(life.slip().contacted_at, monday_9h);
}

TEST(E8_TransferSlip, APlanIsExplainedToTheCustomerByTheOwnerAtOnce)
{
    auto life = at(Place::slip_acknowledged);
    const int plan = life.owes(slip_plan)->no;
    life.with(ProposeForSlip{1, "更换门机", life.now + 4h}, as_technician());
    EXPECT_EQ(life.ending_of(plan), "met");
    EXPECT_EQ(life.slip().state, SlipState::proposed);
    EXPECT_EQ(life.slip().expected_at, life.now + 4h);
    const auto* explain = life.owes(explain_plan);
    ASSERT_TRUE(explain);
    EXPECT_EQ(explain->debtor.staff, people::owner);
    EXPECT_EQ(explain->due_at, life.now + 30min);
    const int no = explain->no;
    life.with(TellProgress{"技术部将更换门机"});
    EXPECT_EQ(life.ending_of(no), "met");
}

TEST(E8_TransferSlip, APlanThatIsGoneNeedsNoExplaining)
{
    auto life = at(Place::slip_proposed);
    const int no = life.owes(explain_plan)->no;
    life.with(WithdrawSlip{1, "改由原厂处理"});
    EXPECT_EQ(life.ending_of(no), "withdrawn");
}

TEST(A14_Rejection, BringsTheSlipBackToTheOwnerWithADeadlineToRouteItAgain)
{
    auto life = at(Place::handling_L2);
    life.with(transfer({order_for(people::technics)}));
    const int acknowledge = life.owes(acknowledge_slip)->no;
    const int complete = life.owes(slip_complete)->no;
    life.after(10min).with(RejectSlip{1, "not_our_matter"}, as_technician());
    EXPECT_EQ(life.slip().state, SlipState::rejected);
    EXPECT_EQ(life.slip().reason, "not_our_matter");
    EXPECT_EQ(life.ticket.rejection_count, 1);
    EXPECT_EQ(life.ending_of(acknowledge), "met") << "a no in time is an answer in time";
    EXPECT_EQ(life.ending_of(complete), "rejected");
    EXPECT_FALSE(life.ticket.lead_unit);
    const auto* route = life.owes(route_again);
    ASSERT_TRUE(route);
    EXPECT_EQ(route->debtor.staff, people::owner);
    EXPECT_EQ(route->due_at, life.now + 15min);
    const int no = route->no;
    life.with(transfer({order_for(people::production)}));
    EXPECT_EQ(life.ending_of(no), "met");
    EXPECT_EQ(life.slip(2).state, SlipState::issued);
}

TEST(A14_Rejection, TheSecondOneOfATicketIsRuledUponByTheSupervisor)
{
    auto life = at(Place::awaiting_ruling);
    EXPECT_EQ(life.ticket.rejection_count, 2);
    EXPECT_TRUE(life.ticket.waits_for_ruling());
    EXPECT_EQ(life.owes(route_again), nullptr) << "the owner is not asked any more";
    EXPECT_EQ(life.owes(rule_on_slip)->debtor, (Debtor{{}, people::desk}));
    EXPECT_EQ(life.give(transfer({order_for(people::technics)})), Refusal::ruling_pending);

    const int no = life.owes(rule_on_slip)->no;
    life.with(transfer({order_for(people::technics)}), as_supervisor());
    EXPECT_EQ(life.ending_of(no), "met");
    EXPECT_TRUE(life.happened<Transferred>()->ruling);
    EXPECT_TRUE(life.slip(3).ruled);
    EXPECT_EQ(life.give(RejectSlip{3, "not_our_matter"}, as_technician()), Refusal::slip_ruled);
    EXPECT_EQ(life.give(AcknowledgeSlip{3}, as_technician()), std::nullopt);
}

TEST(A14_Rejection, MayBeRuledThatTheOwnerSeesToIt)
{
    auto life = at(Place::awaiting_ruling);
    const WithdrawSlip to_owner{2, "首问责任人自行办理"};
    EXPECT_EQ(life.give(to_owner), Refusal::ruling_pending) << "not the owner's to decide";
    EXPECT_EQ(life.give(to_owner, as_colleague()), Refusal::not_owner);
    EXPECT_THAT(life.slip_commands(2, as_supervisor()), ElementsAre("withdraw"));
    EXPECT_THAT(life.slip_commands(2, as_owner()), ElementsAre());

    const int no = life.owes(rule_on_slip)->no;
    life.with(to_owner, as_supervisor());
    EXPECT_EQ(life.ending_of(no), "met");
    EXPECT_TRUE(life.happened<SlipWithdrawn>()->ruling);
    EXPECT_EQ(life.slip(2).state, SlipState::withdrawn);
    EXPECT_FALSE(life.ticket.waits_for_ruling());
    EXPECT_EQ(life.ticket.rejection_count, 2) << "it was rejected all the same";
    EXPECT_TRUE(life.ticket.next_due());
    EXPECT_EQ(life.give(WithdrawSlip{1, "也不办"}, as_supervisor()), Refusal::slip_ended);
    EXPECT_EQ(life.give(ProposeSolution{"换新门机", "停梯、更换", life.now + 4h}), std::nullopt);
}

TEST(A14_Rejection, RuledUponLeavesWhoeverLeadsMeanwhile)
{
    auto life = at(Place::handling_L3);
    life.with(transfer({order_for(people::technics)})).with(RejectSlip{1, "not_our_matter"}, as_technician());
    life.with(transfer({order_for(people::technics), order_for(people::production)}));
    life.with(RejectSlip{3, "not_our_matter"}, as_producer());
    ASSERT_TRUE(life.ticket.waits_for_ruling());
    ASSERT_EQ(life.ticket.lead_unit, people::technics);
    life.with(WithdrawSlip{1, "首问责任人自行办理"}, as_supervisor());
    EXPECT_EQ(life.ticket.lead_unit, people::technics);
}

TEST(A14_Rejection, CountsOnATicketWhicheverSlipItIs)
{
    // Two parts at the same time, each rejected: that is twice.
    auto life = at(Place::handling_L3);
    life.with(transfer({order_for(people::technics), order_for(people::production)}));
    life.with(RejectSlip{1, "not_our_matter"}, as_technician());
    const int route = life.owes(route_again)->no;
    life.with(RejectSlip{2, "not_our_matter"}, as_producer());
    EXPECT_EQ(life.ending_of(route), "ruling");
    EXPECT_TRUE(life.ticket.waits_for_ruling());
}

TEST(A14_Rejection, HowManyAreTooManyIsThePolicysToSay)
{
    auto life = at(Place::slip_issued, policy_with([](policy::Document& d) { d.rejections_until_ruling = 1; }));
    life.with(RejectSlip{1, "not_our_matter"}, as_technician());
    EXPECT_TRUE(life.ticket.waits_for_ruling());
    EXPECT_EQ(life.owes(route_again), nullptr);
}

TEST(A14_Rejection, HasAReasonOfTheListWhereThePolicyInsists)
{
    const auto strict = policy_with([](policy::Document& d) { d.strict_rejection_reasons = true; });
    const auto retired = policy_with([](policy::Document& d) {
        d.strict_rejection_reasons = true;
        d.rejection_reasons.front().retired = true;
    });
    const struct {
        const char* name;
        policy::PolicyPtr policy;
        const char* reason;
        std::optional<Refusal> then;
    } cases[] = {
        {"of the list", strict, "not_our_matter", std::nullopt},
        {"own words", strict, "不归我们管", Refusal::rejection_reason_unknown},
        {"retired", retired, "not_our_matter", Refusal::rejection_reason_unknown},
        {"own words, where the list only proposes", policy_with(), "不归我们管", std::nullopt},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(at(Place::slip_issued, c.policy).give(RejectSlip{1, c.reason}, as_technician()), c.then);
    }
}

TEST(D5_Extension, IsAskedBeforeTheLimitGrantedByTheOwnerAndToldToTheCustomer)
{
    auto life = at(Place::slip_acknowledged);
    const auto due_at = life.slip().due_at;
    const int complete = life.owes(slip_complete)->no;
    life.with(Extend{1, "待备件到货", due_at + 24h}, as_technician());
    EXPECT_EQ(life.slip().due_at, due_at) << "asking moves nothing";
    EXPECT_EQ(life.slip().extension->new_due_at, due_at + 24h);
    life.with(GrantExtension{1, "备件周三到货，已向您说明"});
    EXPECT_EQ(life.slip().due_at, due_at + 24h);
    EXPECT_EQ(life.owes(slip_complete)->no, complete) << "the same obligation, with a later limit";
    EXPECT_EQ(life.owes(slip_complete)->due_at, due_at + 24h);
    EXPECT_FALSE(life.slip().extension);
    EXPECT_EQ(life.happened<ObligationMoved>()->cause, "extended");
    EXPECT_EQ(life.happened<ExtensionGranted>()->told_customer, "备件周三到货，已向您说明");
    // What was agreed upon stays, whatever the grade becomes.
    life.with(Regrade{Grade::L1, "急"});
    EXPECT_EQ(life.slip().due_at, due_at + 24h);
}

TEST(D5_Extension, IsGrantedByTheSameCommandFromWhomTheTicketIs)
{
    const struct {
        const char* name;
        Place place;
        Giver by;
    } cases[] = {
        {"the owner, unasked", Place::slip_acknowledged, as_owner()},
        {"the owner, before it is signed for", Place::slip_issued, as_owner()},
        {"the owner, another time than was asked for", Place::extension_asked, as_owner()},
        {"the supervisor", Place::extension_asked, as_supervisor()},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(c.place);
        const Instant later = life.slip().due_at + 30h;
        const auto* word = life.owes(tell_progress);
        const int owed = word ? word->no : 0;
        life.with(Extend{1, "待备件到货", later}, c.by);
        EXPECT_EQ(life.slip().due_at, later);
        EXPECT_EQ(life.owes(slip_complete)->due_at, later);
        EXPECT_FALSE(life.slip().extension);
        EXPECT_EQ(life.happened<ExtensionAsked>(), nullptr);
        EXPECT_EQ(life.happened<ExtensionGranted>()->reason, "待备件到货");
        // The customer has to be told, by the owner; a word that is owed already is that word.
        ASSERT_TRUE(life.owes(tell_progress));
        EXPECT_EQ(life.owes(tell_progress)->debtor.staff, people::owner);
        if (owed) EXPECT_EQ(life.owes(tell_progress)->no, owed);
    }
}

TEST(D5_Extension, IsToldToTheCustomerWithTheGrantOrOwed)
{
    auto told = at(Place::extension_asked);
    told.with(GrantExtension{1, "备件周三到货"});
    EXPECT_EQ(told.owes(tell_progress), nullptr);
    EXPECT_EQ(told.happened<ExtensionGranted>()->reason, "待备件") << "as it was asked for";

    auto untold = at(Place::extension_asked);
    untold.with(GrantExtension{1, {}});
    const auto* word = untold.owes(tell_progress);
    ASSERT_TRUE(word);
    const int no = word->no;
    untold.with(TellProgress{"备件周三到货"});
    EXPECT_EQ(untold.ending_of(no), "met");
}

TEST(D5_Extension, ThatWasAskedInTimeMayBeGrantedLater)
{
    auto life = at(Place::extension_asked);
    life.after(400h);
    EXPECT_EQ(life.give(Extend{1, "待备件", life.now + 1h}), std::nullopt);

    auto unasked = at(Place::slip_acknowledged);
    unasked.after(400h);
    EXPECT_EQ(unasked.give(Extend{1, "待备件", unasked.now + 1h}), Refusal::extension_too_late);
}

TEST(D5_Extension, MayBeDeclinedAndAskedAgain)
{
    auto life = at(Place::extension_asked);
    const auto due_at = life.slip().due_at;
    life.with(DeclineExtension{1, "客户等不及"});
    EXPECT_EQ(life.slip().due_at, due_at);
    EXPECT_FALSE(life.slip().extension);
    EXPECT_EQ(life.give(Extend{1, "备件短缺", due_at + 1h}, as_technician()), std::nullopt);
}

TEST(D5_Extension, WhatTheCustomerHoldsUpHasNoLimitThatCouldBeOver)
{
    auto life = at(Place::slip_acknowledged);
    life.with(WaitForCustomer{"等待客户到场"});
    ASSERT_TRUE(life.owes(slip_complete)->paused_at);
    life.after(240h);
    const auto later = life.now + 24h;
    ASSERT_EQ(life.give(Extend{1, "客户改约", later}, as_technician()), std::nullopt);
    life.with(GrantExtension{1, "已改约"});
    EXPECT_EQ(life.slip().due_at, later);
    EXPECT_FALSE(life.owes(slip_complete)->paused_at) << "a time that was agreed upon does not stand still";
}

TEST(A14_Completion, IsConfirmedByTheOwner)
{
    auto life = at(Place::slip_proposed);
    const int complete = life.owes(slip_complete)->no;
    const int first_steps = life.owes(appoint_and_contact)->no;
    life.with(CompleteSlip{1, "已更换门机", "恢复运行"}, as_technician());
    EXPECT_EQ(life.slip().state, SlipState::completed);
    EXPECT_EQ(life.slip().summary, "已更换门机");
    EXPECT_EQ(life.slip().result, "恢复运行");
    EXPECT_EQ(life.ending_of(complete), "met");
    EXPECT_EQ(life.ending_of(first_steps), "completed");
    EXPECT_TRUE(life.slip().is_open());
    EXPECT_EQ(life.owes(tell_progress)->debtor.staff, people::owner) << "the owner owes the customer the next word";
    life.with(ConfirmSlip{1});
    EXPECT_EQ(life.slip().state, SlipState::confirmed);
    EXPECT_FALSE(life.slip().is_open());
    EXPECT_THAT(owed_for(life, 1), ElementsAre());
}

TEST(A14_Completion, IsOwedTheOwnersYesOrNoByATime)
{
    const struct {
        const char* name;
        Place place;
        Instant then;
    } cases[] = {
        {"L1: 1 h", Place::handling_L1, monday_9h + 1h},
        {"L2: 4 h", Place::handling_L2, monday_9h + 4h},
        {"L3: 1 working day", Place::handling_L3, monday_9h + 24h},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(c.place);
        life.with(transfer({order_for(people::technics)})).with(AcknowledgeSlip{1}, as_technician());
        life.with(CompleteSlip{1, "已更换", "恢复运行"}, as_technician());
        const auto* owed = life.owes(confirm_slip);
        ASSERT_TRUE(owed);
        EXPECT_EQ(owed->debtor.staff, people::owner);
        EXPECT_EQ(owed->due_at, c.then);
    }
    const std::pair<Command, const char*> ends[] = {
        {ConfirmSlip{1}, "met"}, {ReturnSlip{1, "仍有异响"}, "met"}, {WithdrawSlip{1, "不用了"}, "withdrawn"}};
    for (const auto& [command, ending] : ends) {
        auto life = at(Place::slip_completed);
        const int no = life.owes(confirm_slip)->no;
        life.with(command);
        EXPECT_EQ(life.ending_of(no), ending);
    }
    auto regraded = at(Place::slip_completed);
    regraded.with(Regrade{Grade::L1, "停梯困人"});
    EXPECT_EQ(regraded.due(confirm_slip), monday_9h + 1h);
}

TEST(A14_Completion, MayBeReturnedAndIsThenOwedAgain)
{
    auto life = at(Place::slip_completed);
    life.after(1h).with(ReturnSlip{1, "仍有异响"});
    EXPECT_EQ(life.slip().state, SlipState::in_progress);
    EXPECT_EQ(life.slip().returned_count, 1);
    EXPECT_EQ(life.slip().reason, "仍有异响");
    ASSERT_TRUE(life.owes(slip_complete));
    EXPECT_EQ(life.owes(slip_complete)->starts_at, life.now);
    EXPECT_EQ(life.slip().due_at, life.owes(slip_complete)->due_at);
    life.with(CompleteSlip{1, "已校正", "无异响"}, as_technician());
    EXPECT_EQ(life.give(ConfirmSlip{1}), std::nullopt);
}

TEST(A14_Withdrawal, EndsWhatTheUnitOwes)
{
    for (const Place place : {Place::slip_issued, Place::slip_acknowledged, Place::slip_proposed,
                              Place::extension_asked, Place::slip_completed}) {
        SCOPED_TRACE(name_of(place));
        auto life = at(place);
        life.with(WithdrawSlip{1, "客户已自行解决"});
        EXPECT_EQ(life.slip().state, SlipState::withdrawn);
        EXPECT_THAT(owed_for(life, 1), ElementsAre());
        EXPECT_TRUE(life.ticket.next_due()) << "somebody still owes the customer something";
        EXPECT_EQ(life.ticket.rejection_count, 0);
    }
}

TEST(A8_Transfer, HoldsTheEndOfTheMatterBackUntilEverySlipIsConfirmed)
{
    auto life = at(Place::agreed);
    life.with(transfer({order_for(people::technics), order_for(people::production)}));
    EXPECT_EQ(life.give(FinishImplementation{"完"}), Refusal::slip_open);
    life.with(AcknowledgeSlip{1}, as_technician()).with(CompleteSlip{1, "完", "好"}, as_technician());
    EXPECT_EQ(life.give(FinishImplementation{"完"}), Refusal::slip_open) << "completed is not confirmed";
    life.with(ConfirmSlip{1});
    EXPECT_EQ(life.give(FinishImplementation{"完"}), Refusal::slip_open) << "the other one is not";
    life.with(WithdrawSlip{2, "无需配合"});
    EXPECT_EQ(life.give(FinishImplementation{"完"}), std::nullopt);
}

TEST(A8_Transfer, TheOwnerMayDoItThemselvesAfterARejectionButNotPastARuling)
{
    auto once = at(Place::agreed);
    once.with(transfer({order_for(people::technics)})).with(RejectSlip{1, "not_our_matter"}, as_technician());
    const int route = once.owes(route_again)->no;
    once.with(FinishImplementation{"自行办结"});
    EXPECT_EQ(once.ending_of(route), "implementation_finished");

    auto twice = at(Place::agreed);
    twice.with(transfer({order_for(people::technics), order_for(people::production)}));
    twice.with(RejectSlip{1, "not_our_matter"}, as_technician()).with(RejectSlip{2, "not_our_matter"}, as_producer());
    EXPECT_EQ(twice.give(FinishImplementation{"自行办结"}), Refusal::ruling_pending);
}

TEST(A8_Transfer, IsWithdrawnWithACancelledTicket)
{
    auto life = at(Place::slip_acknowledged);
    life.with(Cancel{"重复来电"}, as_supervisor());
    EXPECT_EQ(life.slip().state, SlipState::withdrawn);
    EXPECT_EQ(life.slip().reason, "重复来电");
    EXPECT_TRUE(life.ticket.obligations.empty());
}

TEST(D11_Archive, IsNotForASupervisorEitherWhileAUnitIsAtWork)
{
    auto life = at(Place::reworking);
    life.with(transfer({order_for(people::technics)}));
    EXPECT_EQ(life.give(Archive{"客户失联"}, as_supervisor()), Refusal::slip_open);
    life.with(WithdrawSlip{1, "客户失联"});
    EXPECT_EQ(life.give(Archive{"客户失联"}, as_supervisor()), std::nullopt);
}

TEST(A14_CommandsNow, OfASlipAreThoseOfItsState)
{
    using Names = std::vector<std::string_view>;
    const Names work{"appoint_handler", "contact_customer", "progress", "propose", "extend", "complete"};
    const auto and_ = [](Names names, const Names& more) {
        names.insert(names.end(), more.begin(), more.end());
        return names;
    };
    const struct {
        Place place;
        int slip;
        Names then;
    } cases[] = {
        {Place::slip_issued, 1, {"acknowledge", "reject", "extend", "withdraw"}},
        {Place::slip_acknowledged, 1, and_(work, {"withdraw"})},
        {Place::slip_proposed, 1, and_(work, {"withdraw"})},
        {Place::extension_asked,
         1,
         {"appoint_handler", "contact_customer", "progress", "propose", "extend", "complete", "grant_extension",
          "decline_extension", "withdraw"}},
        {Place::slip_completed, 1, {"confirm", "return_for_rework", "withdraw"}},
        {Place::slip_rejected, 1, {}},
        {Place::slip_ruled, 3, {"acknowledge", "extend", "withdraw"}},
        {Place::slip_ruled, 4, {}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(name_of(c.place));
        EXPECT_THAT(at(c.place).slip_commands(c.slip, as_owner()), testing::UnorderedElementsAreArray(c.then));
    }
    // What is the owner's to do is not the unit's.
    EXPECT_THAT(at(Place::slip_completed).slip_commands(1, as_technician()), ElementsAre());
}

}  // namespace
}  // namespace shouwen::ticket
