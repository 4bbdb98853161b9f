#include "base/id.hpp"
#include "platform/postgres/fault.hpp"
#include "platform/postgres/membership.hpp"
#include "platform/postgres/news.hpp"
#include "platform/postgres/server_fixture.hpp"
#include "platform/sql/feed.hpp"
#include "platform/sql/lease.hpp"
#include "platform/sql/refused.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

// Several processes on one database, each with a store of its own.

namespace shouwen::postgres {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr auto patience = 20s;  // of a test that would otherwise wait for ever

const sql::Statement make_tally{"make_tally", "INSERT INTO tally VALUES (1, 0)"};
const sql::Statement lock_tally{"lock_tally", "SELECT count FROM tally WHERE id = 1 FOR UPDATE"};
const sql::Statement read_tally{"read_tally", "SELECT count FROM tally WHERE id = 1"};
const sql::Statement set_tally{"set_tally", "UPDATE tally SET count = $1 WHERE id = 1"};
const sql::Statement take_all_but{
    "take_all_but", "SELECT count(pg_advisory_lock(7307196, n)) FROM generate_series(0, 255) AS n WHERE n <> $1"};
const sql::Statement read_node{
    "read_node",
    "SELECT address, version, schema, started_at > 0, seen_at > 0, left_at IS NULL FROM node WHERE number = $1"};

std::int64_t number_of(const sql::Row& row)
{
    return row.integer(0);
}

/// Whether it comes true before patience is over.
bool comes_true(const std::function<bool()>& condition)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!condition())
        if (std::chrono::steady_clock::now() > until) return false;
    return true;
}

class Nodes : public testing::Test {
protected:
    void SetUp() override
    {
        if (!TemporaryServer::is_installed()) GTEST_SKIP() << "PostgreSQL is not installed";
        database_ = std::make_unique<TemporaryDatabase>(*TemporaryServer::shared());
        connection().run_script("CREATE TABLE tally (id BIGINT PRIMARY KEY, count BIGINT NOT NULL)");
        open()->write([](sql::Connection& db) { db.execute(make_tally); });
    }
    std::unique_ptr<sql::Store> open(std::chrono::milliseconds idle_max = 10s)
    {
        return open_postgres({.url = database_->url(), .idle_max = idle_max});
    }
    PgConnection connection() { return PgConnection{database_->url(), 60s}; }
    std::int64_t tally() { return connection().first(read_tally, number_of).value(); }
    static void end_connections_of(const std::string& but = "")
    {
        TemporaryServer::shared()->script(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = "
            "'client backend' AND application_name <> 'kept" +
            but + "'");
    }

    std::unique_ptr<TemporaryDatabase> database_;
};

TEST_F(Nodes, EachHasANumberOfItsOwnWhichRestsWhenItLeaves)
{
    auto first = open();
    const auto second = open();
    EXPECT_EQ(first->join({"127.0.0.1:8080", "1.2.3"}), 0);
    EXPECT_EQ(second->join({}), 1);
    first->read([](sql::Connection& db) {
        db.each(
            read_node,
            [](const sql::Row& row) {
                EXPECT_EQ(row.text(0), "127.0.0.1:8080");
                EXPECT_EQ(row.text(1), "1.2.3");
                EXPECT_EQ(row.integer(2), sql::newest_number(sql::built_in_migrations(sql::Dialect::postgres)));
                for (int i = 3; i < 6; ++i) EXPECT_TRUE(row.boolean(i)) << i;
            },
            0);
    });
    first.reset();
    const auto third = open();
    EXPECT_EQ(third->join({}), 2) << "a number that was never used comes first";
    third->read([](sql::Connection& db) {
        db.each(
            read_node, [](const sql::Row& row) { EXPECT_FALSE(row.boolean(5)) << "it has said that it leaves"; }, 0);
    });
}

