#pragma once

#include "modules/organisation/rules/audit.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace shouwen::organisation {

/// Adds the next link of the chain, in the transaction of the change that it records: neither is there without the other.
void append_audit(sql::Connection& db, const AuditEntry& entry);

struct StoredAuditEntry {
    std::int64_t number = 0;
    AuditEntry entry;
    Hash hash;
};
struct AuditFilter {
    StaffId actor = {};
    std::string action = {};
    std::optional<Instant> from = {};
    std::optional<Instant> to = {};                  ///< not included
    std::optional<std::int64_t> before_number = {};  ///< the page before went down to this one
    int limit = 50;
};
/// Newest first.
std::vector<StoredAuditEntry> list_audit(sql::Connection& db, const AuditFilter& filter);

/// What was done of one kind to one thing, newest first; for the people who work with that thing.
std::vector<AuditEntry> list_audit_of(sql::Connection& db, std::string_view subject_kind, std::string_view subject_id,
                                      std::string_view action, int limit);

/// Walks the whole chain. @returns the number of the first entry that was changed or follows a gap; nothing when sound.
std::optional<std::int64_t> first_broken_audit_entry(sql::Connection& db);

std::int64_t audit_entry_count(sql::Connection& db);

}  // namespace shouwen::organisation
