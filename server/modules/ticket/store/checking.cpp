#include "modules/ticket/store/checking.hpp"

#include <algorithm>

namespace shouwen::ticket {
namespace {

constexpr sql::Statement select_tickets{
    "ticket.stored",
    "SELECT id, number, version, step, channel, class, grade, customer_id, owner_id, owner_unit_id, queue_unit_id, merchant_id, area_id, "
    "created_at, closed_at, next_due_at, overdue, last_seq, last_hash, state FROM ticket WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr sql::Statement select_events{"ticket_event.stored",
                                       "SELECT ticket_id, seq, at, actor_id, type, data, hash FROM ticket_event "
                                       "WHERE ticket_id > $1 AND ticket_id <= $2 ORDER BY ticket_id, seq"};
constexpr sql::Statement select_tenures{"tenure.stored",
                                        "SELECT ticket_id, staff_id, unit_id, from_at, to_at, cause FROM tenure "
                                        "WHERE ticket_id > $1 AND ticket_id <= $2 ORDER BY ticket_id, no"};

constexpr sql::Statement select_slips{
    "transfer_slip.stored",
    "SELECT ticket_id, no, unit_id, handler_id, state, issued_at, next_due_at, ended_at FROM transfer_slip "
    "WHERE ticket_id > $1 AND ticket_id <= $2 ORDER BY ticket_id, no"};
constexpr sql::Statement select_slip_units{"slip_unit.stored",
                                           "SELECT ticket_id, unit_id, next_due_at FROM slip_unit "
                                           "WHERE ticket_id > $1 AND ticket_id <= $2 ORDER BY ticket_id, unit_id"};
constexpr sql::Statement count_tickets{"ticket.count", "SELECT count(*) FROM ticket"};

TicketRow read_ticket(const sql::Row& row)
{
    return {.id = row.id<TicketId>(0),
            .number = row.string(1),
            .version = row.integer(2),
            .step = row.string(3),
            .channel = row.string(4),
            .class_ = row.optional_string(5).value_or(""),
            .grade = row.optional_string(6).value_or(""),
            .customer = row.id<CustomerId>(7),
            .owner = row.id<StaffId>(8),
            .owner_unit = row.id<UnitId>(9),
            .queue_unit = row.id<UnitId>(10),
            .merchant = row.id<UnitId>(11),
            .area = row.id<AreaId>(12),
            .created_at = row.instant(13),
            .closed_at = row.optional_instant(14),
            .next_due_at = row.optional_instant(15),
            .overdue = row.boolean(16),
            .last_seq = row.integer(17),
            .last_hash = Hash::from_raw(row.bytes(18)).value_or(Hash{}),
            .state = row.string(19)};
}

}  // namespace

std::vector<StoredTicket> stored_after(sql::Connection& db, TicketId after, int limit)
{
    std::vector<StoredTicket> stored;
    db.each(
        select_tickets,
        [&](const sql::Row& row) { stored.push_back({.row = read_ticket(row), .events = {}, .tenures = {}}); },
        after.value, limit);
    if (stored.empty()) return stored;
    // Rows without a ticket are the foreign keys' matter.
    const auto of = [&](const sql::Row& row) -> StoredTicket* {
        const auto id = row.id<TicketId>(0);
        const auto found =
            std::ranges::lower_bound(stored, id, {}, [](const StoredTicket& each) { return each.row.id; });
        return found != stored.end() && found->row.id == id ? &*found : nullptr;
    };
    const TicketId last = stored.back().row.id;
    db.each(
        select_events,
        [&](const sql::Row& row) {
            if (auto* ticket = of(row))
                ticket->events.push_back({row.integer(1), row.instant(2), row.id<StaffId>(3), row.string(4),
                                          row.string(5), Hash::from_raw(row.bytes(6)).value_or(Hash{})});
        },
        after.value, last.value);
    db.each(
        select_tenures,
        [&](const sql::Row& row) {
            if (auto* ticket = of(row))
                ticket->tenures.push_back({row.id<StaffId>(1), row.id<UnitId>(2), row.instant(3),
                                           row.optional_instant(4),
                                           parse_name<TenureCause>(row.text(5)).value_or(TenureCause::receipt)});
        },
        after.value, last.value);
    db.each(
        select_slips,
        [&](const sql::Row& row) {
            if (auto* ticket = of(row)) ticket->slips.push_back(read_slip_row(row));
        },
        after.value, last.value);
    db.each(
        select_slip_units,
        [&](const sql::Row& row) {
            if (auto* ticket = of(row)) ticket->slip_units.push_back({row.id<UnitId>(1), row.optional_instant(2)});
        },
        after.value, last.value);
    return stored;
}

std::int64_t ticket_count(sql::Connection& db)
{
    return *db.first(count_tickets, [](const sql::Row& row) { return row.integer(0); });
}

}  // namespace shouwen::ticket
