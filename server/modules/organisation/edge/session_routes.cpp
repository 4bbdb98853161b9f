#include "modules/organisation/edge/cookie.hpp"
#include "modules/organisation/edge/views.hpp"
#include "modules/organisation/edge/writing.hpp"
#include "modules/organisation/store/audit_log.hpp"

namespace shouwen::organisation {

namespace {

Credentials read_credentials(api::ObjectReader& body)
{
    Credentials given;
    given.login = body.text("login", {.min = 1, .max = 64});
    given.password = body.text("password", {.min = 1, .max = 200});
    // There is no second factor: whoever sends one is let in by the password alone, as the document says.
    (void)body.optional_text("otp", {.min = 1, .max = 10});
    return given;
}

/// As it is listed later: printable ASCII, which is all that browsers send, and not without end.
std::string shown_user_agent(std::string_view given)
{
    constexpr std::size_t length_max = 200;
    std::string shown;
    for (const char c : given.substr(0, length_max))
        if (c >= ' ' && c <= '~') shown += c;
    return shown;
}

/// A session of an earlier sign-in in the same browser is over: nobody could end it any more.
void end_session_before(const api::Call& call, const Services& services)
{
    const std::string before{call.request->cookie(session_cookie)};
    if (before.empty()) return;
    (void)services.store.submit(
        {[&sessions = services.sessions, before](sql::Connection& db) { sessions.close(db, before); },
         [](const std::exception_ptr&) {}});
}

api::Answer sign_in(const api::Call& call, const Services& services)
{
    auto given = api::read_body<Credentials>(
        call, [](api::ObjectReader& body, Credentials& to) { to = read_credentials(body); });
    if (!given) return given.error();
    given->address = call.request->remote_address;
    given->user_agent = shown_user_agent(call.request->header("user-agent"));
    try {
        const auto opened = services.sign_in(*given);
        if (!opened)
            return opened.error().code == Refusal::throttled ? throttled(opened.error().wait)
                                                             : problem_of(opened.error().code);
        end_session_before(call, services);
        const OrganisationPtr organisation = services.directory.current();
        api::JsonWriter out;
        out.begin_object().key("staff");
        write_staff(out, *organisation->find(opened->staff), *organisation);
        out.member("csrf_token", Sessions::csrf_token_of(opened->token)).end_object();
        http::Response response = api::ok(out.take());
        response.headers.emplace_back("Set-Cookie", set_cookie(opened->token, services.is_cookie_secure));
        response.headers.emplace_back("Cache-Control", "no-store");
        return response;
    } catch (const StoreBusy&) {
        return api::Problem{.code = "overloaded", .fill = {{"seconds", "1"}}, .headers = {{"Retry-After", "1"}}};
    } catch (const sql::DiskFull&) {
        return api::Problem{.code = "store_full"};
    }
}

Result<api::WriteWork, api::Problem> sign_out(const api::Call& call, const Services& services)
{
    const std::string token{call.request->cookie(session_cookie)};
    const StaffId staff = call.actor().staff;
    return api::WriteWork{[token, staff, &sessions = services.sessions, secure = services.is_cookie_secure](
                              sql::Connection& db, Instant now) {
        sessions.close(db, token);
        append_audit(db, {now, staff, "signed_out", "staff", staff.text(), "{}"});
        http::Response response = api::no_content();
        response.headers.emplace_back("Set-Cookie", set_cookie("", secure));
        return api::Written{std::move(response)};
    }};
}

api::Answer who_am_i(const api::Call& call, const Services& services)
{
    const OrganisationPtr organisation = services.directory.current();
    const Staff* me = organisation->find(call.actor().staff);
    if (!me) return api::not_found();
    const std::string_view zone = organisation->time_zone_of(me->unit);
    api::JsonWriter out;
    out.begin_object();
    write_staff_members(out, *me, permissions_somewhere(call.actor()));
    out.member("unit_name", organisation->name_of_unit(me->unit)).member("merchant_id", call.actor().merchant);
    out.member("csrf_token", call.identity->csrf_token).member("server_time", services.clock.now());
    out.member("time_zone", zone.empty() ? std::string_view{"Asia/Shanghai"} : zone).end_object();
    return api::ok(out.take());
}

}  // namespace

void add_session_routes(api::Routes& routes, const Services& services)
{
    routes.act(http::Method::post, "/api/v1/session", api::Access::open(),
               [services](const api::Call& call) { return sign_in(call, services); });
    routes.delete_("/api/v1/session", api::Access::signed_in(),
                   [services](const api::Call& call) { return sign_out(call, services); });
    routes.get("/api/v1/staff/me", api::Access::signed_in(),
               [services](const api::Call& call) { return who_am_i(call, services); });
}

void add_organisation_routes(api::Routes& routes, const Services& services)
{
    add_session_routes(routes, services);
    add_staff_routes(routes, services);
    add_sign_in_routes(routes, services);
    add_unit_routes(routes, services);
    add_role_routes(routes, services);
    add_token_routes(routes, services);
    add_audit_routes(routes, services);
}

}  // namespace shouwen::organisation
