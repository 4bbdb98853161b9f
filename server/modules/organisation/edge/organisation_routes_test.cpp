#include "api/contract_for_tests.hpp"
#include "modules/organisation/edge/cookie.hpp"
#include "modules/organisation/edge/services.hpp"
#include "modules/organisation/rules/sample_organisation.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "modules/organisation/store/password.hpp"
#include "platform/http/router.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>

namespace shouwen::organisation {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using http::Method;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;

constexpr Instant monday_9h{std::chrono::sys_days{std::chrono::January / 5 / 2026} + 1h};
constexpr const char* password = "correct horse battery";

struct Answer {
    int status = 0;
    json::value body;
    http::Fields headers;

    std::string header(std::string_view name) const
    {
        for (const auto& [key, value] : headers)
            if (key == name) return value;
        return {};
    }
    std::string text(const char* member) const
    {
        const auto* found = body.is_object() ? body.as_object().if_contains(member) : nullptr;
        return found && found->is_string() ? std::string{found->as_string()} : std::string{};
    }
    std::string code() const { return text("code"); }
    std::vector<std::string> field_codes() const
    {
        std::vector<std::string> codes;
        for (const auto& error : body.at("errors").as_array())
            codes.push_back(std::string{error.at("pointer").as_string()} + " " +
                            std::string{error.at("code").as_string()});
        return codes;
    }
    std::vector<std::string> items(const char* member) const
    {
        std::vector<std::string> all;
        for (const auto& item : body.at("items").as_array()) all.emplace_back(item.at(member).as_string());
        return all;
    }
};

/// What one browser or program holds.
struct Visitor {
    std::string cookie;
    std::string csrf;
    std::string bearer;
    std::string address = "10.0.0.1";
    std::string idempotency_key = {};
};

/// The module's routes over a real store, called without a network in between.
class OrganisationRoutes : public ::testing::Test {
protected:
    OrganisationRoutes()
    {
        store_->write([&](sql::Connection& db) {
            install_default_roles(db);
            const std::string hash = hash_password(password);
            const auto person = [&](const char* login, UnitId unit, std::vector<RoleGrant> roles) {
                return create_staff(db, ids_, monday_9h, {login, login, unit, std::move(roles), "zh-CN", ""}, hash);
            };
            desk_ = create_unit(db, ids_, monday_9h, {UnitKind::department, "客服中心", {}, {}, "", "Asia/Shanghai"});
            shop_ = create_unit(db, ids_, monday_9h, {UnitKind::merchant, "一号店", {}, {}, "", ""});
            other_shop_ = create_unit(db, ids_, monday_9h, {UnitKind::merchant, "二号店", {}, {}, "", ""});
            admin_ = person("admin", desk_, {{"admin", {}}});
            agent_ = person("agent1", desk_, {{"agent", {}}});
            person("manager1", desk_, {{"manager", {}}});
            person("auditor1", desk_, {{"auditor", {}}});
            seller_ = person("merchant1_agent", shop_, {{"merchant_agent", {}}});
            person("merchant2_agent", other_shop_, {{"merchant_agent", {}}});
            for (const Role& role : default_roles()) person(("role_" + role.name).c_str(), desk_, {{role.name, {}}});
        });
        add_organisation_routes(routes_, {*store_,
                                          clock_,
                                          ids_,
                                          directory_,
                                          sessions_,
                                          tokens_,
                                          sign_in_,
                                          [this](sql::Connection&, StaffId) { return open_tickets_; },
                                          {},
                                          true});
        registered_ = routes_.registered();
        handlers_ = routes_.take();
        for (std::size_t i = 0; i < handlers_.size(); ++i) router_.add(handlers_[i].method, handlers_[i].pattern, i);
    }

    Answer ask(Method method, const std::string& path, const Visitor& visitor = {}, const std::string& body = "",
               http::Fields query = {})
    {
        auto request = std::make_shared<http::Request>();
        request->method = method;
        request->path = path;
        request->query = std::move(query);
        request->body = body;
        request->remote_address = visitor.address;
        request->headers = {{"content-type", "application/json"}, {"accept-language", "en"}};
        if (!visitor.cookie.empty()) request->headers.emplace_back("cookie", "shouwen_session=" + visitor.cookie);
        if (!visitor.csrf.empty()) request->headers.emplace_back("x-csrf-token", visitor.csrf);
        if (!visitor.bearer.empty()) request->headers.emplace_back("authorization", "Bearer " + visitor.bearer);
        if (!visitor.idempotency_key.empty()) request->headers.emplace_back("idempotency-key", visitor.idempotency_key);
        std::vector<std::string> segments;
        for (std::size_t at = 1; at < path.size();) {
            const std::size_t end = std::min(path.find('/', at), path.size());
            segments.push_back(path.substr(at, end - at));
            at = end + 1;
        }
        const auto match = router_.match(method, segments);
        if (match.kind != http::Router::Match::Kind::found) return {.status = -1, .body = {}, .headers = {}};
        request->params = match.params;
        const auto answered = std::make_shared<std::promise<http::Response>>();
        handlers_[match.route].handler(
            request, [answered](http::Response response) { answered->set_value(std::move(response)); });
        const http::Response response = answered->get_future().get();
        return {response.status, response.body.empty() ? json::value{} : json::parse(response.body), response.headers};
    }

