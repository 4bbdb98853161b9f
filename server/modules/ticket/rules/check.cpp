#include "modules/ticket/rules/check.hpp"

#include <algorithm>
#include <string>

namespace shouwen::ticket {
namespace {

using Refusal_ = std::optional<Refused>;
constexpr auto allowed = std::nullopt;

Refusal_ refuse_closed(const Ticket& ticket)
{
    if (ticket.is_closed()) return Refused{Refusal::ticket_closed};
    return allowed;
}

Refusal_ refuse_unanswered(const Ticket& ticket)
{
    if (auto refused = refuse_closed(ticket)) return refused;
    if (ticket.step == Step::intake) return Refused{Refusal::not_answered_yet};
    return allowed;
}

/// What is the owner's to do.
Refusal_ refuse_strangers(const Ticket& ticket, const Giver& by)
{
    if (auto refused = refuse_unanswered(ticket)) return refused;
    if (!is_accountable(ticket, by)) return Refused{Refusal::not_owner, ticket.owner};
    return allowed;
}

Refusal_ refuse_outside(Step step, const Ticket& ticket, const Giver& by)
{
    if (auto refused = refuse_strangers(ticket, by)) return refused;
    if (ticket.step == Step::triage && step != Step::triage) return Refused{Refusal::not_triaged};
    if (ticket.step != step)
        return Refused{step == Step::handling ? Refusal::not_in_handling : Refusal::not_in_feedback};
    return allowed;
}

/// What the slip's unit does while it works on it.
Refusal_ refuse_idle_slip(const Ticket& ticket, const TransferSlip* slip)
{
    if (auto refused = refuse_closed(ticket)) return refused;
    if (!slip) return Refused{Refusal::slip_unknown};
    if (!slip->is_open()) return Refused{Refusal::slip_ended};
    if (slip->state == SlipState::issued) return Refused{Refusal::slip_not_acknowledged};
    if (slip->state == SlipState::completed) return Refused{Refusal::slip_completed};
    return allowed;
}

/// What only a fresh slip takes.
Refusal_ refuse_taken_slip(const Ticket& ticket, const TransferSlip* slip)
{
    if (auto refused = refuse_closed(ticket)) return refused;
    if (!slip) return Refused{Refusal::slip_unknown};
    if (slip->state != SlipState::issued) return Refused{Refusal::slip_not_issued};
    return allowed;
}

/// What the owner does about an open slip.
Refusal_ refuse_ended_slip(const Ticket& ticket, const TransferSlip* slip, const Giver& by)
{
    if (auto refused = refuse_strangers(ticket, by)) return refused;
    if (!slip) return Refused{Refusal::slip_unknown};
    if (!slip->is_open()) return Refused{Refusal::slip_ended};
    return allowed;
}

/// A8: the matter comes to its end when every unit's part has.
Refusal_ refuse_unfinished_slips(const Ticket& ticket)
{
    if (ticket.has_open_slip()) return Refused{Refusal::slip_open};
    if (ticket.waits_for_ruling()) return Refused{Refusal::ruling_pending};
    return allowed;
}

/// One function a command: is it refused?
struct Check {
    const Ticket& t;
    const Giver& by;
    const Context& context;
    Instant now;

