#include "modules/ticket/rules/act.hpp"

#include "modules/ticket/rules/check.hpp"

#include <algorithm>

namespace shouwen::ticket {
namespace {

using enum ObligationKind;

void start_rework(Decision& d, const std::string& reason)
{
    d.cancel_round("rework");
    d.add(ReworkStarted{reason});
    d.open_limits_of_grade();
}

void end_waiting(Decision& d)
{
    if (!d.ticket().waiting_since) return;
    d.add(WaitingEnded{});
    d.resume_after_customer();
    if (d.grade() != Grade::L1) d.cancel(tell_progress, "customer_answered");
}

/// What we tell the customer answers what they wrote; in L3 it is the answer that is owed (E5).
void answer_customer(Decision& d)
{
    // Who wrote past the result is waited for anew: from the answer, as from the result itself (D11).
    if (d.ticket().result && d.ticket().find(respond)) {
        d.cancel(close_out, "customer_wrote");
        d.open(close_out, d.owner(), d.now());
    }
    d.meet(respond);
    d.meet(start_handling);
    d.meet(explain_plan);
    if (d.ticket().step == Step::handling && d.grade() == Grade::L3) d.meet(resolve_or_answer);
}

void end_slip_obligations(Decision& d, int slip, const std::string& cause)
{
    for (const auto kind : {acknowledge_slip, appoint_and_contact, slip_plan, slip_complete, confirm_slip})
        d.cancel(kind, slip, cause);
    const bool plan_stands = std::ranges::any_of(
        d.ticket().slips, [](const TransferSlip& each) { return each.is_open() && each.state == SlipState::proposed; });
    if (!plan_stands) d.cancel(explain_plan, cause);
}

void withdraw_slip(Decision& d, int slip, const std::string& reason, const std::string& cause)
{
    const bool ruling = !d.ticket().find_slip(slip)->is_open();
    d.add(SlipWithdrawn{slip, reason, ruling});
    if (ruling) d.meet(rule_on_slip);
    end_slip_obligations(d, slip, cause);
}

/// The owner owes the customer the next word (A8).
void owe_next_word(Decision& d)
{
    if (!d.ticket().find(tell_progress)) d.open(tell_progress, d.owner(), d.now());
}

void grant_extension(Decision& d, int slip, const std::string& reason, Instant due_at, const std::string& told_customer)
{
    d.add(ExtensionGranted{slip, reason, due_at, told_customer});
    d.put_off(slip_complete, slip, due_at, "extended");
    // D5: the customer has to be told.
    if (told_customer.empty())
        owe_next_word(d);
    else
        answer_customer(d);
}

/// At once and in one go (A6): within the limit of the grade, by the one owner, and nothing in between tells that it took
/// more than this contact: a promise (A9), a wait, an earlier round.
bool is_first_contact(const Decision& d)
{
    const Ticket& t = d.ticket();
    const bool waited = t.waiting_since || std::ranges::any_of(t.obligations, [](const OpenObligation& each) {
                            return !each.pauses.empty();
                        });
    return !waited && t.promises.empty() && t.tenures.size() == 1 && d.now() < d.limit_of_grade();
}

void after_result(Decision& d)
{
    d.end_limits_of_grade("result_given");
    d.cancel(route_again, "result_given");
    d.meet(explain_plan);
    d.meet(give_result);
    d.keep_promises(Decision::Promises::all);
    d.open(close_out, d.owner(), d.now());
}

/// One function a command: what does it do?
struct Act {
    Decision& d;

