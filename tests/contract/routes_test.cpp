#include "api/contract_for_tests.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

namespace shouwen::scenario {
namespace {

using api::Routes;
using testing::AnyOf;
using testing::IsEmpty;

constexpr std::array logins{"agent1",  "supervisor1",     "manager1",        "admin",
                            "tech1",   "tech_head",       "inspector1",      "auditor1",
                            "leader1", "merchant1_admin", "merchant1_agent", "merchant2_agent"};

std::string fill(std::string_view pattern, const std::string& with)
{
    std::string path;
    bool in_hole = false;
    for (const char c : pattern) {
        if (c == '{') path += with;
        if (!in_hole && c != '{') path += c;
        in_hole = c == '{' || (in_hole && c != '}');
    }
    return path;
}

/// Leaves out what the test cannot ask without ending its own sign-in, or what takes a file instead of a body.
bool is_apart(const Routes::Registered& route)
{
    return (route.method == http::Method::delete_ && route.pattern == "/api/v1/session") ||
           (route.method == http::Method::post && route.pattern.ends_with("/attachments"));
}

TEST(Contract, DocumentAndRoutesAreTheSame)
{
    Centre centre;
    EXPECT_THAT(api::disagreements(centre.registered(), {}), IsEmpty());
}

TEST(Contract, EachRouteIsClosedToTheSignedOut)
{
    Centre centre;
    for (const auto& route : centre.registered()) {
        SCOPED_TRACE(api::method_and_address(route));
        if (route.method == http::Method::post && route.pattern.ends_with("/attachments")) continue;
        const auto answer = centre.ask("", route.method, fill(route.pattern, encode_id(1)), "{}", {});
        if (route.access.is_open()) {
            // An open route may want a secret of its own; it never asks for a sign-in.
            EXPECT_NE(answer.code(), "not_signed_in");
        } else {
            EXPECT_EQ(answer.status, 401);
            EXPECT_EQ(answer.code(), "not_signed_in");
        }
    }
}

TEST(Contract, EachRouteIsOpenToWhoHasItsPermissionAndToNobodyElse)
{
    Centre centre;
    for (const auto* login : logins) {
        const auto organisation = centre.app().directory().current();
        const auto actor = organisation->actor(organisation->find_login(login)->id).value();
        for (const auto& route : centre.registered()) {
            if (is_apart(route) || route.access.is_open()) continue;
            SCOPED_TRACE(std::string{login} + " " + api::method_and_address(route));
            const auto permission = route.access.permission();
            const auto answer = centre.ask(login, route.method, fill(route.pattern, encode_id(1)), "{}", {});
            if (!permission || organisation::can_somewhere(actor, *permission)) {
                EXPECT_NE(answer.status, 401) << answer.text;
                EXPECT_NE(answer.status, 403) << answer.text;
                EXPECT_LT(answer.status, 500) << answer.text;
            } else {
                EXPECT_EQ(answer.status, 403) << answer.text;
                EXPECT_EQ(answer.code(), "not_permitted");
            }
        }
    }
}

TEST(Contract, ForeignTicketsAreAbsentOnEachRoute)
{
    Centre centre;
    const auto foreign = centre.web_request("别家的事", "二号店");
    const auto before = centre.version_of(foreign.id);
    const auto documented = api::documented({});
    for (const auto* login : {"merchant1_agent", "merchant1_admin", "tech1", "tech_head", "auditor1"})
        for (const auto& route : centre.registered()) {
            if (is_apart(route)) continue;
            const bool about_ticket =
                route.pattern.starts_with("/api/v1/tickets/{") || route.pattern.starts_with("/api/v1/drafts/{");
            const bool about_slip = route.pattern.starts_with("/api/v1/slips/{");
            if (!about_ticket && !about_slip) continue;
            SCOPED_TRACE(std::string{login} + " " + api::method_and_address(route));
            const auto operation = documented.find(api::method_and_address(route));
            const auto body = operation == documented.end() || operation->second.example.is_null()
                                  ? std::string{"{}"}
                                  : boost::json::serialize(operation->second.example);
            const auto path = fill(route.pattern, about_slip ? foreign.id + "-1" : foreign.id);
            const auto answer =
                centre.ask(login, route.method, path, body, {.headers = {{"if-match", fmt::format("\"{}\"", before)}}});
            // Throwing away one's own draft answers the same whether there was one or not.
            const bool is_own = route.method == http::Method::delete_ && route.pattern.starts_with("/api/v1/drafts/");
            if (!is_own) EXPECT_THAT(answer.status, AnyOf(403, 404)) << answer.text;
            if (is_own) EXPECT_EQ(answer.status, 204);
            EXPECT_EQ(answer.text.find("别家"), std::string::npos);
            // Absent and foreign are one answer.
            const auto absent = centre.ask(login, route.method, fill(route.pattern, encode_id(99)), body,
                                           {.headers = {{"if-match", fmt::format("\"{}\"", before)}}});
            EXPECT_EQ(answer.text, absent.text);
        }
    EXPECT_EQ(centre.version_of(foreign.id), before);
}

/// Somebody who may use the operation.
std::string_view who_may(const Centre& centre_, std::string_view permission)
{
    auto& centre = const_cast<Centre&>(centre_);
    if (permission == "public") return "";
    if (permission == "signed_in") return "agent1";
    const auto organisation = centre.app().directory().current();
    for (const auto* login : logins) {
        const auto actor = organisation->actor(organisation->find_login(login)->id).value();
        if (organisation::can_somewhere(actor, parse_name<organisation::Permission>(permission).value())) return login;
    }
    return "";
}

TEST(Contract, ExamplesAreAnsweredAsDocumented)
{
    // What a body can be told off for by its shape alone: an example never is.
    const std::set<std::string> ill_formed{"unknown_field", "required",     "wrong_type",        "too_long",
                                           "too_short",     "too_many",     "not_a_choice",      "not_an_instant",
                                           "not_an_id",     "out_of_range", "control_character", "not_a_duration",
                                           "not_a_limit"};
    Centre centre;
    int sent = 0;
    for (const auto& [path, item] : api::parsed_document().at("paths").as_object())
        for (const auto& [method, value] : item.as_object()) {
            const auto* example =
                value.is_object() ? api::at_pointer(value, "/requestBody/content/application~1json/example") : nullptr;
            if (!example) continue;
            SCOPED_TRACE(std::string{method} + " " + std::string{path});
            const auto id = std::string_view{path}.starts_with("/tickets/{") ? centre.call("agent1") : encode_id(1);
            const auto http_method = method == "put"      ? http::Method::put
                                     : method == "delete" ? http::Method::delete_
                                                          : http::Method::post;
            const std::string permission{value.at("x-permission").as_string()};
            const auto who = std::string_view{path}.starts_with("/tickets/{") && permission != "ticket_cancel"
                                 ? "agent1"
                                 : who_may(centre, permission);
            const auto answer = centre.ask(who, http_method, "/api/v1" + fill(std::string_view{path}, id),
                                           boost::json::serialize(*example), {.headers = {{"if-match", "\"1\""}}});
            ++sent;
            EXPECT_TRUE(value.at("responses").as_object().contains(std::to_string(answer.status)))
                << answer.status << " is not documented: " << answer.text;
            EXPECT_LT(answer.status, 500) << answer.text;
            EXPECT_NE(answer.status, 400) << answer.text;
            EXPECT_NE(answer.status, 403) << answer.text;
            if (answer.status == 422 && answer.body.as_object().contains("errors"))
                for (const auto& error : answer.body.at("errors").as_array())
                    EXPECT_FALSE(ill_formed.contains(std::string{error.at("code").as_string()})) << answer.text;
            if (http_method != http::Method::get && path == "/session") centre.forget_session(who);
        }
    EXPECT_GT(sent, 30);
}

TEST(Contract, ProblemsHaveTheMembersOfTheStandardInTheCallersLanguage)
{
    Centre centre;
    const struct {
        const char* asked;
        const char* given;
        const char* title;
    } cases[] = {{"", "zh-CN", "没有找到"},
                 {"zh-TW", "zh-TW", "找不到"},
                 {"en-GB, en;q=0.8", "en", "Not found"},
                 {"fr", "zh-CN", "没有找到"}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.asked);
        const auto answer = centre.ask("agent1", http::Method::get, "/api/v1/tickets/" + encode_id(1), "",
                                       {.headers = {{"accept-language", c.asked}}});
        EXPECT_EQ(answer.status, 404);
        EXPECT_EQ(answer.header("Content-Language"), c.given);
        EXPECT_EQ(answer.at("/title"), c.title);
        EXPECT_EQ(answer.at("/status"), "404");
        EXPECT_EQ(answer.at("/type"), "urn:shouwen:problem:not_found");
        EXPECT_FALSE(answer.at("/detail").empty());
    }
}

TEST(Contract, WritesWithoutTheCsrfTokenAreRefused)
{
    Centre centre;
    const auto session = centre.session("agent1");
    const auto answer =
        centre.ask("", http::Method::post, "/api/v1/tickets", "{}", {.headers = {{"cookie", session.cookie}}});
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.code(), "csrf_failed");
    EXPECT_EQ(
        centre.ask("", http::Method::get, "/api/v1/tickets", "", {.headers = {{"cookie", session.cookie}}}).status,
        200);
}

TEST(Contract, TokensActWithinTheirScopes)
{
    Centre centre;
    const auto issued = centre.post("manager1", "/api/v1/tokens", R"({"name":"报表","scopes":["figure_read"]})");
    ASSERT_EQ(issued.status, 201) << issued.text;
    const auto with = [&](const std::string& path) {
        return centre.ask("", http::Method::get, path, "",
                          {.headers = {{"authorization", "Bearer " + issued.at("/token")}}});
    };
    EXPECT_EQ(with("/api/v1/figures/timeliness").status, 200);
    EXPECT_EQ(with("/api/v1/customers").status, 403);
    EXPECT_EQ(centre.post("manager1", "/api/v1/tokens", R"({"name":"x","scopes":["role_edit"]})").status, 422);
    EXPECT_EQ(
        centre.ask("", http::Method::get, "/api/v1/staff/me", "", {.headers = {{"authorization", "Bearer nonsense"}}})
            .status,
        401);
}

}  // namespace
}  // namespace shouwen::scenario
