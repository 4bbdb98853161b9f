#include "modules/follow_up/store/follow_ups.hpp"

#include "platform/json/json_writer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace shouwen::follow_up {
namespace {

#define SHOUWEN_COLUMNS                                                                                                 \
    "ticket_id, no, unit_id, merchant_id, state, opened_at, due_at, next_attempt_at, attempt_count, unanswered_count, " \
    "ended_at, satisfaction, recurred "
constexpr sql::Statement insert_row{
    "follow_up.open",
    "INSERT INTO follow_up (ticket_id, no, unit_id, merchant_id, state, opened_at, due_at, next_attempt_at, "
    "attempt_count, unanswered_count) VALUES ($1, $2, $3, $4, 'due', $5, $6, $5, 0, 0)"};
constexpr sql::Statement move_row{"follow_up.move",
                                  "UPDATE follow_up SET due_at = $3 WHERE ticket_id = $1 AND no = $2"};
constexpr sql::Statement pass_row{"follow_up.pass",
                                  "UPDATE follow_up SET unit_id = $3 WHERE ticket_id = $1 AND no = $2"};
constexpr sql::Statement cancel_row{"follow_up.cancel",
                                    "UPDATE follow_up SET state = 'cancelled', ended_at = $3 "
                                    "WHERE ticket_id = $1 AND no = $2 AND ended_at IS NULL"};
constexpr sql::Statement attempt_row{
    "follow_up.attempted",
    "UPDATE follow_up SET state = $3, attempt_count = attempt_count + 1, unanswered_count = unanswered_count + $4, "
    "next_attempt_at = COALESCE($5, next_attempt_at), ended_at = $6, satisfaction = $7, recurred = $8 "
    "WHERE ticket_id = $1 AND no = $2 AND ended_at IS NULL"};
constexpr sql::Statement insert_attempt{
    "follow_up.attempt",
    "INSERT INTO follow_up_attempt (ticket_id, no, attempt, at, staff_id, outcome, experience, again_at, satisfaction, "
    "recurred, answers, recurrence, linked_ticket_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"};
constexpr sql::Statement select_attempts{
    "follow_up.attempts",
    "SELECT attempt, at, staff_id, outcome, experience, again_at, satisfaction, recurred, answers, recurrence, "
    "linked_ticket_id FROM follow_up_attempt WHERE ticket_id = $1 AND no = $2 ORDER BY attempt"};
constexpr sql::Statement select_one{"follow_up.find",
                                    "SELECT " SHOUWEN_COLUMNS "FROM follow_up WHERE ticket_id = $1 AND no = $2"};
// One statement for each way in, so that each has its index. The last parameters: ready by, behind which position, how many.
#define SHOUWEN_DUE "ended_at IS NULL AND next_attempt_at <= $2 AND (due_at, ticket_id, no) > ($3, $4, $5) "
#define SHOUWEN_DUE_ORDER "ORDER BY due_at, ticket_id, no LIMIT $6"
constexpr sql::Statement due_all{
    "follow_up.due", "SELECT " SHOUWEN_COLUMNS "FROM follow_up WHERE $1 = 0 AND " SHOUWEN_DUE SHOUWEN_DUE_ORDER};
constexpr sql::Statement due_of_merchant{"follow_up.due_of_merchant",
                                         "SELECT " SHOUWEN_COLUMNS
                                         "FROM follow_up WHERE merchant_id = $1 AND " SHOUWEN_DUE SHOUWEN_DUE_ORDER};
constexpr sql::Statement due_of_unit{"follow_up.due_of_unit",
                                     "SELECT " SHOUWEN_COLUMNS
                                     "FROM follow_up WHERE unit_id = $1 AND " SHOUWEN_DUE SHOUWEN_DUE_ORDER};
#define SHOUWEN_ENDED "ended_at IS NOT NULL AND opened_at <= $2 AND (ended_at, ticket_id, no) < ($3, $4, $5) "
#define SHOUWEN_ENDED_ORDER "ORDER BY ended_at DESC, ticket_id DESC, no DESC LIMIT $6"
constexpr sql::Statement ended_all{
    "follow_up.ended", "SELECT " SHOUWEN_COLUMNS "FROM follow_up WHERE $1 = 0 AND " SHOUWEN_ENDED SHOUWEN_ENDED_ORDER};
constexpr sql::Statement ended_of_merchant{
    "follow_up.ended_of_merchant",
    "SELECT " SHOUWEN_COLUMNS "FROM follow_up WHERE merchant_id = $1 AND " SHOUWEN_ENDED SHOUWEN_ENDED_ORDER};
constexpr sql::Statement ended_of_unit{"follow_up.ended_of_unit",
                                       "SELECT " SHOUWEN_COLUMNS
                                       "FROM follow_up WHERE unit_id = $1 AND " SHOUWEN_ENDED SHOUWEN_ENDED_ORDER};
constexpr sql::Statement select_stored{
    "follow_up.stored",
    "SELECT " SHOUWEN_COLUMNS "FROM follow_up WHERE ticket_id > $1 AND ticket_id <= $2 ORDER BY ticket_id, no"};
#define SHOUWEN_COPIED                                                                                       \
    "no, unit_id, merchant_id, state, opened_at, due_at, next_attempt_at, attempt_count, unanswered_count, " \
    "ended_at, satisfaction, recurred "
constexpr sql::Statement copy_follow_ups{"follow_up.copy",
                                         "INSERT INTO follow_up (ticket_id, " SHOUWEN_COPIED
                                         ") SELECT $2, " SHOUWEN_COPIED "FROM follow_up WHERE ticket_id = $1"};
#define SHOUWEN_COPIED_ATTEMPT                                                                                \
    "no, attempt, at, staff_id, outcome, experience, again_at, satisfaction, recurred, answers, recurrence, " \
    "linked_ticket_id "
constexpr sql::Statement copy_attempts{
    "follow_up.copy_attempts", "INSERT INTO follow_up_attempt (ticket_id, " SHOUWEN_COPIED_ATTEMPT
                               ") SELECT $2, " SHOUWEN_COPIED_ATTEMPT "FROM follow_up_attempt WHERE ticket_id = $1"};

std::optional<int> optional_int(const sql::Row& row, int column)
{
    return row.is_null(column) ? std::nullopt : std::optional{static_cast<int>(row.integer(column))};
}
std::optional<bool> optional_bool(const sql::Row& row, int column)
{
    return row.is_null(column) ? std::nullopt : std::optional{row.boolean(column)};
}

FollowUp read(const sql::Row& row)
{
    return {.ticket = row.id<TicketId>(0),
            .no = static_cast<int>(row.integer(1)),
            .unit = row.id<UnitId>(2),
            .merchant = row.id<UnitId>(3),
            .state = parse_name<State>(row.text(4)).value(),
            .opened_at = row.instant(5),
            .due_at = row.instant(6),
            .next_attempt_at = row.instant(7),
            .attempt_count = static_cast<int>(row.integer(8)),
            .unanswered_count = static_cast<int>(row.integer(9)),
            .ended_at = row.optional_instant(10),
            .satisfaction = optional_int(row, 11),
            .recurred = optional_bool(row, 12)};
}

std::string answers_json(const std::vector<Answered>& answers)
{
    JsonWriter out;
    out.begin_array();
    for (const auto& each : answers)
        out.begin_object().member("code", each.code).member("answer", each.answer).end_object();
    return out.end_array().take();
}

Attempt read_attempt(const sql::Row& row)
{
    Attempt a{.no = static_cast<int>(row.integer(0)),
              .at = row.instant(1),
              .by = row.id<StaffId>(2),
              .outcome = parse_name<Outcome>(row.text(3)).value(),
              .experience = row.string(4),
              .again_at = row.optional_instant(5),
              .satisfaction = optional_int(row, 6),
              .recurred = optional_bool(row, 7),
              .answers = {},
              .recurrence = {},
              .linked_ticket = row.id<TicketId>(10)};
    const auto answers = boost::json::parse(row.text(8));
    for (const auto& each : answers.as_array())
        a.answers.push_back({std::string{each.at("code").as_string()}, std::string{each.at("answer").as_string()}});
    if (!row.is_null(9)) a.recurrence = parse_name<Recurrence>(row.text(9));
    return a;
}

using Position = std::array<std::int64_t, 3>;  ///< due or ended, ticket, number

Position position_of(const std::string& cursor, Shown shown)
{
    using Limits = std::numeric_limits<std::int64_t>;
    if (cursor.empty())
        return shown == Shown::due ? Position{Limits::min(), 0, 0} : Position{Limits::max(), Limits::max(), 0};
    Position position{};
    const char* from = cursor.data();
    const char* const end = from + cursor.size();
    for (std::size_t i = 0; i < position.size(); ++i) {
        const auto [rest, fault] = std::from_chars(from, end, position[i]);
        const bool is_last = i + 1 == position.size();
        if (fault != std::errc{} || (is_last ? rest != end : rest == end || *rest != ':'))
            throw std::invalid_argument("cursor");
        from = rest + (is_last ? 0 : 1);
    }
    return position;
}

Position position_of(const FollowUp& each)
{
    return {to_ms(each.ended_at.value_or(each.due_at)), each.ticket.value, each.no};
}

struct Way {
    const sql::Statement& statement;
    std::int64_t of;
};

/// How the reader comes to the rows: all, a merchant's, or those of units one by one.
std::vector<Way> ways(const organisation::ReadFence& fence, const Filter& filter)
{
    using Reach = organisation::ReadFence::Reach;
    const bool due = filter.shown == Shown::due;
    const auto of_unit = [&](UnitId unit) { return Way{due ? due_of_unit : ended_of_unit, unit.value}; };
    std::vector<Way> all;
    switch (fence.reach) {
        case Reach::nothing: break;
        case Reach::units:
            for (const auto unit : fence.units)
                if (!filter.unit || filter.unit == unit) all.push_back(of_unit(unit));
            break;
        case Reach::merchant:
            all.push_back(filter.unit ? of_unit(filter.unit)
                                      : Way{due ? due_of_merchant : ended_of_merchant, fence.merchant.value});
            break;
        case Reach::all: all.push_back(filter.unit ? of_unit(filter.unit) : Way{due ? due_all : ended_all, 0}); break;
    }
    return all;
}

State state_after(const ticket::FollowUpRecorded& recorded)
{
    if (!recorded.ended) return State::due;
    switch (recorded.outcome) {
        case Outcome::reached: return State::done;
        case Outcome::refused: return State::refused;
        default: return State::unreached;
    }
}

}  // namespace

