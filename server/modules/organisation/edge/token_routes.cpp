#include "modules/organisation/edge/permission_names.hpp"
#include "modules/organisation/edge/views.hpp"
#include "modules/organisation/edge/writing.hpp"
#include "modules/organisation/store/audit_log.hpp"

namespace shouwen::organisation {

namespace {

constexpr std::size_t tokens_per_person_max = 50;

api::Answer list_tokens(const api::Call& call, const Services& services)
{
    api::QueryReader query{*call.request};
    return page_of(
        services.tokens.of(call.actor().staff), query, [](const ApiTokens::Token&) { return true; },
        [](api::JsonWriter& out, const ApiTokens::Token& token) { write_token(out, token, {}); });
}

struct TokenBody {
    std::string name;
    Permissions scopes;
};

/// On the pool and without the routes' idempotency, which would store the answer and with it the token.
api::Answer issue_token(const api::Call& call, const Services& services)
{
    auto body = api::read_body<TokenBody>(call, [&](api::ObjectReader& from, TokenBody& to) {
        to.name = from.text("name", {.min = 1, .max = 100});
        to.scopes = read_permissions(from, "scopes");
        if (!call.actor().permissions.includes(to.scopes)) from.fail("scopes", "scope_beyond_rights");
    });
    if (!body) return body.error();
    const StaffId staff = call.actor().staff;
    if (services.tokens.of(staff).size() >= tokens_per_person_max)
        return api::invalid({{"", "too_many", std::to_string(tokens_per_person_max)}});
    return write_now(services, [&](sql::Connection& db, Instant now) -> api::Written {
        const auto issued = services.tokens.issue(db, services.ids, now, staff, body->name, body->scopes);
        api::JsonWriter data;
        data.begin_object().member("name", body->name).key("scopes");
        write_permissions(data, body->scopes);
        append_audit(db, {now, staff, "token_issued", "token", issued.token.id.text(), data.end_object().take()});
        api::JsonWriter out;
        write_token(out, issued.token, issued.text);
        http::Response response = api::created(out.take(), "/api/v1/tokens/" + issued.token.id.text());
        response.headers.emplace_back("Cache-Control", "no-store");
        return {std::move(response)};
    });
}

Result<api::WriteWork, api::Problem> revoke_token(const api::Call& call, const Services& services)
{
    return api::WriteWork{[id = call.id_param<ApiTokenId>(0), staff = call.actor().staff, services](
                              sql::Connection& db, Instant now) -> api::Written {
        if (!id || !services.tokens.revoke(db, *id, staff, now)) return {api::not_found()};
        append_audit(db, {now, staff, "token_revoked", "token", id->text(), "{}"});
        return {api::no_content()};
    }};
}

}  // namespace

void add_token_routes(api::Routes& routes, const Services& services)
{
    const auto issue = api::Access::may(Permission::token_issue);
    routes.get("/api/v1/tokens", issue, [services](const api::Call& call) { return list_tokens(call, services); });
    routes.act(http::Method::post, "/api/v1/tokens", issue,
               [services](const api::Call& call) { return issue_token(call, services); });
    routes.delete_("/api/v1/tokens/{id}", issue,
                   [services](const api::Call& call) { return revoke_token(call, services); });
}

}  // namespace shouwen::organisation