TEST_F(Nodes, OneTooManyIsRefusedWithTheLimit)
{
    auto others = connection();
    others.first(take_all_but, number_of, -1);
    const auto store = open();
    try {
        store->join({});
        FAIL() << "joined";
    } catch (const sql::StoreRefused& refused) {
        EXPECT_EQ(refused.code, sql::StoreRefusal::nodes_full);
        EXPECT_THAT(refused.what(), HasSubstr("256 processes"));
    }
}

TEST_F(Nodes, F19_ANumberOutlivesTheConnectionsThatHeldIt)
{
    const auto store = open();
    const int number = store->join({});
    end_connections_of();
    EXPECT_TRUE(comes_true([&] {
        try {
            return store->keep_number();
        } catch (const ConnectionLost&) {
            return false;  // learns of it now, and connects anew the next time
        }
    }));
    store->write([](sql::Connection& db) { db.execute(set_tally, 5); });
    EXPECT_EQ(tally(), 5);
    const auto other = open();
    EXPECT_NE(other->join({}), number);
}

TEST_F(Nodes, F31_WhoseNumberWasGivenAwayWritesNothing)
{
    const auto store = open();
    const int number = store->join({});
    store->write([](sql::Connection& db) { db.execute(set_tally, 1); });
    end_connections_of();
    auto others = connection();
    const auto thief = open();
    // The sleeper connects anew only when it writes: all other numbers being taken, the thief gets its own.
    others.first(take_all_but, number_of, number);
    EXPECT_EQ(thief->join({}), number);
    EXPECT_THROW(store->write([](sql::Connection& db) { db.execute(set_tally, 2); }), NumberLost);
    EXPECT_TRUE(comes_true([&] {
        try {
            return !store->keep_number();
        } catch (const ConnectionLost&) {
            return false;
        }
    }));
    EXPECT_EQ(tally(), 1);
    thief->write([](sql::Connection& db) { db.execute(set_tally, 3); });
    EXPECT_EQ(tally(), 3);
}

TEST_F(Nodes, IdsOfSeveralNodesNeverCollide)
{
    constexpr int each = 100'000;
    std::vector<std::vector<std::int64_t>> made(3);
    std::vector<std::unique_ptr<sql::Store>> stores;
    std::vector<std::jthread> nodes;
    for (auto& ids : made) {
        auto& store = *stores.emplace_back(open());
        const int number = store.join({});
        nodes.emplace_back([&ids, number] {
            IdSource source{static_cast<std::uint8_t>(number)};
            for (int i = 0; i < each; ++i) ids.push_back(source.next<TicketId>(from_ms(1'767'574'800'000)).value);
        });
    }
    nodes.clear();
    std::set<std::int64_t> all;
    for (const auto& ids : made) all.insert(ids.begin(), ids.end());
    EXPECT_EQ(all.size(), std::size_t{3 * each});
}

TEST_F(Nodes, F31_AProcessThatSleepsInATransactionLosesItAndSettlesNothing)
{
    const auto sleeper = open(300ms);
    const auto awake = open();
    std::latch has_lock{1};
    std::latch may_go_on{1};
    int runs = 0;
    auto asleep = std::async(std::launch::async, [&] {
        sleeper->write([&](sql::Connection& db) {
            const auto before = db.first(lock_tally, number_of).value();
            if (++runs == 1) {
                has_lock.count_down();
                may_go_on.wait();
            }
            db.execute(set_tally, before + 1);
        });
    });
    has_lock.wait();
    awake->write([](sql::Connection& db) {  // waits for the row until the server has ended the sleeper
        db.execute(set_tally, db.first(lock_tally, number_of).value() + 10);
    });
    may_go_on.count_down();
    asleep.get();
    EXPECT_EQ(runs, 2) << "what it had read in its sleep was not to be written";
    EXPECT_EQ(tally(), 11);
}

