#pragma once

#include "modules/ticket/rules/decision.hpp"

namespace shouwen::ticket {

/// What a command does: adds its events, and the obligations that it opens, meets and cancels.
/// @pre `check` did not refuse it
void act(Decision& decision, const Command& command);

}  // namespace shouwen::ticket
