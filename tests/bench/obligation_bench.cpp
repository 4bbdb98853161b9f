// The tick over a million open obligations: none due, and ten thousand due at once.
#include "base/instant.hpp"
#include "modules/obligation/store/obligations.hpp"
#include "platform/sql/migration.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

using namespace shouwen;
using Steady = std::chrono::steady_clock;

constexpr Instant now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

/// Tickets with one obligation each, all far in the future but the first `due`.
std::string rows(int count, int due)
{
    const auto start = to_ms(now) - 3'600'000;
    return fmt::format(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0}) "
        "INSERT INTO ticket (id, number, version, step, channel, customer_id, queue_unit_id, created_at, next_due_at, last_seq, last_hash, state) "
        "SELECT i, '20260105-' || i, 1, 'intake', 'web', 1, 1, {1}, {1} + 7200000, 1, x'00', '{{}}' FROM n; "
        "INSERT INTO obligation (ticket_id, no, kind, subject, grade, debtor_unit_id, calendar, time_limit, policy_version, starts_at, due_at, pauses, "
        "warnings_count, next_at) SELECT id, 1, 'respond', 0, 'L3', 1, '', 'PT2H', 1, {1}, CASE WHEN id <= {2} THEN {3} ELSE {1} + 86400000 END, '[]', 2, "
        "CASE WHEN id <= {2} THEN {3} ELSE {1} + 86400000 END FROM ticket;",
        count, start, due, to_ms(now));
}

double milliseconds_since(Steady::time_point began)
{
    return std::chrono::duration<double, std::milli>(Steady::now() - began).count();
}

}  // namespace

int main(int argc, char** argv)
{
    const int open = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    constexpr int due = 10'000;
    const auto folder = std::filesystem::temp_directory_path() /
                        fmt::format("obligation_bench_{}", std::chrono::steady_clock::now().time_since_epoch().count());
    std::filesystem::create_directories(folder);
    {
        sqlite::SqliteOptions options;
        options.path = folder / "store.db";
        const auto store = sqlite::open_sqlite(std::move(options));
        sql::migrate(*store, now);
        store->write([&](sql::Connection& db) { db.run_script(rows(open, due)); });
        const auto policy = std::make_shared<const policy::Policy>(1, policy::default_document());
        const auto organisation = std::make_shared<const organisation::Organisation>();
        obligation::Obligations obligations{
            {[policy] { return policy; }, [organisation] { return organisation; },
             [](sql::Connection&, StaffId, std::string_view, TicketId, std::string_view, Instant) {},
             [](sql::Connection&, TicketId, Instant) { return std::optional<ticket::Refused>{}; }}};
        constexpr int rounds = 1000;
        auto began = Steady::now();
        for (int i = 0; i < rounds; ++i) store->read([](sql::Connection& db) { obligation::Obligations::next_at(db); });
        fmt::print("{{\"what\": \"look for due work, {} open\", \"ms\": {:.4f}}}\n", open,
                   milliseconds_since(began) / rounds);
        began = Steady::now();
        for (int i = 0; i < 100; ++i)
            store->write([&](sql::Connection& db) { obligations.tick(db, now - std::chrono::hours{2}, 500); });
        fmt::print("{{\"what\": \"tick with none due, {} open, commit included\", \"ms\": {:.4f}}}\n", open,
                   milliseconds_since(began) / 100);
        began = Steady::now();
        int fired = 0;
        for (bool more = true; more;)
            store->write([&](sql::Connection& db) {
                const auto ticked = obligations.tick(db, now, 500);
                fired += ticked.fired_count;
                more = ticked.more;
            });
        fmt::print("{{\"what\": \"{} due at once, {} open\", \"ms\": {:.1f}}}\n", fired, open,
                   milliseconds_since(began));
    }
    std::filesystem::remove_all(folder);
    return 0;
}