TEST_F(Nodes, F31_ALeaseThatRanOutConfirmsNothing)
{
    const auto first = open();
    const auto second = open();
    sql::Lease mine{"work", 100ms};
    sql::Lease yours{"work", 60s};
    const auto token = mine.take(*first);
    ASSERT_TRUE(token);
    std::optional<std::int64_t> taken;
    EXPECT_TRUE(comes_true([&] { return (taken = yours.take(*second)).has_value(); }));
    EXPECT_GT(*taken, *token);
    EXPECT_THROW(first->write([&](sql::Connection& db) {
        db.execute(set_tally, 1);
        mine.confirm(db, *token, sql::Lease::Then::keep);
    }),
                 sql::LeaseLost);
    EXPECT_EQ(tally(), 0);
    EXPECT_FALSE(mine.take(*first)) << "it is another's for a minute";
    second->write([&](sql::Connection& db) {
        yours.confirm(db, *taken, sql::Lease::Then::give_back);
        db.execute(set_tally, 2);
    });
    EXPECT_TRUE(mine.take(*first)) << "given back before its time";
    EXPECT_EQ(tally(), 2);
}

TEST_F(Nodes, WhatIsSerialisedIsDoneByOneAfterTheOther)
{
    std::vector<std::jthread> nodes;
    for (int i = 0; i < 3; ++i)
        nodes.emplace_back([this] {
            const auto store = open();
            for (int k = 0; k < 50; ++k)
                store->write([](sql::Connection& db) {
                    sql::serialise(db, "tally");
                    db.execute(set_tally, db.first(read_tally, number_of).value() + 1);
                });
        });
    nodes.clear();
    EXPECT_EQ(tally(), 150);
}

TEST_F(Nodes, F57_OfSeveralThatAreStartedAtOnceOneMigrates)
{
    auto& server = *TemporaryServer::shared();
    server.script("DROP DATABASE IF EXISTS bare; ");
    server.script("CREATE DATABASE bare");
    std::vector<std::future<sql::Migrated>> started;
    for (int i = 0; i < 3; ++i)
        started.push_back(std::async(std::launch::async, [&] {
            const auto store = open_postgres({.url = server.url("bare")});
            return sql::migrate(*store, Instant{});
        }));
    for (auto& each : started)
        EXPECT_EQ(each.get().to, sql::newest_number(sql::built_in_migrations(sql::Dialect::postgres)));
    server.drop(server.url("bare"));
}

TEST_F(Nodes, F57_AnOlderProgramIsRefusedByANewerSchemaWithAText)
{
    const auto running = open();
    running->join({});
    const int newest = sql::newest_number(sql::built_in_migrations(sql::Dialect::postgres));
    const sql::Migration next{newest + 1, "of_tomorrow", "CREATE TABLE of_tomorrow (id BIGINT PRIMARY KEY)"};
    std::vector<sql::Migration> known;
    for (const auto& each : sql::built_in_migrations(sql::Dialect::postgres)) known.push_back(each);
    known.push_back(next);
    EXPECT_EQ(sql::migrate(*open_postgres({.url = database_->url(), .schema_known = newest + 1}), known, Instant{}).to,
              newest + 1);
    try {
        open();
        ADD_FAILURE() << "opened";
    } catch (const sql::StoreRefused& refused) {
        EXPECT_EQ(refused.code, sql::StoreRefusal::schema_newer);
        EXPECT_THAT(refused.what(), HasSubstr("Start the newer version"));
    }
    running->write([](sql::Connection& db) { db.execute(set_tally, 1); });
    EXPECT_EQ(tally(), 1) << "who is at work already goes on: migrations add";
}

/// What one node hears.
class Ear {
public:
    Ear(sql::Store& store, std::string topic)
        : subscription_(store.feed().subscribe(std::move(topic), {[this](std::span<const std::string> whats) {
                                                                      const std::lock_guard lock{mutex_};
                                                                      heard_.insert(heard_.end(), whats.begin(),
                                                                                    whats.end());
                                                                      changed_.notify_all();
                                                                  },
                                                                  [this] {
                                                                      const std::lock_guard lock{mutex_};
                                                                      ++missed_count_;
                                                                      changed_.notify_all();
                                                                  }}))
    {
    }
    std::vector<std::string> hears(std::size_t count)
    {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, patience, [&] { return heard_.size() >= count; });
        return heard_;
    }
    bool misses()
    {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, patience, [&] { return missed_count_ > 1; });  // the first is the beginning
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> heard_;
    int missed_count_ = 0;
    sql::Feed::Subscription subscription_;
};

