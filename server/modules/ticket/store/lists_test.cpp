#include "modules/ticket/store/lists.hpp"

#include "platform/sqlite/store_fixture.hpp"

#include <gtest/gtest.h>

#include <set>

namespace shouwen::ticket {
namespace {

using organisation::Actor;
using organisation::Permission;

/// Runs nothing, and keeps the text of what it is asked to run.
class Listener final : public sql::Connection {
public:
    sql::Dialect dialect() const override { return sql::Dialect::sqlite; }
    std::int64_t run(const sql::Statement& statement, std::span<const sql::Value>, const sql::RowVisitor&) override
    {
        heard.insert(statement.text);
        return 0;
    }
    void run_script(std::string_view) override {}

    std::set<std::string> heard;
};

std::vector<Actor> readers()
{
    Actor everybody{.staff = StaffId{7}, .unit = UnitId{2}, .units = {UnitId{2}, UnitId{3}}};
    everybody.permissions.add(Permission::ticket_read_all);
    Actor handler = everybody;
    handler.permissions = {};
    handler.permissions.add(Permission::ticket_read_unit);
    Actor merchant = handler;
    merchant.merchant = UnitId{2};
    return {everybody, handler, merchant};
}

/// A statement's way to its tickets, as the database tells it.
std::string way_of(sql::Connection& db, const std::string& text)
{
    const auto question = "EXPLAIN QUERY PLAN " + text;
    const sql::Statement explain{"explain", question.c_str()};
    std::string way;
    const std::vector<sql::Value> none(14, sql::Value{nullptr});
    db.run(explain, none, [&](const sql::Row& row) { (way += row.text(3)) += "; "; });
    return way;
}

/// However much was closed: what is open, waits or is late has an index of its own.
TEST(TicketListsTest, QueuesAndCountsRunAlongWhatIsOpen)
{
    sqlite::TemporaryStore store;
    for (const auto& reader : readers()) {
        for (const View view : {View::inbox, View::mine, View::unit, View::overdue}) {
            Listener listener;
            for (const Order order : {Order::due_at, Order::newest, Order::created_at})
                list(listener, {.view = view, .order = order}, reader);
            count(listener, view, reader, 1000);
            ASSERT_FALSE(listener.heard.empty());
            store->read([&](sql::Connection& db) {
                for (const auto& text : listener.heard) {
                    const auto way = way_of(db, text);
                    SCOPED_TRACE(text + "\n" + way);
                    const bool by_open = way.find("_open") != std::string::npos;
                    const bool by_waiting = way.find("ticket_waiting") != std::string::npos ||
                                            way.find("ticket_in_queue") != std::string::npos;
                    const bool by_overdue = way.find("ticket_overdue") != std::string::npos;
                    EXPECT_TRUE(by_open || by_waiting || by_overdue);
                    if (view == View::overdue) EXPECT_TRUE(by_overdue);
                }
            });
        }
    }
}

/// By limit nothing is sorted: a page costs by its rows.
TEST(TicketListsTest, OrderByLimitIsTheIndexes)
{
    sqlite::TemporaryStore store;
    for (const auto& reader : readers())
        for (const View view : {View::inbox, View::mine, View::unit, View::overdue, View::all}) {
            Listener listener;
            list(listener, {.view = view, .order = Order::due_at}, reader);
            store->read([&](sql::Connection& db) {
                for (const auto& text : listener.heard) {
                    const auto way = way_of(db, text);
                    EXPECT_EQ(way.find("TEMP B-TREE"), std::string::npos) << text << "\n" << way;
                }
            });
        }
}

}  // namespace
}  // namespace shouwen::ticket
