#pragma once

#include "api/json_reader.hpp"
#include "modules/organisation/rules/validate.hpp"

namespace shouwen::organisation {

struct StaffBody {
    std::string login;
    std::string password;
    StaffChange change;
    bool has_unit_roles = false;  ///< absent: roles within units stay as they are
    bool has_language = false;    ///< absent: the language stays as it is
};

/// What both writing routes of staff have in common.
void read_staff_change(api::ObjectReader& body, StaffBody& staff);
void read_new_staff(api::ObjectReader& body, StaffBody& staff);

}  // namespace shouwen::organisation
