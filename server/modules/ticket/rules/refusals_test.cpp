#include "modules/ticket/rules/life_for_tests.hpp"

#include <gtest/gtest.h>

#include <set>

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;

constexpr Instant tomorrow = monday_9h + 24h;
constexpr Instant yesterday = monday_9h - 24h;

/// One line: where the ticket is, who asks for what, and why it is refused.
struct Line {
    const char* name;
    Place place;
    Command command;
    Giver by;
    Refusal then;
};

const std::vector<Line>& refusal_lines()
{
    using enum Refusal;
    const Classify classify = classification(Grade::L3);
    const ProposeSolution propose{"换新", "更换", tomorrow};
    const GiveResult result{"派修", "更换", "恢复"};
    const ResolveAtFirstContact at_once{"查询", "已补开", "已发送"};
    const Transfer to_technics = transfer({order_for(people::technics)});
    static const std::vector<Line> lines{
        {"A3: a second first answer", Place::phone_triage, Respond{"您好"}, as_colleague(), already_answered},
        {"A3: the owner answers twice", Place::phone_triage, Respond{"您好"}, as_owner(), already_answered},
        {"E11: a first answer after cancelling", Place::cancelled, Respond{"您好"}, as_owner(), ticket_closed},

        {"A2: classified before anybody answered", Place::web_queue, classify, as_owner(), not_answered_yet},
        {"A2: replied to before anybody answered", Place::web_queue, Reply{"您好"}, as_owner(), not_answered_yet},
        {"A2: promised before anybody answered", Place::web_queue, MakePromise{"忙", tomorrow, "回电"}, as_owner(),
         not_answered_yet},
        {"A2: escalated before anybody answered", Place::web_queue, Escalate{"急"}, as_owner(), not_answered_yet},

        {"A1: classified by a colleague", Place::phone_triage, classify, as_colleague(), not_owner},
        {"A1: regraded by a colleague", Place::handling_L3, Regrade{Grade::L1, "急"}, as_colleague(), not_owner},
        {"A1: promised by a colleague", Place::handling_L3, MakePromise{"忙", tomorrow, "回电"}, as_colleague(),
         not_owner},
        {"A1: progress told by a colleague", Place::handling_L3, TellProgress{"在修"}, as_colleague(), not_owner},
        {"A1: solution by a colleague", Place::handling_L3, propose, as_colleague(), not_owner},
        {"A1: agreement recorded by a colleague", Place::proposed, RecordAgreement{true, {}}, as_colleague(),
         not_owner},
        {"A1: implementation finished by a colleague", Place::agreed, FinishImplementation{"完"}, as_colleague(),
         not_owner},
        {"A1: result given by a colleague", Place::implemented, result, as_colleague(), not_owner},
        {"A1: rated by a colleague", Place::told, Rate{5, {}, "phone"}, as_colleague(), not_owner},
        {"A1: reworked by a colleague", Place::told, StartRework{"未解决"}, as_colleague(), not_owner},
        {"A1: waiting by a colleague", Place::handling_L3, WaitForCustomer{"等"}, as_colleague(), not_owner},
        {"A1: resumed by a colleague", Place::waiting, Resume{}, as_colleague(), not_owner},
        {"A1: archived by a colleague", Place::rated_well, Archive{}, as_colleague(), not_owner},
        {"A1: settled by a colleague", Place::phone_triage, at_once, as_colleague(), not_owner},

        {"D2: amended by a colleague", Place::handling_L3, Amend{.demand = "补正"}, as_colleague(), not_owner},
        {"D2: amended after the end", Place::archived, Amend{.demand = "补正"}, as_owner(), ticket_closed},

        {"A7: out of the own scope", Place::foreign_handling, at_once, as_owner(), out_of_scope},
        {"A7: also a supervisor cannot settle it here", Place::foreign_handling, at_once, as_supervisor(),
         out_of_scope},
        {"A7: nobody drops a matter alone", Place::handling_L3, Cancel{"不归我管"}, as_owner(), not_permitted},
        {"A7: not even before it is answered", Place::web_queue, Cancel{"不归我管"}, as_owner(), not_permitted},
        {"A7: cancelled twice", Place::cancelled, Cancel{"重复"}, as_supervisor(), ticket_closed},

        {"A6: settled without a class", Place::unclassified_triage, at_once, as_owner(), not_triaged},
        {"A6: a complaint settled in one go", Place::complaint_triage, at_once, as_owner(), complaint_needs_handling},
        {"A6: a complex matter settled in one go", Place::complex_handling, at_once, as_owner(),
         complex_needs_handling},
        {"A6: settled again", Place::told, at_once, as_owner(), result_given},
        {"A6: past what was proposed", Place::proposed, at_once, as_owner(), agreement_missing},
        {"A6: past what the customer declined", Place::declined, at_once, as_owner(), agreement_missing},
        {"A6: past what was agreed", Place::agreed, at_once, as_owner(), solution_agreed},
        {"A6: rework is no first contact", Place::reworking, at_once, as_owner(), rework_open},

        {"A13: classified twice", Place::handling_L3, classify, as_owner(), already_triaged},
        {"A13: classified in feedback", Place::told, classify, as_owner(), already_triaged},
        {"A13: solution before triage", Place::phone_triage, propose, as_owner(), not_triaged},
        {"A13: agreement before triage", Place::phone_triage, RecordAgreement{true, {}}, as_owner(), not_triaged},
        {"A13: result before triage", Place::phone_triage, result, as_owner(), not_triaged},
        {"A13: archive before triage", Place::phone_triage, Archive{}, as_owner(), not_triaged},
        {"A13: solution after the work is done", Place::told, propose, as_owner(), not_in_handling},
        {"A13: work finished twice", Place::implemented, FinishImplementation{"完"}, as_owner(), not_in_handling},
        {"A13: result before the work is done", Place::agreed, result, as_owner(), not_in_feedback},
        {"A13: rework before there is a result", Place::agreed, StartRework{"未解决"}, as_owner(), not_in_feedback},

        {"E5: regraded to what it is", Place::handling_L3, Regrade{Grade::L3, "误判"}, as_owner(), grade_unchanged},
        {"E5: ungraded counts as L3", Place::web_queue, Regrade{Grade::L3, "误判"}, as_owner(), grade_unchanged},
        {"E5: regraded after the end", Place::archived, Regrade{Grade::L1, "急"}, as_owner(), ticket_closed},

        {"A9: promised for yesterday", Place::handling_L3, MakePromise{"忙", yesterday, "回电"}, as_owner(),
         time_in_the_past},
        {"A9: promised for now", Place::handling_L3, MakePromise{"忙", monday_9h, "回电"}, as_owner(),
         time_in_the_past},
        {"A9: promised when all is told", Place::told, MakePromise{"忙", tomorrow, "回电"}, as_owner(), result_given},
        {"E10: solution for yesterday", Place::handling_L3, ProposeSolution{"换", "换", yesterday}, as_owner(),
         time_in_the_past},

        {"E10: agreement to nothing", Place::handling_L3, RecordAgreement{true, {}}, as_owner(), solution_missing},
        {"E10: agreement to what was declined", Place::declined, RecordAgreement{true, {}}, as_owner(),
         solution_missing},
        {"E10: agreed twice", Place::agreed, RecordAgreement{true, {}}, as_customer(), solution_agreed},
        {"E10: another solution after the agreement", Place::agreed, propose, as_owner(), solution_agreed},
        {"E10: work without a solution", Place::handling_L3, FinishImplementation{"完"}, as_owner(), solution_missing},
        {"E10: work without agreement", Place::proposed, FinishImplementation{"完"}, as_owner(), agreement_missing},
        {"E10: work against the customer's will", Place::declined, FinishImplementation{"完"}, as_owner(),
         agreement_missing},

        {"D7: told twice", Place::told, result, as_owner(), result_given},
        {"D11: rated before there is a result", Place::implemented, Rate{5, {}, "customer"}, as_customer(),
         result_missing},
        {"D11: rated in handling", Place::handling_L3, Rate{5, {}, "customer"}, as_customer(), result_missing},
        {"D11: rated twice", Place::rated_well, Rate{1, "改主意", "customer"}, as_customer(), already_rated},
        {"D11: dissatisfied, by phone, without a reason", Place::told, Rate{2, {}, "phone"}, as_owner(),
         reason_required},
        {"D11: archived over a dissatisfied customer", Place::reworking, Archive{}, as_owner(), dissatisfaction_open},
        {"D11: an owner's reason does not do", Place::reworking, Archive{"客户不讲理"}, as_owner(),
         dissatisfaction_open},
        {"D11: a supervisor without a reason", Place::reworking, Archive{}, as_supervisor(), dissatisfaction_open},
        {"D11: nor does the policy close it", Place::reworking, Archive{}, as_policy(), dissatisfaction_open},
        {"D11: reworked twice", Place::reworking, StartRework{"仍未解决"}, as_owner(), rework_open},
        {"D11: archived unrated", Place::told, Archive{}, as_owner(), rating_missing},
        {"D11: the policy waits as well", Place::told, Archive{}, as_policy(), rating_missing},

        {"E11: archived without a result", Place::implemented, Archive{}, as_owner(), result_missing},
        {"E11: archived in the middle", Place::handling_L3, Archive{}, as_owner(), result_missing},
        {"E11: archived twice", Place::archived, Archive{}, as_owner(), ticket_closed},
        {"E11: read-only, no note", Place::archived, Note{"补充"}, as_owner(), ticket_closed},
        {"E11: read-only, no reply", Place::archived, Reply{"您好"}, as_owner(), ticket_closed},
        {"E11: read-only, no message", Place::archived, CustomerMessage{"在吗"}, as_customer(), ticket_closed},
        {"E11: read-only, no file", Place::archived, AddAttachment{AttachmentId{1}, "a.png", 1, "image/png"},
         as_owner(), ticket_closed},
        {"E11: reopened while open", Place::told, Reopen{"再次发生"}, as_owner(), ticket_open},
        {"E11: reopened after cancelling", Place::cancelled, Reopen{"误取消"}, as_owner(), cancelled_for_good},
        {"waiting twice", Place::waiting, WaitForCustomer{"等"}, as_owner(), already_waiting},
        {"resumed without waiting", Place::handling_L3, Resume{}, as_owner(), not_waiting},

        {"A13: transferred before triage", Place::phone_triage, to_technics, as_owner(), not_triaged},
        {"A13: transferred after the work", Place::told, to_technics, as_owner(), not_in_handling},
        {"A1: transferred by a colleague", Place::handling_L3, to_technics, as_colleague(), not_owner},
        {"A14: transferred to nobody", Place::handling_L3, transfer({order_for(UnitId{99})}), as_owner(), unit_unknown},
        {"C1: transferred to a merchant that it does not concern", Place::handling_L3,
         transfer({order_for(people::merchant)}), as_owner(), unit_unknown},
        {"A14: named a handler of another unit", Place::handling_L3,
         transfer({{.unit = people::technics, .assignee = people::producer}}), as_owner(), handler_unknown},
        {"A14: wanted by yesterday", Place::handling_L3, transfer({{.unit = people::technics, .due_at = yesterday}}),
         as_owner(), time_in_the_past},
        {"E9: two leads", Place::handling_L3,
         transfer({{.unit = people::technics, .lead = true}, {.unit = people::production, .lead = true}}), as_owner(),
         lead_twice},
        {"A14: routed by the owner past a ruling", Place::awaiting_ruling, to_technics, as_owner(), ruling_pending},

        {"A14: signed for twice", Place::slip_acknowledged, AcknowledgeSlip{1}, as_technician(), slip_not_issued},
        {"A14: signed for after it was rejected", Place::slip_rejected, AcknowledgeSlip{1}, as_technician(),
         slip_not_issued},
        {"A14: no such slip", Place::slip_issued, AcknowledgeSlip{2}, as_technician(), slip_unknown},
        {"A14: no such slip to confirm", Place::slip_issued, ConfirmSlip{2}, as_owner(), slip_unknown},
        {"A14: no such slip to work on", Place::slip_issued, ReportSlipProgress{2, "在修"}, as_technician(),
         slip_unknown},
        {"A14: rejected after it was signed for", Place::slip_acknowledged, RejectSlip{1, "not_our_matter"},
         as_technician(), slip_not_issued},
        {"A14: a ruling is not rejected", Place::slip_ruled, RejectSlip{3, "not_our_matter"}, as_technician(),
         slip_ruled},
        {"A14: worked on before it was signed for", Place::slip_issued, ReportSlipProgress{1, "在修"}, as_technician(),
         slip_not_acknowledged},
        {"A14: completed before it was signed for", Place::slip_issued, CompleteSlip{1, "完", "好"}, as_technician(),
         slip_not_acknowledged},
        {"A14: completed twice", Place::slip_completed, CompleteSlip{1, "完", "好"}, as_technician(), slip_completed},
        {"A14: worked on after it was rejected", Place::slip_rejected, ContactCustomer{1, "您好"}, as_technician(),
         slip_ended},
        {"A14: a handler of another unit", Place::slip_acknowledged, AppointHandler{1, people::producer},
         as_technician(), handler_unknown},
        {"A14: a plan for yesterday", Place::slip_acknowledged, ProposeForSlip{1, "换", yesterday}, as_technician(),
         time_in_the_past},
        {"A14: confirmed before it is completed", Place::slip_proposed, ConfirmSlip{1}, as_owner(), slip_not_completed},
        {"A14: returned before it is completed", Place::slip_proposed, ReturnSlip{1, "返工"}, as_owner(),
         slip_not_completed},
        {"A1: confirmed by a colleague", Place::slip_completed, ConfirmSlip{1}, as_colleague(), not_owner},
        {"A1: confirmed by the unit itself", Place::slip_completed, ConfirmSlip{1}, as_technician(), not_owner},
        {"A14: withdrawn after it was rejected", Place::slip_rejected, WithdrawSlip{1, "不需要了"}, as_owner(),
         slip_ended},
        {"A4: handed over by a colleague", Place::handling_L3, HandOver{people::night, "交接"}, as_colleague(),
         not_owner},
        {"A4: handed over before anybody answered", Place::web_queue, HandOver{people::night, "交接"}, as_owner(),
         not_answered_yet},
        {"A4: handed over after the end", Place::archived, HandOver{people::night, "交接"}, as_owner(), ticket_closed},
        {"A4: handed over to oneself", Place::handling_L3, HandOver{people::owner, "交接"}, as_owner(),
         successor_unknown},
        {"A4: handed over to who may own no ticket", Place::handling_L3, HandOver{people::technician, "交接"},
         as_owner(), successor_unknown},
        {"A4: handed over twice", Place::handing_over, HandOver{people::colleague, "交接"}, as_owner(), hand_over_open},
        {"A4: taken over by the owner's own word", Place::handing_over, AcceptHandOver{}, as_owner(), not_successor},
        {"A4: taken over by a colleague", Place::handing_over, AcceptHandOver{}, as_colleague(), not_successor},
        {"A4: declined by a colleague", Place::handing_over, DeclineHandOver{"忙"}, as_colleague(), not_successor},
        {"A4: taken over, and nobody offered", Place::handling_L3, AcceptHandOver{}, as_night_shift(),
         hand_over_missing},
        {"A4: withdrawn by the successor", Place::handing_over, WithdrawHandOver{}, as_night_shift(), not_owner},
        {"A4: withdrawn, and nobody offered", Place::handling_L3, WithdrawHandOver{}, as_owner(), hand_over_missing},
        {"D5: asked for twice", Place::extension_asked, Extend{1, "待备件", tomorrow + 240h}, as_technician(),
         extension_open},
        {"D5: asked for no later time", Place::slip_acknowledged, Extend{1, "待备件", monday_9h + 1min},
         as_technician(), time_not_later},
        {"D5: more time by who is neither of the unit nor accountable", Place::slip_acknowledged,
         Extend{1, "待备件", tomorrow + 240h}, as_colleague(), not_owner},
        {"D5: more time for what is done", Place::slip_completed, Extend{1, "待备件", tomorrow + 240h}, as_owner(),
         slip_completed},
        {"D5: granted, and nobody asked", Place::slip_acknowledged, GrantExtension{1, "已告知"}, as_owner(),
         extension_missing},
        {"D5: declined, and nobody asked", Place::slip_acknowledged, DeclineExtension{1, "不行"}, as_owner(),
         extension_missing},
        {"D5: granted by the unit itself", Place::extension_asked, GrantExtension{1, "已告知"}, as_technician(),
         not_owner},
        {"A6: settled past an open slip", Place::slip_issued, at_once, as_owner(), slip_open},
        {"A6: settled past a ruling", Place::awaiting_ruling, at_once, as_owner(), ruling_pending},
    };
    return lines;
}

