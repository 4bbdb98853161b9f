#include "modules/backup/rules/schedule.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace shouwen::backup {
namespace {

using namespace std::chrono_literals;

Instant at(const char* text)
{
    return parse_rfc3339(text).value();
}

TEST(B10_BackupSchedule, GoesByTimesOfTheDayOrByAnInterval)
{
    const Schedule twice{.at = {2h + 30min, 14h + 30min}};
    const Schedule hourly{.at = {}, .interval = 1h};
    const struct {
        const char* name;
        const Schedule& schedule;
        const char* zone;
        std::optional<LastRun> last;
        const char* then;
    } cases[] = {
        {"never one", twice, "Asia/Shanghai", {}, "2026-01-05T12:00:00Z"},
        {"made at night", twice, "Asia/Shanghai", LastRun{at("2026-01-04T18:30:00Z")}, "2026-01-05T06:30:00Z"},
        {"made by hand at noon", twice, "Asia/Shanghai", LastRun{at("2026-01-05T04:00:00Z")}, "2026-01-05T06:30:00Z"},
        {"late by a week", twice, "Asia/Shanghai", LastRun{at("2025-12-28T18:30:00Z")}, "2025-12-29T06:30:00Z"},
        {"each hour", hourly, "Asia/Shanghai", LastRun{at("2026-01-05T11:10:00Z")}, "2026-01-05T12:10:00Z"},
        {"failed", twice, "Asia/Shanghai", LastRun{at("2026-01-05T11:00:00Z"), true}, "2026-01-05T11:30:00Z"},
        {"failed shortly before the next", twice, "Asia/Shanghai", LastRun{at("2026-01-05T06:20:00Z"), true},
         "2026-01-05T06:30:00Z"},
        {"the clock skips 02:30", twice, "America/New_York", LastRun{at("2026-03-07T20:00:00Z")},
         "2026-03-08T07:00:00Z"},
        {"the clock shows 01:30 twice", Schedule{.at = {90min}}, "America/New_York",
         LastRun{at("2026-11-01T05:30:00Z")}, "2026-11-02T06:30:00Z"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(to_rfc3339(next_backup(c.schedule, c.last, at("2026-01-05T12:00:00Z"), *Zone::find(c.zone))),
                  to_rfc3339(at(c.then)));
    }
}

TEST(B10_BackupSchedule, DrillsFollowBackups)
{
    const Schedule schedule;
    const Instant monday = at("2026-01-05T00:00:00Z");
    EXPECT_EQ(next_drill(schedule, {}, {}), std::nullopt);
    EXPECT_EQ(next_drill(schedule, {}, monday), monday);
    EXPECT_EQ(next_drill(schedule, LastRun{monday}, monday + 24h), monday + 7 * 24h);
    EXPECT_EQ(next_drill(schedule, LastRun{monday, true}, monday - 1h), std::nullopt);
    EXPECT_EQ(next_drill(schedule, LastRun{monday, true}, monday + 1h), monday + 1h);
}

TEST(B10_BackupSchedule, AnAlarmIsAboutVerifiedOnes)
{
    const Schedule schedule{.verified_max_age = 9 * 24h};
    const Instant now = at("2026-01-20T00:00:00Z");
    EXPECT_FALSE(is_overdue(schedule, {}, {}, now)) << "nothing began";
    EXPECT_FALSE(is_overdue(schedule, {}, now - 8 * 24h, now));
    EXPECT_TRUE(is_overdue(schedule, {}, now - 10 * 24h, now)) << "made, but never verified";
    EXPECT_FALSE(is_overdue(schedule, now - 8 * 24h, now - 100 * 24h, now));
    EXPECT_TRUE(is_overdue(schedule, now - 10 * 24h, now - 100 * 24h, now));
}

TEST(B10_BackupRetention, KeepsDaysWeeksAndMonths)
{
    const auto zone = Zone::find("Asia/Shanghai");
    std::vector<Kept> backups;  // at 02:30 and 14:30 of each day of a year, to 2026-01-05
    const Instant last = at("2026-01-05T06:30:00Z");
    for (int i = 0; i < 730; ++i) backups.push_back({fmt::format("{}", i), last - i * 12h});
    const auto stay = kept(backups, {.daily = 7, .weekly = 4, .monthly = 12}, *zone, "");
    std::set<std::string> days;
    for (const auto& each : backups)
        if (stay.contains(each.name)) days.insert(to_rfc3339(each.made_at).substr(0, 13));
    EXPECT_EQ(days,
              (std::set<std::string>{"2026-01-05T06", "2026-01-04T06", "2026-01-03T06", "2026-01-02T06",
                                     "2026-01-01T06", "2025-12-31T06", "2025-12-30T06",  // days
                                     "2025-12-28T06", "2025-12-21T06",                   // Sundays, two more weeks
                                     "2025-11-30T06", "2025-10-31T06", "2025-09-30T06", "2025-08-31T06",  // months
                                     "2025-07-31T06", "2025-06-30T06", "2025-05-31T06", "2025-04-30T06",
                                     "2025-03-31T06", "2025-02-28T06"}));
}

TEST(B10_BackupRetention, TheNewestAndTheVerifiedStayInAnyCase)
{
    const auto zone = Zone::find("Asia/Shanghai");
    const Instant now = at("2026-01-05T00:00:00Z");
    const std::vector<Kept> backups{
        {"old", now - 1000 * 24h}, {"verified", now - 48h}, {"good", now - 24h}, {"new", now}};
    EXPECT_EQ(kept(backups, {.daily = 1, .weekly = 0, .monthly = 0}, *zone, "verified"),
              (std::unordered_set<std::string>{"verified", "new"}));
    EXPECT_TRUE(kept({}, {}, *zone, "").contains(""));
}

}  // namespace
}  // namespace shouwen::backup
