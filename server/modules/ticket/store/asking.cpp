#include "modules/ticket/store/asking.hpp"

#include <algorithm>

namespace shouwen::ticket {

using organisation::Permission;

bool may(const organisation::Actor& actor, Permission permission, const organisation::TicketScope& scope)
{
    if (permission == Permission::ticket_act)
        return organisation::can_see(actor, scope) && organisation::can_somewhere(actor, permission);
    return organisation::can(actor, permission, scope);
}

bool may(const organisation::Actor& actor, organisation::Permissions any_of, const Ticket& ticket,
         const TransferSlip* slip)
{
    return std::ranges::any_of(all_of<Permission>(), [&](Permission permission) {
        const bool of_slip = slip && permission == Permission::slip_act;
        return any_of.has(permission) && may(actor, permission, of_slip ? scope_of(ticket, *slip) : scope_of(ticket));
    });
}

Giver giver_for(const organisation::Actor& actor, const organisation::TicketScope& scope)
{
    return {.staff = actor.staff,
            .unit = actor.unit,
            .source = Source::staff,
            .may_act_for_others = organisation::can(actor, Permission::ticket_act_for_others, scope),
            .may_close_with_reason = organisation::can(actor, Permission::ticket_close_with_reason, scope),
            .may_cancel = organisation::can(actor, Permission::ticket_cancel, scope)};
}

Giver giver_for(const organisation::Actor& actor, const Ticket& ticket, const TransferSlip* slip)
{
    auto giver = giver_for(actor, scope_of(ticket));
    giver.works_on_slip = slip && organisation::can(actor, Permission::slip_act, scope_of(ticket, *slip));
    return giver;
}

Result<Stored, Denied> ask(sql::Connection& db, Desk& desk, const Ask& asked, Instant now)
{
    const auto seen = load(db, asked.ticket);
    if (!seen || !organisation::can_see(asked.actor, scope_of(seen->ticket)))
        return Denied{.why = Denied::Why::not_found};
    const auto* slip = seen->ticket.find_slip(asked.slip);
    if (asked.slip && !slip) return Denied{.why = Denied::Why::not_found};
    if (!may(asked.actor, asked.permissions, seen->ticket, slip)) return Denied{.why = Denied::Why::not_permitted};
    const auto stored = desk.load_for_command(db, asked.ticket, now).value();
    if (asked.version && *asked.version != stored.ticket.version) {
        // Who lost the race for a first answer is told who won it, which says more than a number (A3).
        if (std::holds_alternative<Respond>(asked.command) && stored.ticket.owner)
            return Denied{.why = Denied::Why::refused,
                          .refused = Refused{Refusal::already_answered, stored.ticket.owner}};
        return Denied{.why = Denied::Why::version_stale, .version = stored.ticket.version};
    }
    const auto giver = giver_for(asked.actor, stored.ticket, stored.ticket.find_slip(asked.slip));
    auto done = desk.carry_out(db, stored, asked.command, giver, now);
    if (!done) return Denied{.why = Denied::Why::refused, .refused = std::move(done).error()};
    return std::move(*done);
}

}  // namespace shouwen::ticket
