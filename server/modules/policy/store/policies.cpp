#include "modules/policy/store/policies.hpp"

namespace shouwen::policy {
namespace {

constexpr sql::Statement select_current{
    "policy.current", "SELECT version, document, created_at, author_id FROM policy ORDER BY version DESC LIMIT 1"};
constexpr sql::Statement select_versions{
    "policy.versions",
    "SELECT version, created_at, author_id FROM policy WHERE version < $1 ORDER BY version DESC LIMIT $2"};
constexpr sql::Statement select_version{
    "policy.version", "SELECT version, document, created_at, author_id FROM policy WHERE version = $1"};
constexpr sql::Statement insert_version{
    "policy.add", "INSERT INTO policy (version, document, created_at, author_id) VALUES ($1, $2, $3, $4)"};
constexpr sql::Statement select_holidays{
    "holiday_year.all", "SELECT year, days, version, updated_at, author_id FROM holiday_year ORDER BY year"};
constexpr sql::Statement select_holiday_year{
    "holiday_year.one", "SELECT year, days, version, updated_at, author_id FROM holiday_year WHERE year = $1"};
constexpr sql::Statement upsert_holidays{
    "holiday_year.save",
    "INSERT INTO holiday_year (year, days, version, updated_at, author_id) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (year) DO UPDATE SET days = excluded.days, version = excluded.version, updated_at = excluded.updated_at, "
    "author_id = excluded.author_id"};

StoredPolicy read_policy(const sql::Row& row)
{
    return {row.integer(0), row.string(1), row.instant(2), row.id<StaffId>(3)};
}

StoredHolidays read_holidays(const sql::Row& row)
{
    return {static_cast<int>(row.integer(0)), row.string(1), row.integer(2), row.instant(3), row.id<StaffId>(4)};
}

}  // namespace

std::optional<StoredPolicy> current(sql::Connection& db)
{
    return db.first(select_current, read_policy);
}

std::optional<StoredPolicy> find_version(sql::Connection& db, std::int64_t version)
{
    return db.first(select_version, read_policy, version);
}

std::vector<StoredPolicy> versions(sql::Connection& db, std::int64_t before, int limit)
{
    std::vector<StoredPolicy> all;
    db.each(
        select_versions,
        [&](const sql::Row& row) {
            all.push_back({row.integer(0), {}, row.instant(1), row.id<StaffId>(2)});
        },
        before, limit);
    return all;
}

void add_version(sql::Connection& db, const StoredPolicy& policy)
{
    db.execute(insert_version, policy.version, policy.document, policy.created_at, policy.author);
    db.announce(topic, "");
}

std::vector<StoredHolidays> holiday_years(sql::Connection& db)
{
    std::vector<StoredHolidays> all;
    db.each(select_holidays, [&](const sql::Row& row) { all.push_back(read_holidays(row)); });
    return all;
}

std::optional<StoredHolidays> find_holiday_year(sql::Connection& db, int year)
{
    return db.first(select_holiday_year, read_holidays, year);
}

void save_holidays(sql::Connection& db, const StoredHolidays& year)
{
    db.execute(upsert_holidays, year.year, year.days, year.version, year.updated_at, year.author);
    db.announce(topic, "");
}

}  // namespace shouwen::policy
