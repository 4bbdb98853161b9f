#include "modules/knowledge/store/articles.hpp"

#include "modules/knowledge/store/script_shelf.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::knowledge {
namespace {

using testing::ElementsAre;

const sql::Statement count_queue{"count_queue",
                                 "SELECT count(*) FROM search_queue WHERE kind = 'article' AND ref_id = $1"};

Article article(std::int64_t id, const char* title, std::optional<Class> class_ = {})
{
    return {.id = ArticleId{id},
            .text = {.title = title, .body = "正文", .class_ = class_, .category = "parking"},
            .updated_at = from_ms(id)};
}

Article script(std::int64_t id, const char* shortcut)
{
    Article made = article(id, "电话开场");
    made.text = {.kind = ArticleKind::script,
                 .title = "电话开场",
                 .body = "您好",
                 .step = ticket::Step::intake,
                 .channel = Channel::phone,
                 .emotion = ticket::Emotion::angry,
                 .shortcut = shortcut};
    return made;
}

std::vector<std::string> titles(const std::vector<ArticleHead>& heads)
{
    std::vector<std::string> titles;
    for (const auto& head : heads) titles.push_back(head.title);
    return titles;
}

class Articles : public testing::Test {
protected:
    sqlite::TemporaryStore store;

    void write(const std::function<void(sql::Connection&)>& work) { store->write(work); }
    template <class Read>
    auto read(Read&& read)
    {
        std::invoke_result_t<Read, sql::Connection&> result;
        store->read([&](sql::Connection& connection) { result = read(connection); });
        return result;
    }
};

TEST_F(Articles, KeepEveryFieldOfAScript)
{
    write([](sql::Connection& connection) { insert(connection, script(7, "dhkc")); });

    const auto found = read([](sql::Connection& connection) { return find(connection, ArticleId{7}); });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->text.kind, ArticleKind::script);
    EXPECT_EQ(found->text.body, "您好");
    EXPECT_EQ(found->text.step, ticket::Step::intake);
    EXPECT_EQ(found->text.channel, Channel::phone);
    EXPECT_EQ(found->text.emotion, ticket::Emotion::angry);
    EXPECT_EQ(found->text.shortcut, "dhkc");
    EXPECT_EQ(found->text.class_, std::nullopt);
    EXPECT_EQ(found->version, 1);
}

TEST_F(Articles, AreListedNewestFirstPageByPageWithinTheFilter)
{
    write([](sql::Connection& connection) {
        insert(connection, article(1, "one", Class::repair));
        insert(connection, article(2, "two", Class::help));
        insert(connection, article(3, "three", Class::repair));
        insert(connection, script(4, "dhkc"));
    });

    EXPECT_THAT(titles(read([](sql::Connection& c) { return list_articles(c, {.limit = 2}); })),
                ElementsAre("three", "two"));
    EXPECT_THAT(titles(read([](sql::Connection& c) { return list_articles(c, {.before = ArticleId{2}}); })),
                ElementsAre("one"));
    EXPECT_THAT(titles(read([](sql::Connection& c) { return list_articles(c, {.class_ = Class::repair}); })),
                ElementsAre("three", "one"));
    EXPECT_TRUE(read([](sql::Connection& c) { return list_articles(c, {.category = "noise"}); }).empty());
    EXPECT_THAT(titles(read([](sql::Connection& c) {
                    return heads_of(c, {ArticleId{2}, ArticleId{4}, ArticleId{1}});
                })),
                ElementsAre("two", "one"));
}

TEST_F(Articles, EachWriteIsQueuedForTheSearchIndex)
{
    write([](sql::Connection& connection) { insert(connection, article(1, "one")); });
    Article second = article(1, "ONE");
    second.version = 2;
    write([&](sql::Connection& connection) { update(connection, second, ArticleAct::changed); });

    EXPECT_EQ(read([](sql::Connection& c) {
                  return c
                      .first(
                          count_queue, [](const sql::Row& row) { return row.integer(0); }, 1)
                      .value_or(-1);
              }),
              2);
    EXPECT_EQ(read([](sql::Connection& c) { return find(c, ArticleId{1}); })->text.title, "ONE");
}

TEST_F(Articles, AnUpdateOverAnotherVersionIsAFault)
{
    write([](sql::Connection& connection) { insert(connection, article(1, "one")); });
    Article late = article(1, "late");
    late.version = 5;
    EXPECT_THROW(write([&](sql::Connection& connection) { update(connection, late, ArticleAct::changed); }),
                 BrokenInvariant);
}