    void operator()(const Respond& c) const
    {
        d.add(Responded{c.content});
        d.add(OwnershipTaken{d.by().staff, d.by().unit, TenureCause::first_response});
        d.meet(respond);
        d.open(triage, d.owner(), d.now());
    }
    void operator()(const Classify& c) const
    {
        const bool raised = c.class_ == Class::complaint && c.emotion == Emotion::angry && c.grade == Grade::L3 &&
                            d.context().policy->document().raise_angry_complaints;
        d.add(Classified{c.class_, c.category, raised ? Grade::L2 : c.grade, c.complexity, c.in_scope, c.emotion,
                         raised});
        d.meet(triage);
        d.cancel(tell_progress, "classified");
        d.open_limits_of_grade();
    }
    void operator()(const Amend& c) const { d.add(Amended{c.demand, c.category, c.area}); }
    void operator()(const Regrade& c) const
    {
        d.add(Regraded{d.ticket().grade, c.grade, c.reason});
        for (const auto kind : {respond, acknowledge_slip, slip_plan, slip_complete, confirm_slip, route_again,
                                rule_on_slip, answer_hand_over})
            d.recompute(kind, "regraded");
        if (d.ticket().step != Step::handling) return;
        const auto pauses = d.pauses_of_grade_limits();
        d.end_limits_of_grade("regraded");
        d.open_limits_of_grade(pauses);
    }
    void operator()(const Note& c) const { d.add(Noted{c.content}); }
    void operator()(const Reply& c) const
    {
        d.add(Replied{c.content});
        answer_customer(d);
    }
    void operator()(const CustomerMessage& c) const
    {
        d.add(CustomerWrote{c.content});
        heard_from_customer();
    }
    void operator()(const MakePromise& c) const
    {
        const auto* before = d.ticket().open_promise(false);
        const int replaced = before ? before->no : 0;
        const int no = static_cast<int>(d.ticket().promises.size()) + 1;
        // A change told in time frees from the old date; told too late, the old promise stays broken and ends late (A9).
        const bool in_time = before && d.now() < before->expected_at;
        d.add(Promised{no, c.reason, c.expected_at, c.procedure, false, replaced});
        if (const auto* owed = replaced ? d.ticket().find(keep_promise, replaced) : nullptr)
            d.add(in_time ? Event{ObligationCancelled{owed->no, "promise_changed"}} : Event{ObligationMet{owed->no}});
        d.open_until(keep_promise, d.owner(), c.expected_at, no);
        answer_customer(d);
    }
    void operator()(const TellProgress& c) const
    {
        d.add(ProgressTold{c.content});
        answer_customer(d);
        d.meet(tell_progress);
        // E7: until the result, so also between the end of the work and telling it.
        const bool goes_on =
            d.ticket().step == Step::handling || (d.ticket().step == Step::feedback && !d.ticket().result);
        if (d.grade() == Grade::L1 && goes_on) d.open(tell_progress, d.owner(), d.now());
    }
    void operator()(const ResolveAtFirstContact& c) const
    {
        const bool at_once = is_first_contact(d);
        end_waiting(d);
        if (d.ticket().step == Step::triage) {
            const auto& t = d.ticket();
            d.add(Classified{*t.class_, t.category, t.grade.value_or(Grade::L3),
                             t.complexity.value_or(Complexity::simple), t.in_scope.value_or(true), std::nullopt,
                             false});
            d.meet(triage);
        }
        d.meet(respond);
        meet_grade_limits();
        d.add(ResolvedAtFirstContact{c.handling, c.solution, c.result, at_once});
        after_result(d);
    }
    void operator()(const ProposeSolution& c) const
    {
        const auto* before = d.ticket().open_promise(true);
        const int replaced = before ? before->no : 0;
        d.add(SolutionProposed{c.solution, c.steps, c.expected_at});
        answer_customer(d);
        d.meet(plan);
        d.meet(resolve_or_answer);
        const int no = static_cast<int>(d.ticket().promises.size()) + 1;
        d.add(Promised{no, c.solution, c.expected_at, c.steps, true, replaced});
        if (replaced) d.cancel(keep_promise, replaced, "solution_changed");
        d.open_until(keep_promise, d.owner(), c.expected_at, no);
    }
    void operator()(const RecordAgreement& c) const
    {
        d.add(AgreementRecorded{c.agreed, c.comment, d.by().source});
        end_waiting(d);
        if (c.agreed) return;
        // Declined: the date of that solution binds no more, and another plan is owed.
        d.withdraw_promises(Decision::Promises::of_solutions, "solution_declined");
        if (!d.ticket().find(plan)) d.open(plan, d.owner(), d.now());
    }
    void operator()(const FinishImplementation& c) const
    {
        d.add(ImplementationFinished{c.summary});
        d.keep_promises(Decision::Promises::of_solutions);
        meet_grade_limits();
        d.cancel(route_again, "implementation_finished");
        end_waiting(d);
        d.open(give_result, d.owner(), d.now());
        if (d.grade() == Grade::L1 && !d.ticket().find(tell_progress)) d.open(tell_progress, d.owner(), d.now());
    }
    void operator()(const GiveResult& c) const
    {
        d.add(ResultTold{c.handling, c.solution, c.result});
        d.meet(respond);
        end_waiting(d);
        after_result(d);
    }
    void operator()(const Rate& c) const
    {
        d.add(Rated{c.score, c.reason, c.source});
        end_waiting(d);
        if (is_dissatisfied(d.ticket(), *d.context().policy)) start_rework(d, c.reason);
    }
    void operator()(const StartRework& c) const
    {
        end_waiting(d);
        start_rework(d, c.reason);
    }
    void operator()(const WaitForCustomer& c) const { d.add(WaitingStarted{c.reason}); }
    void operator()(const Resume&) const { end_waiting(d); }
    void operator()(const Escalate& c) const { d.add(Escalated{c.reason}); }
    void operator()(const Archive& c) const
    {
        const bool by_policy = d.by().source == Source::policy;
        if (by_policy)
            d.cancel(close_out, d.ticket().rating ? "customer_rated" : "customer_silent");
        else
            d.meet(close_out);
        d.withdraw_promises(Decision::Promises::all, "archived");
        d.cancel_all("archived");
        if (d.ticket().waiting_since) d.add(WaitingEnded{});
        d.add(Archived{by_policy ? Source::policy : Source::staff, c.reason});
    }
    void operator()(const Reopen& c) const
    {
        const StaffId before = d.ticket().owner;
        const UnitId unit = d.ticket().owner_unit;
        const bool same = before && d.context().at_work(before);
        d.add(Reopened{c.reason});
        d.add(OwnershipTaken{same ? before : d.by().staff, same ? unit : d.by().unit, TenureCause::reopening});
        d.open(triage, d.owner(), d.now());
    }
    void operator()(const Cancel& c) const
    {
        d.withdraw_promises(Decision::Promises::all, "cancelled");
        const auto slips = d.ticket().slips;
        for (const auto& each : slips)
            if (each.is_open()) withdraw_slip(d, each.no, c.reason, "cancelled");
        d.cancel_all("cancelled");
        if (d.ticket().waiting_since) d.add(WaitingEnded{});
        d.add(Cancelled{c.reason});
    }
    void operator()(const AddAttachment& c) const
    {
        d.add(AttachmentAdded{c.attachment, c.filename, c.size_bytes, c.media_type});
        if (d.by().source == Source::customer) heard_from_customer();
    }

