#pragma once

#include "api/routes.hpp"
#include "modules/organisation/rules/permission.hpp"
#include "modules/ticket/rules/command.hpp"

#include <string_view>
#include <vector>

namespace shouwen::ticket {

/// How a command comes in: its name in the API, the right it needs and how its body is read.
struct CommandForm {
    std::string_view name;
    organisation::Permission permission;
    Command (*read)(api::ObjectReader&);
};

const std::vector<CommandForm>& command_forms();

/// The same for a command upon one slip.
struct SlipCommandForm {
    std::string_view name;
    organisation::Permissions permissions;  ///< any of them
    Command (*read)(api::ObjectReader&, int slip);
};

const std::vector<SlipCommandForm>& slip_command_forms();

}  // namespace shouwen::ticket
