#include "modules/policy/store/policies.hpp"

namespace shouwen::policy {
namespace {

constexpr sql::Statement select_current{
    "policy.current", "SELECT version, document, created_at, author_id FROM policy ORDER BY version DESC LIMIT 1"};
constexpr sql::Statement select_versions{
    "policy.versions", "SELECT version, created_at, author_id FROM policy ORDER BY version DESC LIMIT $1"};
constexpr sql::Statement insert_version{
    "policy.add", "INSERT INTO policy (version, document, created_at, author_id) VALUES ($1, $2, $3, $4)"};
constexpr sql::Statement select_holidays{"holiday_year.all", "SELECT year, days FROM holiday_year ORDER BY year"};
constexpr sql::Statement upsert_holidays{
    "holiday_year.save",
    "INSERT INTO holiday_year (year, days, updated_at, author_id) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (year) DO UPDATE SET days = excluded.days, updated_at = excluded.updated_at, author_id = excluded.author_id"};

}  // namespace

std::optional<StoredPolicy> current(sql::Connection& db)
{
    return db.first(select_current, [](const sql::Row& row) {
        return StoredPolicy{row.integer(0), row.string(1), row.instant(2), row.id<StaffId>(3)};
    });
}

std::vector<StoredPolicy> versions(sql::Connection& db, int limit)
{
    std::vector<StoredPolicy> all;
    db.each(
        select_versions,
        [&](const sql::Row& row) {
            all.push_back({row.integer(0), {}, row.instant(1), row.id<StaffId>(2)});
        },
        limit);
    return all;
}

void add_version(sql::Connection& db, const StoredPolicy& policy)
{
    db.execute(insert_version, policy.version, policy.document, policy.created_at, policy.author);
}

std::vector<StoredHolidays> holiday_years(sql::Connection& db)
{
    std::vector<StoredHolidays> all;
    db.each(select_holidays, [&](const sql::Row& row) {
        all.push_back({static_cast<int>(row.integer(0)), row.string(1)});
    });
    return all;
}

void save_holidays(sql::Connection& db, const StoredHolidays& year, StaffId by, Instant now)
{
    db.execute(upsert_holidays, year.year, year.days, now, by);
}

}  // namespace shouwen::policy
