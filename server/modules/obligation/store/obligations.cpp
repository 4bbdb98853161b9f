#include "modules/obligation/store/obligations.hpp"

#include "modules/obligation/rules/telling.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/json/pauses.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace shouwen::obligation {
namespace {

constexpr int any_chain = std::numeric_limits<int>::max();

constexpr sql::Statement insert_row{
    "obligation.open",
    "INSERT INTO obligation (ticket_id, no, kind, subject, grade, debtor_staff_id, debtor_unit_id, merchant_id, calendar, time_limit, "
    "policy_version, starts_at, due_at, pauses, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"};
constexpr sql::Statement meet_row{"obligation.meet",
                                  // A breach that was recorded stays, also when the clock has gone back behind it.
                                  "UPDATE obligation SET met_at = $3, next_at = NULL, "
                                  "breached_at = COALESCE(breached_at, CASE WHEN due_at <= $3 THEN due_at END) "
                                  "WHERE ticket_id = $1 AND no = $2 AND met_at IS NULL AND cancelled_at IS NULL"};
constexpr sql::Statement cancel_row{"obligation.cancel",
                                    "UPDATE obligation SET cancelled_at = $3, cause = $4, next_at = NULL "
                                    "WHERE ticket_id = $1 AND no = $2 AND met_at IS NULL AND cancelled_at IS NULL"};
constexpr sql::Statement pause_row{
    "obligation.pause", "UPDATE obligation SET paused_at = $3, next_at = NULL WHERE ticket_id = $1 AND no = $2"};
constexpr sql::Statement move_row{
    "obligation.move",
    "UPDATE obligation SET time_limit = $3, due_at = $4, pauses = $5, paused_at = NULL, next_at = $6 "
    "WHERE ticket_id = $1 AND no = $2"};
constexpr sql::Statement pass_row{
    "obligation.pass",
    "UPDATE obligation SET debtor_staff_id = $3, debtor_unit_id = $4 WHERE ticket_id = $1 AND no = $2"};
#define SHOUWEN_WATCHED_COLUMNS                                                                                                           \
    "o.ticket_id, o.no, o.kind, o.debtor_staff_id, o.debtor_unit_id, o.calendar, o.time_limit, o.starts_at, o.due_at, o.warnings_count, " \
    "o.breached_at, o.chain_step, o.next_at, t.number, t.owner_id, t.version "
#define SHOUWEN_SELECT_DUE                                                         \
    "SELECT " SHOUWEN_WATCHED_COLUMNS                                              \
    "FROM obligation o JOIN ticket t ON t.id = o.ticket_id WHERE o.next_at <= $1 " \
    "ORDER BY o.next_at LIMIT $2"
constexpr sql::Statement select_due_sqlite{"obligation.due", SHOUWEN_SELECT_DUE};
// What another node holds is its own affair: it fires it, or leaves it due. The ticket is locked as a command locks it;
// the obligation too, so that one which another node fired a moment ago is seen as it is now and passed over.
constexpr sql::Statement select_due_postgres{"obligation.due", SHOUWEN_SELECT_DUE " FOR UPDATE OF t, o SKIP LOCKED"};
#undef SHOUWEN_SELECT_DUE
constexpr sql::Statement select_due_of_ticket{
    "obligation.due_of_ticket", "SELECT " SHOUWEN_WATCHED_COLUMNS
                                "FROM obligation o JOIN ticket t ON t.id = o.ticket_id "
                                "WHERE o.ticket_id = $1 AND o.next_at <= $2 ORDER BY o.next_at, o.no LIMIT 1"};
constexpr sql::Statement select_one{"obligation.watched", "SELECT " SHOUWEN_WATCHED_COLUMNS
                                                          "FROM obligation o JOIN ticket t ON t.id = o.ticket_id "
                                                          "WHERE o.ticket_id = $1 AND o.no = $2"};
#undef SHOUWEN_WATCHED_COLUMNS
constexpr sql::Statement fire_row{
    "obligation.fire",
    "UPDATE obligation SET warnings_count = $3, warned_at = COALESCE(warned_at, $4), breached_at = $5, chain_step = $6, "
    "next_at = $7 WHERE ticket_id = $1 AND no = $2"};
constexpr sql::Statement wait_row{"obligation.wait",
                                  "UPDATE obligation SET next_at = $3 WHERE ticket_id = $1 AND no = $2"};
// By the index that holds nothing else.
#define SHOUWEN_UNFILED "kind = 'close_out' AND breached_at IS NULL AND next_at IS NOT NULL "
constexpr sql::Statement count_unfiled{"obligation.unfiled",
                                       "SELECT COUNT(*) FROM (SELECT 1 FROM obligation WHERE " SHOUWEN_UNFILED
                                       "AND due_at > $1 AND due_at <= $2 LIMIT $3) pile"};
constexpr sql::Statement resume_unfiled{
    "obligation.resume", "UPDATE obligation SET next_at = due_at WHERE " SHOUWEN_UNFILED "AND next_at > due_at"};
#undef SHOUWEN_UNFILED
constexpr sql::Statement mark_overdue{"ticket.mark_overdue",
                                      "UPDATE ticket SET overdue = 1 WHERE id = $1 AND overdue = 0"};
constexpr sql::Statement keep_overdue{
    "ticket.keep_overdue",
    "UPDATE ticket SET overdue = 1 WHERE id = $1 AND overdue = 0 AND EXISTS (SELECT 1 FROM obligation o WHERE o.ticket_id = $1 "
    "AND o.breached_at IS NOT NULL AND o.met_at IS NULL AND o.cancelled_at IS NULL AND o.paused_at IS NULL)"};
#define SHOUWEN_COPIED_COLUMNS                                                                                                  \
    "no, kind, subject, grade, debtor_staff_id, debtor_unit_id, merchant_id, calendar, time_limit, policy_version, starts_at, " \
    "due_at, pauses, paused_at, warnings_count, warned_at, breached_at, chain_step, met_at, cancelled_at, cause, next_at "
constexpr sql::Statement copy_of_ticket{"obligation.copy",
                                        "INSERT INTO obligation (ticket_id, " SHOUWEN_COPIED_COLUMNS
                                        ") SELECT $2, " SHOUWEN_COPIED_COLUMNS "FROM obligation WHERE ticket_id = $1"};
#undef SHOUWEN_COPIED_COLUMNS
constexpr sql::Statement select_next{"obligation.next",
                                     "SELECT MIN(next_at) FROM obligation WHERE next_at IS NOT NULL"};

/// Whether the policy itself does what is owed when the time is over: files what the customer does not answer.
bool files_itself(ObligationKind kind, const policy::Policy& policy)
{
    return kind == ObligationKind::close_out && policy.document().archive_when_unanswered;
}

}  // namespace

