#include "modules/ticket/store/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <set>

namespace shouwen::ticket {
namespace {

using organisation::Actor;
using organisation::ReadFence;

/// The indexed way to the rows; `$1` is its id.
enum class Source { everything, merchant, owner, unit, queue, area, slip };
enum class State { any, intake, open, overdue };

constexpr std::array<const char*, 6> source_terms{
    "$1 = 0", "merchant_id = $1", "owner_id = $1", "owner_unit_id = $1", "queue_unit_id = $1", "area_id = $1"};
constexpr std::array<const char*, 4> state_terms{"", " AND step = 'intake'", " AND closed_at IS NULL",
                                                 " AND overdue = 1"};
constexpr std::array<const char*, 3> order_terms{" AND (next_due_at, id) > ($2, $3)", " AND id > $3", " AND id < $3"};
constexpr std::array<const char*, 3> order_by{" ORDER BY next_due_at, id", " ORDER BY id", " ORDER BY id DESC"};
// What is open is little and has an index of its own, by limit: it is sorted, rather than looked for among all that ever was.
constexpr std::array<const char*, 3> order_terms_of_open{order_terms[0], " AND next_due_at >= 0 AND +id > $3",
                                                         " AND next_due_at >= 0 AND +id < $3"};
constexpr std::array<const char*, 3> order_by_of_open{order_by[0], " ORDER BY +id", " ORDER BY +id DESC"};

constexpr const char* columns =
    "SELECT ticket.id, version, overdue, ticket.next_due_at, customer_id, (SELECT c.version FROM customer c WHERE c.id = customer_id) FROM ";
// Tickets with a slip of a unit are found by the rows that say so, which hold the order too. What is late is little, whosever it
// is: there the unit is looked up.
constexpr const char* with_slip = "slip_unit s CROSS JOIN ticket WHERE ticket.id = s.ticket_id AND s.unit_id = $1";
constexpr const char* late_with_slip =
    "ticket WHERE overdue = 1 AND EXISTS (SELECT 1 FROM slip_unit s WHERE s.unit_id = $1 AND s.ticket_id = ticket.id)";
constexpr std::array<const char*, 3> slip_terms{" AND (s.next_due_at, s.ticket_id) > ($2, $3)", " AND s.ticket_id > $3",
                                                " AND s.ticket_id < $3"};
constexpr std::array<const char*, 3> slip_order{" ORDER BY s.next_due_at, s.ticket_id", " ORDER BY s.ticket_id",
                                                " ORDER BY s.ticket_id DESC"};
constexpr std::array<const char*, 3> slip_terms_of_open{slip_terms[0], " AND s.next_due_at >= 0 AND +s.ticket_id > $3",
                                                        " AND s.next_due_at >= 0 AND +s.ticket_id < $3"};
constexpr std::array<const char*, 3> slip_order_of_open{slip_order[0], " ORDER BY +s.ticket_id",
                                                        " ORDER BY +s.ticket_id DESC"};
constexpr const char* filters =
    " AND (step = $4 OR $4 IS NULL) AND (grade = $5 OR $5 IS NULL) AND (class = $6 OR $6 IS NULL) AND (channel = $7 OR $7 IS NULL)"
    " AND (owner_id = $8 OR $8 IS NULL) AND (owner_unit_id = $9 OR $9 IS NULL) AND (area_id = $10 OR $10 IS NULL)"
    " AND (merchant_id = $11 OR $11 IS NULL) AND (created_at >= $12 OR $12 IS NULL) AND (created_at < $13 OR $13 IS NULL)";

/// All statements there are, put together once from the terms above; nothing of a request ever becomes SQL.
class Statements {
public:
    const sql::Statement& list(Source source, State state, Order order) const
    {
        return *lists_[index(source, state) * 3 + static_cast<std::size_t>(order)];
    }
    const sql::Statement& count(Source source, State state) const { return *counts_[index(source, state)]; }
    /// What is counted, for who may reach a ticket by more ways than one.
    const sql::Statement& ids(Source source, State state) const { return *ids_[index(source, state)]; }

    static const Statements& all()
    {
        static const Statements statements;
        return statements;
    }

private:
    static std::size_t index(Source source, State state)
    {
        return static_cast<std::size_t>(source) * 4 + static_cast<std::size_t>(state);
    }