    Refusal_ operator()(const Respond&) const
    {
        if (auto refused = refuse_closed(t)) return refused;
        if (t.step != Step::intake) return Refused{Refusal::already_answered, t.owner};
        return allowed;
    }
    Refusal_ operator()(const Classify& c) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.step != Step::triage) return Refused{Refusal::already_triaged};
        if (is_foreign_category(c.class_, c.category, *context.policy)) return Refused{Refusal::category_unknown};
        return allowed;
    }
    Refusal_ operator()(const Amend& c) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (c.category && t.class_ && is_foreign_category(*t.class_, *c.category, *context.policy))
            return Refused{Refusal::category_unknown};
        return allowed;
    }
    Refusal_ operator()(const Regrade& c) const
    {
        if (auto refused = refuse_closed(t)) return refused;
        if (t.step != Step::intake)
            if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.grade.value_or(Grade::L3) == c.grade && (t.grade || c.grade == Grade::L3))
            return Refused{Refusal::grade_unchanged};
        return allowed;
    }
    Refusal_ operator()(const Note&) const { return refuse_closed(t); }  // E11: what is filed is read-only
    Refusal_ operator()(const Reply&) const { return refuse_unanswered(t); }
    Refusal_ operator()(const CustomerMessage&) const { return refuse_closed(t); }
    Refusal_ operator()(const MakePromise& c) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.step == Step::feedback && t.result) return Refused{Refusal::result_given};
        if (c.expected_at <= now) return Refused{Refusal::time_in_the_past};
        return allowed;
    }
    Refusal_ operator()(const TellProgress&) const { return refuse_strangers(t, by); }
    Refusal_ operator()(const ResolveAtFirstContact&) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.step == Step::feedback) return Refused{Refusal::result_given};
        if (!t.class_) return Refused{Refusal::not_triaged};
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
    Refusal_ operator()(const ProposeSolution& c) const
    {
        if (auto refused = refuse_outside(Step::handling, t, by)) return refused;
        if (t.solution && t.solution->state == SolutionState::agreed) return Refused{Refusal::solution_agreed};
        if (c.expected_at <= now) return Refused{Refusal::time_in_the_past};
        return allowed;
    }
    Refusal_ operator()(const RecordAgreement&) const
    {
        if (auto refused = refuse_outside(Step::handling, t, by)) return refused;
        if (!t.solution) return Refused{Refusal::solution_missing};
        if (t.solution->state != SolutionState::proposed)
            return Refused{t.solution->state == SolutionState::agreed ? Refusal::solution_agreed
                                                                      : Refusal::solution_missing};
        return allowed;
    }
    Refusal_ operator()(const FinishImplementation&) const
    {
        if (auto refused = refuse_outside(Step::handling, t, by)) return refused;
        if (!t.solution) return Refused{Refusal::solution_missing};
        if (t.solution->state != SolutionState::agreed) return Refused{Refusal::agreement_missing};
        return refuse_unfinished_slips(t);
    }
    Refusal_ operator()(const GiveResult&) const
    {
        if (auto refused = refuse_outside(Step::feedback, t, by)) return refused;
        if (t.result) return Refused{Refusal::result_given};
        return allowed;
    }
    Refusal_ operator()(const Rate& c) const
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
    Refusal_ operator()(const StartRework&) const
    {
        if (t.rework && !t.is_closed()) return Refused{Refusal::rework_open};
        return refuse_outside(Step::feedback, t, by);
    }
    Refusal_ operator()(const WaitForCustomer&) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.waiting_since) return Refused{Refusal::already_waiting};
        return allowed;
    }
    Refusal_ operator()(const Resume&) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (!t.waiting_since) return Refused{Refusal::not_waiting};
        return allowed;
    }
    Refusal_ operator()(const Escalate&) const { return refuse_unanswered(t); }
    Refusal_ operator()(const Archive& c) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.has_open_slip()) return Refused{Refusal::slip_open};
        const bool overruled = by.may_close_with_reason && !c.reason.empty();
        if (is_dissatisfied(t, *context.policy) && overruled) return refuse_incomplete();
        if (is_dissatisfied(t, *context.policy)) return Refused{Refusal::dissatisfaction_open};
        if (t.rework) return Refused{Refusal::rework_open};
        if (t.step == Step::triage) return Refused{Refusal::not_triaged};
        if (!t.result) return Refused{Refusal::result_missing};
        for (const auto& promise : t.promises)
            if (promise.is_open()) return Refused{Refusal::promise_open, promise.expected_at};
        if (auto refused = refuse_incomplete()) return refused;
        // Who wrote after the result is not silent: the policy waits until they are answered.
        if (by.source == Source::policy && t.find(ObligationKind::respond)) return Refused{Refusal::not_answered_yet};
        if (t.rating || overruled) return allowed;
        const auto until = rating_waited_until(t);
        if (until && now < *until) return Refused{Refusal::rating_missing, *until};
        return allowed;
    }
    Refusal_ operator()(const Reopen&) const
    {
        if (t.step == Step::cancelled) return Refused{Refusal::cancelled_for_good};
        if (t.step != Step::archived) return Refused{Refusal::ticket_open};
        return allowed;
    }
    Refusal_ operator()(const Cancel&) const
    {
        if (auto refused = refuse_closed(t)) return refused;
        if (!by.may_cancel) return Refused{Refusal::not_permitted};  // A7: nobody drops a customer's matter alone
        return allowed;
    }
    Refusal_ operator()(const AddAttachment&) const { return refuse_closed(t); }
    Refusal_ operator()(const Transfer& c) const
    {
        if (auto refused = refuse_outside(Step::handling, t, by)) return refused;
        if (t.waits_for_ruling() && !by.may_act_for_others) return Refused{Refusal::ruling_pending};
        if (std::ranges::count_if(c.slips, &SlipOrder::lead) > 1)
            return Refused{Refusal::lead_twice, std::vector<std::string>{"slips"}};
        for (std::size_t i = 0; i < c.slips.size(); ++i) {
            const auto& each = c.slips[i];
            const auto at = [i](const char* field) { return std::vector{"slips/" + std::to_string(i) + "/" + field}; };
            if (!context.takes_slips(each.unit, t.merchant)) return Refused{Refusal::unit_unknown, at("unit_id")};
            if (each.assignee && !context.works_for(each.assignee, each.unit))
                return Refused{Refusal::handler_unknown, at("assignee_id")};
            if (each.due_at && *each.due_at <= now) return Refused{Refusal::time_in_the_past, at("due_at")};
        }
        return allowed;
    }
    Refusal_ operator()(const AcknowledgeSlip& c) const { return refuse_taken_slip(t, t.find_slip(c.slip)); }
    Refusal_ operator()(const RejectSlip& c) const
    {
        const auto* slip = t.find_slip(c.slip);
        if (auto refused = refuse_taken_slip(t, slip)) return refused;
        if (slip->ruled) return Refused{Refusal::slip_ruled};
        if (context.policy->document().strict_rejection_reasons && !context.policy->is_rejection_reason(c.reason))
            return Refused{Refusal::rejection_reason_unknown};
        return allowed;
    }
    Refusal_ operator()(const AppointHandler& c) const
    {
        const auto* slip = t.find_slip(c.slip);
        if (auto refused = refuse_idle_slip(t, slip)) return refused;
        if (c.staff && !context.works_for(c.staff, slip->unit)) return Refused{Refusal::handler_unknown};
        return allowed;
    }
    Refusal_ operator()(const ContactCustomer& c) const { return refuse_idle_slip(t, t.find_slip(c.slip)); }
    Refusal_ operator()(const ReportSlipProgress& c) const { return refuse_idle_slip(t, t.find_slip(c.slip)); }
    Refusal_ operator()(const ProposeForSlip& c) const
    {
        if (auto refused = refuse_idle_slip(t, t.find_slip(c.slip))) return refused;
        if (c.expected_at <= now) return Refused{Refusal::time_in_the_past};
        return allowed;
    }
    Refusal_ operator()(const Extend& c) const
    {
        const auto* slip = t.find_slip(c.slip);
        if (is_accountable(t, by)) {
            if (auto refused = refuse_ended_slip(t, slip, by)) return refused;
            if (slip->state == SlipState::completed) return Refused{Refusal::slip_completed};
        } else {
            if (auto refused = refuse_idle_slip(t, slip)) return refused;
            if (!by.works_on_slip) return Refused{Refusal::not_owner, t.owner};
            if (slip->extension) return Refused{Refusal::extension_open};
        }
        // D5: a delay is explained before the limit, or it is one. What was asked in time may be granted later, and what
        // stands still has no limit that could be over.
        const auto* owed = t.find(ObligationKind::slip_complete, c.slip);
        if (slip->due_at <= now && !slip->extension && !owed->paused_at)
            return Refused{Refusal::extension_too_late, slip->due_at};
        if (c.new_due_at <= std::max(slip->due_at, now)) return Refused{Refusal::time_not_later, slip->due_at};
        return allowed;
    }
    Refusal_ operator()(const GrantExtension& c) const
    {
        const auto* slip = t.find_slip(c.slip);
        if (auto refused = refuse_unasked_extension(slip)) return refused;
        if (slip->extension->new_due_at <= now) return Refused{Refusal::time_in_the_past};
        return allowed;
    }
    Refusal_ operator()(const DeclineExtension& c) const { return refuse_unasked_extension(t.find_slip(c.slip)); }
    Refusal_ operator()(const CompleteSlip& c) const { return refuse_idle_slip(t, t.find_slip(c.slip)); }
    Refusal_ operator()(const ConfirmSlip& c) const { return refuse_uncompleted(t.find_slip(c.slip)); }
    Refusal_ operator()(const ReturnSlip& c) const { return refuse_uncompleted(t.find_slip(c.slip)); }
    Refusal_ operator()(const WithdrawSlip& c) const
    {
        const auto* slip = t.find_slip(c.slip);
        if (slip && slip->state == SlipState::rejected && t.waits_for_ruling()) {
            if (auto refused = refuse_strangers(t, by)) return refused;
            return by.may_act_for_others ? allowed : Refusal_{Refusal::ruling_pending};
        }
        return refuse_ended_slip(t, slip, by);
    }

    Refusal_ operator()(const HandOver& c) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.hand_over && !by.may_act_for_others) return Refused{Refusal::hand_over_open, t.hand_over->to};
        if (!c.to) return allowed;
        return refuse_successor(c.to);
    }
    Refusal_ operator()(const AcceptHandOver&) const
    {
        if (auto refused = refuse_unconcerned()) return refused;
        return refuse_successor(t.hand_over->to);
    }
    Refusal_ operator()(const DeclineHandOver&) const { return refuse_unconcerned(); }
    Refusal_ operator()(const WithdrawHandOver&) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (!t.hand_over) return Refused{Refusal::hand_over_missing};
        return allowed;
    }

    /// The successor answers, or their superior for them; never the owner, who would answer the own wish.
    Refusal_ refuse_unconcerned() const
    {
        if (auto refused = refuse_unanswered(t)) return refused;
        if (!t.hand_over) return Refused{Refusal::hand_over_missing};
        const bool answers = by.staff == t.hand_over->to || (by.may_act_for_others && by.staff != t.owner);
        if (!answers) return Refused{Refusal::not_successor, t.hand_over->to};
        return allowed;
    }
    Refusal_ refuse_successor(StaffId to) const
    {
        if (to == t.owner || !context.takes_over(to, t))
            return Refused{Refusal::successor_unknown, std::vector<std::string>{"to_staff_id"}};
        return allowed;
    }

    Refusal_ refuse_unasked_extension(const TransferSlip* slip) const
    {
        if (auto refused = refuse_ended_slip(t, slip, by)) return refused;
        if (!slip->extension) return Refused{Refusal::extension_missing};
        return allowed;
    }
    Refusal_ refuse_uncompleted(const TransferSlip* slip) const
    {
        if (auto refused = refuse_ended_slip(t, slip, by)) return refused;
        if (slip->state != SlipState::completed) return Refused{Refusal::slip_not_completed};
        return allowed;
    }

    Refusal_ refuse_incomplete() const
    {
        auto missing = missing_fields(t, context);
        if (!missing.empty()) return Refused{Refusal::record_incomplete, std::move(missing)};
        return allowed;
    }
};

}  // namespace

std::optional<Refused> check(const Command& command, const Ticket& ticket, const Giver& by, const Context& context,
                             Instant now)
{
    return std::visit(Check{ticket, by, context, now}, command);
}

bool is_accountable(const Ticket& ticket, const Giver& by)
{
    return !by.staff || by.staff == ticket.owner || by.may_act_for_others;
}

bool is_foreign_category(Class of, std::string_view category, const policy::Policy& policy)
{
    return policy.document().strict_categories && !category.empty() && !policy.is_category(of, category);
}

bool is_dissatisfied(const Ticket& ticket, const policy::Policy& policy)
{
    return ticket.rating && ticket.rating->score <= policy.document().dissatisfied_up_to;
}

}  // namespace shouwen::ticket