    Visitor sign_in(const std::string& login, const std::string& with = password)
    {
        const Answer answer =
            ask(Method::post, "/api/v1/session", {}, R"({"login":")" + login + R"(","password":")" + with + R"("})");
        EXPECT_EQ(answer.status, 200) << login;
        return {.cookie = cookie_of(answer), .csrf = answer.text("csrf_token"), .bearer = {}};
    }

    static std::string cookie_of(const Answer& answer)
    {
        const std::string header = answer.header("Set-Cookie");
        const std::size_t from = header.find('=') + 1;
        return header.substr(from, header.find(';') - from);
    }

    static std::string staff_path(StaffId id, const std::string& rest = "")
    {
        return "/api/v1/staff/" + id.text() + rest;
    }
    std::string new_staff(const std::string& login, const std::string& roles = R"(["agent"])") const
    {
        return R"({"login":")" + login + R"(","name":"周晓梅","unit_id":")" + desk_.text() + R"(","roles":)" + roles +
               R"(,"password":"twelve letters and more"})";
    }

    std::vector<std::string> audited()
    {
        std::vector<std::string> actions;
        store_->read([&](sql::Connection& db) {
            for (const auto& entry : list_audit(db, {})) actions.push_back(entry.entry.action);
            EXPECT_EQ(first_broken_audit_entry(db), std::nullopt);
        });
        return actions;
    }

    sqlite::TemporaryStore store_;
    IdSource ids_;
    ManualClock clock_{monday_9h};
    Directory directory_{*store_};
    Sessions sessions_{*store_, clock_};
    ApiTokens tokens_{*store_, clock_};
    SignIn sign_in_{*store_, clock_, directory_, sessions_};
    api::Routes routes_{*store_, clock_, authenticator(directory_, sessions_, tokens_)};
    std::vector<api::Routes::Registered> registered_;
    std::vector<http::Route> handlers_;
    http::Router router_;
    UnitId desk_, shop_, other_shop_;
    StaffId admin_, agent_, seller_;
    int open_tickets_ = 0;
};

TEST_F(OrganisationRoutes, SignInOpensASessionAndSignOutEndsIt)
{
    const Answer answer =
        ask(Method::post, "/api/v1/session", {}, R"({"login":"Agent1","password":"correct horse battery"})");
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.at("staff").at("login").as_string(), "agent1");
    const std::string cookie = answer.header("Set-Cookie");
    for (const char* part : {"shouwen_session=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"})
        EXPECT_NE(cookie.find(part), std::string::npos) << cookie;

    const Visitor agent{.cookie = cookie_of(answer), .csrf = answer.text("csrf_token"), .bearer = {}};
    const Answer me = ask(Method::get, "/api/v1/staff/me", agent);
    ASSERT_EQ(me.status, 200);
    EXPECT_EQ(me.text("id"), agent_.text());
    EXPECT_EQ(me.text("unit_name"), "客服中心");
    EXPECT_EQ(me.text("csrf_token"), agent.csrf);
    EXPECT_EQ(me.text("time_zone"), "Asia/Shanghai");
    EXPECT_EQ(me.text("server_time"), "2026-01-05T01:00:00.000Z");

    EXPECT_EQ(ask(Method::delete_, "/api/v1/session", {.cookie = agent.cookie, .csrf = {}, .bearer = {}}).code(),
              "csrf_failed");
    EXPECT_EQ(ask(Method::delete_, "/api/v1/session", agent).status, 204);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", agent).code(), "not_signed_in");
}

TEST_F(OrganisationRoutes, SignInTellsNobodyWhatWasWrong)
{
    ASSERT_EQ(ask(Method::post, staff_path(seller_, "/commands/disable"), sign_in("admin")).status, 200);
    std::set<std::string> answers;
    for (const char* body : {R"({"login":"agent1","password":"wrong"})", R"({"login":"nobody","password":"wrong"})",
                             R"({"login":"merchant1_agent","password":"correct horse battery"})"}) {
        const Answer answer = ask(Method::post, "/api/v1/session", {}, body);
        EXPECT_EQ(answer.status, 401);
        EXPECT_EQ(answer.header("Set-Cookie"), "");
        answers.insert(json::serialize(answer.body));
    }
    EXPECT_EQ(answers.size(), 1U);
}

TEST_F(OrganisationRoutes, SignInSlowsGuessersDown)
{
    Answer answer;
    for (int i = 0; i < 6; ++i)
        answer = ask(Method::post, "/api/v1/session", {}, R"({"login":"agent1","password":"wrong"})");
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.code(), "throttled");
    EXPECT_EQ(answer.header("Retry-After"), "1");
}

