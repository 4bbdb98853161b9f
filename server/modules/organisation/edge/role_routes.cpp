#include "modules/organisation/edge/permission_names.hpp"
#include "modules/organisation/edge/views.hpp"
#include "modules/organisation/edge/writing.hpp"
#include "modules/organisation/store/audit_log.hpp"

#include <algorithm>

namespace shouwen::organisation {

namespace {

api::Answer list_roles(const api::Call& call, const Services& services)
{
    api::QueryReader query{*call.request};
    if (auto problem = query.problem()) return std::move(*problem);
    const OrganisationPtr organisation = services.directory.current();
    api::JsonWriter out;
    out.begin_object().key("items").begin_array();
    for (const Role& role : organisation->roles()) write_role(out, role);
    out.end_array().key("permissions");
    write_permissions(out, Permissions::all());
    out.member("next_cursor", nullptr).end_object();
    return api::ok(out.take());
}

/// The organisation as it would be with this role changed.
Organisation with(const Organisation& organisation, const Role& changed)
{
    std::vector<Role> roles = organisation.roles();
    std::replace_if(
        roles.begin(), roles.end(), [&](const Role& each) { return each.name == changed.name; }, changed);
    return {organisation.units(), organisation.areas(), organisation.staff(), std::move(roles)};
}

Result<api::WriteWork, api::Problem> put_role(const api::Call& call, const Services& services)
{
    auto body = api::read_body<Role>(
        call, [](api::ObjectReader& from, Role& role) { role.permissions = read_permissions(from, "permissions"); });
    if (!body) return body.error();
    body->name = call.param(0);
    return api::WriteWork{
        [actor = call.actor(), role = *body, services](sql::Connection& db, Instant now) -> api::Written {
            const OrganisationPtr organisation = load_for_change(db);
            const Role* before = organisation->find_role(role.name);
            if (!before) return {api::not_found()};
            if (!keeps_an_admin(with(*organisation, role))) return {problem_of(Refusal::last_admin)};
            save_role(db, role);
            api::JsonWriter change;
            change.begin_object().key("added");
            write_permissions(change, role.permissions.without(before->permissions));
            change.key("removed");
            write_permissions(change, before->permissions.without(role.permissions));
            append_audit(db, {now, actor.staff, "role_changed", "role", role.name, change.end_object().take()});
            return {api::ok(json_of(write_role, role))};
        }};
}

}  // namespace

void add_role_routes(api::Routes& routes, const Services& services)
{
    routes.get("/api/v1/roles", api::Access::may(Permission::staff_read),
               [services](const api::Call& call) { return list_roles(call, services); });
    routes.put("/api/v1/roles/{name}", api::Access::may(Permission::role_edit),
               [services](const api::Call& call) { return put_role(call, services); });
}

}  // namespace shouwen::organisation