TEST_F(Nodes, AChangeIsHeardOnEachNodeOnceAndOnlyWhenItIsCommitted)
{
    const auto here = open();
    const auto there = open();
    here->join({});
    there->join({});
    Ear own{*here, "topic"};
    Ear other{*there, "topic"};
    EXPECT_THROW(here->write([](sql::Connection& db) {
        db.announce("topic", "never");
        throw std::runtime_error("rolled back");
    }),
                 std::runtime_error);
    here->write([](sql::Connection& db) {
        db.announce("topic", "one");
        db.announce("topic", "one");
        db.announce("another", "thing");
    });
    EXPECT_THAT(own.hears(1), ElementsAre("one")) << "before the write returns";
    here->write([](sql::Connection& db) { db.announce("topic", ""); });
    EXPECT_THAT(other.hears(2), ElementsAre("one", ""));
    EXPECT_THAT(own.hears(2), ElementsAre("one", ""));
}

TEST_F(Nodes, WhatWasAnnouncedIsOnDiskWhenItIsAcknowledged)
{
    static const sql::Statement log_position{"log_position",
                                             "SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS BIGINT)"};
    static const sql::Statement flushed_position{"flushed_position",
                                                 "SELECT CAST(pg_current_wal_flush_lsn() - '0/0' AS BIGINT)"};
    const auto store = open();
    store->join({});
    auto other = connection();
    for (int i = 0; i < 100; ++i) {
        std::int64_t written = 0;
        store->write([&](sql::Connection& db) {
            db.execute(set_tally, i);
            db.announce("topic", "x");
            written = db.first(log_position, number_of).value();
        });
        ASSERT_GE(other.first(flushed_position, number_of).value(), written);
    }
}

TEST_F(Nodes, ManyChangesOfOneTransactionArriveWholeInSeveralMessages)
{
    const auto here = open();
    const auto there = open();
    here->join({});
    there->join({});
    Ear other{*there, "topic"};
    here->write([](sql::Connection& db) {
        for (int i = 0; i < 2'000; ++i) db.announce("topic", fmt::format("a change of some length, number {}", i));
    });
    const auto heard = other.hears(2'000);
    ASSERT_EQ(heard.size(), 2'000U);
    EXPECT_EQ(heard.back(), "a change of some length, number 1999");
}

TEST_F(Nodes, F19_WhoseListenerWasCutOffIsToldThatItMayHaveMissedSomething)
{
    const auto here = open();
    const auto there = open();
    here->join({});
    there->join({});
    Ear other{*there, "topic"};
    end_connections_of();
    EXPECT_TRUE(other.misses());
    EXPECT_TRUE(comes_true([&] { return !there->feed().is_behind(); }));
    here->write([](sql::Connection& db) { db.announce("topic", "afterwards"); });
    EXPECT_THAT(other.hears(1), ElementsAre("afterwards"));
}

TEST_F(Nodes, WhoCannotReadIsBehindUntilItCould)
{
    const auto store = open();
    store->join({});
    bool works = true;
    int missed = 0;
    const auto subscription = store->feed().subscribe("topic", {[&](auto) {
                                                                    if (!works) throw sql::DatabaseFault("away");
                                                                },
                                                                [&] {
                                                                    if (!works) throw sql::DatabaseFault("away");
                                                                    ++missed;
                                                                }});
    EXPECT_EQ(missed, 1) << "at the beginning there is everything to be read";
    works = false;
    store->write([](sql::Connection& db) { db.announce("topic", "x"); });
    EXPECT_TRUE(store->feed().is_behind());
    store->feed().repair();
    EXPECT_TRUE(store->feed().is_behind());
    works = true;
    store->feed().repair();
    EXPECT_FALSE(store->feed().is_behind());
    EXPECT_EQ(missed, 2) << "it reads everything, as it cannot know what it missed";
}

}  // namespace
}  // namespace shouwen::postgres
