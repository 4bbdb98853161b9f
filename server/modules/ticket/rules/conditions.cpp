#include "modules/ticket/rules/conditions.hpp"

#include "modules/ticket/rules/check.hpp"

namespace shouwen::ticket {

Verdict refuse_closed(const Ticket& ticket)
{
    if (ticket.is_closed()) return Refused{Refusal::ticket_closed};
    return allowed;
}

Verdict refuse_unanswered(const Ticket& ticket)
{
    if (auto refused = refuse_closed(ticket)) return refused;
    if (ticket.step == Step::intake) return Refused{Refusal::not_answered_yet};
    return allowed;
}

Verdict refuse_strangers(const Ticket& ticket, const Giver& by)
{
    if (auto refused = refuse_unanswered(ticket)) return refused;
    if (!is_accountable(ticket, by)) return Refused{Refusal::not_owner, ticket.owner};
    return allowed;
}

Verdict refuse_outside(Step step, const Ticket& ticket, const Giver& by)
{
    if (auto refused = refuse_strangers(ticket, by)) return refused;
    if (ticket.step == Step::triage && step != Step::triage) return Refused{Refusal::not_triaged};
    if (ticket.step != step)
        return Refused{step == Step::handling ? Refusal::not_in_handling : Refusal::not_in_feedback};
    return allowed;
}

Verdict refuse_unfinished_slips(const Ticket& ticket)
{
    if (ticket.has_open_slip()) return Refused{Refusal::slip_open};
    if (ticket.waits_for_ruling()) return Refused{Refusal::ruling_pending};
    return allowed;
}

Verdict refuse_unidentified(const Ticket& ticket, const Context& context)
{
    if (lacks_identity(ticket, *context.policy)) return Refused{Refusal::identity_missing};
    return allowed;
}

}  // namespace shouwen::ticket
