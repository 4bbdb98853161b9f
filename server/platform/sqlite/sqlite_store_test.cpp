#include "platform/sqlite/sqlite_store.hpp"

#include "platform/sql/feed.hpp"
#include "platform/sql/migration.hpp"
#include "platform/sql/refused.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <fstream>
#include <future>
#include <latch>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace shouwen::sqlite {
namespace {

using sql::Connection;
using sql::StoreRefusal;
using testing::HasSubstr;

const sql::Statement create_item{"create_item",
                                 "CREATE TABLE item (id INTEGER PRIMARY KEY, label TEXT UNIQUE, content BLOB, "
                                 "CONSTRAINT label_short CHECK (length(label) < 20)) STRICT"};
const sql::Statement create_part{"create_part",
                                 "CREATE TABLE part (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL "
                                 "REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED) STRICT"};
const sql::Statement insert_item{"insert_item", "INSERT INTO item (id, label) VALUES ($1, $2)"};
const sql::Statement insert_swapped{"insert_swapped", "INSERT INTO item (label, id, content) VALUES ($2, $1, $3)"};
const sql::Statement insert_part{"insert_part", "INSERT INTO part (id, item_id) VALUES ($1, $2)"};
const sql::Statement count_items{"count_items", "SELECT count(*) FROM item"};
const sql::Statement list_items{"list_items", "SELECT id, label, content FROM item ORDER BY id"};
const sql::Statement label_of{"label_of", "SELECT label FROM item WHERE id = $1"};
const sql::Statement rename_all{"rename_all", "UPDATE item SET label = label || 'x'"};

class SqliteStoreTest : public testing::Test {
protected:
    SqliteStoreTest()
    {
        store->write([](Connection& connection) {
            connection.execute(create_item);
            connection.execute(create_part);
        });
    }
    std::int64_t count()
    {
        std::int64_t count = -1;
        store->read([&](Connection& connection) {
            count = *connection.first(count_items, [](const sql::Row& row) { return row.integer(0); });
        });
        return count;
    }

