#include "modules/improvement/store/improvements.hpp"

#include "modules/obligation/rules/telling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace shouwen::improvement {
namespace {

#define SHOUWEN_COLUMNS                                                                                              \
    "id, version, source, reference, ticket_id, title, problem, unit_id, merchant_id, owner_id, checker_id, state, " \
    "author_id, created_at, ended_at, reason, debtor_id, starts_at, due_at, warnings_count, breached_at, chain_step "
constexpr sql::Statement insert_item{
    "improvement.insert",
    "INSERT INTO improvement (id, version, source, reference, ticket_id, title, problem, unit_id, merchant_id, owner_id, "
    "checker_id, state, round, author_id, created_at, debtor_id, starts_at, due_at, next_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"};
constexpr sql::Statement update_item{
    "improvement.update",
    "UPDATE improvement SET version = $2, unit_id = $3, owner_id = $4, checker_id = $5, state = $6, round = $7, "
    "ended_at = $8, reason = $9, debtor_id = $10, starts_at = $11, due_at = $12, warnings_count = $13, "
    "breached_at = $14, chain_step = $15, next_at = $16 WHERE id = $1"};
constexpr sql::Statement write_round{
    "improvement.round",
    "INSERT INTO improvement_round (improvement_id, no, measure, due_at, check_at, finished_at, summary, checked_at, "
    "checked_by, effective, finding) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
    "ON CONFLICT (improvement_id, no) DO UPDATE SET due_at = excluded.due_at, check_at = excluded.check_at, "
    "finished_at = excluded.finished_at, summary = excluded.summary, checked_at = excluded.checked_at, "
    "checked_by = excluded.checked_by, effective = excluded.effective, finding = excluded.finding"};
constexpr sql::Statement select_one{"improvement.find", "SELECT " SHOUWEN_COLUMNS "FROM improvement WHERE id = $1"};
constexpr sql::Statement lock_one{"improvement.lock", "SELECT 1 FROM improvement WHERE id = $1 FOR UPDATE"};
#define SHOUWEN_ROUNDS                                                                                                \
    "SELECT improvement_id, no, measure, due_at, check_at, finished_at, summary, checked_at, checked_by, effective, " \
    "finding FROM improvement_round WHERE improvement_id "
constexpr sql::Statement select_rounds_sqlite{
    "improvement.rounds", SHOUWEN_ROUNDS "IN (SELECT value FROM json_each($1)) ORDER BY improvement_id, no"};
constexpr sql::Statement select_rounds_postgres{
    "improvement.rounds", SHOUWEN_ROUNDS
    "IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON))) ORDER BY improvement_id, no"};
#define SHOUWEN_LIST(UNITS)                                                                                    \
    "SELECT " SHOUWEN_COLUMNS                                                                                  \
    "FROM improvement WHERE (due_at, id) > ($1, $2) "                                                          \
    "AND ($3 = 1 OR owner_id = $4 OR checker_id = $4 OR author_id = $4 OR unit_id IN (" UNITS                  \
    "))"                                                                                                       \
    "AND (merchant_id = $6 OR $6 IS NULL) AND (owner_id = $7 OR $7 IS NULL) AND (unit_id = $8 OR $8 IS NULL) " \
    "AND (ticket_id = $9 OR $9 IS NULL) AND (state = $10 OR $10 IS NULL) "                                     \
    "AND ((ended_at IS NULL AND due_at <= $11) OR $11 IS NULL) ORDER BY due_at, id LIMIT $12"
constexpr sql::Statement list_sqlite{"improvement.list", SHOUWEN_LIST("SELECT value FROM json_each($5)")};
constexpr sql::Statement list_postgres{
    "improvement.list", SHOUWEN_LIST("SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($5 AS JSON))")};
#define SHOUWEN_DUE "SELECT " SHOUWEN_COLUMNS "FROM improvement WHERE next_at <= $1 ORDER BY next_at LIMIT $2"
constexpr sql::Statement select_due_sqlite{"improvement.due", SHOUWEN_DUE};
// What another node holds is its own affair.
constexpr sql::Statement select_due_postgres{"improvement.due", SHOUWEN_DUE " FOR UPDATE SKIP LOCKED"};
constexpr sql::Statement fire_row{
    "improvement.fire",
    "UPDATE improvement SET warnings_count = $2, breached_at = $3, chain_step = $4, next_at = $5 WHERE id = $1"};
constexpr sql::Statement select_next{"improvement.next",
                                     "SELECT MIN(next_at) FROM improvement WHERE next_at IS NOT NULL"};
constexpr sql::Statement select_greatest{"improvement.greatest_id", "SELECT MAX(id) FROM improvement"};

template <class Ids>
std::string json_of(const Ids& ids)
{
    std::string list = "[";
    for (const auto& id : ids) list += (list.size() > 1 ? "," : "") + std::to_string(id.value);
    return list + "]";
}

Improvement read(const sql::Row& row)
{
    Improvement item;
    item.id = row.id<ImprovementId>(0);
    item.version = row.integer(1);
    item.source = parse_name<Source>(row.text(2)).value();
    item.reference = row.string(3);
    item.ticket = row.id<TicketId>(4);
    item.title = row.string(5);
    item.problem = row.string(6);
    item.unit = row.id<UnitId>(7);
    item.merchant = row.id<UnitId>(8);
    item.owner = row.id<StaffId>(9);
    item.checker = row.id<StaffId>(10);
    item.state = parse_name<State>(row.text(11)).value();
    item.author = row.id<StaffId>(12);
    item.created_at = row.instant(13);
    item.ended_at = row.optional_instant(14);
    item.reason = row.optional_string(15).value_or("");
    item.debtor = row.id<StaffId>(16);
    item.watched.starts_at = row.instant(17);
    item.watched.due_at = row.instant(18);
    item.watched.warnings_count = static_cast<int>(row.integer(19));
    item.breached_at = row.optional_instant(20);
    item.watched.breached = item.breached_at.has_value();
    item.watched.chain_step = static_cast<int>(row.integer(21));
    return item;
}

Round read_round(const sql::Row& row)
{
    Round round;
    round.no = static_cast<int>(row.integer(1));
    round.measure = row.string(2);
    round.due_at = row.instant(3);
    round.check_at = row.instant(4);
    round.finished_at = row.optional_instant(5);
    round.summary = row.optional_string(6).value_or("");
    round.checked_at = row.optional_instant(7);
    round.checked_by = row.id<StaffId>(8);
    if (!row.is_null(9)) round.effective = row.boolean(9);
    round.finding = row.optional_string(10).value_or("");
    return round;
}

void read_rounds(sql::Connection& db, std::vector<Improvement>& items)
{
    if (items.empty()) return;
    std::vector<ImprovementId> ids;
    for (const auto& each : items) ids.push_back(each.id);
    const auto list = json_of(ids);
    db.each(
        db.dialect() == sql::Dialect::sqlite ? select_rounds_sqlite : select_rounds_postgres,
        [&](const sql::Row& row) {
            const auto of = std::ranges::find(items, row.id<ImprovementId>(0), &Improvement::id);
            of->rounds.push_back(read_round(row));
        },
        list);
}

/// The chain is as long as it is when its turn comes; then the tick sees whether there is another step.
constexpr int any_chain = std::numeric_limits<int>::max();

std::optional<Instant> next_of(const Improvement& item, const policy::Policy& policy)
{
    if (item.ended_at) return std::nullopt;
    const auto stage = obligation::next_stage(item.watched, policy, any_chain);
    return stage ? std::optional{stage->at} : std::nullopt;
}

void write(sql::Connection& db, ImprovementId id, const Round& r)
{
    const auto said = [](bool is, const std::string& text) { return is ? std::optional{text} : std::nullopt; };
    db.execute(write_round, id, r.no, r.measure, r.due_at, r.check_at, r.finished_at,
               said(r.finished_at.has_value(), r.summary), r.checked_at, r.checked_by, r.effective,
               said(r.checked_at.has_value(), r.finding));
}

std::pair<std::int64_t, std::int64_t> position_of(const std::string& cursor)
{
    std::pair<std::int64_t, std::int64_t> at{std::numeric_limits<std::int64_t>::min(), 0};
    if (cursor.empty()) return at;
    const char* const end = cursor.data() + cursor.size();
    const auto [colon, fault] = std::from_chars(cursor.data(), end, at.first);
    if (fault != std::errc{} || colon == end || *colon != ':') throw std::invalid_argument("cursor");
    const auto [rest, fault_of_id] = std::from_chars(colon + 1, end, at.second);
    if (fault_of_id != std::errc{} || rest != end) throw std::invalid_argument("cursor");
    return at;
}

}  // namespace

