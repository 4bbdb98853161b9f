#pragma once

#include "api/json_reader.hpp"
#include "modules/organisation/rules/permission.hpp"

#include <string_view>

namespace shouwen::organisation {

/// Reads a required list of permissions' names; each unknown one is an error at its place.
Permissions read_permissions(api::ObjectReader& body, std::string_view member);

}  // namespace shouwen::organisation
