#pragma once

#include "modules/ticket/store/desk.hpp"

/// A person asks for a command: rights, version and rules in this order, whatever the door.
namespace shouwen::ticket {

/// What a person asks for.
struct Ask {
    TicketId ticket;
    const Command& command;
    organisation::Permissions permissions;  ///< any of them
    const organisation::Actor& actor;
    std::optional<std::int64_t> version;  ///< that the person has seen (If-Match); none: the command hangs on no state
    int slip = 0;                         ///< number of the slip that it is about; 0: the ticket
};

/// Why it does not happen.
struct Denied {
    enum class Why { not_found, not_permitted, version_stale, refused };
    Why why = Why::not_found;  ///< one answer for "absent" and "not yours"
    std::int64_t version = 0;  ///< of a stale one: the present version
    std::optional<Refused> refused = {};
};

Result<Stored, Denied> ask(sql::Connection& db, Desk& desk, const Ask& asked, Instant now);

/// Whether the right allows it; whether the state and the owner do is the rules' part, whose refusal says more.
bool may(const organisation::Actor& actor, organisation::Permission permission, const organisation::TicketScope& scope);
/// The same for a command upon a slip, or the whole ticket when there is none: the unit's part is asked of that unit alone.
bool may(const organisation::Actor& actor, organisation::Permissions any_of, const Ticket& ticket,
         const TransferSlip* slip);
/// The person as the rules see them for this ticket.
Giver giver_for(const organisation::Actor& actor, const organisation::TicketScope& scope);
/// The same for a command upon a slip, or the whole ticket when there is none.
Giver giver_for(const organisation::Actor& actor, const Ticket& ticket, const TransferSlip* slip);

}  // namespace shouwen::ticket