struct Obligations::Row {
    TicketId ticket;
    std::int64_t no;
    ObligationKind kind;
    ticket::Debtor debtor;
    Watched watched;
    std::optional<Instant> breached_at;
    std::string number;
    StaffId owner;
    std::int64_t version;  // of the ticket
};

Obligations::Row Obligations::read_row(const sql::Row& row)
{
    Row r{row.id<TicketId>(0),
          row.integer(1),
          parse_name<ObligationKind>(row.text(2)).value(),
          {row.id<StaffId>(3), row.id<UnitId>(4)},
          {},
          row.optional_instant(10),
          row.string(13),
          row.id<StaffId>(14),
          row.integer(15)};
    r.watched = {row.instant(7),
                 row.instant(8),
                 row.is_null(6) ? std::nullopt : parse_limit(row.text(6)),
                 row.string(5),
                 static_cast<int>(row.integer(9)),
                 r.breached_at.has_value(),
                 static_cast<int>(row.integer(11))};
    return r;
}

void Obligations::record(sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events, Instant now)
{
    const auto policy = surroundings_.policy();
    const auto next_of = [&](const Watched& watched) -> std::optional<Instant> {
        const auto stage = next_stage(watched, *policy, any_chain);
        return stage ? std::optional{stage->at} : std::nullopt;
    };
    for (const auto& event : events) {
        if (const auto* opened = std::get_if<ticket::ObligationOpened>(&event)) {
            const auto& o = opened->obligation;
            db.execute_later(insert_row, after.id, o.no, name_of(o.kind), o.subject,
                             name_of(after.grade.value_or(Grade::L3)), o.debtor.staff, o.debtor.unit, after.merchant,
                             o.calendar, o.limit ? std::optional{to_string(*o.limit)} : std::nullopt, o.policy_version,
                             o.starts_at, o.due_at, to_json(o.pauses),
                             next_of({o.starts_at, o.due_at, o.limit, o.calendar}));
        } else if (const auto* met = std::get_if<ticket::ObligationMet>(&event)) {
            ensure(db.execute(meet_row, after.id, met->no, now) == 1, "an obligation ends once");
        } else if (const auto* cancelled = std::get_if<ticket::ObligationCancelled>(&event)) {
            ensure(db.execute(cancel_row, after.id, cancelled->no, now, cancelled->cause) == 1,
                   "an obligation ends once");
        } else if (const auto* paused = std::get_if<ticket::ObligationPaused>(&event)) {
            db.execute_later(pause_row, after.id, paused->no, now);
        } else if (const auto* passed = std::get_if<ticket::ObligationPassed>(&event)) {
            db.execute_later(pass_row, after.id, passed->no, passed->debtor.staff, passed->debtor.unit);
        } else if (const auto* moved = std::get_if<ticket::ObligationMoved>(&event)) {
            auto row = db.first(select_one, read_row, after.id, moved->no).value();
            row.watched = obligation::moved(std::move(row.watched), moved->limit, moved->due_at);
            db.execute_later(move_row, after.id, moved->no,
                             moved->limit ? std::optional{to_string(*moved->limit)} : std::nullopt, moved->due_at,
                             to_json(moved->pauses), next_of(row.watched));
        }
    }
    // Past its limit is not all: what was breached stays overdue when its limit moves, or the clock does.
    if (after.version > 1 && !after.is_closed()) db.execute_later(keep_overdue, after.id);
}

