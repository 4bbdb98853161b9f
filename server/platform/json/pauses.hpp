#pragma once

#include "base/deadline.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace shouwen {

/// Pauses as they are stored: a JSON list of {from, to}.
std::string to_json(const std::vector<Pause>& pauses);
std::vector<Pause> pauses_from_json(std::string_view json);

}  // namespace shouwen