    Statements()
    {
        for (std::size_t source = 0; source < source_terms.size(); ++source)
            for (std::size_t state = 0; state < state_terms.size(); ++state) {
                const auto way = std::string{"ticket WHERE "} + source_terms[source] + state_terms[state];
                const bool any = static_cast<State>(state) == State::any;
                for (std::size_t order = 0; order < order_terms.size(); ++order)
                    add_list(way + (any ? order_terms : order_terms_of_open)[order] +
                                 (any && order == 0 ? " AND closed_at IS NULL" : ""),
                             (any ? order_by : order_by_of_open)[order]);
                // In the order of the index of what is open, so that it is the one which is counted.
                add_count("id", way, any ? "" : order_by[0]);
            }
        for (std::size_t state = 0; state < state_terms.size(); ++state) {
            const bool late = static_cast<State>(state) == State::overdue;
            const bool any = static_cast<State>(state) == State::any;
            for (std::size_t order = 0; order < order_terms.size(); ++order) {
                const bool open = !any || order == 0;
                if (late)
                    add_list(std::string{late_with_slip} + order_terms_of_open[order], order_by_of_open[order]);
                else
                    add_list(std::string{with_slip} + (open ? " AND s.next_due_at IS NOT NULL" : "") +
                                 (open ? slip_terms_of_open : slip_terms)[order],
                             (open ? slip_order_of_open : slip_order)[order]);
            }
            if (late)
                add_count("id", late_with_slip, order_by[0]);
            else
                add_count("s.ticket_id", std::string{"slip_unit s WHERE s.unit_id = $1 AND s.next_due_at IS NOT NULL"},
                          slip_order[0]);
        }
    }
    void add_list(const std::string& way, const char* order)
    {
        lists_.push_back(keep("ticket.list", columns + way + filters + order + " LIMIT $14"));
    }
    void add_count(const char* id, const std::string& way, const char* order)
    {
        const auto ids = std::string{"SELECT "} + id + " FROM " + way + order + " LIMIT $2";
        counts_.push_back(keep("ticket.count", "SELECT COUNT(*) FROM (" + ids + ") counted"));
        ids_.push_back(keep("ticket.count_ids", ids));
    }
    std::unique_ptr<sql::Statement> keep(const char* name, std::string text)
    {
        texts_.push_back(std::make_unique<std::string>(std::move(text)));
        return std::make_unique<sql::Statement>(sql::Statement{name, texts_.back()->c_str()});
    }

