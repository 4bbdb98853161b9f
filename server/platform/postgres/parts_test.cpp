#include "platform/sql/parts.hpp"

#include "base/id.hpp"
#include "platform/postgres/server_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::postgres {
namespace {

using std::chrono::November;
using std::chrono::sys_days;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr Instant mid_november{sys_days{std::chrono::year{2026} / November / 15}.time_since_epoch()};
constexpr Duration day = std::chrono::hours{24};

const sql::Statement insert_ticket{
    "insert_ticket",
    "INSERT INTO ticket (id, number, version, step, channel, customer_id, created_at, next_due_at, last_seq, last_hash, state) "
    "VALUES ($1, CAST($1 AS TEXT), 1, 'intake', 'web', 1, 0, 1, 1, '', '{}')"};
const sql::Statement insert_event{
    "insert_event", "INSERT INTO ticket_event (ticket_id, seq, at, type, data, hash) VALUES ($1, 1, 0, 'x', '{}', '')"};
const sql::Statement parts_of_events{
    "parts_of_events", "SELECT CAST(tableoid AS regclass)::text, COUNT(*) FROM ticket_event GROUP BY 1 ORDER BY 1"};
const sql::Statement plan_of_one{"plan_of_one",
                                 "EXPLAIN SELECT * FROM ticket_event WHERE ticket_id = 3752374050816000000"};

class PartsTest : public testing::Test {
protected:
    void SetUp() override
    {
        if (!TemporaryServer::is_installed()) GTEST_SKIP() << "PostgreSQL is not installed";
        database_ = std::make_unique<TemporaryDatabase>(*TemporaryServer::shared());
        store_ = open_postgres({.url = database_->url()});
    }
    void write_event(Instant opened_at)
    {
        store_->write([&](sql::Connection& db) {
            db.execute(insert_ticket, first_id_at(opened_at));
            db.execute(insert_event, first_id_at(opened_at));
        });
    }
    std::vector<std::string> lines(const sql::Statement& question)
    {
        std::vector<std::string> all;
        store_->read([&](sql::Connection& db) {
            all.clear();
            db.each(question, [&](const sql::Row& row) { all.push_back(row.string(0)); });
        });
        return all;
    }

    std::unique_ptr<TemporaryDatabase> database_;
    std::unique_ptr<sql::Store> store_;
};

TEST_F(PartsTest, EachMonthHasItsOwnAndTheyAreMadeOnce)
{
    EXPECT_EQ(sql::make_parts(*store_, mid_november, mid_november + 30 * day), 2 * 3);
    EXPECT_EQ(sql::make_parts(*store_, mid_november, mid_november + 30 * day), 0);
    EXPECT_EQ(sql::make_parts(*store_, mid_november, mid_november + 60 * day), 3);
    write_event(mid_november);
    write_event(mid_november + 20 * day);
    write_event(mid_november - 300 * day);
    EXPECT_THAT(lines(parts_of_events),
                ElementsAre("ticket_event_2026_11", "ticket_event_2026_12", "ticket_event_other"));
}

TEST_F(PartsTest, TicketIsLookedForInOnePart)
{
    sql::make_parts(*store_, mid_november, mid_november + 60 * day);
    const auto plan = testing::PrintToString(lines(plan_of_one));
    EXPECT_THAT(plan, Not(HasSubstr("Append")));
}

TEST_F(PartsTest, MonthThatHasBegunWithoutItsPartStaysWithTheOthers)
{
    write_event(mid_november);
    // Obligations and contacts get theirs.
    EXPECT_EQ(sql::make_parts(*store_, mid_november, mid_november), 2);
    EXPECT_EQ(sql::make_parts(*store_, mid_november, mid_november + 30 * day), 3);
    EXPECT_THAT(lines(parts_of_events), ElementsAre("ticket_event_other"));
}

TEST_F(PartsTest, OldMonthIsDetachedAndComesBack)
{
    sql::make_parts(*store_, mid_november, mid_november);
    write_event(mid_november);
    store_->write(
        [](sql::Connection& db) { db.run_script("ALTER TABLE ticket_event DETACH PARTITION ticket_event_2026_11"); });
    EXPECT_THAT(lines(parts_of_events), IsEmpty());
    const auto script =
        fmt::format("ALTER TABLE ticket_event ATTACH PARTITION ticket_event_2026_11 FOR VALUES FROM ({}) TO ({})",
                    first_id_at(Instant{sys_days{std::chrono::year{2026} / 11 / 1}.time_since_epoch()}),
                    first_id_at(Instant{sys_days{std::chrono::year{2026} / 12 / 1}.time_since_epoch()}));
    store_->write([&](sql::Connection& db) { db.run_script(script); });
    EXPECT_THAT(lines(parts_of_events), ElementsAre("ticket_event_2026_11"));
}

/// As docs/postgresql.md tells it.
TEST_F(PartsTest, RowsOfTheOthersMoveToAPartOfTheirOwn)
{
    write_event(mid_november);
    store_->write([](sql::Connection& db) {
        const auto from = first_id_at(mid_november - 14 * day);
        const auto until = first_id_at(mid_november + 16 * day);
        db.run_script(fmt::format(
            "ALTER TABLE ticket_event DETACH PARTITION ticket_event_other;"
            "CREATE TABLE ticket_event_2026_11 PARTITION OF ticket_event FOR VALUES FROM ({0}) TO ({1});"
            "WITH moved AS (DELETE FROM ticket_event_other WHERE ticket_id >= {0} AND ticket_id < {1} RETURNING *) "
            "INSERT INTO ticket_event SELECT * FROM moved;"
            "ALTER TABLE ticket_event ATTACH PARTITION ticket_event_other DEFAULT;",
            from, until));
    });
    EXPECT_THAT(lines(parts_of_events), ElementsAre("ticket_event_2026_11"));
}

}  // namespace
}  // namespace shouwen::postgres
