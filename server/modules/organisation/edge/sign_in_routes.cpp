#include "modules/organisation/edge/reachable.hpp"
#include "modules/organisation/edge/views.hpp"
#include "modules/organisation/edge/writing.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "modules/organisation/store/password.hpp"

#include <algorithm>

/// A person's password and where they are signed in: their own affair, and that of who may edit them.
namespace shouwen::organisation {

namespace {

constexpr Duration one_time_password_length = std::chrono::hours{24};

struct PasswordBody {
    std::string password;
    std::string current_password;
};

/// May the actor set this password? Everybody their own, knowing the present one; that of others with the right to edit
/// them, but not of somebody with more rights: that would be a way to get these.
std::optional<api::Problem> why_not_set_password(const api::Call& call, const Staff& staff, const PasswordBody& body,
                                                 const Organisation& organisation, const Services& services)
{
    const Actor& actor = call.actor();
    if (staff.id == actor.staff && !actor.by_token) {
        if (body.current_password.empty()) return api::invalid({{"/current_password", "required"}});
        const auto verified =
            services.sign_in.verify({staff.login, body.current_password, call.request->remote_address});
        if (verified) return std::nullopt;
        if (verified.error().code == Refusal::throttled) return throttled(verified.error().wait);
        return api::invalid({{"/current_password", "password_wrong"}});
    }
    if (!reachable(organisation, staff.id, actor, Permission::staff_edit)) return api::not_found();
    if (!may_grant(actor, staff.roles, staff.unit, organisation)) return api::Problem{.code = "not_permitted"};
    return std::nullopt;
}

/// On the pool, as it hashes a password. An Idempotency-Key is not kept for it: doing it twice changes nothing.
api::Answer set_password_of(const api::Call& call, const Services& services)
{
    auto body = api::read_body<PasswordBody>(call, [](api::ObjectReader& from, PasswordBody& to) {
        to.password = from.text("password", {.min = 1, .max = 200});
        to.current_password = from.optional_text("current_password", {.min = 1, .max = 200});
    });
    if (!body) return body.error();
    const OrganisationPtr organisation = services.directory.current();
    const auto id = call.id_param<StaffId>(0);
    const Staff* staff = id ? organisation->find(*id) : nullptr;
    if (!staff) return api::not_found();
    try {
        if (auto problem = why_not_set_password(call, *staff, *body, *organisation, services))
            return std::move(*problem);
    } catch (const StoreBusy&) {
        return throttled(std::chrono::seconds{1});
    }
    if (auto errors = check_password(body->password, staff->login, services.passwords); !errors.empty())
        return api::invalid(std::move(errors));
    const std::string hash = hash_password(body->password);
    return write_now(services, [&](sql::Connection& db, Instant now) -> api::Written {
        set_password(db, staff->id, hash, now);
        append_audit(db, {now, call.actor().staff, "password_set", "staff", staff->id.text(), "{}"});
        end_all(db, staff->id, now, services);
        return {api::no_content()};
    });
}

/// A password that is shown once, to whoever asked, and lets its person in to set their own. On the pool and without the
/// routes' idempotency, which would store the answer and with it the password.
api::Answer reset_password_of(const api::Call& call, const Services& services)
{
    auto body = api::read_body<Done>(call, [](api::ObjectReader&, Done&) {});
    if (!body) return body.error();
    const OrganisationPtr organisation = services.directory.current();
    const Staff* staff = reachable(*organisation, call.id_param<StaffId>(0), call.actor(), Permission::staff_edit);
    if (!staff) return api::not_found();
    if (staff->id == call.actor().staff) return problem_of(Refusal::own_password);
    if (!may_grant(call.actor(), staff->roles, staff->unit, *organisation))
        return api::Problem{.code = "not_permitted"};
    const std::string password = new_one_time_password();
    const std::string hash = hash_password(password);
    return write_now(services, [&](sql::Connection& db, Instant now) -> api::Written {
        const Instant until = now + one_time_password_length;
        set_one_time_password(db, staff->id, hash, until, now);
        append_audit(db, {now, call.actor().staff, "password_reset", "staff", staff->id.text(), "{}"});
        api::JsonWriter out;
        out.begin_object().member("one_time_password", password).member("one_time_until", until).end_object();
        http::Response response = api::ok(out.take());
        response.headers.emplace_back("Cache-Control", "no-store");
        end_all(db, staff->id, now, services);
        return {std::move(response)};
    });
}

/// Whose sessions the caller may look at and end: the own, and those of whom they may edit.
std::optional<StaffId> whose_sessions(const api::Call& call, const Services& services)
{
    const auto id = call.id_param<StaffId>(0);
    if (id == call.actor().staff) return id;
    const OrganisationPtr organisation = services.directory.current();
    return reachable(*organisation, id, call.actor(), Permission::staff_edit) ? id : std::nullopt;
}

api::Answer list_sessions(const api::Call& call, const Services& services)
{
    api::QueryReader query{*call.request};
    if (auto problem = query.problem()) return std::move(*problem);
    const auto whose = whose_sessions(call, services);
    if (!whose) return api::not_found();
    api::JsonWriter out;
    out.begin_object().key("items").begin_array();
    for (const Sessions::Listed& session : services.sessions.of(*whose)) {
        out.begin_object().member("id", session.id).member("is_current", session.id == call.identity->session_id);
        out.member("created_at", session.created_at)
            .member("last_seen_at", session.last_seen_at)
            .member("expires_at", session.expires_at);
        out.text_or_null("address", session.origin.address)
            .text_or_null("user_agent", session.origin.user_agent)
            .end_object();
    }
    return api::ok(out.end_array().end_object().take());
}

/// Ends these sessions in one transaction; pages that stand open in them learn it at once.
api::WriteWork ending(std::vector<Sessions::Listed> ended, StaffId whose, StaffId by, const Services& services)
{
    return [ended = std::move(ended), whose, by, services](sql::Connection& db, Instant now) -> api::Written {
        for (const Sessions::Listed& session : ended) services.sessions.close(db, session);
        api::JsonWriter data;
        data.begin_object().member("count", static_cast<std::int64_t>(ended.size())).end_object();
        append_audit(db, {now, by, "sessions_ended", "staff", whose.text(), data.take()});
        return {api::no_content()};
    };
}

Result<api::WriteWork, api::Problem> end_session(const api::Call& call, const Services& services)
{
    const auto whose = whose_sessions(call, services);
    if (!whose) return api::not_found();
    auto sessions = services.sessions.of(*whose);
    std::erase_if(sessions, [&](const Sessions::Listed& each) { return each.id != call.param(1); });
    if (sessions.empty()) return api::not_found();
    return ending(std::move(sessions), *whose, call.actor().staff, services);
}

/// All but the one that asks, which has its own way out.
Result<api::WriteWork, api::Problem> end_other_sessions(const api::Call& call, const Services& services)
{
    auto body = api::read_body<Done>(call, [](api::ObjectReader&, Done&) {});
    if (!body) return body.error();
    const auto whose = whose_sessions(call, services);
    if (!whose) return api::not_found();
    auto sessions = services.sessions.of(*whose);
    std::erase_if(sessions, [&](const Sessions::Listed& each) { return each.id == call.identity->session_id; });
    return ending(std::move(sessions), *whose, call.actor().staff, services);
}

}  // namespace

void add_sign_in_routes(api::Routes& routes, const Services& services)
{
    const auto signed_in = api::Access::signed_in();
    routes.act(http::Method::post, "/api/v1/staff/{id}/commands/set_password", signed_in,
               [services](const api::Call& call) { return set_password_of(call, services); });
    routes.act(http::Method::post, "/api/v1/staff/{id}/commands/reset_password",
               api::Access::may(Permission::staff_edit),
               [services](const api::Call& call) { return reset_password_of(call, services); });
    routes.get("/api/v1/staff/{id}/sessions", signed_in,
               [services](const api::Call& call) { return list_sessions(call, services); });
    routes.delete_("/api/v1/staff/{id}/sessions/{session}", signed_in,
                   [services](const api::Call& call) { return end_session(call, services); });
    routes.post("/api/v1/staff/{id}/commands/end_other_sessions", signed_in,
                [services](const api::Call& call) { return end_other_sessions(call, services); });
}

}  // namespace shouwen::organisation
