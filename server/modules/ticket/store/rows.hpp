#pragma once

#include "modules/ticket/store/tickets.hpp"

/// The rows of the aggregate, for what writes it: saving and copying.
namespace shouwen::ticket {

/// When the next thing is due, as lists order tickets; none once it is closed.
std::optional<Instant> next_due_of(const Ticket& ticket);
void insert_row(sql::Connection& db, const Ticket& ticket, std::int64_t last_seq, const Hash& last_hash, bool overdue,
                const std::optional<Hash>& secret_hash = std::nullopt);
void insert_event_row(sql::Connection& db, TicketId ticket, std::int64_t seq, Instant at, StaffId actor,
                      std::string_view type, std::string_view data, const Hash& hash);
/// The tenures that `after` has and `before` had not, and the end of the one that was open. @param before  none: a new ticket
void write_tenures(sql::Connection& db, const Ticket* before, const Ticket& after);

}  // namespace shouwen::ticket
