#pragma once

#include "modules/organisation/rules/actor.hpp"
#include "modules/ticket/store/tickets.hpp"

#include <string>
#include <vector>

/// Queues and filtered lists. A page costs by its rows: every combination of fence, view and order that is offered runs
/// along an index.
namespace shouwen::ticket {

BOOST_DEFINE_ENUM_CLASS(View, inbox, mine, unit, overdue, all)
BOOST_DEFINE_ENUM_CLASS(Order, due_at, created_at, newest)

struct ListQuery {
    View view = View::all;
    Order order = Order::newest;
    std::optional<Step> step;
    std::optional<Grade> grade;
    std::optional<Class> class_;
    std::optional<Channel> channel;
    StaffId owner;
    UnitId unit;
    AreaId area;
    UnitId merchant;
    std::optional<Instant> created_from;
    std::optional<Instant> created_to;  ///< not included
    int limit = 50;
    std::string cursor;  ///< where the page before ended; empty: the first page
};

struct ListRow {
    TicketId id;
    std::int64_t version = 0;
    bool overdue = false;
    std::optional<Instant> next_due_at;
    CustomerId customer;
    std::int64_t customer_version = 0;  ///< the row shows the customer too
};

struct Page {
    std::vector<ListRow> rows;
    std::string next_cursor;  ///< empty on the last page
};

/// What the actor may see of it, and nothing else. @throws std::invalid_argument for a cursor that is none of ours
Page list(sql::Connection& db, const ListQuery& query, const organisation::Actor& actor);

/// How many tickets a view holds; counted up to `cap`.
std::int64_t count(sql::Connection& db, View view, const organisation::Actor& actor, int cap);

}  // namespace shouwen::ticket