    TemporaryFolder folder;
    std::unique_ptr<SqliteStore> store = open_sqlite({.path = folder / "shouwen.db"});
};

TEST_F(SqliteStoreTest, BindsByNumberAndReadsEveryKindBack)
{
    store->write([](Connection& connection) {
        connection.execute(insert_swapped, 7, "名字", sql::Value::bytes(std::string_view{"\0\xff", 2}));
        connection.execute(insert_swapped, 8, "", std::optional<std::string>{});
        EXPECT_EQ(connection.execute(rename_all), 2);
    });
    store->read([](Connection& connection) {
        std::vector<std::string> labels;
        connection.each(list_items, [&](const sql::Row& row) {
            labels.push_back(row.string(1));
            if (row.integer(0) == 7) EXPECT_EQ(row.bytes(2), (std::string_view{"\0\xff", 2}));
            if (row.integer(0) == 8) EXPECT_TRUE(row.is_null(2));
        });
        EXPECT_THAT(labels, testing::ElementsAre("名字x", "x"));
    });
}

TEST_F(SqliteStoreTest, VisitorMayRunOtherStatementsButNotItsOwn)
{
    store->write([](Connection& connection) { connection.execute(insert_item, 1, "one"); });
    store->read([](Connection& connection) {
        connection.each(list_items, [&](const sql::Row& row) {
            const auto label = connection.first(
                label_of, [](const sql::Row& inner) { return inner.string(0); }, row.integer(0));
            EXPECT_EQ(label, "one");
            EXPECT_THROW(connection.each(list_items, [](const sql::Row&) {}), std::logic_error);
        });
    });
}

TEST_F(SqliteStoreTest, ReaderSeesOneSnapshotAndCannotWrite)
{
    store->read([this](Connection& connection) {
        const auto read_count = [&] {
            return *connection.first(count_items, [](const sql::Row& row) { return row.integer(0); });
        };
        EXPECT_EQ(read_count(), 0);
        store->write([](Connection& writing) { writing.execute(insert_item, 1, "one"); });
        EXPECT_EQ(read_count(), 0);
        EXPECT_THROW(connection.execute(insert_item, 2, "two"), sql::DatabaseFault);
    });
    EXPECT_EQ(count(), 1);
}

TEST_F(SqliteStoreTest, ViolatedConstraintIsNamed)
{
    const auto message = [this](const auto& work) -> std::string {
        try {
            store->write(work);
        } catch (const sql::ConstraintViolated& violated) {
            return violated.what();
        }
        return "accepted";
    };
    store->write([](Connection& connection) { connection.execute(insert_item, 1, "one"); });
    EXPECT_THAT(message([](Connection& c) { c.execute(insert_item, 2, "one"); }), HasSubstr("item.label"));
    EXPECT_THAT(message([](Connection& c) { c.execute(insert_item, 3, std::string(30, 'a')); }),
                HasSubstr("label_short"));
    EXPECT_THAT(message([](Connection& c) { c.execute(insert_part, 1, 99); }), HasSubstr("FOREIGN KEY"));
    EXPECT_EQ(count(), 1);
}

/// Holds the writer inside a first job, so that all jobs submitted meanwhile form the next batch.
class HeldWriter {
public:
    explicit HeldWriter(sql::Store& store)
    {
        store.submit({[this](Connection&) {
                          inside_.count_down();
                          go_on_.wait();
                      },
                      [](std::exception_ptr) {}});
        inside_.wait();
    }
    void let_go() { go_on_.count_down(); }

private:
    std::latch inside_{1};
    std::latch go_on_{1};
};

struct Outcome {
    std::promise<void> promise;
    std::future<void> future = promise.get_future();
    std::function<void(std::exception_ptr)> done()
    {
        return [this](std::exception_ptr fault) { fault ? promise.set_exception(fault) : promise.set_value(); };
    }
};

TEST_F(SqliteStoreTest, WaitingJobsShareOneCommit)
{
    HeldWriter held{*store};
    std::vector<Outcome> outcomes(50);
    const auto commits_before = store->figures().commits_count;
    for (int i = 0; i < 50; ++i)
        ASSERT_EQ(store->submit({[i](Connection& c) { c.execute(insert_item, i + 1, std::to_string(i)); },
                                 outcomes[static_cast<std::size_t>(i)].done()}),
                  sql::Queued::yes);
    held.let_go();
    for (auto& outcome : outcomes) outcome.future.get();
    EXPECT_EQ(store->figures().commits_count - commits_before, 2u);  // the held one, and all the others
    EXPECT_EQ(count(), 50);
}

TEST_F(SqliteStoreTest, FailingJobFailsAloneAndTheOthersAreWritten)
{
    HeldWriter held{*store};
    std::vector<Outcome> outcomes(5);
    const auto submit = [&](std::size_t i, std::function<void(Connection&)> work) {
        store->submit({std::move(work), outcomes[i].done()});
    };
    submit(0, [](Connection& c) { c.execute(insert_item, 1, "one"); });
    submit(1, [](Connection& c) {
        c.execute(insert_item, 2, "half");  // has to go with the rest of its job
        c.execute(insert_item, 3, "one");
    });
    submit(2, [](Connection& c) { c.execute(insert_item, 4, "four"); });
    submit(3, [](Connection&) { throw std::runtime_error("own fault"); });
    submit(4, [](Connection& c) { c.execute(insert_item, 5, "five"); });
    held.let_go();
    outcomes[0].future.get();
    EXPECT_THROW(outcomes[1].future.get(), sql::ConstraintViolated);
    outcomes[2].future.get();
    EXPECT_THROW(outcomes[3].future.get(), std::runtime_error);
    outcomes[4].future.get();
    EXPECT_EQ(count(), 3);
}

TEST_F(SqliteStoreTest, TellsWhatWasAnnouncedByJobsThatAreCommittedBeforeTheyAreAcknowledged)
{
    std::vector<std::string> heard;
    const auto subscription = store->feed().subscribe(
        "topic",
        {[&](std::span<const std::string> whats) { heard.insert(heard.end(), whats.begin(), whats.end()); }, [] {}});
    HeldWriter held{*store};
    std::vector<Outcome> outcomes(3);
    store->submit({[](Connection& c) { c.announce("topic", "first"); }, outcomes[0].done()});
    store->submit({[](Connection& c) {
                       c.announce("topic", "never");
                       c.announce("another", "thing");
                       throw std::runtime_error("own fault");
                   },
                   outcomes[1].done()});
    store->submit({[](Connection& c) {
                       c.announce("topic", "first");
                       c.announce("topic", "last");
                   },
                   [&, done = outcomes[2].done()](std::exception_ptr fault) {
                       EXPECT_THAT(heard, testing::ElementsAre("first", "last"));
                       done(fault);
                   }});
    held.let_go();
    outcomes[2].future.get();
}

TEST_F(SqliteStoreTest, ConstraintCheckedAtCommitFailsOnlyItsJob)
{
    HeldWriter held{*store};
    std::vector<Outcome> outcomes(3);
    store->submit({[](Connection& c) { c.execute(insert_item, 1, "one"); }, outcomes[0].done()});
    store->submit({[](Connection& c) { c.execute(insert_part, 1, 99); }, outcomes[1].done()});
    store->submit({[](Connection& c) { c.execute(insert_part, 2, 1); }, outcomes[2].done()});
    held.let_go();
    outcomes[0].future.get();
    EXPECT_THROW(outcomes[1].future.get(), sql::ConstraintViolated);
    outcomes[2].future.get();
}

TEST_F(SqliteStoreTest, FullQueueRefusesAndSaysHowLong)
{
    store.reset();
    store = open_sqlite({.path = folder / "shouwen.db", .queue_max = 3});
    HeldWriter held{*store};
    std::vector<Outcome> outcomes(3);
    for (auto& outcome : outcomes) EXPECT_EQ(store->submit({[](Connection&) {}, outcome.done()}), sql::Queued::yes);
    EXPECT_EQ(store->submit({[](Connection&) {}, [](std::exception_ptr) { FAIL(); }}), sql::Queued::full);
    EXPECT_EQ(store->figures().queue_length, 3u);
    held.let_go();
    for (auto& outcome : outcomes) outcome.future.get();
    EXPECT_GE(store->expected_wait().count(), 0);
}

TEST_F(SqliteStoreTest, ClosingWritesWhatWasQueued)
{
    HeldWriter held{*store};
    std::vector<Outcome> outcomes(20);
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        store->submit({[i](Connection& c) { c.execute(insert_item, static_cast<int>(i) + 1, std::to_string(i)); },
                       outcomes[i].done()});
    held.let_go();
    store = nullptr;
    for (auto& outcome : outcomes) outcome.future.get();
    store = open_sqlite({.path = folder / "shouwen.db"});
    EXPECT_EQ(count(), 20);
}

TEST_F(SqliteStoreTest, ManyThreadsWriteAndReadAtOnce)
{
    constexpr int threads_count = 8;
    constexpr int writes_count = 50;
    std::barrier start{threads_count};
    std::vector<std::jthread> threads;
    for (int t = 0; t < threads_count; ++t)
        threads.emplace_back([&, t] {
            start.arrive_and_wait();
            for (int i = 0; i < writes_count; ++i) {
                const int id = t * writes_count + i + 1;
                store->write([id](Connection& c) { c.execute(insert_item, id, std::to_string(id)); });
                store->read([id](Connection& c) {
                    EXPECT_EQ(c.first(
                                  label_of, [](const sql::Row& row) { return row.string(0); }, id),
                              std::to_string(id));
                });
            }
        });
    threads.clear();
    EXPECT_EQ(count(), threads_count * writes_count);
}

TEST_F(SqliteStoreTest, LogIsTakenOverAndBegunAnewUnderSteadyWriting)
{
    const std::string content(100'000, 'x');
    for (int i = 1; i <= 350; ++i)  // 35 MB
        store->write(
            [&](Connection& c) { c.execute(insert_swapped, i, std::to_string(i), sql::Value::bytes(content)); });
    EXPECT_GE(store->figures().checkpoints_count, 2u);
    EXPECT_LT(std::filesystem::file_size(folder / "shouwen.db-wal"), 24u << 20);
}

TEST_F(SqliteStoreTest, LogOverItsLimitBrakesWritersAndShrinksWhenTheOldReaderIsGone)
{
    store.reset();
    store = open_sqlite({.path = folder / "shouwen.db", .wal_bytes_max = 36 << 20});
    const std::string content(1'000'000, 'x');
    int next = 1;
    const auto write_one = [&] {
        store->write(
            [&](Connection& c) { c.execute(insert_swapped, next, std::to_string(next), sql::Value::bytes(content)); });
        ++next;
    };
    store->read([&](Connection& connection) {
        connection.first(count_items, [](const sql::Row& row) { return row.integer(0); });
        while (next <= 25) write_one();  // still accepted
        EXPECT_GT(store->figures().wal_bytes, 24 << 20);
    });
    write_one();
    write_one();
    EXPECT_LT(store->figures().wal_bytes, 8 << 20);
    EXPECT_LE(std::filesystem::file_size(folder / "shouwen.db-wal"), 17u << 20);
}

StoreRefusal refusal_of(const SqliteOptions& options, std::string* text = nullptr)
{
    try {
        open_sqlite(options);
    } catch (const sql::StoreRefused& refused) {
        if (text) *text = refused.what();
        return refused.code;
    }
    ADD_FAILURE() << "was opened";
    return {};
}

TEST_F(SqliteStoreTest, SecondOpenerIsToldWhichProcessHoldsIt)
{
    std::string text;
    EXPECT_EQ(refusal_of({.path = folder / "shouwen.db"}, &text), StoreRefusal::store_in_use);
    EXPECT_THAT(text, HasSubstr(fmt::format("process {}", ::getpid())));
}

TEST(SqliteOpening, RefusesWhatIsNotAUsableStore)
{
    const TemporaryFolder folder;
    EXPECT_EQ(refusal_of({.path = folder / "absent/shouwen.db"}), StoreRefusal::directory_missing);
    EXPECT_EQ(refusal_of({.path = folder.path()}), StoreRefusal::not_a_database);

    std::ofstream{folder / "text.db"} << std::string(5000, 'x');
    EXPECT_EQ(refusal_of({.path = folder / "text.db"}), StoreRefusal::not_a_database);

    {
        SqliteConnection{folder / "other.db", Access::read_write, 1000}.run_script("CREATE TABLE t (a)");
    }
    EXPECT_EQ(refusal_of({.path = folder / "other.db"}), StoreRefusal::foreign_database);

    open_sqlite({.path = folder / "readonly.db"});
    ::chmod((folder / "readonly.db").c_str(), 0400);
    EXPECT_EQ(refusal_of({.path = folder / "readonly.db"}), StoreRefusal::not_writable);
}

TEST(SqliteOpening, RefusesAnotherUsersFile)
{
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    const TemporaryFolder folder;
    open_sqlite({.path = folder / "theirs.db"});
    ASSERT_EQ(::chown((folder / "theirs.db").c_str(), 65534, 65534), 0);
    std::string text;
    EXPECT_EQ(refusal_of({.path = folder / "theirs.db"}, &text), StoreRefusal::wrong_owner);
    EXPECT_THAT(text, HasSubstr("user 65534"));
}

TEST(SqliteOpening, RefusesANewerSchema)
{
    const TemporaryFolder folder;
    const std::vector<sql::Migration> newer{
        {9'000, "from_the_future", "CREATE TABLE future (id INTEGER PRIMARY KEY) STRICT;"}};
    {
        const auto store = open_sqlite({.path = folder / "shouwen.db"});
        sql::migrate(*store, newer, Instant{});
    }
    EXPECT_EQ(refusal_of({.path = folder / "shouwen.db", .schema_known = 8'999}), StoreRefusal::schema_newer);
    EXPECT_NO_THROW(open_sqlite({.path = folder / "shouwen.db", .schema_known = 9'000}));
}

}  // namespace
}  // namespace shouwen::sqlite