TEST(A13_Refusals, EachSituationHasItsReason)
{
    for (const auto& line : refusal_lines()) {
        SCOPED_TRACE(line.name);
        auto life = at(line.place);
        const auto version = life.ticket.version;
        const auto refused = life.give(line.command, line.by);
        ASSERT_TRUE(refused.has_value()) << "was allowed";
        EXPECT_EQ(name_of(*refused), name_of(line.then));
        EXPECT_EQ(life.ticket.version, version);
    }
}

TEST(D5_Extension, IsAskedForBeforeTheLimit)
{
    auto life = at(Place::slip_acknowledged);
    life.now = life.slip().due_at;
    EXPECT_EQ(life.give(Extend{1, "待备件", life.now + 24h}, as_technician()), Refusal::extension_too_late);
    auto asked = at(Place::extension_asked);
    asked.now = asked.slip().extension->new_due_at;
    EXPECT_EQ(asked.give(GrantExtension{1, "已告知"}), Refusal::time_in_the_past);
}

TEST(A9_Promise, HoldsTheArchiveBackWhileItIsOpen)
{
    // Only a promise made after the work was done can still be open when the result was told by another way.
    auto life = at(Place::told);
    life.ticket.promises.push_back({.no = 9, .expected_at = tomorrow, .promised_at = life.now});
    EXPECT_EQ(life.give(Archive{}), Refusal::promise_open);
}

