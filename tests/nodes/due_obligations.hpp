#pragma once

#include "modules/obligation/store/obligations.hpp"
#include "platform/outbox/outbox.hpp"
#include "platform/postgres/postgres_store.hpp"
#include "platform/sql/sql.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

/// Many obligations that are due at one moment or one after the other, and nodes that fire them; for the test and the
/// benchmark.
namespace shouwen::nodes {

inline constexpr Instant due_at = Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

/// Tickets with one obligation each, on which nothing but the breach is still to come: from `due_at` on, evenly over `spread`.
inline void fill(sql::Connection& db, int count, std::chrono::milliseconds spread = {})
{
    const auto start = to_ms(due_at) - 7'200'000;
    db.run_script(fmt::format(
        "INSERT INTO ticket (id, number, version, step, channel, customer_id, queue_unit_id, created_at, next_due_at, "
        "last_seq, last_hash, state) SELECT i, '20260105-' || i, 1, 'intake', 'web', 1, 1, {1}, {2} + i::bigint * {3} / {0}, 1, '\\x00', '{{}}' "
        "FROM generate_series(1, {0}) AS i; "
        "INSERT INTO obligation (ticket_id, no, kind, subject, grade, debtor_unit_id, calendar, time_limit, policy_version, "
        "starts_at, due_at, pauses, warnings_count, next_at) SELECT i, 1, 'respond', 0, 'L3', 1, '', 'PT2H', 1, {1}, "
        "{2} + i::bigint * {3} / {0}, '[]', 2, {2} + i::bigint * {3} / {0} FROM generate_series(1, {0}) AS i; ANALYZE ticket; ANALYZE obligation",
        count, start, to_ms(due_at), spread.count()));
}

/// One node: a store of its own, and the clock's work. Each breach tells one person, by a row of the outbox.
class DueNode {
public:
    explicit DueNode(const std::string& url)
        : store_(postgres::open_postgres({.url = url})),
          obligations_(
              {[policy = std::make_shared<const policy::Policy>(1, policy::default_document())] { return policy; },
               [organisation = organisation()] { return organisation; },
               [](sql::Connection& db, StaffId staff, std::string_view kind, TicketId ticket, std::string_view payload,
                  Instant now) {
                   const auto target = staff.text();
                   outbox::enqueue(db, {"told", target, kind, payload, ticket}, now);
               },
               [](sql::Connection&, TicketId, Instant) { return std::optional<ticket::Refused>{}; }})
    {
        store_->join({"", "test"});
    }
    /// @returns how many it fired; 0: nothing is due, or all is in others' hands
    int tick(int batch, Instant now = due_at)
    {
        int fired = 0;
        store_->write([&](sql::Connection& db) { fired = obligations_.tick(db, now, batch).fired_count; });
        return fired;
    }
    sql::Store& store() { return *store_; }

private:
    /// One unit with its head, who is told.
    static organisation::OrganisationPtr organisation()
    {
        using namespace organisation;
        Unit unit;
        unit.id = UnitId{1};
        unit.name = "desk";
        unit.head = StaffId{7};
        Staff head;
        head.id = StaffId{7};
        head.login = "head";
        head.name = "head";
        head.unit = UnitId{1};
        return std::make_shared<const Organisation>(std::vector{unit}, std::vector<Area>{}, std::vector{head},
                                                    std::vector<Role>{});
    }

    std::unique_ptr<sql::Store> store_;
    obligation::Obligations obligations_;
};

/// What became of them all.
struct Tally {
    std::int64_t breached = 0;  ///< obligations whose breach is recorded
    std::int64_t told = 0;      ///< messages about breaches
    std::int64_t tickets = 0;   ///< tickets that there are messages about
    /// From an obligation's being due to the beginning of the transaction that told of it.
    std::int64_t late_p50_ms = 0, late_p99_ms = 0, late_most_ms = 0;
};
inline Tally tally(sql::Store& store)
{
    static constexpr sql::Statement count_breached{"count_breached",
                                                   "SELECT count(*) FROM obligation WHERE breached_at IS NOT NULL"};
    static constexpr sql::Statement count_told{
        "count_told", "SELECT count(*), count(DISTINCT ticket_id) FROM outbox WHERE topic = 'breached'"};
    static constexpr sql::Statement count_late{
        "count_late",
        "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY m.created_at - o.due_at), "
        "percentile_disc(0.99) WITHIN GROUP (ORDER BY m.created_at - o.due_at), max(m.created_at - o.due_at) "
        "FROM outbox m JOIN obligation o ON o.ticket_id = m.ticket_id WHERE m.topic = 'breached' HAVING count(*) > 0"};
    Tally tally;
    store.read([&](sql::Connection& db) {
        db.each(count_breached, [&](const sql::Row& row) { tally.breached = row.integer(0); });
        db.each(count_told, [&](const sql::Row& row) {
            tally.told = row.integer(0);
            tally.tickets = row.integer(1);
        });
        db.each(count_late, [&](const sql::Row& row) {
            tally.late_p50_ms = row.integer(0);
            tally.late_p99_ms = row.integer(1);
            tally.late_most_ms = row.integer(2);
        });
    });
    return tally;
}

}  // namespace shouwen::nodes
