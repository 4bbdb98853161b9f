#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"
#include "modules/backup/rules/schedule.hpp"
#include "platform/sql/sql.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The rows of backups and drills: what the page shows, what the schedule goes by, and the claim by which one node at a
/// time does the work.
namespace shouwen::backup {

using BackupRunId = Id<struct BackupRunTag>;

BOOST_DEFINE_ENUM_CLASS(RunKind, backup, drill)
BOOST_DEFINE_ENUM_CLASS(RunState, requested, running, succeeded, failed)
BOOST_DEFINE_ENUM_CLASS(RunCause, schedule, person, program)

/// What a backup is, once it is made or restored.
struct RunResult {
    std::string backup;
    std::string place;  ///< the folder where it lies
    Instant made_at{};
    std::int64_t size_bytes = 0;
    std::int64_t added_bytes = 0;
    std::int64_t files_count = 0;
    std::int64_t tickets_count = 0;
    bool encrypted = false;
};

struct Run {
    BackupRunId id;
    RunKind kind = RunKind::backup;
    RunState state = RunState::requested;
    RunCause cause = RunCause::schedule;
    StaffId requested_by;
    Instant requested_at{};
    std::optional<Instant> started_at;
    std::optional<Instant> ended_at;
    std::optional<RunResult> result;
    std::optional<Instant> removed_at;
    std::optional<std::string> failure;  ///< a stable code
    std::optional<std::string> detail;   ///< for the operator
    std::optional<Instant> verified_at;  ///< of a backup: when a drill last found it good
};

/// A process that lets so much time go by without `keep_alive` has died.
constexpr Duration claim_lasts = std::chrono::minutes{2};

/// @returns nothing when one of this kind waits or runs already
std::optional<Run> request(sql::Connection& db, BackupRunId id, RunKind kind, StaffId by, Instant now);
/// Takes what was requested, or begins a new one. Exactly one of all nodes gets it.
/// @param id  of the row, if a new one is made  @returns nothing when another has it, or nobody asked and `is_due` is false
std::optional<Run> claim(sql::Connection& db, BackupRunId id, RunKind kind, bool is_due, Instant now);
/// @returns false when the claim was lost: the result must not be written
bool keep_alive(sql::Connection& db, BackupRunId id, Instant now);
void succeed(sql::Connection& db, BackupRunId id, const RunResult& result, Instant now);
/// @param result  what is known of the backup, for a drill that found faults
void fail(sql::Connection& db, BackupRunId id, std::string_view failure, std::string_view detail,
          const std::optional<RunResult>& result, Instant now);
/// Ends what a dead process left running, as failed: `interrupted`.
int end_dead(sql::Connection& db, Instant now);
/// Rows for backups that were made beside the server, and `removed_at` for those that are gone.
/// @param found  all that lie at the place
void adopt(sql::Connection& db, IdSource& ids, std::string_view place, std::span<const RunResult> found, Instant now);

std::optional<Run> find(sql::Connection& db, BackupRunId id);
/// Newest first. @param before  the last one of the page before; none: the first page
std::vector<Run> list(sql::Connection& db, BackupRunId before, int limit);
/// What waits or runs.
std::vector<Run> open_runs(sql::Connection& db);

/// What the schedule goes by.
struct Standing {
    std::optional<LastRun> last_backup;
    std::optional<LastRun> last_drill;
    std::optional<Run> newest_backup;  ///< that succeeded and still lies there
    std::optional<Run> verified;       ///< the newest one that a drill found good and that still lies there
    std::optional<Instant> since;      ///< the first run of all
    bool last_drill_found_damage = false;
};
Standing standing(sql::Connection& db);

/// @returns whether staff have to be told now: a day has gone by since the last time, or it is new
bool tell_alarm(sql::Connection& db, std::string_view kind, Instant now);
void end_alarm(sql::Connection& db, std::string_view kind);

std::int64_t greatest_id(sql::Connection& db);

}  // namespace shouwen::backup
