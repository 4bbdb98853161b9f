#pragma once

#include "base/hash.hpp"
#include "modules/ticket/rules/event.hpp"

#include <string>
#include <string_view>

/// The stored form of the aggregate: JSON whose fields are named as in the rules, so as in the API.
namespace shouwen::ticket {

std::string to_state_json(const Ticket& ticket);
/// @throws described::StoredFormFault or boost::system::system_error when it is not what `to_state_json` writes
Ticket from_state_json(std::string_view json);

/// The fields alone; the type is `event_name`.
std::string event_data_json(const Event& event);
/// @throws as above, also for an unknown type
Event from_event_json(std::string_view type, std::string_view data);

/// The hash of an event, over its fields and the hash of the one before (E12); the first one's `before` is all zeros.
Hash chain_hash(const Hash& before, TicketId ticket, std::int64_t seq, Instant at, StaffId actor, std::string_view type,
                std::string_view data);

}  // namespace shouwen::ticket
