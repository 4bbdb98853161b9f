#include "modules/ticket/store/slips.hpp"

#include "modules/ticket/rules/life_for_tests.hpp"
#include "modules/ticket/store/checking.hpp"
#include "modules/ticket/store/lists.hpp"
#include "platform/postgres/every_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;
using organisation::Actor;
using organisation::Permission;
using testing::ElementsAre;
using testing::IsEmpty;

/// Lives that are written after each command, as the desk does it.
class SlipStore : public testing::TestWithParam<sql::StoreFactory> {
protected:
    sql::Store& store() { return store_->store(); }

    void keep(Life& life, TicketId id)
    {
        life.ticket.id = id;
        life.ticket.number = "20260105-" + std::to_string(id.value);
        const auto before = stored_.find(id) == stored_.end() ? std::nullopt : std::optional{stored_.at(id)};
        const std::vector<Decided> decided{{life.events, life.ticket}};
        store().write([&](sql::Connection& db) {
            const auto end = save(db, before ? &*before : nullptr, decided, people::owner, life.now, ids_);
            stored_[id] = {life.ticket, end.seq, end.hash, life.now};
        });
    }
    /// A ticket in handling whose work goes to the units.
    Life transferred(TicketId id, const std::vector<UnitId>& units, Instant now = monday_9h)
    {
        auto life = at(Place::handling_L2);
        keep(life, id);
        life.now = now;
        std::vector<SlipOrder> orders;
        for (const UnitId unit : units) orders.push_back(order_for(unit));
        give(life, id, transfer(orders), as_owner());
        return life;
    }
    void give(Life& life, TicketId id, const Command& command, const Giver& by)
    {
        life.with(command, by);
        keep(life, id);
    }
    std::vector<std::string> inbox_of(std::vector<UnitId> units)
    {
        std::vector<std::string> found;
        store().read([&](sql::Connection& db) {
            for (const auto& row : inbox(db, units, 50).rows)
                found.push_back(std::to_string(row.ticket.value) + "-" + std::to_string(row.no));
        });
        return found;
    }
    std::vector<std::int64_t> listed(View view, Order order, const Actor& actor)
    {
        std::vector<std::int64_t> found;
        store().read([&](sql::Connection& db) {
            for (const auto& row : list(db, {.view = view, .order = order}, actor).rows) found.push_back(row.id.value);
        });
        return found;
    }
    std::int64_t counted(View view, const Actor& actor)
    {
        std::int64_t found = 0;
        store().read([&](sql::Connection& db) { found = count(db, view, actor, 1000); });
        return found;
    }
    static Actor handler(UnitId unit)
    {
        Actor actor{.staff = StaffId{900}, .unit = unit, .units = {unit}};
        actor.permissions.add(Permission::ticket_read_unit);
        return actor;
    }

private:
    std::unique_ptr<sql::FreshStore> store_ = GetParam().make();
    std::map<TicketId, Stored> stored_;
    IdSource ids_;
};
INSTANTIATE_TEST_SUITE_P(Every, SlipStore, SHOUWEN_EVERY_STORE);

TEST_P(SlipStore, A14_AUnitsInboxHasItsOpenSlipsNextDueFirst)
{
    auto late = transferred(TicketId{1}, {people::technics, people::production}, monday_9h + 20min);
    auto early = transferred(TicketId{2}, {people::technics}, monday_9h);
    EXPECT_THAT(inbox_of({people::technics}), ElementsAre("2-1", "1-1"));
    EXPECT_THAT(inbox_of({people::production}), ElementsAre("1-2"));
    EXPECT_THAT(inbox_of({people::production, people::technics}), ElementsAre("2-1", "1-1", "1-2"));
    EXPECT_THAT(inbox_of({people::desk}), IsEmpty());
    // Signed for, the next thing is the plan, later than the other's signature.
    give(early, TicketId{2}, AcknowledgeSlip{1}, as_technician());
    EXPECT_THAT(inbox_of({people::technics}), ElementsAre("1-1", "2-1"));
    give(late, TicketId{1}, RejectSlip{1, "not_our_matter"}, as_technician());
    give(early, TicketId{2}, WithdrawSlip{1, "不需要了"}, as_owner());
    EXPECT_THAT(inbox_of({people::technics}), IsEmpty());
    EXPECT_THAT(inbox_of({people::production}), ElementsAre("1-2"));
}

