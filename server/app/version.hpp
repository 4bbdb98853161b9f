#pragma once

namespace shouwen::app {

inline constexpr const char* program_version = "0.1.0";

}  // namespace shouwen::app
