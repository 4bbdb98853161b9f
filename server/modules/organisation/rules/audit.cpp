#include "modules/organisation/rules/audit.hpp"

namespace shouwen::organisation {

Hash audit_hash(std::int64_t number, const AuditEntry& entry, const Hash& before)
{
    Hasher hasher;
    // Each field with its length: no two different entries give the same bytes.
    const auto field = [&](std::string_view text) {
        hasher.update(std::to_string(text.size())).update(":").update(text);
    };
    hasher.update(before.raw());
    field(std::to_string(number));
    field(std::to_string(to_ms(entry.at)));
    field(std::to_string(entry.actor.value));
    field(entry.action);
    field(entry.subject_kind);
    field(entry.subject_id);
    field(entry.data);
    return hasher.finish();
}

}  // namespace shouwen::organisation
