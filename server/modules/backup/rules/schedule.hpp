#pragma once

#include "base/instant.hpp"
#include "base/zone.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

/// When backups are made, verified, kept and missed (B10: backups that are verified by restoring them).
namespace shouwen::backup {

struct Schedule {
    /// Times of the day in the organisation's zone, ascending; empty: each `interval`.
    std::vector<std::chrono::minutes> at;
    Duration interval = std::chrono::hours{24};
    Duration drill_interval = std::chrono::hours{24 * 7};
    /// No verified backup younger than this is an alarm.
    Duration verified_max_age = std::chrono::hours{24 * 9};
};

/// A failed one is tried again after this, unless one is due before.
constexpr Duration retry_after = std::chrono::minutes{30};

/// How the last one of a kind went.
struct LastRun {
    Instant started_at{};
    bool failed = false;
};

/// The first one is due at once. A time of the day that the clock skips is the moment of the skip; one that it shows twice is
/// the first.
Instant next_backup(const Schedule& schedule, const std::optional<LastRun>& last, Instant now, const Zone& zone);

/// Nothing while there is no backup to restore. After a failed drill the next one waits for a newer backup.
/// @param newest_backup  when the newest good backup ended
std::optional<Instant> next_drill(const Schedule& schedule, const std::optional<LastRun>& last,
                                  std::optional<Instant> newest_backup);

/// @param verified  the moment that the newest verified backup holds  @param since  when backups began
bool is_overdue(const Schedule& schedule, std::optional<Instant> verified, std::optional<Instant> since, Instant now);

struct Retention {
    unsigned daily = 7;
    unsigned weekly = 4;
    unsigned monthly = 12;
};
struct Kept {
    std::string name;
    Instant made_at{};
};
/// Which of these stay: the newest of each of the last `daily` days, `weekly` weeks (from Monday) and `monthly` months that
/// have one; the newest of all; and `verified`, which may be the only one that is known to be good.
std::unordered_set<std::string> kept(const std::vector<Kept>& backups, const Retention& retention, const Zone& zone,
                                     const std::string& verified);

}  // namespace shouwen::backup
