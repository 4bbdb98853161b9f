#include "modules/organisation/rules/validate.hpp"

#include <algorithm>
#include <array>

namespace shouwen::organisation {

namespace {

using enum FieldFault;
using Errors = std::vector<FieldError>;

constexpr std::size_t name_length_max = 80;
constexpr std::size_t login_length_min = 2;
constexpr std::size_t login_length_max = 40;
constexpr std::size_t roles_max = 20;
constexpr std::array<std::string_view, 3> languages{"zh-CN", "zh-TW", "en"};

bool is_blank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void check_name(std::string_view name, std::string_view pointer, Errors& errors)
{
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (is_blank(name))
        errors.push_back({std::string{pointer}, missing});
    else if (count_characters(name) > name_length_max)
        errors.push_back({std::string{pointer}, too_long});
    else if (std::any_of(name.begin(), name.end(), control))
        errors.push_back({std::string{pointer}, malformed});
}

void check_login(std::string_view login, const Organisation& organisation, Errors& errors)
{
    const auto usual = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@';
    };
    if (login.empty())
        errors.push_back({"/login", missing});
    else if (login.size() < login_length_min)
        errors.push_back({"/login", too_short});
    else if (login.size() > login_length_max)
        errors.push_back({"/login", too_long});
    else if (!std::all_of(login.begin(), login.end(), usual) || login.front() == '.' || login.front() == '-')
        errors.push_back({"/login", malformed});
    else if (organisation.find_login(login))
        errors.push_back({"/login", taken});
}

void check_unit(UnitId unit, const Organisation& organisation, Errors& errors)
{
    if (!unit)
        errors.push_back({"/unit_id", missing});
    else if (!organisation.find(unit))
        errors.push_back({"/unit_id", unknown});
}

void check_language(std::string_view language, Errors& errors)
{
    if (std::find(languages.begin(), languages.end(), language) == languages.end()) errors.push_back({"/language", unknown});
}

void check_roles(const std::vector<RoleGrant>& roles, UnitId unit, const Organisation& organisation, Errors& errors)
{
    if (roles.size() > roles_max) errors.push_back({"/roles", too_long});
    const UnitId merchant = organisation.merchant_of(unit);
    for (std::size_t i = 0; i < std::min(roles.size(), roles_max); ++i) {
        const std::string at = "/roles/" + std::to_string(i);
        if (!organisation.find_role(roles[i].role)) errors.push_back({at + "/role", unknown});
        const UnitId within = roles[i].within;
        if (within && !organisation.find(within))
            errors.push_back({at + "/unit_id", unknown});
        else if (within && merchant && organisation.merchant_of(within) != merchant)
            errors.push_back({at + "/unit_id", not_allowed});
        if (std::find(roles.begin(), roles.begin() + static_cast<std::ptrdiff_t>(i), roles[i]) !=
            roles.begin() + static_cast<std::ptrdiff_t>(i))
            errors.push_back({at, taken});
    }
}

}  // namespace

std::size_t count_characters(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
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

Errors check_password(std::string_view password, std::string_view login, const PasswordPolicy& policy)
{
    const std::size_t length = count_characters(password);
    if (password.empty()) return {{"/password", missing}};
    if (length < policy.length_min) return {{"/password", too_short}};
    if (length > PasswordPolicy::length_max) return {{"/password", too_long}};
    const bool one_letter = password.find_first_not_of(password.front()) == std::string_view::npos;
    if (one_letter || normal_login(password) == login) return {{"/password", common_password}};
    return {};
}

Errors check(const NewStaff& staff, const Organisation& organisation, const PasswordPolicy& policy)
{
    Errors errors;
    check_login(staff.login, organisation, errors);
    check_name(staff.name, "/name", errors);
    check_unit(staff.unit, organisation, errors);
    check_roles(staff.roles, staff.unit, organisation, errors);
    check_language(staff.language, errors);
    const Errors password = check_password(staff.password, staff.login, policy);
    errors.insert(errors.end(), password.begin(), password.end());
    return errors;
}

Errors check(const StaffChange& change, const Organisation& organisation)
{
    Errors errors;
    check_name(change.name, "/name", errors);
    check_unit(change.unit, organisation, errors);
    check_roles(change.roles, change.unit, organisation, errors);
    check_language(change.language, errors);
    return errors;
}

Errors check(const UnitDraft& unit, UnitId changed, const Organisation& organisation)
{
    Errors errors;
    check_name(unit.name, "/name", errors);
    const Unit* parent = organisation.find(unit.parent);
    if (unit.parent && !parent) errors.push_back({"/parent_id", unknown});
    if (unit.kind == UnitKind::team && !unit.parent) errors.push_back({"/parent_id", missing});
    // A merchant within another would leave open whose fence holds.
    if (unit.kind == UnitKind::merchant && organisation.merchant_of(unit.parent)) errors.push_back({"/parent_id", not_allowed});
    if (changed && parent) {
        const auto up = organisation.upwards(unit.parent);
        if (std::find(up.begin(), up.end(), changed) != up.end()) errors.push_back({"/parent_id", cycle});
    }
    if (unit.head && !organisation.find(unit.head)) errors.push_back({"/head_id", unknown});
    for (const Unit& other : organisation.units())
        if (other.id != changed && other.parent == unit.parent && other.name == unit.name) errors.push_back({"/name", taken});
    return errors;
}

Errors check(const AreaDraft& area, const Organisation& organisation)
{
    Errors errors;
    check_name(area.name, "/name", errors);
    const Area* parent = organisation.find(area.parent);
    if (area.parent && !parent) errors.push_back({"/parent_id", unknown});
    if (parent && parent->parent) errors.push_back({"/parent_id", too_deep});
    for (const Area& other : organisation.areas())
        if (other.parent == area.parent && other.name == area.name) errors.push_back({"/name", taken});
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