TEST_F(Articles, OutOfUseFreesItsShortcutAndLeavesTheLists)
{
    write([](sql::Connection& connection) { insert(connection, script(1, "dhkc")); });
    EXPECT_EQ(read([](sql::Connection& c) { return shortcut_owner(c, "dhkc"); }), ArticleId{1});

    Article gone = script(1, "dhkc");
    gone.version = 2;
    gone.state = ArticleState::retired;
    gone.disabled_at = from_ms(99);
    write([&](sql::Connection& connection) { update(connection, gone, ArticleAct::retired); });

    EXPECT_EQ(read([](sql::Connection& c) { return shortcut_owner(c, "dhkc"); }), ArticleId{});
    EXPECT_TRUE(read([](sql::Connection& c) { return load_scripts(c); }).empty());
    write([](sql::Connection& connection) { insert(connection, script(2, "dhkc")); });
}

TEST_F(Articles, KeepEachVersionWithItsTextAndWhatWasDone)
{
    write([](sql::Connection& connection) { insert(connection, script(1, "dhkc")); });
    Article second = script(1, "zxkc");
    second.version = 2;
    second.text.body = "您好，请讲";
    second.updated_by = StaffId{7};
    write([&](sql::Connection& connection) { update(connection, second, ArticleAct::changed); });

    const auto versions = read([](sql::Connection& c) { return list_versions(c, ArticleId{1}, 100, 10); });
    ASSERT_EQ(versions.size(), 2U);
    EXPECT_EQ(versions[0].version, 2);
    EXPECT_EQ(versions[0].act, ArticleAct::changed);
    EXPECT_EQ(versions[0].saved_by, StaffId{7});
    EXPECT_EQ(versions[1].act, ArticleAct::created);
    EXPECT_EQ(read([](sql::Connection& c) { return list_versions(c, ArticleId{1}, 2, 10); }).size(), 1U);
    const auto first = read([](sql::Connection& c) { return find_version(c, ArticleId{1}, 1); });
    ASSERT_TRUE(first);
    EXPECT_EQ(first->text.body, "您好");
    EXPECT_EQ(first->text.shortcut, "dhkc");
    EXPECT_EQ(first->text.emotion, ticket::Emotion::angry);
    EXPECT_FALSE(read([](sql::Connection& c) { return find_version(c, ArticleId{1}, 3); }));
}

TEST_F(Articles, DraftsAndRetiredOnesHaveListsOfTheirOwn)
{
    Article draft = article(1, "draft");
    draft.state = ArticleState::draft;
    Article put_aside = script(2, "dhkc");
    put_aside.state = ArticleState::retired;
    write([&](sql::Connection& connection) {
        insert(connection, draft);
        insert(connection, put_aside);
        insert(connection, article(3, "used"));
    });
    EXPECT_THAT(titles(read([](sql::Connection& c) { return list_articles(c, {}); })), ElementsAre("used"));
    EXPECT_THAT(titles(read([](sql::Connection& c) { return list_articles(c, {.state = ArticleState::draft}); })),
                ElementsAre("draft"));
    EXPECT_TRUE(read([](sql::Connection& c) { return load_scripts(c); }).empty());
    EXPECT_EQ(read([](sql::Connection& c) { return load_scripts(c, ArticleState::retired); }).size(), 1U);
    EXPECT_TRUE(read([](sql::Connection& c) { return heads_of(c, {ArticleId{1}}); }).empty());
}

TEST_F(Articles, TwoScriptsInUseCannotShareAShortcut)
{
    write([](sql::Connection& connection) { insert(connection, script(1, "dhkc")); });
    EXPECT_THROW(write([](sql::Connection& connection) { insert(connection, script(2, "dhkc")); }),
                 sql::ConstraintViolated);
}

TEST_F(Articles, TheShelfIsAsTheLastCommitLeftIt)
{
    write([](sql::Connection& connection) { insert(connection, script(1, "a")); });
    const ScriptShelf shelf{*store};
    const auto before = shelf.scripts();
    write([](sql::Connection& connection) {
        Article second = script(1, "b");
        second.version = 2;
        update(connection, second, ArticleAct::changed);
    });
    EXPECT_EQ(shelf.scripts()->at(0)->text.shortcut, "b");
    EXPECT_EQ(before->at(0)->text.shortcut, "a") << "who has it in hand keeps it";
}

}  // namespace
}  // namespace shouwen::knowledge
