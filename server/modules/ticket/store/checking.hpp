#pragma once

#include "modules/ticket/store/slips.hpp"

/// Tickets as they lie in the store, for `shouwen verify`: columns as stored, nothing derived.
namespace shouwen::ticket {

struct TicketRow {
    TicketId id;
    std::string number;
    std::int64_t version = 0;
    std::string step;
    std::string channel;
    std::string class_;  ///< empty: none, as with the others below
    std::string grade;
    CustomerId customer;
    StaffId owner;
    UnitId owner_unit;
    UnitId queue_unit;
    UnitId merchant;
    AreaId area;
    Instant created_at;
    std::optional<Instant> closed_at;
    std::optional<Instant> next_due_at;
    bool overdue = false;
    std::int64_t last_seq = 0;
    Hash last_hash;
    std::string state;
};
/// That a unit may read a ticket because of a slip.
struct SlipUnitRow {
    UnitId unit;
    std::optional<Instant> next_due_at;
    bool operator==(const SlipUnitRow&) const = default;
};
struct StoredTicket {
    TicketRow row;
    std::vector<StoredEvent> events;
    std::vector<Tenure> tenures;
    std::vector<SlipRow> slips = {};
    std::vector<SlipUnitRow> slip_units = {};  ///< by ascending unit
};

/// At most `limit` tickets behind `after`, by ascending id, with their events, tenures and slips. A statement a table.
std::vector<StoredTicket> stored_after(sql::Connection& db, TicketId after, int limit);

std::int64_t ticket_count(sql::Connection& db);

}  // namespace shouwen::ticket
