#include "modules/organisation/edge/views.hpp"

namespace shouwen::organisation {

Permissions permissions_somewhere(const Actor& actor)
{
    Permissions all = actor.permissions;
    for (const ScopedPermissions& scoped : actor.scoped) all = all | scoped.permissions;
    return all;
}

void write_permissions(api::JsonWriter& out, Permissions permissions)
{
    out.begin_array();
    for (const std::string_view name : permissions.names()) out.value(name);
    out.end_array();
}

void write_staff_members(api::JsonWriter& out, const Staff& staff, Permissions permissions)
{
    out.member("id", staff.id).member("login", staff.login).member("name", staff.name).member("unit_id", staff.unit);
    out.key("roles").begin_array();
    for (const RoleGrant& grant : staff.roles)
        if (!grant.within) out.value(grant.role);
    out.end_array().key("unit_roles").begin_array();
    for (const RoleGrant& grant : staff.roles)
        if (grant.within) out.begin_object().member("role", grant.role).member("unit_id", grant.within).end_object();
    out.end_array().key("permissions");
    write_permissions(out, permissions);
    out.member("language", staff.language).member("disabled_at", staff.disabled_at);
    out.member("one_time_until", staff.one_time_until);
}

void write_staff(api::JsonWriter& out, const Staff& staff, const Organisation& organisation)
{
    const auto actor = organisation.actor(staff.id);
    out.begin_object();
    write_staff_members(out, staff, actor ? permissions_somewhere(*actor) : Permissions{});
    out.end_object();
}

void write_unit(api::JsonWriter& out, const Unit& unit)
{
    out.begin_object()
        .member("id", unit.id)
        .member("kind", unit.kind)
        .member("name", unit.name)
        .member("parent_id", unit.parent);
    out.member("head_id", unit.head)
        .text_or_null("calendar", unit.calendar)
        .text_or_null("time_zone", unit.time_zone)
        .end_object();
}

void write_area(api::JsonWriter& out, const Area& area)
{
    out.begin_object().member("id", area.id).member("name", area.name).member("parent_id", area.parent).end_object();
}

void write_role(api::JsonWriter& out, const Role& role)
{
    out.begin_object().member("name", role.name).key("permissions");
    write_permissions(out, role.permissions);
    out.end_object();
}

void write_token(api::JsonWriter& out, const ApiTokens::Token& token, std::string_view text)
{
    out.begin_object().member("id", token.id).member("name", token.name).key("scopes");
    write_permissions(out, token.scopes);
    out.member("created_at", token.created_at).member("last_used_at", token.last_used_at);
    if (!text.empty()) out.member("token", text);
    out.end_object();
}

namespace {

/// What staff and units are called today; the other subjects' names are in their entries.
std::string_view subject_name(const AuditEntry& entry, const Organisation& organisation)
{
    if (entry.subject_kind == "staff")
        return organisation.name_of_staff(StaffId::parse(entry.subject_id).value_or(StaffId{}));
    if (entry.subject_kind == "unit")
        return organisation.name_of_unit(UnitId::parse(entry.subject_id).value_or(UnitId{}));
    return {};
}

}  // namespace

void write_audit_entry(api::JsonWriter& out, const StoredAuditEntry& stored, const Organisation& organisation)
{
    const AuditEntry& entry = stored.entry;
    out.begin_object().member("id", encode_id(stored.number)).member("at", entry.at).key("actor");
    if (entry.actor)
        out.begin_object()
            .member("id", entry.actor)
            .member("name", organisation.name_of_staff(entry.actor))
            .end_object();
    else
        out.value(nullptr);
    out.member("action", entry.action)
        .text_or_null("subject_kind", entry.subject_kind)
        .text_or_null("subject_id", entry.subject_id)
        .text_or_null("subject_name", subject_name(entry, organisation));
    out.key("data").raw(entry.data).member("hash", stored.hash.hex()).end_object();
}

}  // namespace shouwen::organisation
