#include "modules/ticket/rules/check.hpp"
#include "modules/ticket/rules/commands.hpp"
#include "modules/ticket/rules/consequences.hpp"

#include <algorithm>
#include <string>

namespace shouwen::ticket {
namespace {

using enum ObligationKind;

/// What the slip's unit does while it works on it.
Verdict refuse_idle_slip(const Ticket& ticket, const TransferSlip* slip)
{
    if (auto refused = refuse_closed(ticket)) return refused;
    if (!slip) return Refused{Refusal::slip_unknown};
    if (!slip->is_open()) return Refused{Refusal::slip_ended};
    if (slip->state == SlipState::issued) return Refused{Refusal::slip_not_acknowledged};
    if (slip->state == SlipState::completed) return Refused{Refusal::slip_completed};
    return allowed;
}

/// What only a fresh slip takes.
Verdict refuse_taken_slip(const Ticket& ticket, const TransferSlip* slip)
{
    if (auto refused = refuse_closed(ticket)) return refused;
    if (!slip) return Refused{Refusal::slip_unknown};
    if (slip->state != SlipState::issued) return Refused{Refusal::slip_not_issued};
    return allowed;
}

/// What the owner does about an open slip.
Verdict refuse_ended_slip(const Ticket& ticket, const TransferSlip* slip, const Giver& by)
{
    if (auto refused = refuse_strangers(ticket, by)) return refused;
    if (!slip) return Refused{Refusal::slip_unknown};
    if (!slip->is_open()) return Refused{Refusal::slip_ended};
    return allowed;
}

Verdict refuse_unasked_extension(const Ticket& t, const TransferSlip* slip, const Giver& by)
{
    if (auto refused = refuse_ended_slip(t, slip, by)) return refused;
    if (!slip->extension) return Refused{Refusal::extension_missing};
    return allowed;
}

Verdict refuse_uncompleted(const Ticket& t, const TransferSlip* slip, const Giver& by)
{
    if (auto refused = refuse_ended_slip(t, slip, by)) return refused;
    if (slip->state != SlipState::completed) return Refused{Refusal::slip_not_completed};
    return allowed;
}

void end_slip_obligations(Decision& d, int slip, const std::string& cause)
{
    for (const auto kind : {acknowledge_slip, appoint_and_contact, slip_plan, slip_complete, confirm_slip})
        d.cancel(kind, slip, cause);
    const bool plan_stands = std::ranges::any_of(
        d.ticket().slips, [](const TransferSlip& each) { return each.is_open() && each.state == SlipState::proposed; });
    if (!plan_stands) d.cancel(explain_plan, cause);
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

/// The handler, as far as there is one, for the unit.
Debtor debtor_of(const Ticket& ticket, int slip)
{
    const auto* found = ticket.find_slip(slip);
    return {found->handler, found->unit};
}

/// All limits of a slip run from here: time in which nobody signs for it is the receiver's.
void issue(Decision& d, const SlipOrder& order, bool lead, bool ruled)
{
    const int no = static_cast<int>(d.ticket().slips.size()) + 1;
    d.add(SlipIssued{no, order.unit, order.assignee, order.problem, order.demand, lead, ruled});
    d.open(acknowledge_slip, {{}, order.unit}, d.now(), {}, no);
    d.open(slip_plan, debtor_of(d.ticket(), no), d.now(), {}, no);
    if (order.due_at)
        d.open_until(slip_complete, debtor_of(d.ticket(), no), *order.due_at, no);
    else
        d.open(slip_complete, debtor_of(d.ticket(), no), d.now(), {}, no);
}

/// D5: somebody is appointed, and the customer knows who.
void meet_first_steps(Decision& d, int slip)
{
    const auto* found = d.ticket().find_slip(slip);
    if (found->handler && found->contacted_at) d.meet(appoint_and_contact, slip);
}

}  // namespace

void withdraw_slip(Decision& d, int slip, const std::string& reason, const std::string& cause)
{
    const bool ruling = !d.ticket().find_slip(slip)->is_open();
    d.add(SlipWithdrawn{slip, reason, ruling});
    if (ruling) d.meet(rule_on_slip);
    end_slip_obligations(d, slip, cause);
}

Verdict Check::operator()(const Transfer& c) const
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
void Act::operator()(const Transfer& c) const
{
    const bool ruling = d.ticket().waits_for_ruling();
    d.add(Transferred{c.told_customer, ruling});
    answer_customer(d);
    d.meet(route_again);
    d.meet(rule_on_slip);
    const bool led =
        std::ranges::any_of(c.slips, &SlipOrder::lead) ||
        std::ranges::any_of(d.ticket().slips, [](const TransferSlip& each) { return each.is_open() && each.lead; });
    for (const auto& order : c.slips) issue(d, order, order.lead || (!led && &order == &c.slips.front()), ruling);
}

Verdict Check::operator()(const AcknowledgeSlip& c) const
{
    return refuse_taken_slip(t, t.find_slip(c.slip));
}
void Act::operator()(const AcknowledgeSlip& c) const
{
    d.add(SlipAcknowledged{c.slip});
    d.meet(acknowledge_slip, c.slip);
    d.open(appoint_and_contact, debtor_of(d.ticket(), c.slip), d.now(), {}, c.slip);
}

Verdict Check::operator()(const RejectSlip& c) const
{
    const auto* slip = t.find_slip(c.slip);
    if (auto refused = refuse_taken_slip(t, slip)) return refused;
    if (slip->ruled) return Refused{Refusal::slip_ruled};
    if (context.policy->document().strict_rejection_reasons && !context.policy->is_rejection_reason(c.reason))
        return Refused{Refusal::rejection_reason_unknown};
    return allowed;
}
void Act::operator()(const RejectSlip& c) const
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

Verdict Check::operator()(const AppointHandler& c) const
{
    const auto* slip = t.find_slip(c.slip);
    if (auto refused = refuse_idle_slip(t, slip)) return refused;
    if (c.staff && !context.works_for(c.staff, slip->unit)) return Refused{Refusal::handler_unknown};
    return allowed;
}
void Act::operator()(const AppointHandler& c) const
{
    d.add(HandlerAppointed{c.slip, c.staff});
    for (const auto kind : {slip_plan, slip_complete})
        if (const auto* owed = d.ticket().find(kind, c.slip)) d.pass(owed->no, debtor_of(d.ticket(), c.slip));
    meet_first_steps(d, c.slip);
}

Verdict Check::operator()(const ContactCustomer& c) const
{
    return refuse_idle_slip(t, t.find_slip(c.slip));
}
void Act::operator()(const ContactCustomer& c) const
{
    d.add(SlipCustomerContacted{c.slip, c.summary});
    meet_first_steps(d, c.slip);
}

Verdict Check::operator()(const ReportSlipProgress& c) const
{
    return refuse_idle_slip(t, t.find_slip(c.slip));
}
void Act::operator()(const ReportSlipProgress& c) const
{
    d.add(SlipProgressReported{c.slip, c.content});
}

Verdict Check::operator()(const ProposeForSlip& c) const
{
    if (auto refused = refuse_idle_slip(t, t.find_slip(c.slip))) return refused;
    if (c.expected_at <= now) return Refused{Refusal::time_in_the_past};
    return allowed;
}
void Act::operator()(const ProposeForSlip& c) const
{
    d.add(SlipSolutionProposed{c.slip, c.solution, c.expected_at});
    d.meet(slip_plan, c.slip);
    if (!d.ticket().find(explain_plan)) d.open(explain_plan, d.owner(), d.now());
}

Verdict Check::operator()(const Extend& c) const
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
void Act::operator()(const Extend& c) const
{
    if (is_accountable(d.ticket(), d.by()))
        grant_extension(d, c.slip, c.reason, c.new_due_at, {});
    else
        d.add(ExtensionAsked{c.slip, c.reason, c.new_due_at});
}

Verdict Check::operator()(const GrantExtension& c) const
{
    const auto* slip = t.find_slip(c.slip);
    if (auto refused = refuse_unasked_extension(t, slip, by)) return refused;
    if (slip->extension->new_due_at <= now) return Refused{Refusal::time_in_the_past};
    return allowed;
}
void Act::operator()(const GrantExtension& c) const
{
    const auto asked = *d.ticket().find_slip(c.slip)->extension;
    grant_extension(d, c.slip, asked.reason, asked.new_due_at, c.told_customer);
}

Verdict Check::operator()(const DeclineExtension& c) const
{
    return refuse_unasked_extension(t, t.find_slip(c.slip), by);
}
void Act::operator()(const DeclineExtension& c) const
{
    d.add(ExtensionDeclined{c.slip, c.reason});
}

Verdict Check::operator()(const CompleteSlip& c) const
{
    return refuse_idle_slip(t, t.find_slip(c.slip));
}
void Act::operator()(const CompleteSlip& c) const
{
    d.add(SlipCompleted{c.slip, c.summary, c.result});
    d.meet(slip_plan, c.slip);
    d.meet(slip_complete, c.slip);
    d.cancel(appoint_and_contact, c.slip, "completed");
    d.open(confirm_slip, d.owner(), d.now(), {}, c.slip);
    owe_next_word(d);
}

Verdict Check::operator()(const ConfirmSlip& c) const
{
    return refuse_uncompleted(t, t.find_slip(c.slip), by);
}
void Act::operator()(const ConfirmSlip& c) const
{
    d.add(SlipConfirmed{c.slip});
    d.meet(confirm_slip, c.slip);
}

Verdict Check::operator()(const ReturnSlip& c) const
{
    return refuse_uncompleted(t, t.find_slip(c.slip), by);
}
void Act::operator()(const ReturnSlip& c) const
{
    d.add(SlipReturned{c.slip, c.reason});
    d.meet(confirm_slip, c.slip);
    d.open(slip_complete, debtor_of(d.ticket(), c.slip), d.now(), {}, c.slip);
}

Verdict Check::operator()(const WithdrawSlip& c) const
{
    const auto* slip = t.find_slip(c.slip);
    if (slip && slip->state == SlipState::rejected && t.waits_for_ruling()) {
        if (auto refused = refuse_strangers(t, by)) return refused;
        return by.may_act_for_others ? allowed : Verdict{Refusal::ruling_pending};
    }
    return refuse_ended_slip(t, slip, by);
}
void Act::operator()(const WithdrawSlip& c) const
{
    withdraw_slip(d, c.slip, c.reason, "withdrawn");
}

}  // namespace shouwen::ticket