bool Obligations::fire_due(sql::Connection& db, TicketId ticket, Instant until, Instant now)
{
    bool any = false;
    for (; auto row = db.first(select_due_of_ticket, read_row, ticket, until); any = true) {
        const bool is_held = is_filed(*row, until) && surroundings_.filing && surroundings_.filing(db).is_held;
        fire(db, *row, is_held, until, now);
    }
    return any;
}

/// Whether the row's next stage may be that the policy files the ticket.
bool Obligations::is_filed(const Row& row, Instant until) const
{
    return files_itself(row.kind, *surroundings_.policy()) && row.watched.due_at <= until;
}

/// Very many at once are most likely a clock that was set wrong, or a server that stood still for days: both are a person's to
/// judge. Asked only when something is to be filed, and counts no further than the limit.
bool Obligations::must_wait(sql::Connection& db, Instant now) const
{
    if (!surroundings_.filing) return false;
    const auto filing = surroundings_.filing(db);
    if (filing.is_held) return true;
    const int most = surroundings_.policy()->document().confirm_filing_above;
    if (due_for_filing(db, filing.confirmed_until, now, most + 1) <= most) return false;
    surroundings_.hold_filing(db, most, now);
    return true;
}

Ticked Obligations::tick(sql::Connection& db, Instant now, int batch)
{
    std::vector<Row> due;
    db.each(
        db.dialect() == sql::Dialect::sqlite ? select_due_sqlite : select_due_postgres,
        [&](const sql::Row& row) { due.push_back(read_row(row)); }, now, batch);
    Ticked ticked;
    ticked.fired_count = static_cast<int>(due.size());
    ticked.more = ticked.fired_count == batch;
    const bool is_held =
        std::ranges::any_of(due, [&](const Row& row) { return is_filed(row, now); }) && must_wait(db, now);
    std::set<TicketId> closed;
    for (const Row& row : due) {
        if (closed.contains(
                row.ticket)) {  // an earlier row of this batch may have ended the ticket, and so this obligation
            ticked.more = true;
            continue;
        }
        if (row.kind == ObligationKind::close_out && row.watched.due_at <= now) closed.insert(row.ticket);
        fire(db, row, is_held, now, now);
        ticked.tickets.push_back(row.ticket);
    }
    return ticked;
}

