#pragma once

#include "base/names.hpp"

#include <string>
#include <string_view>

namespace shouwen::organisation {

/// Why an act on the organisation is refused; the spelling is the API's `code`.
// clang-format off
BOOST_DEFINE_ENUM_CLASS(Refusal,
    sign_in_failed,        // unknown login, wrong password or disabled: one answer, so that none can be told from another
    sign_in_throttled,
    staff_unknown, unit_unknown, role_unknown, token_unknown,
    owns_open_tickets,     // whoever owns open tickets is not disabled before they are handed over
    own_account,           // nobody disables the own account
    last_admin,            // somebody must be left who may edit staff and roles
    role_not_grantable)    // nobody gives away a right that they do not have
// clang-format on

/// What is wrong with one field of a body. The spelling is the API's `errors[].code`.
// clang-format off
BOOST_DEFINE_ENUM_CLASS(FieldFault,
    missing, too_short, too_long, malformed, unknown, taken,
    cycle,                 // a unit would stand below itself
    too_deep,              // areas have two levels
    common_password,       // the login itself, or a single letter repeated
    not_allowed)
// clang-format on

struct FieldError {
    std::string pointer;   ///< JSON pointer, `/roles/0/role`
    FieldFault code;
    bool operator==(const FieldError&) const = default;
};

}  // namespace shouwen::organisation
