#include "modules/backup/rules/schedule.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace shouwen::backup {
namespace {

using std::chrono::days;
using std::chrono::local_days;

Instant first_after(const Schedule& schedule, Instant after, const Zone& zone)
{
    if (schedule.at.empty()) return after + schedule.interval;
    for (local_days day = zone.date(after);; day += days{1})
        for (const auto time : schedule.at)
            if (const Instant at = zone.instant(LocalTime{day} + time); at > after) return at;
}

local_days week_of(local_days day)
{
    return day - (std::chrono::weekday{day} - std::chrono::Monday);
}

local_days month_of(local_days day)
{
    const std::chrono::year_month_day date{day};
    return local_days{date.year() / date.month() / 1};
}

}  // namespace

Instant next_backup(const Schedule& schedule, const std::optional<LastRun>& last, Instant now, const Zone& zone)
{
    if (!last) return now;
    const Instant next = first_after(schedule, last->started_at, zone);
    return last->failed ? std::min(next, last->started_at + retry_after) : next;
}

std::optional<Instant> next_drill(const Schedule& schedule, const std::optional<LastRun>& last,
                                  std::optional<Instant> newest_backup)
{
    if (!newest_backup) return std::nullopt;
    if (!last) return newest_backup;
    if (!last->failed) return last->started_at + schedule.drill_interval;
    if (*newest_backup > last->started_at) return newest_backup;
    return std::nullopt;
}

bool is_overdue(const Schedule& schedule, std::optional<Instant> verified, std::optional<Instant> since, Instant now)
{
    const auto reference = verified ? verified : since;
    return reference && now - *reference > schedule.verified_max_age;
}

std::unordered_set<std::string> kept(const std::vector<Kept>& backups, const Retention& retention, const Zone& zone,
                                     const std::string& verified)
{
    std::unordered_set<std::string> stay{verified};
    auto newest_first = backups;
    std::ranges::sort(newest_first, std::greater{}, &Kept::made_at);
    if (!newest_first.empty()) stay.insert(newest_first.front().name);
    const auto keep_each = [&](unsigned count, auto period_of) {
        std::set<local_days> seen;
        for (const auto& each : newest_first) {
            if (seen.size() >= count) return;
            if (seen.insert(period_of(zone.date(each.made_at))).second) stay.insert(each.name);
        }
    };
    keep_each(retention.daily, [](local_days day) { return day; });
    keep_each(retention.weekly, week_of);
    keep_each(retention.monthly, month_of);
    return stay;
}

}  // namespace shouwen::backup
