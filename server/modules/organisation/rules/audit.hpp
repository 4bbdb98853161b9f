#pragma once

#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"

#include <cstdint>
#include <string>

namespace shouwen::organisation {

/// Who did what to records and rights, and when. Never changed, never deleted.
struct AuditEntry {
    Instant at{};
    StaffId actor;             ///< none: the system itself
    std::string action;        ///< past tense: `staff_disabled`, `customer_revealed`
    std::string subject_kind;  ///< `staff`, `unit`, `customer` …; may be empty
    std::string subject_id;    ///< as in the API; may be empty
    std::string data = "{}";   ///< a JSON object, without secrets
};

/// The link of the chain: covers every field, the number and the link before.
Hash audit_hash(std::int64_t number, const AuditEntry& entry, const Hash& before);

}  // namespace shouwen::organisation
