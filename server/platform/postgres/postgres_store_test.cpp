#include "platform/postgres/postgres_store.hpp"

#include "platform/postgres/server_fixture.hpp"
#include "platform/sql/refused.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <limits>

namespace shouwen::postgres {
namespace {

using testing::HasSubstr;
using testing::Not;

const sql::Statement insert_item{"insert_item",
                                 "INSERT INTO item (id, whole, real, words, bytes) VALUES ($1, $2, $3, $4, $5)"};
const sql::Statement select_item{"select_item", "SELECT whole, real, words, bytes FROM item WHERE id = $1"};
const sql::Statement lock_item{"lock_item", "SELECT whole FROM item WHERE id = $1 FOR UPDATE"};
const sql::Statement set_item{"set_item", "UPDATE item SET whole = $2 WHERE id = $1"};
const sql::Statement count_items{"count_items", "SELECT COUNT(*), SUM(whole) FROM item"};

class PostgresStoreTest : public testing::Test {
protected:
    void SetUp() override
    {
        if (!TemporaryServer::is_installed()) GTEST_SKIP() << "PostgreSQL is not installed";
        database_ = std::make_unique<TemporaryDatabase>(*TemporaryServer::shared());
        store_ = open_postgres({.url = database_->url(), .writers = 4, .batch_max = 8});
        store_->write([](sql::Connection& db) {
            db.run_script(
                "CREATE TABLE item (id BIGINT PRIMARY KEY, whole BIGINT, real DOUBLE PRECISION, words TEXT, "
                "bytes BYTEA)");
        });
    }
    std::int64_t count()
    {
        std::int64_t count = 0;
        store_->read(
            [&](sql::Connection& db) { db.each(count_items, [&](const sql::Row& row) { count = row.integer(0); }); });
        return count;
    }