TEST_F(OrganisationRoutes, SignInNeverTakesOverACookie)
{
    const Visitor before = sign_in("agent1");
    const Answer again = ask(Method::post, "/api/v1/session", {.cookie = before.cookie, .csrf = {}, .bearer = {}},
                             R"({"login":"agent1","password":"correct horse battery"})");
    ASSERT_EQ(again.status, 200);
    EXPECT_NE(cookie_of(again), before.cookie);
    store_->write([](sql::Connection&) {});  // one behind it in the queue
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", before).status, 401) << "the session of before is over";

    const Answer fixed =
        ask(Method::post, "/api/v1/session", {.cookie = "chosen-by-somebody-else", .csrf = {}, .bearer = {}},
            R"({"login":"agent1","password":"correct horse battery"})");
    EXPECT_NE(cookie_of(fixed), "chosen-by-somebody-else");
    EXPECT_EQ(
        ask(Method::get, "/api/v1/staff/me", {.cookie = "chosen-by-somebody-else", .csrf = {}, .bearer = {}}).status,
        401);
}

TEST_F(OrganisationRoutes, NewStaffIsCheckedInAllFieldsAndCanSignInAtOnce)
{
    const Visitor admin = sign_in("admin");
    const Answer bad =
        ask(Method::post, "/api/v1/staff", admin,
            R"({"login":"A B","name":"x","unit_id":")" + UnitId{99}.text() +
                R"(","roles":["agent","king"],"unit_roles":[{"role":"agent"}],"password":"short","age":3})");
    EXPECT_EQ(bad.status, 422);
    EXPECT_THAT(bad.field_codes(),
                ::testing::UnorderedElementsAre("/age unknown_field", "/unit_roles/0/unit_id required"));
    const Answer worse = ask(Method::post, "/api/v1/staff", admin,
                             R"({"login":"A B","name":"x","unit_id":")" + UnitId{99}.text() +
                                 R"(","roles":["agent","king"],"password":"short"})");
    EXPECT_THAT(worse.field_codes(), ElementsAre("/login login_shape", "/unit_id unit_unknown", "/roles/1 role_unknown",
                                                 "/password password_weak"));

    const Answer made = ask(Method::post, "/api/v1/staff", admin, new_staff("agent9"));
    ASSERT_EQ(made.status, 201) << json::serialize(made.body);
    EXPECT_EQ(made.header("Location"), "/api/v1/staff/" + made.text("id"));
    EXPECT_EQ(ask(Method::post, "/api/v1/staff", admin, new_staff("Agent9")).code(), "login_taken");
    sign_in("agent9", "twelve letters and more");
}

TEST_F(OrganisationRoutes, NewStaffIsMadeOncePerIdempotencyKey)
{
    Visitor admin = sign_in("admin");
    admin.idempotency_key = "once";
    const Answer first = ask(Method::post, "/api/v1/staff", admin, new_staff("agent9"));
    const Answer again = ask(Method::post, "/api/v1/staff", admin, new_staff("agent9"));
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.text("id"), first.text("id"));
    EXPECT_EQ(ask(Method::post, "/api/v1/staff", admin, new_staff("agent8")).code(), "idempotency_key_reused");
}

TEST_F(OrganisationRoutes, NobodyGivesAwayRightsTheyDoNotHave)
{
    const Visitor admin = sign_in("admin");
    // A clerk who may edit staff, but neither roles nor anything else.
    ASSERT_EQ(
        ask(Method::put, "/api/v1/roles/inspector", admin, R"({"permissions":["staff_read","staff_edit"]})").status,
        200);
    const Visitor clerk = sign_in("role_inspector");
    EXPECT_THAT(ask(Method::post, "/api/v1/staff", clerk, new_staff("agent9")).field_codes(),
                ElementsAre("/roles scope_beyond_rights"));
    EXPECT_EQ(ask(Method::post, "/api/v1/staff", clerk, new_staff("clerk2", R"(["inspector"])")).status, 201);
    EXPECT_EQ(ask(Method::post, staff_path(admin_, "/commands/set_password"), clerk,
                  R"({"password":"twelve letters and more"})")
                  .code(),
              "not_permitted")
        << "an administrator's password would be a way to the rights";
}

TEST_F(OrganisationRoutes, ChangesOfRightsTakeEffectWithTheNextRequest)
{
    const Visitor admin = sign_in("admin");
    const Visitor agent = sign_in("agent1");
    ASSERT_EQ(ask(Method::get, "/api/v1/staff", agent).status, 200);
    ASSERT_EQ(ask(Method::put, "/api/v1/roles/agent", admin, R"({"permissions":["ticket_read_all"]})").status, 200);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff", agent).code(), "not_permitted");

    const Answer changed =
        ask(Method::put, staff_path(agent_), admin,
            R"({"name":"王芳","unit_id":")" + desk_.text() +
                R"(","roles":["supervisor"],"unit_roles":[{"role":"handler","unit_id":")" + shop_.text() + R"("}]})");
    ASSERT_EQ(changed.status, 200) << json::serialize(changed.body);
    EXPECT_EQ(changed.body.at("unit_roles").at(0).at("unit_id").as_string(), shop_.text());
    EXPECT_EQ(ask(Method::get, "/api/v1/staff", agent).status, 200);

    const Answer kept = ask(Method::put, staff_path(agent_), admin,
                            R"({"name":"王芳","unit_id":")" + desk_.text() + R"(","roles":[]})");
    EXPECT_EQ(kept.body.at("unit_roles").as_array().size(), 1U) << "absent means unchanged";
}

