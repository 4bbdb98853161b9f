#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace shouwen::scenario {
namespace {

std::string repeated(std::string_view piece, int times)
{
    std::string text;
    for (int i = 0; i < times; ++i) text += piece;
    return text;
}

std::string ticket_with(std::string_view member)
{
    return fmt::format(R"({{"channel":"phone","customer":{{"name":"张伟"}},"subject":"发票","content":"补开"{}{}}})",
                       member.empty() ? "" : ",", member);
}

TEST(BadInput, IsToldWhereItIs)
{
    const struct {
        const char* name;
        std::string body;
        int status;
        const char* pointer;
        const char* code;
    } cases[] = {
        {"nothing wrong", ticket_with(""), 201, "", ""},
        {"not JSON", "{\"channel\":", 400, "", ""},
        {"two documents", ticket_with("") + "{}", 400, "", ""},
        {"a list", "[]", 422, "", "wrong_type"},
        {"a text", "\"x\"", 422, "", "wrong_type"},
        {"no members", "{}", 422, "/channel", "required"},
        {"unknown member", ticket_with(R"("colour":"red")"), 422, "/colour", "unknown_field"},
        {"unknown member inside",
         R"({"channel":"phone","customer":{"name":"张伟","colour":"red"},"subject":"x","content":"x"})", 422,
         "/customer/colour", "unknown_field"},
        {"wrong type", ticket_with(R"("demand":7)"), 422, "/demand", "wrong_type"},
        {"null for a text", ticket_with(R"("demand":null)"), 201, "", ""},
        {"not a choice", ticket_with(R"("class":"urgent")"), 422, "/class", "not_a_choice"},
        {"not an id", ticket_with(R"("area_id":"../../etc")"), 422, "/area_id", "not_an_id"},
        {"no such area", ticket_with(fmt::format(R"("area_id":"{}")", encode_id(42))), 422, "/area_id", "area_unknown"},
        {"not a merchant", ticket_with(fmt::format(R"("merchant_id":"{}")", encode_id(42))), 422, "/merchant_id",
         "merchant_unknown"},
        {"not an instant", ticket_with(R"("occurred_at":"yesterday")"), 422, "/occurred_at", "not_an_instant"},
        {"over-long", ticket_with("\"demand\":\"" + repeated("长", 10'001) + "\""), 422, "/demand", "too_long"},
        {"as long as may be", ticket_with("\"demand\":\"" + repeated("长", 10'000) + "\""), 201, "", ""},
        {"only white space", R"({"channel":"phone","customer":{"name":"张伟"},"subject":"  ","content":"x"})", 422,
         "/subject", "required"},
        {"invalid UTF-8", ticket_with("\"demand\":\"\xc3\x28\""), 400, "", ""},
        {"over-long UTF-8", ticket_with("\"demand\":\"\xc0\xaf\""), 400, "", ""},
        {"UTF-8 of a surrogate", ticket_with("\"demand\":\"\xed\xa0\x80\""), 400, "", ""},
        {"lone high surrogate", ticket_with(R"("demand":"\ud800")"), 400, "", ""},
        {"lone low surrogate", ticket_with(R"("demand":"\udc00x")"), 400, "", ""},
        {"a pair of surrogates", ticket_with(R"("demand":"\ud83d\ude00")"), 201, "", ""},
        {"NUL by escape", ticket_with(R"("demand":"a\u0000b")"), 422, "/demand", "control_character"},
        {"raw NUL", ticket_with(std::string_view{"\"demand\":\"a\0b\"", 14}), 400, "", ""},
        {"depth bomb", repeated("[", 100'000), 400, "", ""},
        {"deep member", ticket_with("\"demand\":" + repeated("[", 40) + repeated("]", 40)), 400, "", ""},
        {"a number beyond all", ticket_with(R"("demand":1e999)"), 422, "/demand", "wrong_type"},
        {"not a phone", R"({"channel":"phone","customer":{"name":"张伟","phone":"abc"},"subject":"x","content":"x"})",
         422, "/customer/phone", "not_a_phone"},
        {"not an address", R"({"channel":"phone","customer":{"name":"张伟","email":"a@"},"subject":"x","content":"x"})",
         422, "/customer/email", "not_an_email"},
    };
    Centre centre;
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto answer = centre.post("agent1", "/api/v1/tickets", c.body);
        EXPECT_EQ(answer.status, c.status) << answer.text.substr(0, 500);
        if (c.status == 400) EXPECT_EQ(answer.code(), "malformed");
        if (c.status != 422) continue;
        EXPECT_EQ(answer.code(), "invalid");
        EXPECT_EQ(answer.at("/errors/0/pointer"), c.pointer) << answer.text;
        EXPECT_EQ(answer.at("/errors/0/code"), c.code) << answer.text;
        EXPECT_FALSE(answer.at("/errors/0/detail").empty());
    }
}

TEST(BadInput, AllErrorsComeAtOnce)
{
    Centre centre;
    const auto answer =
        centre.post("agent1", "/api/v1/tickets", R"({"channel":"telex","customer":{},"content":7,"colour":1})");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.count("/errors"), 5U) << answer.text;
}

TEST(BadInput, OfListsIsA400ThatNamesTheParameter)
{
    const struct {
        const char* name;
        const char* value;
        const char* code;
    } cases[] = {
        {"colour", "red", "unknown_filter"},     {"step", "nowhere", "invalid_filter"},
        {"limit", "0", "invalid_filter"},        {"limit", "201", "invalid_filter"},
        {"limit", "x", "invalid_filter"},        {"owner_id", "1", "invalid_filter"},
        {"created_from", "x", "invalid_filter"}, {"sort", "name", "invalid_filter"},
        {"cursor", "%%%", "invalid_cursor"},     {"cursor", "bm9uc2Vuc2U", "invalid_cursor"},
        {"view", "mine2", "invalid_filter"},
    };
    Centre centre;
    centre.call();
    for (const auto& c : cases) {
        SCOPED_TRACE(fmt::format("{}={}", c.name, c.value));
        const auto answer = centre.get("agent1", "/api/v1/tickets", {{c.name, c.value}});
        EXPECT_EQ(answer.status, 400) << answer.text;
        EXPECT_EQ(answer.code(), c.code);
    }
}

TEST(BadInput, CursorsTurnPagesWithoutGapOrRepetition)
{
    Centre centre;
    for (int i = 0; i < 7; ++i) centre.call();
    std::string cursor;
    std::vector<std::string> seen;
    for (int page = 0; page < 5; ++page) {
        http::Fields query{{"limit", "3"}};
        if (!cursor.empty()) query.emplace_back("cursor", cursor);
        const auto answer = centre.get("agent1", "/api/v1/tickets", query);
        ASSERT_EQ(answer.status, 200);
        for (const auto& item : answer.body.at("items").as_array()) seen.emplace_back(item.at("number").as_string());
        cursor = answer.at("/next_cursor");
        if (cursor == "null") break;
    }
    ASSERT_EQ(seen.size(), 7U);
    for (int i = 0; i < 7; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], fmt::format("20260105-{:06}", 7 - i));
}

TEST(BadInput, OfHeadersIsRefused)
{
    Centre centre;
    const auto id = centre.call();
    const auto path = "/api/v1/tickets/" + id + "/commands/reply";
    const auto body = fields({{"content", "x"}});
    EXPECT_EQ(centre.post("agent1", path, body, {{"if-match", "\"one\""}}).status, 428);
    EXPECT_EQ(centre.post("agent1", path, body, {{"if-match", "\"99999999999999999999\""}}).status, 428);
    EXPECT_EQ(centre.post("agent1", path, body, {{"content-type", "text/xml"}, {"if-match", "\"1\""}}).status, 415);
    EXPECT_EQ(
        centre.post("agent1", path, body, {{"if-match", "\"1\""}, {"idempotency-key", std::string(256, 'k')}}).status,
        422);
    EXPECT_EQ(centre.version_of(id), 1);
    for (const auto* ill : {"0", "x", "0000000000000", "zzzzzzzzzzzzz", "1234567890123456"})
        EXPECT_EQ(centre.get("agent1", std::string{"/api/v1/tickets/"} + ill).status, 404) << ill;
}

TEST(BadInput, OfEachCommandNamesTheField)
{
    const struct {
        const char* command;
        const char* body;
        const char* pointer;
        const char* code;
    } cases[] = {
        {"reply", "{}", "/content", "required"},
        {"reply", R"({"content":"x","html":"<b>"})", "/html", "unknown_field"},
        {"classify", R"({"class":"repair","category":"","grade":"L9","complexity":"simple","in_scope":true})", "/grade",
         "not_a_choice"},
        {"classify", R"({"class":"repair","category":"","grade":"L1","complexity":"simple","in_scope":"yes"})",
         "/in_scope", "wrong_type"},
        {"rate", R"({"score":0})", "/score", "out_of_range"},
        {"rate", R"({"score":6})", "/score", "out_of_range"},
        {"rate", R"({"score":4.5})", "/score", "wrong_type"},
        {"promise", R"({"reason":"x","expected_at":"2026-13-01T00:00:00Z","procedure":"x"})", "/expected_at",
         "not_an_instant"},
        {"give_result", R"({"handling":"x","result":"x"})", "/solution", "required"},
        {"resolve_at_first_contact", R"({"handling":"x","solution":"x"})", "/result", "required"},
    };
    Centre centre;
    const auto id = centre.call();
    for (const auto& c : cases) {
        SCOPED_TRACE(c.body);
        const auto answer = centre.command("agent1", id, c.command, c.body);
        EXPECT_EQ(answer.status, 422) << answer.text;
        EXPECT_EQ(answer.at("/errors/0/pointer"), c.pointer) << answer.text;
        EXPECT_EQ(answer.at("/errors/0/code"), c.code) << answer.text;
    }
    EXPECT_EQ(centre.version_of(id), 1);
}

}  // namespace
}  // namespace shouwen::scenario
