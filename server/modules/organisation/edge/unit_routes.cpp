#include "base/zone.hpp"
#include "modules/organisation/edge/views.hpp"
#include "modules/organisation/edge/writing.hpp"
#include "modules/organisation/store/audit_log.hpp"

namespace shouwen::organisation {

namespace {

api::Answer list_units(const api::Call& call, const Services& services)
{
    api::QueryReader query{*call.request};
    const auto kind = query.choice<UnitKind>("kind");
    const OrganisationPtr organisation = services.directory.current();
    // A merchant's staff see their own units and the platform's, not that other merchants exist.
    const auto shows = [&](const Unit& unit) {
        if (kind && unit.kind != *kind) return false;
        const UnitId merchant = organisation->merchant_of(unit.id);
        return !call.actor().merchant || !merchant || merchant == call.actor().merchant;
    };
    return page_of(organisation->units(), query, shows, write_unit);
}

api::Answer list_areas(const api::Call& call, const Services& services)
{
    api::QueryReader query{*call.request};
    const OrganisationPtr organisation = services.directory.current();
    return page_of(
        organisation->areas(), query, [](const Area&) { return true; }, write_area);
}

void read_unit(api::ObjectReader& body, UnitDraft& unit)
{
    unit.kind = body.choice<UnitKind>("kind");
    unit.name = body.text("name", {.min = 1, .max = 80});
    unit.parent = body.optional_id<UnitId>("parent_id");
    unit.head = body.optional_id<StaffId>("head_id");
    unit.calendar = body.optional_text("calendar", {.min = 1, .max = 80});
    unit.time_zone = body.optional_text("time_zone", {.min = 1, .max = 64});
    if (!unit.time_zone.empty() && !Zone::find(unit.time_zone))
        body.fail("time_zone", "time_zone_unknown", "Asia/Shanghai");
}

void read_area(api::ObjectReader& body, AreaDraft& area)
{
    area.name = body.text("name", {.min = 1, .max = 80});
    area.parent = body.optional_id<AreaId>("parent_id");
}

Result<api::WriteWork, api::Problem> create_unit_of(const api::Call& call, const Services& services)
{
    auto body = api::read_body<UnitDraft>(call, read_unit);
    if (!body) return body.error();
    return api::WriteWork{
        [actor = call.actor(), draft = *body, services](sql::Connection& db, Instant now) -> api::Written {
            if (auto errors = check(draft, {}, *load_for_change(db)); !errors.empty())
                return {api::invalid(std::move(errors))};
            const UnitId id = create_unit(db, services.ids, now, draft);
            const std::string json = json_of(write_unit, *load(db).organisation->find(id));
            append_audit(db, {now, actor.staff, "unit_created", "unit", id.text(), json});
            return {api::created(json, "/api/v1/units/" + id.text())};
        }};
}

Result<api::WriteWork, api::Problem> update_unit_of(const api::Call& call, const Services& services)
{
    auto body = api::read_body<UnitDraft>(call, read_unit);
    if (!body) return body.error();
    return api::WriteWork{[id = call.id_param<UnitId>(0), actor = call.actor(), draft = *body, services](
                              sql::Connection& db, Instant now) -> api::Written {
        const OrganisationPtr organisation = load_for_change(db);
        if (!id || !organisation->find(*id)) return {api::not_found()};
        if (auto errors = check(draft, *id, *organisation); !errors.empty()) return {api::invalid(std::move(errors))};
        update_unit(db, *id, draft);
        const std::string json = json_of(write_unit, *load(db).organisation->find(*id));
        append_audit(db, {now, actor.staff, "unit_changed", "unit", id->text(), json});
        return {api::ok(json)};
    }};
}

Result<api::WriteWork, api::Problem> create_area_of(const api::Call& call, const Services& services)
{
    auto body = api::read_body<AreaDraft>(call, read_area);
    if (!body) return body.error();
    return api::WriteWork{
        [actor = call.actor(), draft = *body, services](sql::Connection& db, Instant now) -> api::Written {
            if (auto errors = check(draft, {}, *load_for_change(db)); !errors.empty())
                return {api::invalid(std::move(errors))};
            const AreaId id = create_area(db, services.ids, now, draft);
            const std::string json = json_of(write_area, Area{id, draft.name, draft.parent});
            append_audit(db, {now, actor.staff, "area_created", "area", id.text(), json});
            return {api::created(json, "/api/v1/areas/" + id.text())};
        }};
}

Result<api::WriteWork, api::Problem> update_area_of(const api::Call& call, const Services& services)
{
    auto body = api::read_body<AreaDraft>(call, read_area);
    if (!body) return body.error();
    return api::WriteWork{[id = call.id_param<AreaId>(0), actor = call.actor(), draft = *body, services](
                              sql::Connection& db, Instant now) -> api::Written {
        const OrganisationPtr organisation = load_for_change(db);
        if (!id || !organisation->find(*id)) return {api::not_found()};
        if (auto errors = check(draft, *id, *organisation); !errors.empty()) return {api::invalid(std::move(errors))};
        update_area(db, *id, draft);
        const std::string json = json_of(write_area, Area{*id, draft.name, draft.parent});
        append_audit(db, {now, actor.staff, "area_changed", "area", id->text(), json});
        return {api::ok(json)};
    }};
}

}  // namespace

void add_unit_routes(api::Routes& routes, const Services& services)
{
    const auto edit = api::Access::may(Permission::unit_edit);
    routes.get("/api/v1/units", api::Access::signed_in(),
               [services](const api::Call& call) { return list_units(call, services); });
    routes.post("/api/v1/units", edit, [services](const api::Call& call) { return create_unit_of(call, services); });
    routes.put("/api/v1/units/{id}", edit,
               [services](const api::Call& call) { return update_unit_of(call, services); });
    routes.get("/api/v1/areas", api::Access::signed_in(),
               [services](const api::Call& call) { return list_areas(call, services); });
    routes.post("/api/v1/areas", edit, [services](const api::Call& call) { return create_area_of(call, services); });
    routes.put("/api/v1/areas/{id}", edit,
               [services](const api::Call& call) { return update_area_of(call, services); });
}

}  // namespace shouwen::organisation
