#include "api/problem.hpp"
#include "base/calendar.hpp"
#include "modules/follow_up/rules/follow_up.hpp"
#include "modules/improvement/rules/improvement.hpp"
#include "modules/knowledge/rules/article.hpp"
#include "modules/matrix/rules/matrix.hpp"
#include "modules/organisation/rules/refusal.hpp"
#include "modules/ticket/rules/refusal.hpp"
#include "modules/webhook/rules/delivery.hpp"
#include "platform/outgoing/guard.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace shouwen::api {
namespace {

/// Names within braces, so that a language cannot forget one or write it differently.
std::set<std::string> holes(std::string_view text)
{
    std::set<std::string> found;
    for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1))
        found.emplace(text.substr(open, text.find('}', open) - open));
    return found;
}

template <NamedEnum E>
void expect_all_told()
{
    for (const E each : all_of<E>()) {
        const auto code = name_of(each);
        const auto texts = problem_texts();
        EXPECT_TRUE(std::ranges::any_of(texts, [&](const auto& text) { return text.code == code; }))
            << code << " has no text";
        EXPECT_GE(status_of(code), 400) << code;
        EXPECT_LT(status_of(code), 500) << code << " is the caller's, not our fault";
    }
}

TEST(ProblemTexts, TellEachRefusalOfTheRules)
{
    expect_all_told<ticket::Refusal>();
    expect_all_told<organisation::Refusal>();
    expect_all_told<knowledge::Refusal>();
    expect_all_told<webhook::Refusal>();
    expect_all_told<matrix::Refusal>();
    expect_all_told<follow_up::Refusal>();
    expect_all_told<improvement::Refusal>();
}

TEST(ProblemTexts, TellEachFaultOfACalendar)
{
    for (const auto each : all_of<CalendarErrorCode>())
        EXPECT_TRUE(std::ranges::any_of(field_texts(), [&](const auto& text) { return text.code == name_of(each); }))
            << name_of(each);
}

TEST(ProblemTexts, TellEachFaultOfAnAddress)
{
    for (const auto each : all_of<outgoing::UrlFault>())
        EXPECT_TRUE(std::ranges::any_of(field_texts(), [&](const auto& text) { return text.code == name_of(each); }))
            << name_of(each);
}

TEST(ProblemTexts, AreCompleteUniqueAndAgreeInAllLanguages)
{
    for (const auto table : {problem_texts(), field_texts()}) {
        std::set<std::string_view> codes;
        for (const auto& text : table) {
            SCOPED_TRACE(text.code);
            EXPECT_TRUE(codes.insert(text.code).second) << "twice";
            EXPECT_FALSE(text.zh_cn.empty() || text.zh_tw.empty() || text.en.empty());
            EXPECT_NE(text.zh_cn, text.en);
            EXPECT_EQ(holes(text.zh_cn), holes(text.en));
            EXPECT_EQ(holes(text.zh_tw), holes(text.en));
            EXPECT_TRUE(std::ranges::all_of(text.en, [](unsigned char c) { return c < 0x80 || c > 0xbf; }))
                << "English has no Chinese";
        }
    }
}

TEST(ProblemTexts, AreWrittenInTheLanguageAsked)
{
    const Problem problem{.code = "already_answered", .fill = {{"name", "王芳"}}};
    const struct {
        Language language;
        const char* title;
    } cases[] = {{Language::zh_cn, "当前状态不允许"},
                 {Language::zh_tw, "目前狀態不允許"},
                 {Language::en, "Refused in this state"}};
    for (const auto& c : cases) {
        const auto response = respond(problem, c.language);
        const auto body = boost::json::parse(response.body);
        EXPECT_EQ(response.status, 409);
        EXPECT_EQ(response.content_type, "application/problem+json");
        EXPECT_EQ(body.at("title").as_string(), c.title);
        EXPECT_EQ(body.at("code").as_string(), "already_answered");
        EXPECT_NE(body.at("detail").as_string().find("王芳"), std::string::npos);
    }
}

}  // namespace
}  // namespace shouwen::api
