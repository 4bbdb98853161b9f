#include "modules/organisation/store/organisation_store.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <unordered_map>

namespace shouwen::organisation {

namespace {

constexpr sql::Statement list_units{
    "list_units", "SELECT id, kind, name, parent_id, head_id, calendar, time_zone FROM unit ORDER BY id"};
constexpr sql::Statement list_areas{"list_areas", "SELECT id, name, parent_id FROM area ORDER BY id"};
constexpr sql::Statement list_staff{
    "list_staff",
    "SELECT id, login, name, unit_id, language, created_at, disabled_at, one_time_until FROM staff ORDER BY id"};
constexpr sql::Statement list_staff_roles{
    "list_staff_roles", "SELECT staff_id, role, unit_id FROM staff_role ORDER BY staff_id, role, unit_id"};
constexpr sql::Statement list_roles{"list_roles", "SELECT name, permissions FROM role ORDER BY name"};
constexpr sql::Statement read_version{"read_organisation_version", "SELECT version FROM organisation_version"};
constexpr sql::Statement raise_version{"raise_organisation_version",
                                       "UPDATE organisation_version SET version = version + 1"};

constexpr sql::Statement insert_unit{
    "insert_unit",
    "INSERT INTO unit (id, kind, name, parent_id, head_id, calendar, time_zone, created_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr sql::Statement change_unit{"change_unit",
                                     "UPDATE unit SET kind = $2, name = $3, parent_id = $4, head_id = $5, "
                                     "calendar = $6, time_zone = $7 WHERE id = $1"};
constexpr sql::Statement insert_area{"insert_area",
                                     "INSERT INTO area (id, name, parent_id, created_at) VALUES ($1, $2, $3, $4)"};
constexpr sql::Statement change_area{"change_area", "UPDATE area SET name = $2, parent_id = $3 WHERE id = $1"};
constexpr sql::Statement insert_staff{
    "insert_staff",
    "INSERT INTO staff (id, login, name, unit_id, language, password_hash, password_changed_at, created_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"};
constexpr sql::Statement change_staff{"change_staff",
                                      "UPDATE staff SET name = $2, unit_id = $3, language = $4 WHERE id = $1"};
constexpr sql::Statement clear_roles{"clear_staff_roles", "DELETE FROM staff_role WHERE staff_id = $1"};
constexpr sql::Statement insert_grant{
    "grant_role", "INSERT INTO staff_role (staff_id, role, unit_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"};
constexpr sql::Statement change_disabled{"change_disabled", "UPDATE staff SET disabled_at = $2 WHERE id = $1"};
constexpr sql::Statement change_password{
    "change_password",
    "UPDATE staff SET password_hash = $2, password_changed_at = $3, one_time_until = $4 WHERE id = $1"};
constexpr sql::Statement change_password_hash{"change_password_hash",
                                              "UPDATE staff SET password_hash = $2 WHERE id = $1"};
constexpr sql::Statement read_password{"read_password", "SELECT password_hash FROM staff WHERE id = $1"};
constexpr sql::Statement upsert_role{"upsert_role",
                                     "INSERT INTO role (name, permissions) VALUES ($1, $2) "
                                     "ON CONFLICT (name) DO UPDATE SET permissions = excluded.permissions"};
constexpr sql::Statement insert_missing_role{
    "insert_missing_role", "INSERT INTO role (name, permissions) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING"};

std::vector<Unit> load_units(sql::Connection& db)
{
    std::vector<Unit> units;
    db.each(list_units, [&](const sql::Row& row) {
        units.push_back({row.id<UnitId>(0), parse_name<UnitKind>(row.text(1)).value_or(UnitKind::department),
                         row.string(2), row.id<UnitId>(3), row.id<StaffId>(4), row.string(5), row.string(6)});
    });
    return units;
}

std::vector<Area> load_areas(sql::Connection& db)
{
    std::vector<Area> areas;
    db.each(list_areas, [&](const sql::Row& row) {
        areas.push_back({row.id<AreaId>(0), row.string(1), row.id<AreaId>(2)});
    });
    return areas;
}

std::vector<Staff> load_staff(sql::Connection& db)
{
    std::vector<Staff> staff;
    std::unordered_map<StaffId, std::size_t> position;
    db.each(list_staff, [&](const sql::Row& row) {
        position.emplace(row.id<StaffId>(0), staff.size());
        staff.push_back({row.id<StaffId>(0),
                         row.string(1),
                         row.string(2),
                         row.id<UnitId>(3),
                         {},
                         row.string(4),
                         row.optional_instant(6),
                         row.instant(5),
                         row.optional_instant(7)});
    });
    db.each(list_staff_roles, [&](const sql::Row& row) {
        staff[position.at(row.id<StaffId>(0))].roles.push_back({row.string(1), row.id<UnitId>(2)});
    });
    return staff;
}

std::vector<Role> load_roles(sql::Connection& db)
{
    std::vector<Role> roles;
    db.each(list_roles, [&](const sql::Row& row) {
        roles.push_back({row.string(0), permissions_from_column(row.text(1))});
    });
    return roles;
}

}  // namespace

std::string to_column(Permissions permissions)
{
    std::string column;
    for (const std::string_view name : permissions.names()) (column += column.empty() ? "" : " ") += name;
    return column;
}

Permissions permissions_from_column(std::string_view column)
{
    Permissions permissions;
    while (!column.empty()) {
        const std::size_t end = std::min(column.find(' '), column.size());
        if (const auto permission = parse_name<Permission>(column.substr(0, end))) permissions.add(*permission);
        column.remove_prefix(std::min(end + 1, column.size()));
    }
    return permissions;
}

Loaded load(sql::Connection& db)
{
    const auto version = db.first(read_version, [](const sql::Row& row) { return row.integer(0); });
    ensure(version.has_value(), "organisation_version has its row");
    return {*version,
            std::make_shared<const Organisation>(load_units(db), load_areas(db), load_staff(db), load_roles(db))};
}

OrganisationPtr load_for_change(sql::Connection& db)
{
    sql::serialise(db, "organisation");
    return load(db).organisation;
}

void bump_version(sql::Connection& db)
{
    db.execute(raise_version);
    db.announce(organisation_topic, "");
}

UnitId create_unit(sql::Connection& db, IdSource& ids, Instant now, const UnitDraft& unit)
{
    const auto id = ids.next<UnitId>(now);
    db.execute(insert_unit, id, name_of(unit.kind), unit.name, unit.parent, unit.head, unit.calendar, unit.time_zone,
               now);
    bump_version(db);
    return id;
}

void update_unit(sql::Connection& db, UnitId id, const UnitDraft& unit)
{
    db.execute(change_unit, id, name_of(unit.kind), unit.name, unit.parent, unit.head, unit.calendar, unit.time_zone);
    bump_version(db);
}

AreaId create_area(sql::Connection& db, IdSource& ids, Instant now, const AreaDraft& area)
{
    const auto id = ids.next<AreaId>(now);
    db.execute(insert_area, id, area.name, area.parent, now);
    bump_version(db);
    return id;
}

void update_area(sql::Connection& db, AreaId id, const AreaDraft& area)
{
    db.execute(change_area, id, area.name, area.parent);
    bump_version(db);
}

StaffId create_staff(sql::Connection& db, IdSource& ids, Instant now, const NewStaff& staff,
                     std::string_view password_hash)
{
    const auto id = ids.next<StaffId>(now);
    db.execute(insert_staff, id, staff.login, staff.name, staff.unit, staff.language, password_hash, now);
    for (const RoleGrant& grant : staff.roles) grant_role(db, id, grant);
    bump_version(db);
    return id;
}

void update_staff(sql::Connection& db, StaffId id, const StaffChange& change)
{
    db.execute(change_staff, id, change.name, change.unit, change.language);
    db.execute(clear_roles, id);
    for (const RoleGrant& grant : change.roles) grant_role(db, id, grant);
    bump_version(db);
}

void grant_role(sql::Connection& db, StaffId id, const RoleGrant& grant)
{
    db.execute(insert_grant, id, grant.role, grant.within);
    bump_version(db);
}

void set_disabled(sql::Connection& db, StaffId id, std::optional<Instant> disabled_at)
{
    db.execute(change_disabled, id, disabled_at);
    bump_version(db);
}

void set_password(sql::Connection& db, StaffId id, std::string_view password_hash, Instant now)
{
    db.execute(change_password, id, password_hash, now, std::optional<Instant>{});
    bump_version(db);
}

void set_one_time_password(sql::Connection& db, StaffId id, std::string_view password_hash, Instant until, Instant now)
{
    db.execute(change_password, id, password_hash, now, std::optional{until});
    bump_version(db);
}

void replace_password_hash(sql::Connection& db, StaffId id, std::string_view password_hash)
{
    db.execute(change_password_hash, id, password_hash);
}

std::string password_hash_of(sql::Connection& db, StaffId id)
{
    return db
        .first(
            read_password, [](const sql::Row& row) { return row.string(0); }, id)
        .value_or("");
}

void save_role(sql::Connection& db, const Role& role)
{
    db.execute(upsert_role, role.name, to_column(role.permissions));
    bump_version(db);
}

void install_default_roles(sql::Connection& db)
{
    for (const Role& role : default_roles()) db.execute(insert_missing_role, role.name, to_column(role.permissions));
    bump_version(db);
}

}  // namespace shouwen::organisation
