#pragma once

#include <string>

namespace shouwen::app {

inline constexpr const char* program_version = "0.1.0";
/// `shouwen 0.1.0`
inline std::string product()
{
    return std::string{"shouwen "} + program_version;
}

}  // namespace shouwen::app