void Obligations::fire(sql::Connection& db, const Row& row, bool is_held, Instant until, Instant now)
{
    const auto policy = surroundings_.policy();
    const auto organisation = surroundings_.organisation();
    const auto chain =
        row.debtor.staff ? organisation->chain_above(row.debtor.staff) : organisation->chain_above(row.debtor.unit);
    const int chain_length = chain.empty() ? 0 : static_cast<int>(chain.size()) - 1;
    auto stage = next_stage(row.watched, *policy, chain_length);
    std::optional<ticket::Refused> refused;
    const bool files = is_filed(row, until) && !(stage && stage->kind == StageKind::warning);
    if (files && is_held && !row.watched.breached) {
        // Nobody is in default meanwhile. Who was told already that it cannot be filed hears of the chain as before.
        db.execute_later(wait_row, row.ticket, row.no, std::max(until, now) + policy->chain_interval());
        return;
    }
    if (files && !is_held) {
        // The customer stays silent after the result: the policy files the ticket and nobody is in default (D11).
        refused = surroundings_.close_by_policy(db, row.ticket, row.watched.breached ? until : row.watched.due_at);
        if (!refused) return;
    }
    if (stage && stage->at > until)
        stage.reset();  // it was called to file once more, or the policy has moved its stages
    const Watched then = stage ? after(row.watched, *stage) : row.watched;
    const auto next = next_stage(then, *policy, chain_length);
    auto next_at = next ? std::optional{next->at} : std::nullopt;
    // What was missing may be mended, in the customer's file as well: the policy tries again until the ticket is filed.
    if (files) next_at = std::min(next_at.value_or(Instant::max()), until + policy->chain_interval());
    const bool is_breach = stage && stage->kind == StageKind::breach;
    const auto warned_at = stage && stage->kind == StageKind::warning ? std::optional{stage->at} : std::nullopt;
    db.execute_later(fire_row, row.ticket, row.no, then.warnings_count, warned_at,
                     is_breach ? std::optional{stage->at} : row.breached_at, then.chain_step, next_at);
    if (is_breach) db.execute_later(mark_overdue, row.ticket);
    if (stage) announce(db, row, *stage, chain, refused, now);
}

void Obligations::announce(sql::Connection& db, const Row& row, const Stage& stage,
                           const std::vector<std::vector<StaffId>>& chain,
                           const std::optional<ticket::Refused>& refused, Instant now)
{
    const auto organisation = surroundings_.organisation();
    const auto debtors = row.debtor.staff ? std::vector{row.debtor.staff} : organisation->heads_of(row.debtor.unit);
    if (stage.kind != StageKind::chain)
        surroundings_.announce(db,
                               {stage.kind == StageKind::warning ? "warned" : "breached", row.ticket, row.number,
                                row.version, row.no, row.watched.due_at},
                               now);
    JsonWriter payload;
    payload.begin_object()
        .member("ticket_number", row.number)
        .member("obligation_kind", row.kind)
        .member("due_at", row.watched.due_at)
        .member("refusal", refused ? std::optional{name_of(refused->code)} : std::nullopt)
        .key("missing")
        .begin_array();
    if (refused)
        for (const auto& field : refused->fields) payload.value(field);
    payload.end_array().end_object();
    for (const auto& [staff, kind] : told_of(stage, debtors, chain))
        surroundings_.tell(db, staff, kind, row.ticket, payload.text(), now);
}

std::int64_t Obligations::due_for_filing(sql::Connection& db, Instant since, Instant now, int limit)
{
    return db
        .first(
            count_unfiled, [](const sql::Row& row) { return row.integer(0); }, since, now, limit)
        .value_or(0);
}

void Obligations::resume_filing(sql::Connection& db)
{
    db.execute(resume_unfiled);
}

std::optional<Instant> Obligations::next_at(sql::Connection& db)
{
    std::optional<Instant> next;
    db.each(select_next, [&](const sql::Row& row) { next = row.optional_instant(0); });
    return next;
}

void copy_rows(sql::Connection& db, TicketId from, TicketId to)
{
    db.execute_later(copy_of_ticket, from, to);
}

}  // namespace shouwen::obligation
