#include "platform/sql/parts.hpp"

#include "base/id.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <set>
#include <string>
#include <vector>

namespace shouwen::sql {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month;

const Statement list_divided{
    "parts.divided",
    "SELECT c.relname::text FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid "
    "WHERE c.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY 1"};
const Statement list_parts{"parts.made",
                           "SELECT relname::text FROM pg_class WHERE relispartition AND relkind = 'r' "
                           "AND relnamespace = CAST(current_schema() AS regnamespace)"};
// Two processes that make the same part would make one of them fail.
const Statement one_at_a_time{"parts.lock", "SELECT pg_advisory_xact_lock(7307195218)"};

struct Part {
    std::string table;
    std::string name;
    std::int64_t from;
    std::int64_t until;

    std::string script() const
    {
        return fmt::format("CREATE TABLE IF NOT EXISTS {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})", name, table,
                           from, until);
    }
};

year_month month_of(Instant at)
{
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
    return day.year() / day.month();
}

std::int64_t first_id_of(year_month month)
{
    return first_id_at(Instant{sys_days{month / 1}.time_since_epoch()});
}

std::vector<Part> missing_parts(Store& store, Instant from, Instant until)
{
    std::vector<std::string> tables;
    std::set<std::string> made;
    store.read([&](Connection& db) {
        db.each(list_divided, [&](const Row& row) { tables.push_back(row.string(0)); });
        db.each(list_parts, [&](const Row& row) { made.insert(row.string(0)); });
    });
    std::vector<Part> missing;
    for (const auto& table : tables)
        for (auto month = month_of(from); month <= month_of(until); month += std::chrono::months{1}) {
            const auto name = fmt::format("{}_{:04}_{:02}", table, static_cast<int>(month.year()),
                                          static_cast<unsigned>(month.month()));
            if (!made.contains(name))
                missing.push_back({table, name, first_id_of(month), first_id_of(month + std::chrono::months{1})});
        }
    return missing;
}

}  // namespace

int make_parts(Store& store, Instant from, Instant until)
{
    if (store.dialect() != Dialect::postgres) return 0;
    int made = 0;
    for (const auto& part : missing_parts(store, from, until)) {
        try {
            store.write([&](Connection& db) {
                db.execute(one_at_a_time);
                db.run_script(part.script());
            });
            ++made;
        } catch (const ConstraintViolated& fault) {
            spdlog::warn("part_left_out: {}: {}", part.name, fault.what());
        }
    }
    return made;
}

}  // namespace shouwen::sql