void record(sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events, Instant at)
{
    for (const auto& event : events) {
        if (const auto* opened = std::get_if<ticket::ObligationOpened>(&event);
            opened && opened->obligation.kind == ObligationKind::follow_up) {
            const auto& o = opened->obligation;
            db.execute_later(insert_row, after.id, o.no, o.debtor.unit, after.merchant, at, o.due_at);
        }
        if (const auto* recorded = std::get_if<ticket::FollowUpRecorded>(&event))
            db.execute_later(attempt_row, after.id, recorded->no, name_of(state_after(*recorded)),
                             recorded->outcome == Outcome::no_answer, recorded->next_at,
                             recorded->ended ? std::optional{at} : std::nullopt, recorded->satisfaction,
                             recorded->recurred);
        const auto* moved = std::get_if<ticket::ObligationMoved>(&event);
        if (moved && moved->no == after.follow_up_no) db.execute_later(move_row, after.id, moved->no, moved->due_at);
        const auto* passed = std::get_if<ticket::ObligationPassed>(&event);
        if (passed && passed->no == after.follow_up_no)
            db.execute_later(pass_row, after.id, passed->no, passed->debtor.unit);
        const auto* cancelled = std::get_if<ticket::ObligationCancelled>(&event);
        if (cancelled && cancelled->no == after.follow_up_no) db.execute_later(cancel_row, after.id, cancelled->no, at);
    }
}

