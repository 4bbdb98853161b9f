#include "modules/search/rules/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::search {
namespace {

constexpr SearchKind tickets[] = {SearchKind::ticket};
constexpr SearchKind tickets_and_customers[] = {SearchKind::ticket, SearchKind::customer};

TEST(SearchQuery, NeedsEveryWordAndOneOfEachScopeGroup)
{
    const std::vector<QueryToken> words{{"投诉", false}, {"zhang", true}};
    const SearchScope scope{{{"u1", "u2"}, {"m5"}}};
    EXPECT_EQ(fts5_query(words, scope, tickets_and_customers),
              R"({title tokens} : ("投诉" AND "zhang" *) AND scope : ("u1" OR "u2") AND scope : ("m5") )"
              R"(AND scope : ("kticket" OR "kcustomer"))");
    EXPECT_EQ(tsquery(words, scope, tickets_and_customers),
              "'投诉' & 'zhang':* & ('=u1' | '=u2') & ('=m5') & ('=kticket' | '=kcustomer')");
}

TEST(SearchQuery, FindsNothingWithoutWordsRightsOrKinds)
{
    const std::vector<QueryToken> words{{"投诉", false}};
    const struct {
        const char* name;
        std::vector<QueryToken> words;
        SearchScope scope;
        std::vector<SearchKind> kinds;
    } cases[] = {
        {"no words", {}, {}, {SearchKind::ticket}},
        {"a group without words", words, {{{"u1"}, {}}}, {SearchKind::ticket}},
        {"a group of unusable words", words, {{{"u1\" OR \"u2"}}}, {SearchKind::ticket}},
        {"no kind", words, {}, {}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(fts5_query(c.words, c.scope, c.kinds), "");
        EXPECT_EQ(tsquery(c.words, c.scope, c.kinds), "");
    }
}

TEST(SearchQuery, WordsThatCouldBeSyntaxAreLeftOut)
{
    const std::vector<QueryToken> words{{"a\" OR \"b", false}, {"x'y", false}, {"投诉", false}};
    EXPECT_EQ(fts5_query(words, {}, tickets), R"({title tokens} : ("投诉") AND scope : ("kticket"))");
    EXPECT_EQ(tsquery(words, {}, tickets), "'投诉' & ('=kticket')");
}

TEST(SearchQuery, LongQueriesAreCutBetweenCharacters)
{
    std::string query;
    for (int i = 0; i < 400; ++i) query += "投诉处理 ";
    const auto words = words_of(query);
    EXPECT_LE(words.size(), 16u);
    EXPECT_GE(words.size(), 1u);
    for (const auto& word : words) EXPECT_EQ(word.text.find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(SearchQuery, TitleScoreCountsWholeWordsAndPrefixes)
{
    const std::vector<QueryToken> words{{"投诉", false}, {"zh", true}, {"absent", false}};
    EXPECT_EQ(title_score("投诉 zhang", words), 2);
    EXPECT_EQ(title_score("投诉处理 azh", words), 0);
    EXPECT_EQ(title_score("", words), 0);
}

}  // namespace
}  // namespace shouwen::search
