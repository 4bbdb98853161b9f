#include "api/idempotency.hpp"
#include "modules/organisation/edge/reachable.hpp"
#include "modules/organisation/edge/staff_bodies.hpp"
#include "modules/organisation/edge/views.hpp"
#include "modules/organisation/edge/writing.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "modules/organisation/store/password.hpp"

#include <algorithm>

namespace shouwen::organisation {

namespace {

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

api::Answer list_staff(const api::Call& call, const Services& services)
{
    api::QueryReader query{*call.request};
    const auto unit = query.id<UnitId>("unit_id");
    const std::string part = query.text("q", 100);
    const std::string role = query.text("role", 50);
    const auto disabled = query.boolean("disabled");
    const OrganisationPtr organisation = services.directory.current();
    const auto shows = [&](const Staff& staff) {
        return can_for_unit(call.actor(), Permission::staff_read, staff.unit, organisation->merchant_of(staff.unit)) &&
               (!unit || staff.unit == unit) && (role.empty() || staff.has_role(role)) &&
               (!disabled || staff.is_disabled() == *disabled) &&
               (part.empty() || contains(staff.name, part) || contains(staff.login, normal_login(part)));
    };
    return page_of(organisation->staff(), query, shows,
                   [&](api::JsonWriter& out, const Staff& staff) { write_staff(out, staff, *organisation); });
}

std::string staff_json(const Organisation& organisation, StaffId id)
{
    api::JsonWriter out;
    write_staff(out, *organisation.find(id), organisation);
    return out.take();
}

api::Answer get_staff(const api::Call& call, const Services& services)
{
    const OrganisationPtr organisation = services.directory.current();
    const Staff* staff = reachable(*organisation, call.id_param<StaffId>(0), call.actor(), Permission::staff_read);
    if (!staff) return api::not_found();
    return api::ok(staff_json(*organisation, staff->id));
}

std::string audit_of(const StaffChange& change)
{
    api::JsonWriter out;
    out.begin_object().member("name", change.name).member("unit_id", change.unit).key("roles").begin_array();
    for (const RoleGrant& grant : change.roles)
        out.begin_object().member("role", grant.role).member("unit_id", grant.within).end_object();
    return out.end_array().end_object().take();
}

/// What the rules cannot check because it depends on who writes.
FieldErrors check_rights(const Actor& actor, const StaffChange& change, const std::vector<RoleGrant>& before,
                         const Organisation& organisation)
{
    FieldErrors errors;
    if (!can_for_unit(actor, Permission::staff_edit, change.unit, organisation.merchant_of(change.unit)))
        errors.push_back({"/unit_id", "unit_unknown"});
    std::vector<RoleGrant> added;
    std::copy_if(change.roles.begin(), change.roles.end(), std::back_inserter(added), [&](const RoleGrant& grant) {
        return std::find(before.begin(), before.end(), grant) == before.end();
    });
    if (!may_grant(actor, added, change.unit, organisation)) errors.push_back({"/roles", "scope_beyond_rights"});
    return errors;
}

/// On the pool, as it hashes a password.
api::Answer create_staff_member(const api::Call& call, const Services& services)
{
    auto body = api::read_body<StaffBody>(call, read_new_staff);
    if (!body) return body.error();
    const NewStaff staff{body->login,        body->change.name,     body->change.unit,
                         body->change.roles, body->change.language, body->password};
    const auto checked = [&](const Organisation& organisation) {
        FieldErrors errors = check(staff, organisation, services.passwords);
        if (errors.empty()) errors = check_rights(call.actor(), body->change, {}, organisation);
        return errors;
    };
    // Before hashing, so that a wrong body costs nothing; and again in the transaction, as things may have changed.
    if (auto errors = checked(*services.directory.current()); !errors.empty()) return api::invalid(std::move(errors));
    auto key = api::idempotency_key(call);
    if (key && !*key) return api::invalid({{"/Idempotency-Key", "too_long", "255"}});
    // A plain hash of the whole body would be a hash of the password that is quick to try guesses on.
    if (key) (*key)->body_hash = hash_of(staff.login + audit_of(body->change)).hex();

    const std::string hash = hash_password(staff.password.empty() ? new_secret() : staff.password);
    const api::WriteWork create = [&](sql::Connection& db, Instant now) -> api::Written {
        const OrganisationPtr organisation = load_for_change(db);
        if (auto errors = checked(*organisation); !errors.empty()) return {api::invalid(std::move(errors))};
        if (organisation->find_login(staff.login)) return {problem_of(Refusal::login_taken)};
        const StaffId id = create_staff(db, services.ids, now, staff, hash);
        append_audit(db, {now, call.actor().staff, "staff_created", "staff", id.text(), audit_of(body->change)});
        return {api::created(staff_json(*load(db).organisation, id), "/api/v1/staff/" + id.text())};
    };
    return write_now(services, [&](sql::Connection& db, Instant now) {
        return key ? api::run_once(db, **key, call.language, now, create) : create(db, now);
    });
}

/// The organisation as it would be with this member of staff changed.
Organisation with(const Organisation& organisation, const Staff& changed)
{
    std::vector<Staff> staff = organisation.staff();
    std::replace_if(
        staff.begin(), staff.end(), [&](const Staff& each) { return each.id == changed.id; }, changed);
    return {organisation.units(), organisation.areas(), std::move(staff), organisation.roles()};
}

Result<api::WriteWork, api::Problem> update_staff_member(const api::Call& call, const Services& services)
{
    auto body = api::read_body<StaffBody>(call, read_staff_change);
    if (!body) return body.error();
    return api::WriteWork{[id = call.id_param<StaffId>(0), actor = call.actor(), body = *body, services](
                              sql::Connection& db, Instant now) -> api::Written {
        const OrganisationPtr organisation = load_for_change(db);
        const Staff* staff = reachable(*organisation, id, actor, Permission::staff_edit);
        if (!staff) return {api::not_found()};
        StaffChange change = body.change;
        if (!body.has_language) change.language = staff->language;
        if (!body.has_unit_roles)
            std::copy_if(staff->roles.begin(), staff->roles.end(), std::back_inserter(change.roles),
                         [](const RoleGrant& grant) { return static_cast<bool>(grant.within); });
        FieldErrors errors = check(change, *organisation);
        if (errors.empty()) errors = check_rights(actor, change, staff->roles, *organisation);
        if (!errors.empty()) return {api::invalid(std::move(errors))};
        Staff after = *staff;
        after.unit = change.unit;
        after.roles = change.roles;
        if (!keeps_an_admin(with(*organisation, after))) return {problem_of(Refusal::last_admin)};
        update_staff(db, staff->id, change);
        append_audit(db, {now, actor.staff, "staff_changed", "staff", staff->id.text(), audit_of(change)});
        return {api::ok(staff_json(*load(db).organisation, staff->id))};
    }};
}

std::optional<api::Problem> why_not_disable(sql::Connection& db, const Organisation& organisation, const Staff& staff,
                                            const Actor& actor, Instant now, const Services& services)
{
    if (staff.id == actor.staff) return problem_of(Refusal::own_account);
    Staff after = staff;
    after.disabled_at = now;
    if (!keeps_an_admin(with(organisation, after))) return problem_of(Refusal::last_admin);
    const int open_count = services.open_work ? services.open_work(db, staff.id) : 0;
    if (open_count == 0) return std::nullopt;
    api::Problem problem = problem_of(Refusal::owns_open_tickets);
    problem.fill = {{"count", std::to_string(open_count)}};
    return problem;
}

enum class Account { disabled, enabled };

Result<api::WriteWork, api::Problem> set_account(const api::Call& call, const Services& services, Account to)
{
    auto body = api::read_body<Done>(call, [](api::ObjectReader&, Done&) {});
    if (!body) return body.error();
    return api::WriteWork{[id = call.id_param<StaffId>(0), actor = call.actor(), services, to](
                              sql::Connection& db, Instant now) -> api::Written {
        const OrganisationPtr organisation = load_for_change(db);
        const Staff* staff = reachable(*organisation, id, actor, Permission::staff_edit);
        if (!staff) return {api::not_found()};
        // Doing it twice is no fault: the account is as it was wished.
        if (staff->is_disabled() == (to == Account::disabled)) return {api::ok(staff_json(*organisation, staff->id))};
        if (to == Account::disabled) {
            if (auto problem = why_not_disable(db, *organisation, *staff, actor, now, services))
                return {std::move(*problem)};
            set_disabled(db, staff->id, now);
            end_all(db, staff->id, now, services);
        } else {
            set_disabled(db, staff->id, std::nullopt);
        }
        append_audit(db, {now, actor.staff, to == Account::disabled ? "staff_disabled" : "staff_enabled", "staff",
                          staff->id.text(), "{}"});
        return {api::ok(staff_json(*load(db).organisation, staff->id))};
    }};
}

}  // namespace

void add_staff_routes(api::Routes& routes, const Services& services)
{
    const auto read = api::Access::may(Permission::staff_read);
    const auto edit = api::Access::may(Permission::staff_edit);
    routes.get("/api/v1/staff", read, [services](const api::Call& call) { return list_staff(call, services); });
    routes.act(http::Method::post, "/api/v1/staff", edit,
               [services](const api::Call& call) { return create_staff_member(call, services); });
    routes.get("/api/v1/staff/{id}", read, [services](const api::Call& call) { return get_staff(call, services); });
    routes.put("/api/v1/staff/{id}", edit,
               [services](const api::Call& call) { return update_staff_member(call, services); });
    routes.post("/api/v1/staff/{id}/commands/disable", edit,
                [services](const api::Call& call) { return set_account(call, services, Account::disabled); });
    routes.post("/api/v1/staff/{id}/commands/enable", edit,
                [services](const api::Call& call) { return set_account(call, services, Account::enabled); });
}

}  // namespace shouwen::organisation
