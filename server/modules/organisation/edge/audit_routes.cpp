#include "modules/organisation/edge/services.hpp"
#include "modules/organisation/edge/views.hpp"

namespace shouwen::organisation {

namespace {

api::Answer list_audit_log(const api::Call& call, const Services& services)
{
    api::QueryReader query{*call.request};
    AuditFilter filter;
    filter.actor = query.id<StaffId>("actor_id");
    filter.action = query.text("action", 64);
    filter.from = query.instant("from");
    filter.to = query.instant("to");
    const int limit = query.limit();
    const std::string cursor = query.cursor();
    if (auto problem = query.problem()) return std::move(*problem);
    if (!cursor.empty()) {
        filter.before_number = decode_id(cursor);
        if (!filter.before_number) return api::Problem{.code = "invalid_cursor"};
    }
    // One more than shown tells whether there is a next page.
    filter.limit = limit + 1;
    std::vector<StoredAuditEntry> entries;
    services.store.read([&](sql::Connection& db) { entries = list_audit(db, filter); });
    const bool is_more = entries.size() > static_cast<std::size_t>(limit);
    if (is_more) entries.pop_back();

    const OrganisationPtr organisation = services.directory.current();
    api::JsonWriter out;
    out.begin_object().key("items").begin_array();
    for (const StoredAuditEntry& entry : entries) write_audit_entry(out, entry, *organisation);
    out.end_array().key("next_cursor");
    if (is_more)
        out.value(api::encode_cursor(encode_id(entries.back().number)));
    else
        out.value(nullptr);
    return api::ok(out.end_object().take());
}

}  // namespace

void add_audit_routes(api::Routes& routes, const Services& services)
{
    routes.get_slow("/api/v1/audit", api::Access::may(Permission::audit_read),
                    [services](const api::Call& call) { return list_audit_log(call, services); });
}

}  // namespace shouwen::organisation