TEST_F(OrganisationRoutes, A4_WhoOwnsOpenTicketsIsNotDisabled)
{
    const Visitor admin = sign_in("admin");
    const Visitor agent = sign_in("agent1");
    open_tickets_ = 3;
    const Answer refused = ask(Method::post, staff_path(agent_, "/commands/disable"), admin);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "owns_open_tickets");
    EXPECT_NE(refused.text("detail").find("3"), std::string::npos);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", agent).status, 200);

    open_tickets_ = 0;
    const Answer disabled = ask(Method::post, staff_path(agent_, "/commands/disable"), admin);
    ASSERT_EQ(disabled.status, 200);
    EXPECT_EQ(disabled.text("disabled_at"), "2026-01-05T01:00:00.000Z");
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", agent).status, 401) << "at once, in all sessions";
    EXPECT_TRUE(sessions_.of(agent_).empty()) << "by which their pages are closed";
    EXPECT_EQ(ask(Method::post, staff_path(agent_, "/commands/disable"), admin).status, 200) << "twice is no fault";

    EXPECT_EQ(ask(Method::post, staff_path(agent_, "/commands/enable"), admin).status, 200);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", agent).status, 401) << "the sessions of before stay over";
    sign_in("agent1");
}

TEST_F(OrganisationRoutes, SomebodyIsLeftToAdminister)
{
    const Visitor admin = sign_in("admin");
    EXPECT_EQ(ask(Method::post, staff_path(admin_, "/commands/disable"), admin).code(), "own_account");
    EXPECT_EQ(ask(Method::put, "/api/v1/roles/admin", admin, R"({"permissions":["ticket_read_all"]})").code(),
              "last_admin");
    const StaffId second = directory_.current()->find_login("role_admin")->id;
    ASSERT_EQ(ask(Method::post, staff_path(second, "/commands/disable"), admin).status, 200);
    const Answer refused = ask(Method::put, staff_path(admin_), admin,
                               R"({"name":"x","unit_id":")" + desk_.text() + R"(","roles":["agent"]})");
    EXPECT_EQ(refused.code(), "last_admin");
}

TEST_F(OrganisationRoutes, PasswordsAreSetByTheirOwnersAndByAdministrators)
{
    const Visitor agent = sign_in("agent1");
    const std::string path = staff_path(agent_, "/commands/set_password");
    EXPECT_THAT(ask(Method::post, path, agent, R"({"password":"another long one"})").field_codes(),
                ElementsAre("/current_password required"));
    EXPECT_THAT(
        ask(Method::post, path, agent, R"({"password":"another long one","current_password":"wrong"})").field_codes(),
        ElementsAre("/current_password password_wrong"));
    EXPECT_THAT(ask(Method::post, path, agent, R"({"password":"short","current_password":"correct horse battery"})")
                    .field_codes(),
                ElementsAre("/password password_weak"));
    EXPECT_EQ(
        ask(Method::post, staff_path(admin_, "/commands/set_password"), agent, R"({"password":"another long one"})")
            .status,
        404);

    EXPECT_EQ(
        ask(Method::post, path, agent, R"({"password":"another long one","current_password":"correct horse battery"})")
            .status,
        204);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", agent).status, 401) << "all sessions end";
    EXPECT_EQ(
        ask(Method::post, "/api/v1/session", {}, R"({"login":"agent1","password":"correct horse battery"})").status,
        401);
    const Visitor again = sign_in("agent1", "another long one");

    EXPECT_EQ(ask(Method::post, path, sign_in("admin"), R"({"password":"set by the admin"})").status, 204);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", again).status, 401);
    sign_in("agent1", "set by the admin");
}

