#include "modules/organisation/rules/validate.hpp"

#include <algorithm>
#include <array>

namespace shouwen::organisation {

namespace {

constexpr std::size_t name_length_max = 80;
constexpr std::size_t login_length_min = 2;
constexpr std::size_t login_length_max = 40;
constexpr std::size_t roles_max = 20;
constexpr std::array<std::string_view, 3> languages{"zh-CN", "zh-TW", "en"};

bool is_blank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void check_name(std::string_view name, FieldErrors& errors)
{
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (is_blank(name))
        errors.push_back({"/name", "required"});
    else if (count_characters(name) > name_length_max)
        errors.push_back({"/name", "too_long", std::to_string(name_length_max)});
    else if (std::any_of(name.begin(), name.end(), control))
        errors.push_back({"/name", "control_character"});
}

void check_login(std::string_view login, FieldErrors& errors)
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    const auto usual = [&](char c) { return letter(c) || c == '.' || c == '_' || c == '-'; };
    if (login.empty())
        errors.push_back({"/login", "required"});
    else if (login.size() < login_length_min || login.size() > login_length_max || !letter(login.front()) ||
             !std::all_of(login.begin(), login.end(), usual))
        errors.push_back({"/login", "login_shape"});
}

void check_unit(UnitId unit, const Organisation& organisation, FieldErrors& errors)
{
    if (!unit)
        errors.push_back({"/unit_id", "required"});
    else if (!organisation.find(unit))
        errors.push_back({"/unit_id", "unit_unknown"});
}

void check_language(std::string_view language, FieldErrors& errors)
{
    if (std::find(languages.begin(), languages.end(), language) == languages.end())
        errors.push_back({"/language", "not_a_choice", "zh-CN, zh-TW, en"});
}

void check_roles(const std::vector<RoleGrant>& roles, UnitId unit, const Organisation& organisation,
                 FieldErrors& errors)
{
    if (roles.size() > roles_max) errors.push_back({"/roles", "too_many", std::to_string(roles_max)});
    const UnitId merchant = organisation.merchant_of(unit);
    // In the API, roles without a unit stand in one list and those within units in another.
    std::size_t plain_count = 0;
    std::size_t within_count = 0;
    for (auto grant = roles.begin(); grant != roles.end(); ++grant) {
        const std::string at =
            grant->within ? "/unit_roles/" + std::to_string(within_count++) : "/roles/" + std::to_string(plain_count++);
        if (!organisation.find_role(grant->role)) errors.push_back({grant->within ? at + "/role" : at, "role_unknown"});
        // Within another merchant, or above the own one, the unit is as good as unknown.
        if (grant->within &&
            (!organisation.find(grant->within) || (merchant && organisation.merchant_of(grant->within) != merchant)))
            errors.push_back({at + "/unit_id", "unit_unknown"});
        if (std::find(roles.begin(), grant, *grant) != grant) errors.push_back({at, "duplicate"});
    }
}

}  // namespace

std::size_t count_characters(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string normal_login(std::string_view login)
{
    const auto first = login.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    std::string normal{login.substr(first, login.find_last_not_of(' ') - first + 1)};
    for (char& c : normal)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return normal;
}

FieldErrors check_password(std::string_view password, std::string_view login, const PasswordPolicy& policy)
{
    const std::size_t length = count_characters(password);
    if (password.empty()) return {{"/password", "required"}};
    if (length < policy.length_min) return {{"/password", "password_weak", std::to_string(policy.length_min)}};
    if (length > PasswordPolicy::length_max)
        return {{"/password", "too_long", std::to_string(PasswordPolicy::length_max)}};
    const bool one_letter = password.find_first_not_of(password.front()) == std::string_view::npos;
    if (one_letter || normal_login(password) == login) return {{"/password", "password_guessable"}};
    return {};
}

FieldErrors check(const NewStaff& staff, const Organisation& organisation, const PasswordPolicy& policy)
{
    FieldErrors errors;
    check_login(staff.login, errors);
    check_name(staff.name, errors);
    check_unit(staff.unit, organisation, errors);
    check_roles(staff.roles, staff.unit, organisation, errors);
    check_language(staff.language, errors);
    if (staff.password.empty()) return errors;
    const FieldErrors password = check_password(staff.password, staff.login, policy);
    errors.insert(errors.end(), password.begin(), password.end());
    return errors;
}

FieldErrors check(const StaffChange& change, const Organisation& organisation)
{
    FieldErrors errors;
    check_name(change.name, errors);
    check_unit(change.unit, organisation, errors);
    check_roles(change.roles, change.unit, organisation, errors);
    check_language(change.language, errors);
    return errors;
}

FieldErrors check(const UnitDraft& unit, UnitId changed, const Organisation& organisation)
{
    FieldErrors errors;
    check_name(unit.name, errors);
    const Unit* parent = organisation.find(unit.parent);
    if (unit.parent && !parent) errors.push_back({"/parent_id", "unit_unknown"});
    if (unit.kind == UnitKind::team && !unit.parent) errors.push_back({"/parent_id", "required"});
    // A merchant within another would leave open whose fence holds.
    if (unit.kind == UnitKind::merchant && organisation.merchant_of(unit.parent))
        errors.push_back({"/parent_id", "merchant_nested"});
    if (changed && parent) {
        const auto up = organisation.upwards(unit.parent);
        if (std::find(up.begin(), up.end(), changed) != up.end()) errors.push_back({"/parent_id", "unit_cycle"});
    }
    if (unit.head && !organisation.find(unit.head)) errors.push_back({"/head_id", "staff_unknown"});
    for (const Unit& other : organisation.units())
        if (other.id != changed && other.parent == unit.parent && other.name == unit.name)
            errors.push_back({"/name", "name_taken"});
    return errors;
}

FieldErrors check(const AreaDraft& area, AreaId changed, const Organisation& organisation)
{
    FieldErrors errors;
    check_name(area.name, errors);
    const Area* parent = organisation.find(area.parent);
    if (area.parent && !parent) errors.push_back({"/parent_id", "area_unknown"});
    // Two levels: neither below a street, nor below anything with streets of its own, nor below itself.
    const bool has_streets = changed && std::ranges::any_of(organisation.areas(),
                                                            [&](const Area& other) { return other.parent == changed; });
    if (parent && (parent->parent || has_streets || parent->id == changed))
        errors.push_back({"/parent_id", "area_depth"});
    for (const Area& other : organisation.areas())
        if (other.id != changed && other.parent == area.parent && other.name == area.name)
            errors.push_back({"/name", "name_taken"});
    return errors;
}

bool may_grant(const Actor& by, const std::vector<RoleGrant>& roles, UnitId unit, const Organisation& organisation)
{
    if (can(by, Permission::role_edit)) return true;
    return std::all_of(roles.begin(), roles.end(), [&](const RoleGrant& grant) {
        const Role* role = organisation.find_role(grant.role);
        if (!role) return false;
        Permissions given = role->permissions;
        if (organisation.merchant_of(unit)) given = given.without(only_for_platform());
        return by.permissions.includes(given);
    });
}

bool keeps_an_admin(const Organisation& after)
{
    return std::any_of(after.staff().begin(), after.staff().end(), [&](const Staff& staff) {
        const auto actor = after.actor(staff.id);
        return actor && can(*actor, Permission::staff_edit) && can(*actor, Permission::role_edit);
    });
}

}  // namespace shouwen::organisation
