#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <string>
#include <vector>

/// All versions of the policy, as text; what the text means is the edge's part.
namespace shouwen::policy {

struct StoredPolicy {
    std::int64_t version = 0;
    std::string document;
    Instant created_at;
    StaffId author;
};

/// The one in force; nothing in a store that was just made.
std::optional<StoredPolicy> current(sql::Connection& db);
/// Newest first, without their documents.
std::vector<StoredPolicy> versions(sql::Connection& db, int limit);
void add_version(sql::Connection& db, const StoredPolicy& policy);

struct StoredHolidays {
    int year = 0;
    std::string days;
};
std::vector<StoredHolidays> holiday_years(sql::Connection& db);
void save_holidays(sql::Connection& db, const StoredHolidays& year, StaffId by, Instant now);

}  // namespace shouwen::policy