TEST_F(OrganisationRoutes, AOneTimePasswordLetsItsPersonSetTheirOwnAndDoNothingElse)
{
    const Visitor admin = sign_in("admin");
    const Visitor before = sign_in("agent1");
    const Answer reset = ask(Method::post, staff_path(agent_, "/commands/reset_password"), admin, "{}");
    ASSERT_EQ(reset.status, 200) << json::serialize(reset.body);
    EXPECT_EQ(reset.text("one_time_until"), "2026-01-06T01:00:00.000Z");
    EXPECT_EQ(reset.header("Cache-Control"), "no-store");
    const std::string once = reset.text("one_time_password");
    EXPECT_EQ(once.size(), 19U);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", before).status, 401) << "the sessions of before are over";
    EXPECT_EQ(
        ask(Method::post, "/api/v1/session", {}, R"({"login":"agent1","password":"correct horse battery"})").status,
        401);

    const Visitor agent = sign_in("agent1", once);
    const Answer me = ask(Method::get, "/api/v1/staff/me", agent);
    EXPECT_EQ(me.text("one_time_until"), "2026-01-06T01:00:00.000Z");
    EXPECT_TRUE(me.body.at("permissions").as_array().empty());
    EXPECT_EQ(ask(Method::get, "/api/v1/staff", agent).code(), "not_permitted");

    ASSERT_EQ(ask(Method::post, staff_path(agent_, "/commands/set_password"), agent,
                  R"({"password":"my very own words","current_password":")" + once + R"("})")
                  .status,
              204);
    const Visitor own = sign_in("agent1", "my very own words");
    EXPECT_TRUE(ask(Method::get, "/api/v1/staff/me", own).body.at("one_time_until").is_null());
    EXPECT_EQ(ask(Method::get, "/api/v1/staff", own).status, 200);
    EXPECT_EQ(ask(Method::post, "/api/v1/session", {}, R"({"login":"agent1","password":")" + once + R"("})").status,
              401);
}

TEST_F(OrganisationRoutes, AOneTimePasswordIsOverAfterADay)
{
    const Answer reset = ask(Method::post, staff_path(agent_, "/commands/reset_password"), sign_in("admin"), "{}");
    const std::string body = R"({"login":"agent1","password":")" + reset.text("one_time_password") + R"("})";
    clock_.advance(24h - 1ms);
    EXPECT_EQ(ask(Method::post, "/api/v1/session", {}, body).status, 200);
    clock_.advance(1ms);
    EXPECT_EQ(ask(Method::post, "/api/v1/session", {}, body).code(), "sign_in_failed");
}

TEST_F(OrganisationRoutes, NobodyResetsTheOwnPasswordNorThatOfWhoHasMoreRights)
{
    const Visitor admin = sign_in("admin");
    EXPECT_EQ(ask(Method::post, staff_path(admin_, "/commands/reset_password"), admin, "{}").code(), "own_password");
    ASSERT_EQ(
        ask(Method::put, "/api/v1/roles/inspector", admin, R"({"permissions":["staff_read","staff_edit"]})").status,
        200);
    const Visitor clerk = sign_in("role_inspector");
    EXPECT_EQ(ask(Method::post, staff_path(admin_, "/commands/reset_password"), clerk, "{}").code(), "not_permitted");
    EXPECT_EQ(ask(Method::post, staff_path(StaffId{5}, "/commands/reset_password"), admin, "{}").status, 404);
}

TEST_F(OrganisationRoutes, AnAccountWithoutAPasswordWaitsForOne)
{
    const Visitor admin = sign_in("admin");
    const Answer made =
        ask(Method::post, "/api/v1/staff", admin,
            R"({"login":"agent9","name":"周晓梅","unit_id":")" + desk_.text() + R"(","roles":["agent"]})");
    ASSERT_EQ(made.status, 201) << json::serialize(made.body);
    EXPECT_EQ(ask(Method::post, "/api/v1/session", {}, R"({"login":"agent9","password":"x"})").status, 401);
    const Answer reset =
        ask(Method::post, "/api/v1/staff/" + made.text("id") + "/commands/reset_password", admin, "{}");
    sign_in("agent9", reset.text("one_time_password"));
}

TEST_F(OrganisationRoutes, PeopleSeeWhereTheyAreSignedInAndEndWhatIsNotTheirs)
{
    Visitor desk = sign_in("agent1");
    clock_.advance(1min);
    const Answer elsewhere = ask(Method::post, "/api/v1/session", {.address = "10.0.0.9"},
                                 R"({"login":"agent1","password":"correct horse battery"})");
    const Visitor cafe{.cookie = cookie_of(elsewhere), .csrf = elsewhere.text("csrf_token"), .bearer = {}};
    clock_.advance(1min);

    const std::string path = staff_path(agent_, "/sessions");
    const Answer listed = ask(Method::get, path, desk);
    ASSERT_EQ(listed.status, 200);
    const auto& items = listed.body.at("items").as_array();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].at("is_current"), true) << "seen last, as it asks just now";
    EXPECT_EQ(items[0].at("created_at"), "2026-01-05T01:00:00.000Z");
    EXPECT_EQ(items[1].at("is_current"), false);
    EXPECT_EQ(items[1].at("address"), "10.0.0.9");
    EXPECT_EQ(json::serialize(listed.body).find(cafe.cookie), std::string::npos);

    const std::string other = path + "/" + std::string{items[1].at("id").as_string()};
    EXPECT_EQ(ask(Method::get, path, sign_in("manager1")).status, 404) << "nobody else's affair";
    EXPECT_EQ(ask(Method::delete_, other, sign_in("manager1")).status, 404);
    EXPECT_EQ(ask(Method::delete_, path + "/nonsense", desk).status, 404);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", cafe).status, 200);

    EXPECT_EQ(ask(Method::delete_, other, desk).status, 204);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", cafe).status, 401);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", desk).status, 200);

    sign_in("agent1");
    EXPECT_EQ(ask(Method::post, staff_path(agent_, "/commands/end_other_sessions"), desk, "{}").status, 204);
    EXPECT_EQ(ask(Method::get, path, desk).body.at("items").as_array().size(), 1U);
    const Visitor admin = sign_in("admin");
    EXPECT_EQ(ask(Method::get, path, admin).body.at("items").as_array().size(), 1U);
    EXPECT_EQ(ask(Method::post, staff_path(agent_, "/commands/end_other_sessions"), admin, "{}").status, 204);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff/me", desk).status, 401);
}

