#pragma once

#include "platform/log/log.hpp"

#include <span>
#include <string>

namespace shouwen::log {

/// One event as one line, without the line end: control characters, quotes and broken UTF-8 are escaped.
std::string format_line(Format format, Instant at, Level level, std::string_view event, std::span<const Field> fields);

}  // namespace shouwen::log
