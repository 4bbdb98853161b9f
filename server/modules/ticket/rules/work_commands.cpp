#include "modules/ticket/rules/check.hpp"
#include "modules/ticket/rules/commands.hpp"
#include "modules/ticket/rules/consequences.hpp"

#include <algorithm>

namespace shouwen::ticket {
namespace {

using enum ObligationKind;

Verdict refuse_incomplete(const Ticket& t, const Context& context)
{
    auto missing = missing_fields(t, context);
    if (!missing.empty()) return Refused{Refusal::record_incomplete, std::move(missing)};
    return allowed;
}

void start_rework(Decision& d, const std::string& reason)
{
    d.cancel_round("rework");
    d.add(ReworkStarted{reason, true});
    d.open_limits_of_grade();
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
    if (is_revisited(d.ticket(), *d.context().policy)) owe_follow_up(d);
}

/// Whatever the customer sends, words or a file, ends the waiting for it and is owed an answer.
void heard_from_customer(Decision& d)
{
    end_waiting(d);
    if (d.ticket().owner && !d.ticket().find(respond)) d.open(respond, d.owner(), d.now());
}

void meet_grade_limits(Decision& d)
{
    for (const auto kind : {start_handling, plan, resolve_or_answer}) d.meet(kind);
}

}  // namespace

Verdict Check::operator()(const Respond&) const
{
    if (auto refused = refuse_closed(t)) return refused;
    if (t.step != Step::intake) return Refused{Refusal::already_answered, t.owner};
    return allowed;
}
void Act::operator()(const Respond& c) const
{
    d.add(Responded{c.content});
    d.add(OwnershipTaken{d.by().staff, d.by().unit, TenureCause::first_response});
    d.meet(respond);
    d.open(triage, d.owner(), d.now());
}

Verdict Check::operator()(const Classify& c) const
{
    if (auto refused = refuse_strangers(t, by)) return refused;
    if (t.step != Step::triage) return Refused{Refusal::already_triaged};
    if (is_foreign_category(c.class_, c.category, *context.policy)) return Refused{Refusal::category_unknown};
    return allowed;
}
void Act::operator()(const Classify& c) const
{
    const bool raised = c.class_ == Class::complaint && c.emotion == Emotion::angry && c.grade == Grade::L3 &&
                        d.context().policy->document().raise_angry_complaints;
    d.add(Classified{c.class_, c.category, raised ? Grade::L2 : c.grade, c.complexity, c.in_scope, c.emotion, raised});
    d.meet(triage);
    d.cancel(tell_progress, "classified");
    d.open_limits_of_grade();
}

Verdict Check::operator()(const Amend& c) const
{
    if (auto refused = refuse_strangers(t, by)) return refused;
    if (c.category && t.class_ && is_foreign_category(*t.class_, *c.category, *context.policy))
        return Refused{Refusal::category_unknown};
    return allowed;
}
void Act::operator()(const Amend& c) const
{
    d.add(Amended{c.demand, c.category, c.area});
}

Verdict Check::operator()(const Regrade& c) const
{
    if (auto refused = refuse_closed(t)) return refused;
    if (t.step != Step::intake)
        if (auto refused = refuse_strangers(t, by)) return refused;
    if (t.grade.value_or(Grade::L3) == c.grade && (t.grade || c.grade == Grade::L3))
        return Refused{Refusal::grade_unchanged};
    return allowed;
}
void Act::operator()(const Regrade& c) const
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

Verdict Check::operator()(const Note&) const
{
    return refuse_closed(t);  // E11: what is filed is read-only
}
void Act::operator()(const Note& c) const
{
    d.add(Noted{c.content});
}

Verdict Check::operator()(const Reply&) const
{
    if (auto refused = refuse_unanswered(t)) return refused;
    return refuse_unidentified(t, context);
}
void Act::operator()(const Reply& c) const
{
    d.add(Replied{c.content});
    answer_customer(d);
}

Verdict Check::operator()(const CustomerMessage&) const
{
    return refuse_closed(t);
}
void Act::operator()(const CustomerMessage& c) const
{
    d.add(CustomerWrote{c.content});
    heard_from_customer(d);
}

Verdict Check::operator()(const MakePromise& c) const
{
    if (auto refused = refuse_strangers(t, by)) return refused;
    if (t.step == Step::feedback && t.result) return Refused{Refusal::result_given};
    if (c.expected_at <= now) return Refused{Refusal::time_in_the_past};
    return allowed;
}
void Act::operator()(const MakePromise& c) const
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

Verdict Check::operator()(const TellProgress&) const
{
    return refuse_strangers(t, by);
}
void Act::operator()(const TellProgress& c) const
{
    d.add(ProgressTold{c.content});
    answer_customer(d);
    d.meet(tell_progress);
    // E7: until the result, so also between the end of the work and telling it.
    const bool goes_on = d.ticket().step == Step::handling || (d.ticket().step == Step::feedback && !d.ticket().result);
    if (d.grade() == Grade::L1 && goes_on) d.open(tell_progress, d.owner(), d.now());
}

Verdict Check::operator()(const ResolveAtFirstContact&) const
{
    if (auto refused = refuse_strangers(t, by)) return refused;
    if (t.step == Step::feedback) return Refused{Refusal::result_given};
    if (!t.class_) return Refused{Refusal::not_triaged};
    if (auto refused = refuse_unidentified(t, context)) return refused;
    if (t.class_ == Class::complaint) return Refused{Refusal::complaint_needs_handling};
    if (t.complexity == Complexity::complex) return Refused{Refusal::complex_needs_handling};
    if (t.in_scope == false) return Refused{Refusal::out_of_scope};
    if (t.rework) return Refused{Refusal::rework_open};
    if (auto refused = refuse_unfinished_slips(t)) return refused;
    // E10: what was proposed is agreed to or not by the customer, and this act must not go past that.
    if (t.solution && t.solution->state == SolutionState::agreed) return Refused{Refusal::solution_agreed};
    if (t.solution) return Refused{Refusal::agreement_missing};
    return allowed;
}
void Act::operator()(const ResolveAtFirstContact& c) const
{
    const bool at_once = is_first_contact(d);
    end_waiting(d);
    if (d.ticket().step == Step::triage) {
        const auto& t = d.ticket();
        d.add(Classified{*t.class_, t.category, t.grade.value_or(Grade::L3), t.complexity.value_or(Complexity::simple),
                         t.in_scope.value_or(true), std::nullopt, false});
        d.meet(triage);
    }
    d.meet(respond);
    meet_grade_limits(d);
    d.add(ResolvedAtFirstContact{c.handling, c.solution, c.result, at_once});
    after_result(d);
}

Verdict Check::operator()(const ProposeSolution& c) const
{
    if (auto refused = refuse_outside(Step::handling, t, by)) return refused;
    if (auto refused = refuse_unidentified(t, context)) return refused;
    if (t.solution && t.solution->state == SolutionState::agreed) return Refused{Refusal::solution_agreed};
    if (c.expected_at <= now) return Refused{Refusal::time_in_the_past};
    return allowed;
}
void Act::operator()(const ProposeSolution& c) const
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

Verdict Check::operator()(const RecordAgreement&) const
{
    if (auto refused = refuse_outside(Step::handling, t, by)) return refused;
    if (!t.solution) return Refused{Refusal::solution_missing};
    if (t.solution->state != SolutionState::proposed)
        return Refused{t.solution->state == SolutionState::agreed ? Refusal::solution_agreed
                                                                  : Refusal::solution_missing};
    return allowed;
}
void Act::operator()(const RecordAgreement& c) const
{
    d.add(AgreementRecorded{c.agreed, c.comment, d.by().source});
    end_waiting(d);
    if (c.agreed) return;
    // Declined: the date of that solution binds no more, and another plan is owed.
    d.withdraw_promises(Decision::Promises::of_solutions, "solution_declined");
    if (!d.ticket().find(plan)) d.open(plan, d.owner(), d.now());
}

Verdict Check::operator()(const FinishImplementation&) const
{
    if (auto refused = refuse_outside(Step::handling, t, by)) return refused;
    if (!t.solution) return Refused{Refusal::solution_missing};
    if (t.solution->state != SolutionState::agreed) return Refused{Refusal::agreement_missing};
    return refuse_unfinished_slips(t);
}
void Act::operator()(const FinishImplementation& c) const
{
    d.add(ImplementationFinished{c.summary});
    d.keep_promises(Decision::Promises::of_solutions);
    meet_grade_limits(d);
    d.cancel(route_again, "implementation_finished");
    end_waiting(d);
    d.open(give_result, d.owner(), d.now());
    if (d.grade() == Grade::L1 && !d.ticket().find(tell_progress)) d.open(tell_progress, d.owner(), d.now());
}

Verdict Check::operator()(const GiveResult&) const
{
    if (auto refused = refuse_outside(Step::feedback, t, by)) return refused;
    if (auto refused = refuse_unidentified(t, context)) return refused;
    if (t.result) return Refused{Refusal::result_given};
    return allowed;
}
void Act::operator()(const GiveResult& c) const
{
    d.add(ResultTold{c.handling, c.solution, c.result});
    d.meet(respond);
    end_waiting(d);
    after_result(d);
}

Verdict Check::operator()(const Rate& c) const
{
    if (auto refused = refuse_closed(t)) return refused;
    if (t.rating) return Refused{Refusal::already_rated};
    if (t.step != Step::feedback || !t.result) return Refused{Refusal::result_missing};
    if (by.source == Source::customer) return allowed;
    if (auto refused = refuse_strangers(t, by)) return refused;
    if (c.score <= context.policy->document().dissatisfied_up_to && c.reason.empty())
        return Refused{Refusal::reason_required};
    return allowed;
}
void Act::operator()(const Rate& c) const
{
    d.add(Rated{c.score, c.reason, c.source});
    end_waiting(d);
    if (is_dissatisfied(d.ticket(), *d.context().policy)) start_rework(d, c.reason);
}

Verdict Check::operator()(const StartRework&) const
{
    if (t.rework && !t.is_closed()) return Refused{Refusal::rework_open};
    return refuse_outside(Step::feedback, t, by);
}
void Act::operator()(const StartRework& c) const
{
    end_waiting(d);
    start_rework(d, c.reason);
}

Verdict Check::operator()(const WaitForCustomer&) const
{
    if (auto refused = refuse_strangers(t, by)) return refused;
    if (t.waiting_since) return Refused{Refusal::already_waiting};
    return allowed;
}
void Act::operator()(const WaitForCustomer& c) const
{
    d.add(WaitingStarted{c.reason});
}

Verdict Check::operator()(const Resume&) const
{
    if (auto refused = refuse_strangers(t, by)) return refused;
    if (!t.waiting_since) return Refused{Refusal::not_waiting};
    return allowed;
}
void Act::operator()(const Resume&) const
{
    end_waiting(d);
}

Verdict Check::operator()(const Escalate&) const
{
    return refuse_unanswered(t);
}
void Act::operator()(const Escalate& c) const
{
    d.add(Escalated{c.reason});
}

Verdict Check::operator()(const Archive& c) const
{
    if (auto refused = refuse_strangers(t, by)) return refused;
    if (t.has_open_slip()) return Refused{Refusal::slip_open};
    const bool overruled = by.may_close_with_reason && !c.reason.empty();
    if (is_dissatisfied(t, *context.policy) && overruled) return refuse_incomplete(t, context);
    if (is_dissatisfied(t, *context.policy)) return Refused{Refusal::dissatisfaction_open};
    if (t.rework) return Refused{Refusal::rework_open};
    if (t.step == Step::triage) return Refused{Refusal::not_triaged};
    if (!t.result) return Refused{Refusal::result_missing};
    for (const auto& promise : t.promises)
        if (promise.is_open()) return Refused{Refusal::promise_open, promise.expected_at};
    if (auto refused = refuse_incomplete(t, context)) return refused;
    // Who wrote after the result is not silent: the policy waits until they are answered.
    if (by.source == Source::policy && t.find(ObligationKind::respond)) return Refused{Refusal::not_answered_yet};
    if (t.rating || overruled) return allowed;
    const auto until = rating_waited_until(t);
    if (until && now < *until) return Refused{Refusal::rating_missing, *until};
    return allowed;
}
void Act::operator()(const Archive& c) const
{
    const bool by_policy = d.by().source == Source::policy;
    if (by_policy)
        d.cancel(close_out, d.ticket().rating ? "customer_rated" : "customer_silent");
    else
        d.meet(close_out);
    d.withdraw_promises(Decision::Promises::all, "archived");
    d.cancel_all_but(follow_up, "archived");  // the revisit is owed to the customer, filed or not
    if (d.ticket().waiting_since) {
        d.add(WaitingEnded{});
        d.resume_after_customer();
    }
    // Closed over the customer's no.
    if (is_dissatisfied(d.ticket(), *d.context().policy) &&
        d.context().policy->document().follow_up.after_dissatisfaction)
        owe_follow_up(d);
    d.add(Archived{by_policy ? Source::policy : Source::staff, c.reason});
}

Verdict Check::operator()(const Reopen&) const
{
    if (t.step == Step::cancelled) return Refused{Refusal::cancelled_for_good};
    if (t.step != Step::archived) return Refused{Refusal::ticket_open};
    return allowed;
}
void Act::operator()(const Reopen& c) const
{
    const StaffId before = d.ticket().owner;
    const UnitId unit = d.ticket().owner_unit;
    const bool same = before && d.context().at_work(before);
    d.cancel(follow_up, "reopened");
    d.add(Reopened{c.reason});
    d.add(OwnershipTaken{same ? before : d.by().staff, same ? unit : d.by().unit, TenureCause::reopening});
    d.open(triage, d.owner(), d.now());
}

Verdict Check::operator()(const Cancel&) const
{
    if (auto refused = refuse_closed(t)) return refused;
    if (!by.may_cancel) return Refused{Refusal::not_permitted};  // A7: nobody drops a customer's matter alone
    return allowed;
}
void Act::operator()(const Cancel& c) const
{
    d.withdraw_promises(Decision::Promises::all, "cancelled");
    const auto slips = d.ticket().slips;
    for (const auto& each : slips)
        if (each.is_open()) withdraw_slip(d, each.no, c.reason, "cancelled");
    d.cancel_all("cancelled");
    if (d.ticket().waiting_since) d.add(WaitingEnded{});
    d.add(Cancelled{c.reason});
}

Verdict Check::operator()(const AddAttachment&) const
{
    return refuse_closed(t);
}
void Act::operator()(const AddAttachment& c) const
{
    d.add(AttachmentAdded{c.attachment, c.filename, c.size_bytes, c.media_type});
    if (d.by().source == Source::customer) heard_from_customer(d);
}

}  // namespace shouwen::ticket