    std::unique_ptr<TemporaryDatabase> database_;
    std::unique_ptr<sql::Store> store_;
};

TEST_F(PostgresStoreTest, GivesBackWhatItWasGiven)
{
    const std::string bytes{"\0\xff\n'", 4};
    const auto least = std::numeric_limits<std::int64_t>::min();
    store_->write([&](sql::Connection& db) {
        db.execute(insert_item, 1, least, 0.1, "首问责任制 'x' \\", sql::Value::bytes(bytes));
        db.execute(insert_item, 2, nullptr, nullptr, "", nullptr);
    });
    store_->read([&](sql::Connection& db) {
        db.each(
            select_item,
            [&](const sql::Row& row) {
                EXPECT_EQ(row.integer(0), least);
                EXPECT_EQ(row.real(1), 0.1);
                EXPECT_EQ(row.text(2), "首问责任制 'x' \\");
                EXPECT_EQ(row.bytes(3), bytes);
            },
            1);
        db.each(
            select_item,
            [&](const sql::Row& row) {
                EXPECT_TRUE(row.is_null(0));
                EXPECT_TRUE(row.is_null(1));
                EXPECT_FALSE(row.is_null(2));
                EXPECT_TRUE(row.is_null(3));
            },
            2);
        db.each(count_items, [&](const sql::Row& row) { EXPECT_EQ(row.real(1), static_cast<double>(least)); });
    });
}

TEST_F(PostgresStoreTest, AJobThatFailsCostsTheOthersNothing)
{
    std::vector<std::future<void>> done;
    for (int id = 0; id < 40; ++id)
        done.push_back(std::async(std::launch::async, [this, id] {
            store_->write([id](sql::Connection& db) { db.execute_later(insert_item, id % 30, id, 0.0, "", nullptr); });
        }));
    int refused = 0;
    for (auto& each : done) {
        try {
            each.get();
        } catch (const sql::ConstraintViolated& violated) {
            EXPECT_THAT(violated.what(), HasSubstr("insert_item"));
            EXPECT_THAT(violated.what(), Not(HasSubstr("Key (id)"))) << "values stay out of texts";
            ++refused;
        }
    }
    EXPECT_EQ(refused, 10);
    EXPECT_EQ(count(), 30);
}

TEST_F(PostgresStoreTest, WritersOfTheSameRowWaitForEachOther)
{
    store_->write([](sql::Connection& db) { db.execute(insert_item, 1, 0, 0.0, "", nullptr); });
    std::vector<std::future<void>> done;
    for (int i = 0; i < 200; ++i)
        done.push_back(std::async(std::launch::async, [this] {
            store_->write([](sql::Connection& db) {
                const auto whole = db.first(
                    lock_item, [](const sql::Row& row) { return row.integer(0); }, 1);
                db.execute_later(set_item, 1, whole.value() + 1);
            });
        }));
    for (auto& each : done) each.get();
    store_->read(
        [](sql::Connection& db) { db.each(count_items, [](const sql::Row& row) { EXPECT_EQ(row.integer(1), 200); }); });
}

TEST_F(PostgresStoreTest, ReadsDoNotWrite)
{
    EXPECT_THROW(store_->read([](sql::Connection& db) { db.execute(insert_item, 1, 0, 0.0, "", nullptr); }),
                 sql::DatabaseFault);
    EXPECT_EQ(count(), 0);
}

TEST_F(PostgresStoreTest, ReadsThatAskNothingLeaveTheConnectionInOrder)
{
    store_->write([](sql::Connection& db) { db.execute(insert_item, 1, 7, 0.0, "", nullptr); });
    for (int nothing_asked = 0; nothing_asked < 4; ++nothing_asked) {
        for (int i = 0; i < nothing_asked; ++i) store_->read([](sql::Connection&) {});
        EXPECT_EQ(count(), 1);
    }
}

TEST_F(PostgresStoreTest, ALostConnectionIsReplacedUnlessRowsWereSeen)
{
    store_->write([](sql::Connection& db) { db.execute(insert_item, 1, 7, 0.0, "", nullptr); });
    const auto end_all = [] {
        TemporaryServer::shared()->script(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
    };
    EXPECT_EQ(count(), 1);
    end_all();
    EXPECT_EQ(count(), 1) << "the idle connection was lost, a new one serves";

    int seen = 0;
    EXPECT_THROW(store_->read([&](sql::Connection& db) {
        db.each(count_items, [&](const sql::Row&) { ++seen; });
        end_all();
        db.each(count_items, [&](const sql::Row&) { ++seen; });
    }),
                 sql::DatabaseFault);
    EXPECT_EQ(seen, 1) << "a work that has seen rows is not run again";
    EXPECT_EQ(count(), 1);
}

TEST_F(PostgresStoreTest, WhatCannotBeUsedIsRefusedWithATextThatSaysWhatToDo)
{
    auto& server = *TemporaryServer::shared();
    server.script("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    server.script("CREATE ROLE guest LOGIN");
    auto guest = database_->url();
    guest.replace(guest.find("user=postgres"), 13, "user=guest");
    const struct {
        std::string url;
        sql::StoreRefusal code;
        const char* text;
        int schema_known = 0;
    } cases[] = {
        {"postgresql://somebody:sesame@127.0.0.1:1/nowhere", sql::StoreRefusal::server_unreachable,
         "127.0.0.1:1/nowhere"},
        {server.url("absent"), sql::StoreRefusal::server_unreachable, "absent"},
        {"postgresql://[broken", sql::StoreRefusal::server_unreachable, "Check address"},
        {server.url("latin"), sql::StoreRefusal::server_unfit, "UTF8"},
        {guest, sql::StoreRefusal::not_writable, "GRANT CREATE"},
        {database_->url(), sql::StoreRefusal::schema_newer, "newer version", 3},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.url);
        try {
            open_postgres({.url = c.url, .schema_known = c.schema_known});
            ADD_FAILURE() << "opened";
        } catch (const sql::StoreRefused& refused) {
            EXPECT_EQ(refused.code, c.code);
            EXPECT_THAT(refused.what(), HasSubstr(c.text));
            EXPECT_THAT(refused.what(), Not(HasSubstr("sesame")));
        }
    }
}

}  // namespace
}  // namespace shouwen::postgres
