#pragma once

#include "api/routes.hpp"
#include "modules/organisation/rules/validate.hpp"
#include "modules/organisation/store/api_tokens.hpp"
#include "modules/organisation/store/directory.hpp"
#include "modules/organisation/store/sessions.hpp"
#include "modules/organisation/store/sign_in.hpp"

#include <functional>
#include <string>

namespace shouwen::organisation {

/// How many open tickets a person owns; asked within the transaction that would disable them. Supplied by the app, so
/// that this module knows nothing of tickets.
using OpenWork = std::function<int(sql::Connection&, StaffId)>;

/// Everything the routes need; whatever is referred to outlives them.
struct Services {
    sql::Store& store;
    const Clock& clock;
    IdSource& ids;
    Directory& directory;
    Sessions& sessions;
    ApiTokens& tokens;
    SignIn& sign_in;
    OpenWork open_work;
    PasswordPolicy passwords = {};
    bool is_cookie_secure = false;  ///< HTTPS only; off for trying out over plain HTTP
};

/// Who a request comes from, by cookie or bearer token. For `api::Routes`. A bearer token that is not in force counts as
/// nobody, also beside a good cookie.
api::Authenticate authenticator(const Directory& directory, Sessions& sessions, ApiTokens& tokens);

void add_session_routes(api::Routes& routes, const Services& services);
void add_staff_routes(api::Routes& routes, const Services& services);
void add_sign_in_routes(api::Routes& routes, const Services& services);
void add_unit_routes(api::Routes& routes, const Services& services);
void add_role_routes(api::Routes& routes, const Services& services);
void add_token_routes(api::Routes& routes, const Services& services);
void add_audit_routes(api::Routes& routes, const Services& services);
/// All of these.
void add_organisation_routes(api::Routes& routes, const Services& services);

}  // namespace shouwen::organisation