std::optional<FollowUp> find(sql::Connection& db, TicketId ticket, std::int64_t no)
{
    return db.first(select_one, read, ticket, no);
}

void save(sql::Connection& db, const FollowUp& after, const Attempt& a)
{
    const auto answers = answers_json(a.answers);
    db.execute_later(insert_attempt, after.ticket, after.no, a.no, a.at, a.by, name_of(a.outcome), a.experience,
                     a.again_at, a.satisfaction, a.recurred, answers,
                     a.recurrence ? std::optional{name_of(*a.recurrence)} : std::nullopt, a.linked_ticket);
}

std::vector<Attempt> attempts_of(sql::Connection& db, const FollowUp& follow_up)
{
    std::vector<Attempt> attempts;
    db.each(
        select_attempts, [&](const sql::Row& row) { attempts.push_back(read_attempt(row)); }, follow_up.ticket,
        follow_up.no);
    return attempts;
}

Page list(sql::Connection& db, const organisation::ReadFence& fence, const Filter& filter, int limit,
          const std::string& cursor)
{
    const auto from = position_of(cursor, filter.shown);
    const auto ready = filter.ready_at ? to_ms(*filter.ready_at) : std::numeric_limits<std::int64_t>::max();
    Page page;
    for (const auto& way : ways(fence, filter))
        db.each(
            way.statement,
            [&](const sql::Row& row) {
                auto each = read(row);
                if (!fence.merchant || each.merchant == fence.merchant) page.items.push_back(each);
            },
            way.of, ready, from[0], from[1], from[2], limit + 1);
    std::ranges::sort(page.items, [&](const FollowUp& a, const FollowUp& b) {
        return filter.shown == Shown::due ? position_of(a) < position_of(b) : position_of(b) < position_of(a);
    });
    if (page.items.size() > static_cast<std::size_t>(limit)) {
        page.items.resize(static_cast<std::size_t>(limit));
        const auto last = position_of(page.items.back());
        page.next_cursor = fmt::format("{}:{}:{}", last[0], last[1], last[2]);
    }
    return page;
}

void each_stored(sql::Connection& db, TicketId after, TicketId last, const std::function<void(FollowUp)>& visit)
{
    db.each(
        select_stored, [&](const sql::Row& row) { visit(read(row)); }, after.value, last.value);
}

void copy_rows(sql::Connection& db, TicketId from, TicketId to)
{
    db.execute_later(copy_follow_ups, from, to);
    db.execute_later(copy_attempts, from, to);
}

}  // namespace shouwen::follow_up