    std::vector<std::unique_ptr<std::string>> texts_;
    std::vector<std::unique_ptr<sql::Statement>> lists_;
    std::vector<std::unique_ptr<sql::Statement>> counts_;
    std::vector<std::unique_ptr<sql::Statement>> ids_;
};

struct Path {
    Source source;
    std::int64_t id;
    State state;
};

/// The ways that together hold what the actor may see in the view. More than one only for a handler's or head's few units.
std::vector<Path> paths(View view, const Actor& actor)
{
    const ReadFence fence = organisation::fence(actor);
    using Reach = ReadFence::Reach;
    if (fence.reach == Reach::nothing) return {};
    std::vector<Path> all;
    const State state = view == View::inbox     ? State::intake
                        : view == View::overdue ? State::overdue
                        : view == View::all     ? State::any
                                                : State::open;
    if (view == View::mine) return {{Source::owner, actor.staff.value, State::open}};
    if (view == View::unit) {
        for (const UnitId unit : actor.units) {
            if (fence.reach == Reach::units && !std::ranges::binary_search(fence.units, unit)) continue;
            all.push_back({Source::unit, unit.value, State::open});
            all.push_back({Source::slip, unit.value, State::open});
        }
        return all;
    }
    switch (fence.reach) {
        case Reach::all: return {{Source::everything, 0, state}};
        case Reach::merchant: return {{Source::merchant, fence.merchant.value, state}};
        case Reach::units:
            for (const UnitId unit : fence.units) {
                if (view != View::inbox) all.push_back({Source::unit, unit.value, state});
                if (view != View::inbox) all.push_back({Source::slip, unit.value, state});
                if (view != View::overdue) all.push_back({Source::queue, unit.value, State::intake});
            }
            if (view != View::inbox) all.push_back({Source::owner, fence.staff.value, state});
            return all;
        case Reach::nothing: break;
    }
    return {};
}

/// A filter on an indexed column is the better way in when everything may be seen.
Path sharpen(Path path, const ListQuery& query)
{
    if (path.source != Source::everything || query.view != View::all) return path;
    if (query.owner) return {Source::owner, query.owner.value, path.state};
    if (query.merchant) return {Source::merchant, query.merchant.value, path.state};
    if (query.area) return {Source::area, query.area.value, path.state};
    if (query.unit) return {Source::unit, query.unit.value, path.state};
    return path;
}

struct Position {
    std::int64_t due = std::numeric_limits<std::int64_t>::min();
    std::int64_t id = 0;
};

Position position_of(const ListQuery& query, Order order)
{
    Position position;
    position.id = order == Order::newest ? std::numeric_limits<std::int64_t>::max() : 0;
    if (query.cursor.empty()) return position;
    const char* end = query.cursor.data() + query.cursor.size();
    const auto [colon, fault] = std::from_chars(query.cursor.data(), end, position.due);
    if (fault != std::errc{} || colon == end || *colon != ':') throw std::invalid_argument("cursor");
    const auto [rest, fault_of_id] = std::from_chars(colon + 1, end, position.id);
    if (fault_of_id != std::errc{} || rest != end) throw std::invalid_argument("cursor");
    return position;
}

bool comes_first(const ListRow& a, const ListRow& b, Order order)
{
    if (order == Order::newest) return a.id > b.id;
    if (order == Order::created_at) return a.id < b.id;
    return std::pair{a.next_due_at, a.id} < std::pair{b.next_due_at, b.id};
}

template <class E>
std::optional<std::string_view> name_or_null(const std::optional<E>& word)
{
    return word ? std::optional{name_of(*word)} : std::nullopt;
}

}  // namespace

Page list(sql::Connection& db, const ListQuery& query, const Actor& actor)
{
    // What is closed owes nothing, so it has no place in an order by limits.
    const bool closed_only = query.step == Step::archived || query.step == Step::cancelled;
    const Order order = closed_only && query.order == Order::due_at ? Order::newest : query.order;
    const Position from = position_of(query, order);
    Page page;
    const auto ways = paths(query.view, actor);
    for (const Path& way : ways) {
        const Path path = sharpen(way, query);
        db.each(
            Statements::all().list(path.source, path.state, order),
            [&](const sql::Row& row) {
                page.rows.push_back({row.id<TicketId>(0), row.integer(1), row.boolean(2), row.optional_instant(3),
                                     row.id<CustomerId>(4), row.integer(5)});
            },
            path.id, from.due, from.id, name_or_null(query.step), name_or_null(query.grade), name_or_null(query.class_),
            name_or_null(query.channel), query.owner, query.unit, query.area, query.merchant, query.created_from,
            query.created_to, query.limit + 1);
    }
    if (ways.size() > 1) {
        std::ranges::sort(page.rows, [order](const auto& a, const auto& b) { return comes_first(a, b, order); });
        const auto twice = std::ranges::unique(page.rows, {}, &ListRow::id);
        page.rows.erase(twice.begin(), twice.end());
    }
    if (page.rows.size() > static_cast<std::size_t>(query.limit)) {
        page.rows.resize(static_cast<std::size_t>(query.limit));
        const auto& last = page.rows.back();
        page.next_cursor = fmt::format("{}:{}", last.next_due_at ? to_ms(*last.next_due_at) : 0, last.id.value);
    }
    return page;
}

std::int64_t count(sql::Connection& db, View view, const Actor& actor, int cap)
{
    const auto ways = paths(view, actor);
    if (ways.empty()) return 0;
    if (ways.size() == 1)
        return db
            .first(
                Statements::all().count(ways[0].source, ways[0].state),
                [](const sql::Row& row) { return row.integer(0); }, ways[0].id, cap)
            .value_or(0);
    std::set<std::int64_t> ids;
    for (const Path& path : ways)
        db.each(
            Statements::all().ids(path.source, path.state), [&](const sql::Row& row) { ids.insert(row.integer(0)); },
            path.id, cap);
    return std::min<std::int64_t>(static_cast<std::int64_t>(ids.size()), cap);
}

}  // namespace shouwen::ticket
