#pragma once

#include "base/field_error.hpp"
#include "modules/organisation/rules/organisation.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Checks of what is to be written about the organisation. Each collects all errors; empty means: take it.
namespace shouwen::organisation {

struct PasswordPolicy {
    std::size_t length_min = 12;  ///< in characters, 8 to 64 by configuration
    static constexpr std::size_t length_max = 128;
};

struct NewStaff {
    std::string login;
    std::string name;
    UnitId unit;
    std::vector<RoleGrant> roles;
    std::string language = "zh-CN";
    std::string password;  ///< empty: nobody can sign in before one is set
};
struct StaffChange {
    std::string name;
    UnitId unit;
    std::vector<RoleGrant> roles;
    std::string language;
};
struct UnitDraft {
    UnitKind kind = UnitKind::department;
    std::string name;
    UnitId parent;
    StaffId head;
    std::string calendar;
    std::string time_zone;
};
struct AreaDraft {
    std::string name;
    AreaId parent;
};

/// All but whether the login is free, which is a refusal (`login_taken`) and not an ill-formed field.
FieldErrors check(const NewStaff& staff, const Organisation& organisation, const PasswordPolicy& policy);
FieldErrors check(const StaffChange& change, const Organisation& organisation);
/// @param changed  the unit that the draft replaces; none: a new one
FieldErrors check(const UnitDraft& unit, UnitId changed, const Organisation& organisation);
/// @param changed  the area that the draft replaces; none: a new one
FieldErrors check(const AreaDraft& area, AreaId changed, const Organisation& organisation);
/// @param login  a password is not the login
FieldErrors check_password(std::string_view password, std::string_view login, const PasswordPolicy& policy);

/// Nobody gives away what they do not have, unless they may edit roles.
bool may_grant(const Actor& by, const std::vector<RoleGrant>& roles, UnitId unit, const Organisation& organisation);

/// Would somebody be left who may edit staff and roles? Asked before a change that takes rights away.
bool keeps_an_admin(const Organisation& after);

/// A login as it is stored: lower case, without spaces around it.
std::string normal_login(std::string_view login);

/// Characters (code points) of a valid UTF-8 text.
std::size_t count_characters(std::string_view text);

}  // namespace shouwen::organisation
