#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <string>
#include <vector>

/// All versions of the policy, as text; what the text means is the edge's part.
namespace shouwen::policy {

/// Announced when a version or a year of holidays was added; nothing more is said.
inline constexpr const char* topic = "policy";

struct StoredPolicy {
    std::int64_t version = 0;
    std::string document;
    Instant created_at;
    StaffId author;
};

/// The one in force; nothing in a store that was just made.
std::optional<StoredPolicy> current(sql::Connection& db);
/// One of all versions.
std::optional<StoredPolicy> find_version(sql::Connection& db, std::int64_t version);
/// Those below `before`, newest first, without their documents.
std::vector<StoredPolicy> versions(sql::Connection& db, std::int64_t before, int limit);
void add_version(sql::Connection& db, const StoredPolicy& policy);

/// One imported year; it takes the place of a built-in one.
struct StoredHolidays {
    int year = 0;
    std::string days;
    std::int64_t version = 1;  ///< one more with each save
    Instant updated_at = {};
    StaffId author = {};
};
std::vector<StoredHolidays> holiday_years(sql::Connection& db);
std::optional<StoredHolidays> find_holiday_year(sql::Connection& db, int year);
void save_holidays(sql::Connection& db, const StoredHolidays& year);

}  // namespace shouwen::policy