    void operator()(const Transfer& c) const
    {
        const bool ruling = d.ticket().waits_for_ruling();
        d.add(Transferred{c.told_customer, ruling});
        answer_customer(d);
        d.meet(route_again);
        d.meet(rule_on_slip);
        const bool led =
            std::ranges::any_of(c.slips, &SlipOrder::lead) ||
            std::ranges::any_of(d.ticket().slips, [](const TransferSlip& each) { return each.is_open() && each.lead; });
        for (const auto& order : c.slips) issue(order, order.lead || (!led && &order == &c.slips.front()), ruling);
    }
    void operator()(const AcknowledgeSlip& c) const
    {
        d.add(SlipAcknowledged{c.slip});
        d.meet(acknowledge_slip, c.slip);
        d.open(appoint_and_contact, debtor_of(c.slip), d.now(), {}, c.slip);
    }
    void operator()(const RejectSlip& c) const
    {
        d.add(SlipRejected{c.slip, c.reason});
        d.meet(acknowledge_slip, c.slip);  // a no in time is an answer in time; what it does is counted on the ticket
        end_slip_obligations(d, c.slip, "rejected");
        if (d.ticket().rejection_count >= d.context().policy->document().rejections_until_ruling) {
            d.cancel(route_again, "ruling");
            // Owed by the heads of the owner's unit, whoever of them is at work.
            if (!d.ticket().waits_for_ruling()) d.open(rule_on_slip, {{}, d.ticket().owner_unit}, d.now());
        } else if (!d.ticket().find(route_again)) {
            d.open(route_again, d.owner(), d.now());
        }
    }
    void operator()(const AppointHandler& c) const
    {
        d.add(HandlerAppointed{c.slip, c.staff});
        for (const auto kind : {slip_plan, slip_complete})
            if (const auto* owed = d.ticket().find(kind, c.slip)) d.pass(owed->no, debtor_of(c.slip));
        meet_first_steps(c.slip);
    }
    void operator()(const ContactCustomer& c) const
    {
        d.add(SlipCustomerContacted{c.slip, c.summary});
        meet_first_steps(c.slip);
    }
    void operator()(const ReportSlipProgress& c) const { d.add(SlipProgressReported{c.slip, c.content}); }
    void operator()(const ProposeForSlip& c) const
    {
        d.add(SlipSolutionProposed{c.slip, c.solution, c.expected_at});
        d.meet(slip_plan, c.slip);
        if (!d.ticket().find(explain_plan)) d.open(explain_plan, d.owner(), d.now());
    }
    void operator()(const Extend& c) const
    {
        if (is_accountable(d.ticket(), d.by()))
            grant_extension(d, c.slip, c.reason, c.new_due_at, {});
        else
            d.add(ExtensionAsked{c.slip, c.reason, c.new_due_at});
    }
    void operator()(const GrantExtension& c) const
    {
        const auto asked = *d.ticket().find_slip(c.slip)->extension;
        grant_extension(d, c.slip, asked.reason, asked.new_due_at, c.told_customer);
    }
    void operator()(const DeclineExtension& c) const { d.add(ExtensionDeclined{c.slip, c.reason}); }
    void operator()(const CompleteSlip& c) const
    {
        d.add(SlipCompleted{c.slip, c.summary, c.result});
        d.meet(slip_plan, c.slip);
        d.meet(slip_complete, c.slip);
        d.cancel(appoint_and_contact, c.slip, "completed");
        d.open(confirm_slip, d.owner(), d.now(), {}, c.slip);
        owe_next_word(d);
    }
    void operator()(const ConfirmSlip& c) const
    {
        d.add(SlipConfirmed{c.slip});
        d.meet(confirm_slip, c.slip);
    }
    void operator()(const ReturnSlip& c) const
    {
        d.add(SlipReturned{c.slip, c.reason});
        d.meet(confirm_slip, c.slip);
        d.open(slip_complete, debtor_of(c.slip), d.now(), {}, c.slip);
    }
    void operator()(const WithdrawSlip& c) const { withdraw_slip(d, c.slip, c.reason, "withdrawn"); }

