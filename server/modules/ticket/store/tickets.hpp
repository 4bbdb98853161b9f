#pragma once

#include "base/hash.hpp"
#include "modules/organisation/rules/actor.hpp"
#include "modules/ticket/rules/decide.hpp"
#include "platform/sql/sql.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

/// Loads and saves the aggregate: its row, events, tenures and contacts. Obligation rows belong to the obligation module.
namespace shouwen::ticket {

/// A ticket as stored, with the end of its chain of events.
struct Stored {
    Ticket ticket;
    std::int64_t last_seq = 0;
    Hash last_hash;
    Instant last_at;           ///< of the last event
    bool was_overdue = false;  ///< when it was loaded

    /// When what happens now is said to happen. A ticket's time never falls behind its last event, whatever the clock does.
    Instant time(Instant now) const { return std::max(now, last_at); }
};

/// Number and hash of a ticket's last event.
struct ChainEnd {
    std::int64_t seq = 0;
    Hash hash = {};
};

std::optional<Stored> load(sql::Connection& db, TicketId id);

/// Until the end of the transaction nobody else writes this ticket. The embedded store has one writer and needs no lock.
void lock(sql::Connection& db, TicketId id);

/// In no order; unknown ids are left out. One statement for all.
std::vector<Ticket> load_all(sql::Connection& db, std::span<const TicketId> ids);

/// Writes what was decided, one thing after the other and at one moment; `before` is none for a new ticket.
/// @returns the end of the chain of events
/// @param actor  none: the customer or the policy's clock
/// @param secret_hash  of the customer's link, for a new ticket that has one
ChainEnd save(sql::Connection& db, const Stored* before, std::span<const Decided> decided, StaffId actor, Instant now,
              IdSource& ids, const std::optional<Hash>& secret_hash = std::nullopt);

/// The next number of a day: `20261122-000123`.
std::string next_number(sql::Connection& db, LocalDate day);

struct StoredEvent {
    std::int64_t seq = 0;
    Instant at;
    StaffId actor;
    std::string type;
    std::string data;
    Hash hash;
};
/// All events of a ticket, in their order.
std::vector<StoredEvent> load_events(sql::Connection& db, TicketId id);

/// How many tickets a person owns that are not closed (A4).
int open_count_of(sql::Connection& db, StaffId owner);

/// Whose tickets of a customer there are: what the customer's own fence follows (C1).
std::vector<organisation::TicketScope> scopes_of_customer(sql::Connection& db, CustomerId customer);

/// The greatest id in use; ids go on after it.
std::int64_t greatest_id(sql::Connection& db);
/// The next ids after one, in their order.
std::vector<std::int64_t> ids_after(sql::Connection& db, std::int64_t after, int limit);
/// Whether an open obligation of the ticket is past its limit, as lists tell it.
bool is_overdue(sql::Connection& db, TicketId id);

/// The ticket with that number whose link has that secret; one answer for both kinds of wrong.
std::optional<TicketId> find_by_secret(sql::Connection& db, std::string_view number, const Hash& secret_hash);

}  // namespace shouwen::ticket
