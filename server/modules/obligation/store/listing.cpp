#include "modules/obligation/store/listing.hpp"

#include "platform/json/pauses.hpp"

#include <limits>

namespace shouwen::obligation {
namespace {

#define SHOUWEN_LISTED                                                                                                               \
    "SELECT o.ticket_id, o.no, t.number, o.kind, o.subject, o.debtor_staff_id, o.debtor_unit_id, o.calendar, o.time_limit, "         \
    "o.policy_version, o.starts_at, o.due_at, o.pauses, o.paused_at, o.warned_at, o.breached_at, o.met_at, o.cancelled_at, o.cause " \
    "FROM obligation o JOIN ticket t ON t.id = o.ticket_id "
constexpr sql::Statement select_of_ticket{"obligation.of_ticket",
                                          SHOUWEN_LISTED "WHERE o.ticket_id = $1 ORDER BY o.no"};
constexpr sql::Statement select_one{"obligation.one", SHOUWEN_LISTED "WHERE o.ticket_id = $1 AND o.no = $2"};
constexpr sql::Statement select_open{"obligation.open_of_debtor", SHOUWEN_LISTED
                                     "WHERE o.debtor_staff_id = $1 AND o.met_at IS NULL AND o.cancelled_at IS NULL "
                                     "AND (o.due_at, o.ticket_id) > ($2, $3) ORDER BY o.due_at, o.ticket_id LIMIT $4"};
constexpr sql::Statement select_breached{
    "obligation.breached_of_debtor", SHOUWEN_LISTED
    "WHERE o.debtor_staff_id = $1 AND o.met_at IS NULL AND o.cancelled_at IS NULL "
    "AND o.breached_at IS NOT NULL "
    "AND (o.due_at, o.ticket_id) > ($2, $3) ORDER BY o.due_at, o.ticket_id LIMIT $4"};
#undef SHOUWEN_LISTED

Listed read(const sql::Row& row)
{
    Listed o;
    o.ticket = row.id<TicketId>(0);
    o.no = row.integer(1);
    o.ticket_number = row.string(2);
    o.kind = parse_name<ObligationKind>(row.text(3)).value();
    o.subject = static_cast<int>(row.integer(4));
    o.debtor = {row.id<StaffId>(5), row.id<UnitId>(6)};
    o.calendar = row.string(7);
    if (!row.is_null(8)) o.limit = parse_limit(row.text(8));
    o.policy_version = row.integer(9);
    o.starts_at = row.instant(10);
    o.due_at = row.instant(11);
    o.pauses = pauses_from_json(row.text(12));
    o.paused_at = row.optional_instant(13);
    o.warned_at = row.optional_instant(14);
    o.breached_at = row.optional_instant(15);
    o.met_at = row.optional_instant(16);
    o.cancelled_at = row.optional_instant(17);
    o.cause = row.string(18);
    return o;
}

}  // namespace

std::vector<Listed> of_ticket(sql::Connection& db, TicketId ticket)
{
    std::vector<Listed> all;
    db.each(
        select_of_ticket, [&](const sql::Row& row) { all.push_back(read(row)); }, ticket);
    return all;
}

std::optional<Listed> find(sql::Connection& db, TicketId ticket, std::int64_t no)
{
    return db.first(select_one, read, ticket, no);
}

std::vector<Listed> of_debtor(sql::Connection& db, StaffId debtor, DebtState state,
                              std::optional<std::pair<Instant, TicketId>> after, int limit)
{
    const Instant due = after ? after->first : from_ms(std::numeric_limits<std::int64_t>::min());
    const std::int64_t ticket = after ? after->second.value : 0;
    std::vector<Listed> all;
    db.each(
        state == DebtState::open ? select_open : select_breached,
        [&](const sql::Row& row) { all.push_back(read(row)); }, debtor, due, ticket, limit);
    return all;
}

}  // namespace shouwen::obligation
