#include "modules/figure/store/timeliness_store.hpp"

namespace shouwen::figure {
namespace {

const sql::Statement slices_sql{
    "figure.timeliness",
    "SELECT kind, grade, debtor_unit_id, debtor_staff_id, "
    "SUM(CASE WHEN met_at IS NOT NULL AND breached_at IS NULL THEN 1 ELSE 0 END), "
    "SUM(CASE WHEN met_at IS NOT NULL AND breached_at IS NOT NULL THEN 1 ELSE 0 END), "
    "SUM(CASE WHEN met_at IS NULL AND cancelled_at IS NULL "
    "AND breached_at IS NULL AND (paused_at IS NOT NULL OR due_at > $4) THEN 1 ELSE 0 END), "
    "SUM(CASE WHEN met_at IS NULL AND cancelled_at IS NULL "
    "AND (breached_at IS NOT NULL OR (paused_at IS NULL AND due_at <= $4)) THEN 1 ELSE 0 END), "
    "SUM(CASE WHEN cancelled_at IS NOT NULL THEN 1 ELSE 0 END) "
    "FROM obligation WHERE starts_at >= $1 AND starts_at < $2 AND ($3 = 0 OR merchant_id = $3) "
    "GROUP BY kind, grade, debtor_unit_id, debtor_staff_id"};

}  // namespace

std::vector<Slice> slices(sql::Connection& db, Instant from, Instant to, UnitId merchant, Instant now)
{
    std::vector<Slice> found;
    db.each(
        slices_sql,
        [&](const sql::Row& row) {
            found.push_back({row.string(0), row.string(1), row.id<UnitId>(2), row.id<StaffId>(3),
                             Tally{.kept = row.integer(4),
                                   .kept_late = row.integer(5),
                                   .open = row.integer(6),
                                   .open_late = row.integer(7),
                                   .cancelled = row.integer(8)}});
        },
        from, to, merchant.value, now);
    return found;
}

}  // namespace shouwen::figure
