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
    /// Whether somebody else's change in the meantime matters: a note or a reply loses nothing by it, but the reader of
    /// the reply does, so only notes go without a version.
    bool needs_version = true;
};

const std::vector<CommandForm>& command_forms();

}  // namespace shouwen::ticket