TEST_P(SlipStore, A14_AnInboxGoesPageByPage)
{
    for (int id = 1; id <= 5; ++id) transferred(TicketId{id}, {people::technics}, monday_9h + id * 1min);
    std::vector<std::int64_t> found;
    std::string cursor;
    int pages = 0;
    do {
        store().read([&](sql::Connection& db) {
            const auto page = inbox(db, {people::technics}, 2, cursor);
            for (const auto& row : page.rows) found.push_back(row.ticket.value);
            cursor = page.next_cursor;
        });
        ++pages;
    } while (!cursor.empty());
    EXPECT_THAT(found, ElementsAre(1, 2, 3, 4, 5));
    EXPECT_EQ(pages, 3);
    for (const char* nonsense : {"x", "1", "1:2", "1:2:3:4", "1:2:"})
        store().read([&](sql::Connection& db) {
            EXPECT_THROW(inbox(db, {people::technics}, 2, nonsense), std::invalid_argument) << nonsense;
        });
}

TEST_P(SlipStore, A14_AUnitWithASlipReadsTheTicketAndOthersDoNot)
{
    auto life = transferred(TicketId{1}, {people::technics});
    transferred(TicketId{2}, {people::production});
    const auto technics = handler(people::technics);
    for (const Order order : {Order::due_at, Order::newest, Order::created_at})
        for (const View view : {View::all, View::unit}) {
            SCOPED_TRACE(std::string{name_of(view)} + " by " + std::string{name_of(order)});
            EXPECT_THAT(listed(view, order, technics), ElementsAre(1));
        }
    EXPECT_EQ(counted(View::unit, technics), 1);
    EXPECT_THAT(listed(View::inbox, Order::due_at, technics), IsEmpty());

    // Rejected it is no work of theirs any more; what they knew of it they may look up, also when it is closed.
    give(life, TicketId{1}, RejectSlip{1, "not_our_matter"}, as_technician());
    EXPECT_THAT(listed(View::all, Order::newest, technics), ElementsAre(1));
    give(life, TicketId{1}, Cancel{"重复来电"}, as_supervisor());
    EXPECT_THAT(listed(View::unit, Order::due_at, technics), IsEmpty());
    EXPECT_THAT(listed(View::all, Order::newest, technics), ElementsAre(1));
    EXPECT_EQ(counted(View::unit, technics), 0);
}

TEST_P(SlipStore, A14_ATicketWithTwoSlipsOfAUnitIsListedOnce)
{
    transferred(TicketId{1}, {people::technics, people::technics});
    EXPECT_THAT(inbox_of({people::technics}), ElementsAre("1-1", "1-2"));
    EXPECT_THAT(listed(View::unit, Order::due_at, handler(people::technics)), ElementsAre(1));
    // Owned in the unit and with a slip of it: still one.
    auto desk = handler(people::desk);
    transferred(TicketId{2}, {people::desk});
    EXPECT_THAT(listed(View::unit, Order::newest, desk), ElementsAre(2, 1));
    EXPECT_EQ(counted(View::unit, desk), 2);
}

TEST_P(SlipStore, A14_WhatIsLateIsFoundByTheUnitThatWorksOnIt)
{
    transferred(TicketId{1}, {people::technics});
    transferred(TicketId{2}, {people::technics});
    constexpr sql::Statement overdue{"test.overdue", "UPDATE ticket SET overdue = 1 WHERE id = $1"};
    store().write([&](sql::Connection& db) { db.execute(overdue, TicketId{2}); });
    EXPECT_THAT(listed(View::overdue, Order::due_at, handler(people::technics)), ElementsAre(2));
    EXPECT_EQ(counted(View::overdue, handler(people::technics)), 1);
    EXPECT_THAT(listed(View::overdue, Order::due_at, handler(people::production)), IsEmpty());
}

TEST_P(SlipStore, A14_RowsAreWhatTheTicketSays)
{
    auto life = transferred(TicketId{1}, {people::technics, people::production});
    give(life, TicketId{1}, AcknowledgeSlip{1}, as_technician());
    give(life, TicketId{1}, AppointHandler{1, people::fitter}, as_technician());
    give(life, TicketId{1}, RejectSlip{2, "not_our_matter"}, as_producer());
    give(life, TicketId{1}, CompleteSlip{1, "完", "好"}, as_technician());
    store().read([&](sql::Connection& db) {
        const auto stored = stored_after(db, {}, 10);
        ASSERT_EQ(stored.size(), 1U);
        ASSERT_EQ(stored[0].slips.size(), 2U);
        for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(stored[0].slips[i], row_of(life.ticket, life.ticket.slips[i]));
        EXPECT_EQ(stored[0].slips[0].handler, people::fitter);
        ASSERT_EQ(stored[0].slip_units.size(), 2U);
        for (const auto& unit : stored[0].slip_units) EXPECT_EQ(unit.next_due_at, life.ticket.next_due()->due_at);
        // And the state reads back as it was.
        EXPECT_EQ(load(db, TicketId{1})->ticket.slips.size(), 2U);
        EXPECT_EQ(load(db, TicketId{1})->ticket.rejection_count, 1);
    });
}

}  // namespace
}  // namespace shouwen::ticket