TEST(D2_Record, MustBeCompleteBeforeItIsArchived)
{
    struct {
        const char* name;
        std::vector<std::string> known;
        Class of;
        const char* demand;
        std::vector<std::string> missing;
    } cases[] = {
        {"complete", {"name", "contact"}, Class::complaint, "停工", {}},
        {"no way to reach the customer", {"name"}, Class::help, "", {"contact"}},
        {"a complaint names its demand", {"name", "contact"}, Class::complaint, "", {"demand"}},
        {"a suggestion needs a name only", {"name"}, Class::suggestion, "", {}},
        {"nothing known", {}, Class::complaint, "", {"name", "contact", "demand"}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(Place::rated_well);
        life.known = c.known;
        life.ticket.class_ = c.of;
        life.ticket.demand = c.demand;
        EXPECT_EQ(missing_fields(life.ticket, life.context()), c.missing);
        EXPECT_EQ(life.give(Archive{}), c.missing.empty() ? std::nullopt : std::optional{Refusal::record_incomplete});
        // A supervisor may close over the customer's opinion, not over a hole in the record.
        if (!c.missing.empty()) EXPECT_EQ(life.give(Archive{"客户失联"}, as_supervisor()), Refusal::record_incomplete);
    }
}

TEST(D2_Record, IsMendedByWhatIsGivenAndKeepsTheRest)
{
    auto life = at(Place::handling_L3);
    life.with(Amend{.area = AreaId{3}});
    EXPECT_EQ(life.ticket.area, AreaId{3});
    EXPECT_EQ(life.ticket.demand, "补开发票");
    EXPECT_EQ(life.ticket.category, "elevator");
    life.with(Amend{.demand = "换新门机", .category = "other"});
    EXPECT_EQ(life.ticket.demand, "换新门机");
    EXPECT_EQ(life.ticket.category, "other");
    EXPECT_EQ(life.ticket.area, AreaId{3});
}

TEST(D3_Category, MustBeOneOfItsClassWhereThePolicyInsists)
{
    const auto strict = policy_with([](policy::Document& d) { d.strict_categories = true; });
    struct {
        const char* name;
        policy::PolicyPtr policy;
        const char* category;
        std::optional<Refusal> then;
    } cases[] = {
        {"of the class", strict, "elevator", std::nullopt},
        {"of another class", strict, "invoice", Refusal::category_unknown},
        {"none given", strict, "", std::nullopt},
        {"any, where the tree only proposes", policy_with(), "invoice", std::nullopt},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto life = at(Place::phone_triage, c.policy);
        EXPECT_EQ(life.give(Classify{.class_ = Class::repair, .category = c.category}), c.then);
        EXPECT_EQ(at(Place::handling_L3, c.policy).give(Amend{.category = c.category}), c.then);
        Life fresh{c.policy};
        auto intake = call(Class::repair);
        intake.category = c.category;
        EXPECT_EQ(fresh.receive(intake, as_owner()), c.then);
    }
}

TEST(E12_Refusals, EachCodeOfTheRulesIsProvoked)
{
    std::set<Refusal> provoked{Refusal::promise_open,
                               Refusal::record_incomplete,
                               Refusal::category_unknown,
                               Refusal::extension_too_late,
                               Refusal::rejection_reason_unknown,
                               Refusal::follow_up_ended,
                               Refusal::identity_missing,
                               Refusal::identity_question_unknown,
                               Refusal::identity_by_system,
                               Refusal::identity_unknown,
                               Refusal::identity_look_up_down};  // the tests above, those of slips, revisits and identity
    for (const auto& line : refusal_lines()) provoked.insert(line.then);
    for (const Refusal each : all_of<Refusal>()) EXPECT_TRUE(provoked.contains(each)) << name_of(each);
}

}  // namespace
}  // namespace shouwen::ticket
