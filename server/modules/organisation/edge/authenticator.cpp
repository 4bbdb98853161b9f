#include "modules/organisation/edge/cookie.hpp"
#include "modules/organisation/edge/services.hpp"

namespace shouwen::organisation {

namespace {

std::optional<std::string_view> bearer_token(const http::Request& request)
{
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view given = request.header("authorization");
    if (!given.starts_with(scheme)) return std::nullopt;
    return given.substr(scheme.size());
}

}  // namespace

api::Authenticate authenticator(const Directory& directory, Sessions& sessions, ApiTokens& tokens)
{
    return [&](const http::Request& request) -> std::optional<api::Identity> {
        if (const auto text = bearer_token(request)) {
            const auto token = tokens.used(*text);
            if (!token) return std::nullopt;
            auto actor = directory.current()->actor(token->staff, token->scopes);
            if (!actor) return std::nullopt;
            return api::Identity{std::move(*actor), ""};
        }
        const std::string_view cookie = request.cookie(session_cookie);
        if (cookie.empty()) return std::nullopt;
        const auto staff = sessions.seen(cookie);
        if (!staff) return std::nullopt;
        auto actor = directory.current()->actor(*staff);
        if (!actor) return std::nullopt;
        return api::Identity{std::move(*actor), Sessions::csrf_token_of(cookie), Sessions::id_of(cookie)};
    };
}

}  // namespace shouwen::organisation
