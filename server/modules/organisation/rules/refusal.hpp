#pragma once

#include "base/names.hpp"

namespace shouwen::organisation {

/// Why an act on the organisation is refused; the spelling is the API's `code`.
// clang-format off
BOOST_DEFINE_ENUM_CLASS(Refusal,
    sign_in_failed,        // unknown login, wrong password or disabled: one answer, so that none can be told from another
    throttled,             // too many failures; also the right password is refused until the time is over
    login_taken,
    owns_open_tickets,     // whoever owns open tickets is not disabled before they are handed over
    own_account,           // nobody disables the own account
    own_password,          // the own password is changed knowing the present one, not reset
    last_admin)            // somebody must be left who may edit staff and roles
// clang-format on

}  // namespace shouwen::organisation