    void operator()(const HandOver& c) const
    {
        if (d.ticket().hand_over) withdraw_hand_over("renamed");
        d.add(HandOverOffered{c.to, c.explanation});
        d.open(answer_hand_over, {c.to, d.context().takes_over(c.to, d.ticket())}, d.now());
    }
    void operator()(const AcceptHandOver&) const
    {
        const StaffId to = d.ticket().hand_over->to;
        const UnitId unit = d.context().takes_over(to, d.ticket());
        const Debtor before = d.owner();
        d.meet(answer_hand_over);
        d.add(OwnershipTaken{to, unit, TenureCause::hand_over});
        // What the owner owed is the successor's now, with its time; what the unit's heads are to rule upon is that of the
        // successor's unit.
        const auto open = d.ticket().obligations;
        for (const auto& each : open) {
            if (each.kind == rule_on_slip)
                d.pass(each.no, {{}, unit});
            else if (each.debtor == before && !is_owed_by_unit_of_slip(each.kind))
                d.pass(each.no, d.owner());
        }
    }
    void operator()(const DeclineHandOver& c) const
    {
        d.add(HandOverDeclined{c.reason});
        d.meet(answer_hand_over);  // a no in time is an answer in time
    }
    void operator()(const WithdrawHandOver&) const { withdraw_hand_over("withdrawn"); }

    void withdraw_hand_over(const std::string& cause) const
    {
        d.add(HandOverWithdrawn{d.ticket().hand_over->to});
        d.cancel(answer_hand_over, cause);
    }
    /// All limits of a slip run from here: time in which nobody signs for it is the receiver's.
    void issue(const SlipOrder& order, bool lead, bool ruled) const
    {
        const int no = static_cast<int>(d.ticket().slips.size()) + 1;
        d.add(SlipIssued{no, order.unit, order.assignee, order.problem, order.demand, lead, ruled});
        d.open(acknowledge_slip, {{}, order.unit}, d.now(), {}, no);
        d.open(slip_plan, debtor_of(no), d.now(), {}, no);
        if (order.due_at)
            d.open_until(slip_complete, debtor_of(no), *order.due_at, no);
        else
            d.open(slip_complete, debtor_of(no), d.now(), {}, no);
    }
    /// The handler, as far as there is one, for the unit.
    Debtor debtor_of(int slip) const
    {
        const auto* found = d.ticket().find_slip(slip);
        return {found->handler, found->unit};
    }
    /// D5: somebody is appointed, and the customer knows who.
    void meet_first_steps(int slip) const
    {
        const auto* found = d.ticket().find_slip(slip);
        if (found->handler && found->contacted_at) d.meet(appoint_and_contact, slip);
    }

    /// Whatever the customer sends, words or a file, ends the waiting for it and is owed an answer.
    void heard_from_customer() const
    {
        end_waiting(d);
        if (d.ticket().owner && !d.ticket().find(respond)) d.open(respond, d.owner(), d.now());
    }

    void meet_grade_limits() const
    {
        for (const auto kind : {start_handling, plan, resolve_or_answer}) d.meet(kind);
    }
};

}  // namespace

void act(Decision& decision, const Command& command)
{
    std::visit(Act{decision}, command);
}

}  // namespace shouwen::ticket