TEST_F(OrganisationRoutes, ASecondFactorIsNotAskedForAndASentOneChangesNothing)
{
    for (const char* otp : {"null", "\"123456\"", "\"000000\""})
        EXPECT_EQ(ask(Method::post, "/api/v1/session", {},
                      R"({"login":"agent1","password":"correct horse battery","otp":)" + std::string{otp} + "}")
                      .status,
                  200);
}

TEST_F(OrganisationRoutes, UnitsAndAreasFormTrees)
{
    const Visitor admin = sign_in("admin");
    const Answer unit = ask(Method::post, "/api/v1/units", admin,
                            R"({"kind":"team","name":"夜班","parent_id":")" + desk_.text() + R"("})");
    ASSERT_EQ(unit.status, 201) << json::serialize(unit.body);
    const std::string path = "/api/v1/units/" + unit.text("id");
    EXPECT_THAT(
        ask(Method::put, path, admin, R"({"kind":"team","name":"夜班","parent_id":")" + unit.text("id") + R"("})")
            .field_codes(),
        ElementsAre("/parent_id unit_cycle"));
    EXPECT_THAT(ask(Method::put, path, admin, R"({"kind":"gang","name":"","time_zone":"Mars/Olympus"})").field_codes(),
                ElementsAre("/kind not_a_choice", "/name required", "/time_zone time_zone_unknown"));
    EXPECT_EQ(ask(Method::put, path, admin, R"({"kind":"department","name":"早班","time_zone":"Asia/Taipei"})")
                  .text("time_zone"),
              "Asia/Taipei");
    EXPECT_THAT(ask(Method::get, "/api/v1/units", admin, "", {{"kind", "department"}}).items("name"),
                ElementsAre("客服中心", "早班"));
    EXPECT_EQ(ask(Method::put, "/api/v1/units/" + UnitId{5}.text(), admin, R"({"kind":"team","name":"x"})").status,
              404);

    const Answer area = ask(Method::post, "/api/v1/areas", admin, R"({"name":"鼓楼区"})");
    ASSERT_EQ(area.status, 201);
    const Answer street =
        ask(Method::post, "/api/v1/areas", admin, R"({"name":"湖南路街道","parent_id":")" + area.text("id") + R"("})");
    ASSERT_EQ(street.status, 201);
    EXPECT_THAT(ask(Method::post, "/api/v1/areas", admin, R"({"name":"x","parent_id":")" + street.text("id") + R"("})")
                    .field_codes(),
                ElementsAre("/parent_id area_depth"));
    EXPECT_THAT(ask(Method::get, "/api/v1/areas", admin).items("name"), ElementsAre("鼓楼区", "湖南路街道"));

    const auto change = [&](const Answer& which, const std::string& body) {
        return ask(Method::put, "/api/v1/areas/" + which.text("id"), admin, body);
    };
    EXPECT_EQ(change(area, R"({"name":"鼓楼新区","parent_id":null})").text("name"), "鼓楼新区");
    EXPECT_EQ(change(area, R"({"name":"鼓楼新区"})").status, 200) << "its own name is not taken";
    const Answer other = ask(Method::post, "/api/v1/areas", admin, R"({"name":"玄武区"})");
    EXPECT_THAT(change(other, R"({"name":"鼓楼新区"})").field_codes(), ElementsAre("/name name_taken"));
    EXPECT_THAT(change(area, R"({"name":"x","parent_id":")" + other.text("id") + R"("})").field_codes(),
                ElementsAre("/parent_id area_depth"))
        << "it has a street";
    EXPECT_THAT(change(other, R"({"name":"x","parent_id":")" + other.text("id") + R"("})").field_codes(),
                ElementsAre("/parent_id area_depth"));
    EXPECT_EQ(change(street, R"({"name":"湖南路街道","parent_id":")" + other.text("id") + R"("})").status, 200);
    EXPECT_EQ(ask(Method::put, "/api/v1/areas/" + AreaId{5}.text(), admin, R"({"name":"x"})").status, 404);
}

