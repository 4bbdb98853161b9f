#include "modules/ticket/store/slips.hpp"

#include "modules/ticket/store/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <tuple>

namespace shouwen::ticket {
namespace {

constexpr sql::Statement insert_slip{
    "transfer_slip.insert",
    "INSERT INTO transfer_slip (ticket_id, no, unit_id, handler_id, state, issued_at, next_due_at, ended_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr sql::Statement update_slip{
    "transfer_slip.update",
    "UPDATE transfer_slip SET handler_id = $3, state = $4, next_due_at = $5, ended_at = $6 WHERE ticket_id = $1 AND no = $2"};
constexpr sql::Statement insert_unit{"slip_unit.insert",
                                     "INSERT INTO slip_unit (unit_id, ticket_id, next_due_at) VALUES ($1, $2, $3)"};
constexpr sql::Statement update_units{"slip_unit.update", "UPDATE slip_unit SET next_due_at = $2 WHERE ticket_id = $1"};
constexpr sql::Statement select_inbox{
    "transfer_slip.inbox",
    "SELECT ticket_id, no, unit_id, handler_id, state, issued_at, next_due_at, ended_at FROM transfer_slip "
    "WHERE unit_id = $1 AND ended_at IS NULL AND (next_due_at, ticket_id, no) > ($2, $3, $4) "
    "ORDER BY next_due_at, ticket_id, no LIMIT $5"};

using Position = std::array<std::int64_t, 3>;  ///< next_due_at, ticket, no

Position position_of(const std::string& cursor)
{
    Position position{std::numeric_limits<std::int64_t>::min(), 0, 0};
    if (cursor.empty()) return position;
    const char* from = cursor.data();
    const char* const end = from + cursor.size();
    for (std::size_t i = 0; i < position.size(); ++i) {
        const auto [rest, fault] = std::from_chars(from, end, position[i]);
        const bool is_last = i + 1 == position.size();
        if (fault != std::errc{} || (is_last ? rest != end : rest == end || *rest != ':'))
            throw std::invalid_argument("cursor");
        from = rest + (is_last ? 0 : 1);
    }
    return position;
}

auto order_of(const SlipRow& row)
{
    return std::tuple{row.next_due_at, row.ticket, row.no};
}

}  // namespace

SlipRow row_of(const Ticket& ticket, const TransferSlip& slip)
{
    return {ticket.id,    slip.no, slip.unit, slip.handler, slip.state, slip.issued_at, ticket.next_due_of(slip),
            slip.ended_at};
}

SlipRow read_slip_row(const sql::Row& row)
{
    return {row.id<TicketId>(0),
            static_cast<int>(row.integer(1)),
            row.id<UnitId>(2),
            row.id<StaffId>(3),
            parse_name<SlipState>(row.text(4)).value(),
            row.instant(5),
            row.instant(6),
            row.optional_instant(7)};
}

void write_slips(sql::Connection& db, const Ticket* before, const Ticket& after)
{
    for (const auto& slip : after.slips) {
        const auto row = row_of(after, slip);
        const auto* known = before ? before->find_slip(slip.no) : nullptr;
        if (!known)
            db.execute_later(insert_slip, row.ticket, row.no, row.unit, row.handler, name_of(row.state), row.issued_at,
                             row.next_due_at, row.ended_at);
        else if (row_of(*before, *known) != row)
            db.execute_later(update_slip, row.ticket, row.no, row.handler, name_of(row.state), row.next_due_at,
                             row.ended_at);
    }
    const auto known_units = before ? before->slip_units() : std::vector<UnitId>{};
    const auto next_due_at = next_due_of(after);
    if (!known_units.empty() && next_due_of(*before) != next_due_at)
        db.execute_later(update_units, after.id, next_due_at);
    for (const UnitId unit : after.slip_units())
        if (!std::ranges::binary_search(known_units, unit)) db.execute_later(insert_unit, unit, after.id, next_due_at);
}

SlipPage inbox(sql::Connection& db, const std::vector<UnitId>& units, int limit, const std::string& cursor)
{
    const auto from = position_of(cursor);
    SlipPage page;
    for (const UnitId unit : units)
        db.each(
            select_inbox, [&](const sql::Row& row) { page.rows.push_back(read_slip_row(row)); }, unit, from[0], from[1],
            from[2], limit + 1);
    std::ranges::sort(page.rows, {}, order_of);
    if (page.rows.size() > static_cast<std::size_t>(limit)) {
        page.rows.resize(static_cast<std::size_t>(limit));
        const auto& last = page.rows.back();
        page.next_cursor = fmt::format("{}:{}:{}", to_ms(last.next_due_at), last.ticket.value, last.no);
    }
    return page;
}

}  // namespace shouwen::ticket