void insert(sql::Connection& db, const Improvement& i, const policy::Policy& policy)
{
    db.execute(insert_item, i.id, i.version, name_of(i.source), i.reference, i.ticket, i.title, i.problem, i.unit,
               i.merchant, i.owner, i.checker, name_of(i.state), i.round().no, i.author, i.created_at, i.debtor,
               i.watched.starts_at, i.watched.due_at, next_of(i, policy));
    write(db, i.id, i.round());
}

void update(sql::Connection& db, const Improvement& i, const policy::Policy& policy)
{
    const auto reason = i.state == State::cancelled ? std::optional{i.reason} : std::nullopt;
    db.execute(update_item, i.id, i.version, i.unit, i.owner, i.checker, name_of(i.state), i.round().no, i.ended_at,
               reason, i.debtor, i.watched.starts_at, i.watched.due_at, i.watched.warnings_count, i.breached_at,
               i.watched.chain_step, next_of(i, policy));
    // At most the round that ended and the one that begins.
    for (std::size_t at = i.rounds.size() > 1 ? i.rounds.size() - 2 : 0; at < i.rounds.size(); ++at)
        write(db, i.id, i.rounds[at]);
}

std::optional<Improvement> find(sql::Connection& db, ImprovementId id)
{
    auto found = db.first(select_one, read, id);
    if (!found) return std::nullopt;
    std::vector<Improvement> one{std::move(*found)};
    read_rounds(db, one);
    return std::move(one.front());
}