TEST_F(OrganisationRoutes, C1_AMerchantsStaffSeeNothingOfOtherMerchants)
{
    const Visitor seller = sign_in("merchant1_agent");
    EXPECT_THAT(ask(Method::get, "/api/v1/staff", seller).items("login"), ElementsAre("merchant1_agent"));
    const auto units = ask(Method::get, "/api/v1/units", seller).items("name");
    EXPECT_THAT(units, IsSupersetOf({"一号店", "客服中心"}));
    EXPECT_THAT(units, Not(Contains("二号店")));
    const StaffId other = directory_.current()->find_login("merchant2_agent")->id;
    EXPECT_EQ(ask(Method::get, staff_path(other), seller).status, 404);
    EXPECT_EQ(ask(Method::get, staff_path(StaffId{5}), seller).status, 404) << "absent and foreign answer alike";

    // Also when somebody gave them a role that edits staff.
    const Visitor admin = sign_in("admin");
    ASSERT_EQ(ask(Method::put, "/api/v1/roles/merchant_agent", admin,
                  R"({"permissions":["staff_read","staff_edit","role_edit"]})")
                  .status,
              200);
    EXPECT_EQ(ask(Method::post, staff_path(other, "/commands/disable"), seller).status, 404);
    EXPECT_THAT(ask(Method::post, "/api/v1/staff", seller, new_staff("mole", R"(["merchant_agent"])")).field_codes(),
                Contains("/unit_id unit_unknown"));
    EXPECT_EQ(ask(Method::put, "/api/v1/roles/agent", seller, R"({"permissions":[]})").code(), "not_permitted");
}

TEST_F(OrganisationRoutes, ListsComeInPages)
{
    const Visitor admin = sign_in("admin");
    std::vector<std::string> seen;
    http::Fields query{{"limit", "5"}};
    for (int pages = 0; pages < 10; ++pages) {
        const Answer page = ask(Method::get, "/api/v1/staff", admin, "", query);
        for (const auto& login : page.items("login")) seen.push_back(login);
        if (page.body.at("next_cursor").is_null()) break;
        query = {{"limit", "5"}, {"cursor", page.text("next_cursor")}};
    }
    EXPECT_EQ(seen.size(), directory_.current()->staff().size());
    EXPECT_EQ((std::set<std::string>{seen.begin(), seen.end()}.size()), seen.size());
    EXPECT_THAT(ask(Method::get, "/api/v1/staff", admin, "", {{"q", "AGENT1"}}).items("login"), ElementsAre("agent1"));
    EXPECT_EQ(ask(Method::get, "/api/v1/staff", admin, "", {{"shoe_size", "44"}}).code(), "unknown_filter");
}

TEST_F(OrganisationRoutes, TokensActForTheirPersonWithinTheirScopes)
{
    const Visitor manager = sign_in("manager1");
    EXPECT_THAT(
        ask(Method::post, "/api/v1/tokens", manager, R"({"name":"x","scopes":["staff_edit","fly"]})").field_codes(),
        ElementsAre("/scopes/1 permission_unknown", "/scopes scope_beyond_rights"));
    const Answer issued = ask(Method::post, "/api/v1/tokens", manager, R"({"name":"报表","scopes":["staff_read"]})");
    ASSERT_EQ(issued.status, 201) << json::serialize(issued.body);
    const Visitor program{.cookie = {}, .csrf = {}, .bearer = issued.text("token")};
    EXPECT_EQ(ask(Method::get, "/api/v1/staff", program).status, 200);
    EXPECT_EQ(ask(Method::get, "/api/v1/tokens", program).code(), "not_permitted");
    EXPECT_EQ(json::serialize(ask(Method::get, "/api/v1/staff/me", program).body.at("permissions")),
              R"(["staff_read"])");

    const Answer list = ask(Method::get, "/api/v1/tokens", manager);
    EXPECT_THAT(list.items("name"), ElementsAre("报表"));
    EXPECT_EQ(json::serialize(list.body).find(issued.text("token")), std::string::npos) << "shown once";

    const std::string path = "/api/v1/tokens/" + issued.text("id");
    EXPECT_EQ(ask(Method::delete_, path, sign_in("admin")).status, 404) << "somebody else's";
    EXPECT_EQ(ask(Method::delete_, path, manager).status, 204);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff", program).status, 401);
    EXPECT_EQ(ask(Method::get, "/api/v1/staff", {.cookie = manager.cookie, .csrf = {}, .bearer = "swt_wrong"}).status,
              401)
        << "a wrong token is not mended by a cookie";
}

