#pragma once

#include <string>
#include <string_view>

namespace shouwen::organisation {

inline constexpr std::string_view session_cookie = "shouwen_session";

/// Ends with the browser; the server ends it earlier. @param token  empty: takes the cookie away
std::string set_cookie(std::string_view token, bool is_secure);

}  // namespace shouwen::organisation
