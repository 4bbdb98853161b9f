#include "modules/knowledge/rules/scripts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::knowledge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using ticket::Emotion;
using ticket::Step;

ScriptPtr script(std::int64_t id, const char* title, std::optional<Step> step, std::optional<Channel> channel,
                 std::optional<Emotion> emotion = {})
{
    Article article;
    article.id = ArticleId{id};
    article.text = {
        .kind = ArticleKind::script, .title = title, .body = "…", .step = step, .channel = channel, .emotion = emotion};
    return std::make_shared<const Article>(article);
}

std::vector<std::string> titles(const std::vector<ScriptPtr>& scripts)
{
    std::vector<std::string> titles;
    for (const auto& each : scripts) titles.push_back(each->text.title);
    return titles;
}

const std::vector<ScriptPtr> shelf{
    script(1, "closing", Step::feedback, std::nullopt),
    script(2, "anywhere", std::nullopt, std::nullopt),
    script(3, "phone", std::nullopt, Channel::phone),
    script(4, "intake", Step::intake, std::nullopt),
    script(5, "intake by phone", Step::intake, Channel::phone),
    script(6, "calming", std::nullopt, std::nullopt, Emotion::angry),
};

TEST(A5_Scripts, FitStepAndChannelTheClosestFirst)
{
    EXPECT_THAT(titles(fitting(shelf, {Step::intake, Channel::phone, Emotion::calm})),
                ElementsAre("intake by phone", "intake", "phone", "anywhere"));
}

TEST(A5_Scripts, OfAnotherStepOrChannelDoNotFit)
{
    EXPECT_THAT(titles(fitting(shelf, {Step::feedback, Channel::chat, Emotion::calm})),
                ElementsAre("closing", "anywhere"));
}

TEST(E4_Scripts, CalmingOnesStandFirstWhenTheCustomerIsAngry)
{
    const auto found = titles(fitting(shelf, {Step::intake, Channel::phone, Emotion::angry}));
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.front(), "calming");
    EXPECT_EQ(found.at(1), "intake by phone");
}

TEST(A5_Scripts, AreAllShownWhenNothingIsKnown)
{
    EXPECT_EQ(fitting(shelf, {}).size(), shelf.size());
}

TEST(A5_Scripts, OutOfUseAreNotShown)
{
    Article old = *script(7, "old", std::nullopt, std::nullopt);
    old.state = ArticleState::retired;
    EXPECT_THAT(fitting({std::make_shared<const Article>(old)}, {}), IsEmpty());
}

}  // namespace
}  // namespace shouwen::knowledge
