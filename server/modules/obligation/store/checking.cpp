#include "modules/obligation/store/checking.hpp"

namespace shouwen::obligation {
namespace {

constexpr sql::Statement select_rows{
    "obligation.stored",
    "SELECT ticket_id, no, kind, subject, debtor_staff_id, debtor_unit_id, calendar, time_limit, policy_version, starts_at, due_at, pauses, "
    "paused_at, breached_at, met_at, cancelled_at, cause, next_at FROM obligation WHERE ticket_id > $1 AND ticket_id <= $2 ORDER BY ticket_id, no"};

ObligationRow read_row(const sql::Row& row)
{
    return {.no = row.integer(1),
            .kind = row.string(2),
            .subject = row.integer(3),
            .debtor = {row.id<StaffId>(4), row.id<UnitId>(5)},
            .calendar = row.string(6),
            .limit = row.optional_string(7).value_or(""),
            .policy_version = row.integer(8),
            .starts_at = row.instant(9),
            .due_at = row.instant(10),
            .pauses = row.string(11),
            .paused_at = row.optional_instant(12),
            .breached_at = row.optional_instant(13),
            .met_at = row.optional_instant(14),
            .cancelled_at = row.optional_instant(15),
            .cause = row.optional_string(16).value_or(""),
            .next_at = row.optional_instant(17)};
}

}  // namespace

void each_stored(sql::Connection& db, TicketId after, TicketId last,
                 const std::function<void(TicketId, ObligationRow)>& visit)
{
    db.each(
        select_rows, [&](const sql::Row& row) { visit(row.id<TicketId>(0), read_row(row)); }, after.value, last.value);
}

}  // namespace shouwen::obligation
