#include "modules/organisation/edge/cookie.hpp"

namespace shouwen::organisation {

std::string set_cookie(std::string_view token, bool is_secure)
{
    std::string cookie{session_cookie};
    cookie += '=';
    cookie += token;
    cookie += "; Path=/; HttpOnly; SameSite=Lax";
    if (token.empty()) cookie += "; Max-Age=0";
    if (is_secure) cookie += "; Secure";
    return cookie;
}

}  // namespace shouwen::organisation