TEST_F(OrganisationRoutes, EveryWriteIsOnRecordAndOnlyTheAuditorReadsIt)
{
    const Visitor admin = sign_in("admin");
    const auto write = [&](Method method, const std::string& path, const std::string& body, int status) {
        SCOPED_TRACE(path);
        const std::size_t before = audited().size();
        EXPECT_EQ(ask(method, path, admin, body).status, status);
        EXPECT_EQ(audited().size(), before + 1);
    };
    write(Method::post, "/api/v1/staff", new_staff("agent9"), 201);
    write(Method::put, staff_path(agent_), R"({"name":"王芳","unit_id":")" + desk_.text() + R"(","roles":["agent"]})",
          200);
    write(Method::post, staff_path(agent_, "/commands/disable"), "", 200);
    write(Method::post, staff_path(agent_, "/commands/enable"), "{}", 200);
    write(Method::post, staff_path(agent_, "/commands/set_password"), R"({"password":"another long one"})", 204);
    write(Method::post, staff_path(agent_, "/commands/reset_password"), "{}", 200);
    write(Method::post, staff_path(agent_, "/commands/end_other_sessions"), "{}", 204);
    write(Method::post, "/api/v1/units", R"({"kind":"department","name":"质量部"})", 201);
    write(Method::put, "/api/v1/units/" + shop_.text(), R"({"kind":"merchant","name":"三号店"})", 200);
    write(Method::post, "/api/v1/areas", R"({"name":"鼓楼区"})", 201);
    write(Method::put, "/api/v1/roles/agent", R"({"permissions":["ticket_read_all"]})", 200);
    write(Method::post, "/api/v1/tokens", R"({"name":"x","scopes":["staff_read"]})", 201);
    write(Method::delete_, "/api/v1/tokens/" + tokens_.of(admin_)[0].id.text(), "", 204);
    write(Method::delete_, "/api/v1/session", "", 204);

    EXPECT_EQ(ask(Method::get, "/api/v1/audit", sign_in("admin")).code(), "not_permitted");
    const Visitor auditor = sign_in("auditor1");
    const Answer page = ask(Method::get, "/api/v1/audit", auditor, "", {{"limit", "2"}, {"actor_id", admin_.text()}});
    ASSERT_EQ(page.status, 200);
    EXPECT_THAT(page.items("action"), ElementsAre("signed_in", "signed_out"));
    const Answer next = ask(Method::get, "/api/v1/audit", auditor, "",
                            {{"limit", "2"}, {"actor_id", admin_.text()}, {"cursor", page.text("next_cursor")}});
    EXPECT_THAT(next.items("action"), ElementsAre("token_revoked", "token_issued"));
    EXPECT_EQ(
        ask(Method::get, "/api/v1/audit", auditor, "", {{"action", "role_changed"}}).body.at("items").as_array().size(),
        1U);
    const Answer disabled = ask(Method::get, "/api/v1/audit", auditor, "", {{"action", "staff_disabled"}});
    EXPECT_THAT(disabled.items("subject_name"), ElementsAre("王芳")) << "by name: staff are not the auditor's to read";
    EXPECT_EQ(ask(Method::get, "/api/v1/staff", auditor).code(), "not_permitted") << "and nothing else";
}

TEST_F(OrganisationRoutes, AreOpenExactlyToTheRolesThatHaveTheirPermission)
{
    const std::set<std::string> open_to_all{"/api/v1/session"};
    std::vector<std::pair<Role, Visitor>> people;
    for (const Role& role : default_roles()) people.emplace_back(role, sign_in("role_" + role.name));
    for (const auto& route : registered_) {
        SCOPED_TRACE(route.pattern);
        if (route.access.is_open()) {
            EXPECT_TRUE(open_to_all.contains(route.pattern));
            continue;
        }
        std::string path = route.pattern;
        if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, StaffId{5}.text());
        if (const auto at = path.find("{name}"); at != std::string::npos) path.replace(at, 6, "nobody");
        EXPECT_EQ(ask(route.method, path).status, 401) << "signed out";
        if (route.pattern == "/api/v1/session") continue;  // would sign the person out
        for (const auto& [role, visitor] : people) {
            SCOPED_TRACE(role.name);
            const bool may = !route.access.permission() || role.permissions.has(*route.access.permission());
            const Answer answer = ask(route.method, path, visitor, "[]");
            EXPECT_EQ(answer.status == 403, !may) << answer.status;
            if (route.method != Method::get)
                EXPECT_EQ(
                    ask(route.method, path, {.cookie = visitor.cookie, .csrf = "forged", .bearer = {}}, "[]").code(),
                    "csrf_failed");
        }
    }
}

TEST_F(OrganisationRoutes, AreThoseOfTheDocument)
{
    EXPECT_THAT(api::disagreements(registered_, "organisation"), ElementsAre());
}

TEST(OrganisationRefusals, HaveAStatusAndTexts)
{
    for (const Refusal refusal : all_of<Refusal>()) {
        const auto texts = api::problem_texts();
        EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), [&](const auto& text) {
            return text.code == name_of(refusal);
        })) << name_of(refusal);
    }
    for (const char* code :
         {"password_guessable", "password_wrong", "name_taken", "unit_cycle", "merchant_nested", "area_depth",
          "permission_unknown", "time_zone_unknown", "login_shape", "password_weak", "duplicate"}) {
        const auto texts = api::field_texts();
        EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return text.code == code; }))
            << code;
    }
}

}  // namespace
}  // namespace shouwen::organisation
