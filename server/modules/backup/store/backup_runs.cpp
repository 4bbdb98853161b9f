#include "modules/backup/store/backup_runs.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <limits>

namespace shouwen::backup {
namespace {

constexpr sql::Statement insert_requested{
    "backup_run.request",
    "INSERT INTO backup_run (id, kind, state, cause, requested_by, requested_at) VALUES ($1, $2, 'requested', 'person', $3, $4) "
    "ON CONFLICT DO NOTHING"};
constexpr sql::Statement insert_running{
    "backup_run.begin",
    "INSERT INTO backup_run (id, kind, state, cause, requested_at, started_at, alive_until) "
    "VALUES ($1, $2, 'running', 'schedule', $3, $3, $4) ON CONFLICT DO NOTHING"};
constexpr sql::Statement insert_found{
    "backup_run.adopt",
    "INSERT INTO backup_run (id, kind, state, cause, requested_at, started_at, ended_at, backup, made_at, size_bytes, added_bytes, "
    "files_count, tickets_count, encrypted, place) VALUES ($1, 'backup', 'succeeded', 'program', $2, $2, $2, $3, $2, $4, $5, $6, $7, $8, $9)"};
constexpr sql::Statement take_requested{
    "backup_run.take",
    "UPDATE backup_run SET state = 'running', started_at = $2, alive_until = $3 WHERE kind = $1 AND state = 'requested'"};
constexpr sql::Statement stay_alive{"backup_run.keep_alive",
                                    "UPDATE backup_run SET alive_until = $2 WHERE id = $1 AND state = 'running'"};
constexpr sql::Statement set_succeeded{
    "backup_run.succeed",
    "UPDATE backup_run SET state = 'succeeded', ended_at = $2, backup = $3, made_at = $4, size_bytes = $5, added_bytes = $6, "
    "files_count = $7, tickets_count = $8, encrypted = $9, place = $10 WHERE id = $1 AND state = 'running'"};
constexpr sql::Statement set_failed{
    "backup_run.fail",
    "UPDATE backup_run SET state = 'failed', ended_at = $2, failure = $3, detail = $4, backup = $5, made_at = $6, size_bytes = $7, "
    "added_bytes = $8, files_count = $9, tickets_count = $10, encrypted = $11, place = $12 WHERE id = $1 AND state = 'running'"};
constexpr sql::Statement fail_dead{
    "backup_run.end_dead",
    "UPDATE backup_run SET state = 'failed', ended_at = $1, failure = 'interrupted' WHERE state = 'running' AND alive_until < $1"};
constexpr sql::Statement set_removed{
    "backup_run.removed",
    "UPDATE backup_run SET removed_at = $2 WHERE backup = $1 AND kind = 'backup' AND removed_at IS NULL"};
constexpr sql::Statement lying_there{
    "backup_run.lying",
    "SELECT backup FROM backup_run WHERE kind = 'backup' AND backup IS NOT NULL AND removed_at IS NULL AND place = $1"};
constexpr sql::Statement named_run{"backup_run.named",
                                   "SELECT id FROM backup_run WHERE backup = $1 AND kind = 'backup'"};
constexpr sql::Statement told_at{"backup_alarm.told", "SELECT told_at FROM backup_alarm WHERE kind = $1"};
constexpr sql::Statement tell{
    "backup_alarm.tell",
    "INSERT INTO backup_alarm (kind, told_at) VALUES ($1, $2) ON CONFLICT (kind) DO UPDATE SET told_at = excluded.told_at"};
constexpr sql::Statement untell{"backup_alarm.end", "DELETE FROM backup_alarm WHERE kind = $1"};
constexpr sql::Statement greatest{"backup_run.greatest_id", "SELECT COALESCE(MAX(id), 0) FROM backup_run"};
constexpr sql::Statement first_at{"backup_run.first", "SELECT requested_at FROM backup_run ORDER BY id LIMIT 1"};

#define RUN_COLUMNS                                                                                                   \
    "r.id, r.kind, r.state, r.cause, r.requested_by, r.requested_at, r.started_at, r.ended_at, r.backup, r.made_at, " \
    "r.size_bytes, r.added_bytes, r.files_count, r.tickets_count, r.encrypted, r.removed_at, r.failure, r.detail, "   \
    "CASE WHEN r.kind = 'backup' THEN (SELECT MAX(d.ended_at) FROM backup_run d WHERE d.backup = r.backup "           \
    "AND d.kind = 'drill' AND d.state = 'succeeded') END, r.place FROM backup_run r "
constexpr sql::Statement select_one{"backup_run.find", "SELECT " RUN_COLUMNS "WHERE r.id = $1"};
constexpr sql::Statement select_page{"backup_run.list",
                                     "SELECT " RUN_COLUMNS "WHERE r.id < $1 ORDER BY r.id DESC LIMIT $2"};
constexpr sql::Statement select_open{"backup_run.open", "SELECT " RUN_COLUMNS "WHERE r.ended_at IS NULL ORDER BY r.id"};
constexpr sql::Statement select_open_of_kind{"backup_run.open_of_kind",
                                             "SELECT " RUN_COLUMNS "WHERE r.ended_at IS NULL AND r.kind = $1"};
constexpr sql::Statement select_last_ended{
    "backup_run.last",
    "SELECT " RUN_COLUMNS
    "WHERE r.kind = $1 AND r.ended_at IS NOT NULL AND r.started_at IS NOT NULL ORDER BY r.id DESC LIMIT 1"};
constexpr sql::Statement select_newest{
    "backup_run.newest",
    "SELECT " RUN_COLUMNS
    "WHERE r.kind = 'backup' AND r.state = 'succeeded' AND r.removed_at IS NULL ORDER BY r.made_at DESC LIMIT 1"};
constexpr sql::Statement select_verified{
    "backup_run.verified",
    "SELECT " RUN_COLUMNS
    "WHERE r.kind = 'backup' AND r.state = 'succeeded' AND r.removed_at IS NULL AND EXISTS (SELECT 1 FROM backup_run v "
    "WHERE v.backup = r.backup AND v.kind = 'drill' AND v.state = 'succeeded') ORDER BY r.made_at DESC LIMIT 1"};
#undef RUN_COLUMNS

template <class Word>
Word word(const sql::Row& row, int column)
{
    const auto found = parse_name<Word>(row.text(column));
    ensure(found.has_value(), "the schema knows this word");
    return *found;
}

Run read_run(const sql::Row& row)
{
    Run run{.id = row.id<BackupRunId>(0),
            .kind = word<RunKind>(row, 1),
            .state = word<RunState>(row, 2),
            .cause = word<RunCause>(row, 3),
            .requested_by = row.id<StaffId>(4),
            .requested_at = row.instant(5),
            .started_at = row.optional_instant(6),
            .ended_at = row.optional_instant(7)};
    if (!row.is_null(8))
        run.result = RunResult{.backup = row.string(8),
                               .place = row.optional_string(19).value_or(""),
                               .made_at = row.instant(9),
                               .size_bytes = row.integer(10),
                               .added_bytes = row.integer(11),
                               .files_count = row.integer(12),
                               .tickets_count = row.integer(13),
                               .encrypted = row.boolean(14)};
    run.removed_at = row.optional_instant(15);
    run.failure = row.optional_string(16);
    run.detail = row.optional_string(17);
    run.verified_at = row.optional_instant(18);
    return run;
}

std::optional<LastRun> last_of(sql::Connection& db, RunKind kind)
{
    const auto run = db.first(select_last_ended, read_run, name_of(kind));
    if (!run) return std::nullopt;
    return LastRun{*run->started_at, run->state == RunState::failed};
}

}  // namespace

std::optional<Run> request(sql::Connection& db, BackupRunId id, RunKind kind, StaffId by, Instant now)
{
    if (db.execute(insert_requested, id, name_of(kind), by, now) == 0) return std::nullopt;
    return find(db, id);
}

std::optional<Run> claim(sql::Connection& db, BackupRunId id, RunKind kind, bool is_due, Instant now)
{
    if (db.execute(take_requested, name_of(kind), now, now + claim_lasts) > 0)
        return db.first(select_open_of_kind, read_run, name_of(kind));
    if (!is_due || db.execute(insert_running, id, name_of(kind), now, now + claim_lasts) == 0) return std::nullopt;
    return find(db, id);
}

bool keep_alive(sql::Connection& db, BackupRunId id, Instant now)
{
    return db.execute(stay_alive, id, now + claim_lasts) > 0;
}

void succeed(sql::Connection& db, BackupRunId id, const RunResult& result, Instant now)
{
    db.execute(set_succeeded, id, now, result.backup, result.made_at, result.size_bytes, result.added_bytes,
               result.files_count, result.tickets_count, result.encrypted, result.place);
}

void fail(sql::Connection& db, BackupRunId id, std::string_view failure, std::string_view detail,
          const std::optional<RunResult>& result, Instant now)
{
    const auto known = [&](auto RunResult::*member) -> sql::Value {
        return result ? sql::Value{(*result).*member} : sql::Value{nullptr};
    };
    db.execute(set_failed, id, now, failure, detail, known(&RunResult::backup), known(&RunResult::made_at),
               known(&RunResult::size_bytes), known(&RunResult::added_bytes), known(&RunResult::files_count),
               known(&RunResult::tickets_count), result && result->encrypted, known(&RunResult::place));
}

int end_dead(sql::Connection& db, Instant now)
{
    return static_cast<int>(db.execute(fail_dead, now));
}

void adopt(sql::Connection& db, IdSource& ids, std::string_view place, std::span<const RunResult> found, Instant now)
{
    std::unordered_set<std::string> known;
    db.each(
        lying_there, [&](const sql::Row& row) { known.insert(row.string(0)); }, place);
    for (const auto& each : found) {
        if (known.erase(each.backup) > 0) continue;
        const bool has_row = db.first(
                                   named_run, [](const sql::Row& row) { return row.integer(0); }, each.backup)
                                 .has_value();
        if (has_row) continue;
        db.execute(insert_found, ids.next<BackupRunId>(now), each.made_at, each.backup, each.size_bytes,
                   each.added_bytes, each.files_count, each.tickets_count, each.encrypted, place);
    }
    for (const auto& gone : known) db.execute(set_removed, gone, now);
}

std::optional<Run> find(sql::Connection& db, BackupRunId id)
{
    return db.first(select_one, read_run, id);
}

std::vector<Run> list(sql::Connection& db, BackupRunId before, int limit)
{
    std::vector<Run> runs;
    const auto below = before ? before.value : std::numeric_limits<std::int64_t>::max();
    db.each(
        select_page, [&](const sql::Row& row) { runs.push_back(read_run(row)); }, below, limit);
    return runs;
}

std::vector<Run> open_runs(sql::Connection& db)
{
    std::vector<Run> runs;
    db.each(select_open, [&](const sql::Row& row) { runs.push_back(read_run(row)); });
    return runs;
}

Standing standing(sql::Connection& db)
{
    Standing now{.last_backup = last_of(db, RunKind::backup),
                 .last_drill = last_of(db, RunKind::drill),
                 .newest_backup = db.first(select_newest, read_run),
                 .verified = db.first(select_verified, read_run),
                 .since = db.first(first_at, [](const sql::Row& row) { return row.instant(0); })};
    if (now.last_drill && now.last_drill->failed) {
        const auto drill = db.first(select_last_ended, read_run, name_of(RunKind::drill));
        now.last_drill_found_damage = drill->failure == "backup_damaged" || drill->failure == "findings";
    }
    return now;
}

bool tell_alarm(sql::Connection& db, std::string_view kind, Instant now)
{
    const auto last = db.first(
        told_at, [](const sql::Row& row) { return row.instant(0); }, kind);
    if (last && now - *last < std::chrono::hours{24}) return false;
    db.execute(tell, kind, now);
    return true;
}

void end_alarm(sql::Connection& db, std::string_view kind)
{
    db.execute(untell, kind);
}

std::int64_t greatest_id(sql::Connection& db)
{
    return db.first(greatest, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

}  // namespace shouwen::backup
