#include "modules/knowledge/rules/lifecycle.hpp"

#include "base/names.hpp"

#include <gtest/gtest.h>

namespace shouwen::knowledge {
namespace {

const Editing editing{StaffId{9}, from_ms(2'000)};

Article in(ArticleState state)
{
    Article article{.id = ArticleId{1}, .text = {.title = "停车", .body = "正文"}, .version = 4, .state = state};
    if (state == ArticleState::retired) article.disabled_at = from_ms(1'000);
    return article;
}

TEST(B1_Article, IsPublishedFromAnyStateButInUseAndRetiredFromAnyButRetired)
{
    using enum ArticleState;
    const struct {
        ArticleState given;
        std::optional<Refusal> publish;
        std::optional<Refusal> retire;
    } cases[] = {
        {draft, std::nullopt, std::nullopt},
        {in_use, Refusal::article_in_use, std::nullopt},
        {retired, std::nullopt, Refusal::article_retired},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(name_of(c.given));
        const auto up = knowledge::published(in(c.given), editing);
        ASSERT_EQ(up.has_value(), !c.publish);
        if (up) {
            EXPECT_EQ(up->state, in_use);
            EXPECT_FALSE(up->disabled_at);
            EXPECT_EQ(up->version, 5);
            EXPECT_EQ(up->updated_by, editing.by);
        } else {
            EXPECT_EQ(up.error(), *c.publish);
        }
        const auto down = knowledge::retired(in(c.given), editing);
        ASSERT_EQ(down.has_value(), !c.retire);
        if (down) {
            EXPECT_EQ(down->state, retired);
            EXPECT_EQ(down->disabled_at, editing.now);
            EXPECT_EQ(down->text.title, "停车");
        } else {
            EXPECT_EQ(down.error(), *c.retire);
        }
    }
}

TEST(B1_Article, StaysInItsStateWhenItsTextIsChanged)
{
    for (const auto state : all_of<ArticleState>()) {
        const auto after = changed(in(state), {.title = "停车收费", .body = "新"}, editing);
        EXPECT_EQ(after.state, state);
        EXPECT_EQ(after.disabled_at, in(state).disabled_at);
        EXPECT_EQ(after.text.title, "停车收费");
        EXPECT_EQ(after.version, 5);
        EXPECT_EQ(after.updated_at, editing.now);
    }
}

}  // namespace
}  // namespace shouwen::knowledge