std::optional<Improvement> find_for_change(sql::Connection& db, ImprovementId id)
{
    if (db.dialect() == sql::Dialect::postgres) db.execute(lock_one, id);
    return find(db, id);
}

Page list(sql::Connection& db, const Fence& fence, const Filter& f, int limit, const std::string& cursor)
{
    const auto [due, id] = position_of(cursor);
    const auto units = json_of(fence.units);
    Page page;
    db.each(
        db.dialect() == sql::Dialect::sqlite ? list_sqlite : list_postgres,
        [&](const sql::Row& row) { page.items.push_back(read(row)); }, due, id, fence.all, fence.staff.value, units,
        fence.merchant, f.owner, f.unit, f.ticket, f.state ? std::optional{name_of(*f.state)} : std::nullopt,
        f.overdue_at, limit + 1);
    if (page.items.size() > static_cast<std::size_t>(limit)) {
        page.items.pop_back();
        const auto& last = page.items.back();
        page.next_cursor = fmt::format("{}:{}", to_ms(last.watched.due_at), last.id.value);
    }
    read_rounds(db, page.items);
    return page;
}

int tick(sql::Connection& db, const Surroundings& surroundings, Instant now, int batch)
{
    std::vector<Improvement> due;
    db.each(
        db.dialect() == sql::Dialect::sqlite ? select_due_sqlite : select_due_postgres,
        [&](const sql::Row& row) { due.push_back(read(row)); }, now, batch);
    const auto policy = surroundings.policy();
    const auto organisation = surroundings.organisation();
    for (const auto& item : due) {
        const auto chain = organisation->chain_above(item.debtor);
        const int chain_length = chain.empty() ? 0 : static_cast<int>(chain.size()) - 1;
        auto stage = obligation::next_stage(item.watched, *policy, chain_length);
        if (stage && stage->at > now) stage.reset();  // the policy has moved its stages
        const auto then = stage ? obligation::after(item.watched, *stage) : item.watched;
        const auto next = obligation::next_stage(then, *policy, chain_length);
        const bool is_breach = stage && stage->kind == obligation::StageKind::breach;
        db.execute(fire_row, item.id, then.warnings_count, is_breach ? std::optional{stage->at} : item.breached_at,
                   then.chain_step, next ? std::optional{next->at} : std::nullopt);
        if (!stage) continue;
        for (const auto& [staff, kind] : obligation::told_of(*stage, {item.debtor}, chain))
            surroundings.tell(db, staff, kind, item, now);
    }
    return static_cast<int>(due.size());
}

std::optional<Instant> next_at(sql::Connection& db)
{
    std::optional<Instant> next;
    db.each(select_next, [&](const sql::Row& row) { next = row.optional_instant(0); });
    return next;
}

std::int64_t greatest_id(sql::Connection& db)
{
    std::int64_t greatest = 0;
    db.each(select_greatest, [&](const sql::Row& row) { greatest = row.is_null(0) ? 0 : row.integer(0); });
    return greatest;
}

}  // namespace shouwen::improvement
