#pragma once

#include "platform/http/http.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::http {

/// A request target taken apart: everything decoded, valid UTF-8 and without control characters in the path.
struct Target {
    std::string path;
    std::vector<std::string> segments;  ///< one for each part between the slashes; may itself contain a slash (`%2F`)
    Fields query;
};

/// Accepts the origin form (`/a?b=c`) and the absolute form that proxies send (`http://host/a`).
/// @returns nothing when it is malformed or contains a `.` or `..` segment in any spelling: there is nothing to climb.
std::optional<Target> parse_target(std::string_view raw);

}  // namespace shouwen::http
