#include "base/deadline.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <iostream>
#include <sstream>

// The calendar against a reference that looks at each minute by itself and asks the time-zone library each time anew.
// Windows, instants, limits and pauses are whole minutes, so nothing happens within one.

using namespace shouwen;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

namespace {

constexpr minutes a_minute{1};

struct LocalMinute {
    local_days day;
    int minute;
};

/// What the calendar promises, said as plainly as possible.
class Reference {
public:
    Reference(const WorkingCalendar& calendar, const Holidays& holidays)
        : calendar_(calendar), holidays_(holidays), zone_(date::locate_zone(calendar.time_zone))
    {
    }
    LocalMinute local(Instant at) const
    {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
        if (seconds < info_.begin || seconds >= info_.end) info_ = zone_->get_info(seconds);
        const LocalTime wall{at.time_since_epoch() + info_.offset};
        const auto day = std::chrono::floor<days>(wall);
        return {day, static_cast<int>(std::chrono::floor<minutes>(wall - day).count())};
    }
    bool is_working(Instant at) const
    {
        if (calendar_.kind == CalendarKind::natural) return true;
        const auto [day, minute] = local(at);
        if (day != day_) windows_ = windows_on(day_ = day);
        return std::ranges::any_of(windows_, [m = minute](const auto& w) { return w.from <= m && m < w.to; });
    }

private:
    std::vector<WorkingWindow> windows_on(local_days day) const
    {
        std::size_t weekday = std::chrono::weekday{day}.iso_encoding() - 1;
        if (calendar_.uses_public_holidays)
            for (const auto& year : holidays_.years())
                for (const auto& special : year.days)
                    if (local_days{special.date} == day) {
                        if (special.kind == SpecialDayKind::off) return {};
                        weekday = static_cast<std::size_t>(calendar_.make_up_weekday);
                    }
        return calendar_.week[weekday];
    }

    const WorkingCalendar& calendar_;
    const Holidays& holidays_;
    const date::time_zone* zone_;
    mutable date::sys_info info_{};
    mutable local_days day_{};  // 1970, where no test looks
    mutable std::vector<WorkingWindow> windows_{};
};

bool is_paused(Instant at, const std::vector<Pause>& pauses)
{
    return std::ranges::any_of(pauses, [&](const Pause& p) { return p.from <= at && at < p.to; });
}

/// Minute after minute until `amount` of what counts has gone by.
template <class Counts>
Instant step(Instant at, Duration amount, Counts counts)
{
    for (; amount > 0ms; at += a_minute)
        if (counts(at)) amount -= a_minute;
    return at;
}

Instant step_to_working(const Reference& reference, Instant at)
{
    while (!reference.is_working(at)) at += a_minute;
    return at;
}

/// The nth working day after that of `start`: its first working minute at or after the local time, else its end.
Instant step_days(const Reference& reference, Instant start, int count)
{
    const auto [first, wanted] = reference.local(start);
    std::vector<local_days> days_seen;
    // Each local day that has a working minute, in the order of the calendar; a repeated hour may lead back over midnight.
    Instant at = start;
    while (static_cast<int>(days_seen.size()) <= count) {
        const auto [day, minute] = reference.local(at);
        if (day > first && reference.is_working(at) && std::ranges::find(days_seen, day) == days_seen.end())
            days_seen.push_back(day);
        at += a_minute;
    }
    const auto target = days_seen[static_cast<std::size_t>(count - 1)];
    // The moment at which the wall first shows the wanted time, or has skipped it.
    Instant begin = Instant{target.time_since_epoch()} - 30h;
    Instant shown = begin;
    while (true) {
        const auto [day, minute] = reference.local(shown);
        if (day > target || (day == target && minute >= wanted)) break;
        shown += a_minute;
    }
    Instant end{};
    for (Instant t = begin; t < begin + 84h; t += a_minute) {
        if (reference.local(t).day != target || !reference.is_working(t)) continue;
        if (t >= shown) return t;
        end = t + a_minute;
    }
    return end;
}

Instant reference_due(const Reference& reference, Instant start, const Limit& limit, const std::vector<Pause>& pauses)
{
    const auto counts = [&](Instant at) { return reference.is_working(at) && !is_paused(at, pauses); };
    switch (limit.kind) {
        case LimitKind::natural_time:
            return step(start, limit.duration, [&](Instant at) { return !is_paused(at, pauses); });
        case LimitKind::working_time: return step(start, limit.duration, counts);
        case LimitKind::working_days: break;
    }
    const Instant unpaused = step_days(reference, start, limit.days);
    if (pauses.empty()) return unpaused;
    Duration paused{};
    for (Instant at = start; at < unpaused; at += a_minute)
        if (reference.is_working(at) && is_paused(at, pauses)) paused += a_minute;
    Instant at = step(unpaused, paused, counts);
    if (reference.is_working(unpaused)) at = step_to_working(reference, at);
    // Not within a pause; its first moment is still before it.
    const auto within = [&](Instant t) { return is_paused(t, pauses) && t > start && is_paused(t - a_minute, pauses); };
    while (within(at)) {
        while (is_paused(at, pauses)) at += a_minute;
        at = step_to_working(reference, at);
    }
    return at;
}

const std::vector<const char*> zones{"Asia/Shanghai",       "America/New_York", "Europe/London",
                                     "Australia/Lord_Howe", "Asia/Kolkata",     "America/Sao_Paulo",
                                     "America/St_Johns",    "Pacific/Apia",     "Africa/Casablanca",
                                     "Asia/Kathmandu",      "America/Havana",   "Etc/UTC"};

/// Where the calendar itself is special: holidays begin and end, a year without data begins, leap days.
const std::vector<const char*> anchors{"2026-02-13T09:00:00Z", "2026-02-23T16:00:00Z", "2026-09-30T09:00:00Z",
                                       "2026-10-09T22:00:00Z", "2026-12-31T10:00:00Z", "2023-01-01T00:00:00Z",
                                       "2024-02-29T12:00:00Z", "2020-01-31T00:00:00Z", "2026-06-15T04:00:00Z"};

struct Situation {
    WorkingCalendar calendar;
    Instant start;
    Limit limit;
    std::vector<Pause> pauses;

    std::string text() const
    {
        std::ostringstream out;
        out << calendar.time_zone << " holidays=" << calendar.uses_public_holidays << " kind=" << name_of_kind()
            << " start=" << to_rfc3339(start) << " limit=" << to_string(limit) << " week=";
        for (const auto& windows : calendar.week) {
            out << '[';
            for (const auto& w : windows) out << w.from << '-' << w.to << ' ';
            out << ']';
        }
        for (const auto& p : pauses) out << " pause=" << to_rfc3339(p.from) << '/' << to_rfc3339(p.to);
        return out.str();
    }
    const char* name_of_kind() const { return calendar.kind == CalendarKind::natural ? "natural" : "working"; }
};

/// Uniform whatever RapidCheck's growing size says: early cases shall be as mean as late ones.
int pick(int from, int to)
{
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, to));
}

/// Half of all values lie on half hours, so that ends meet exactly.
int pick_minute(int from, int to)
{
    return pick(0, 2) == 0 ? pick(from, to) : pick(from / 30, (to + 29) / 30) * 30;
}

std::vector<WorkingWindow> any_windows()
{
    std::vector<int> edges;
    for (int count = 2 * pick(0, 4); count > 0; --count) edges.push_back(std::min(pick_minute(0, 1441), 1440));
    std::ranges::sort(edges);
    std::vector<WorkingWindow> windows;
    for (std::size_t i = 0; i + 1 < edges.size(); i += 2)
        if (edges[i] < edges[i + 1]) windows.push_back({edges[i], edges[i + 1]});
    return windows;
}

WorkingCalendar any_calendar()
{
    WorkingCalendar calendar{
        "c", "", *rc::gen::elementOf(zones), CalendarKind::working, {}, pick(0, 2) == 0, Weekday::monday};
    if (pick(0, 10) == 0) calendar.kind = CalendarKind::natural;
    for (auto& day : calendar.week) day = any_windows();
    // At least some hours on one day, so that the reference need not step for months.
    const auto busy = static_cast<std::size_t>(pick(0, 7));
    if (calendar.week[busy].empty()) calendar.week[busy] = {{540, 1080}};
    calendar.make_up_weekday = static_cast<Weekday>(busy);
    return calendar;
}

/// Near an anchor, or near a change of the zone's offset.
Instant any_instant(const std::string& zone)
{
    Instant near = *parse_rfc3339(*rc::gen::elementOf(anchors));
    const auto table = Zone::find(zone);
    const auto& changes = table->stretches();
    if (pick(0, 2) == 0 && changes.size() > 1) {
        const int recent = std::min(60, static_cast<int>(changes.size()) - 1);
        near = changes[changes.size() - 1 - static_cast<std::size_t>(pick(0, recent))].begin;
    }
    return near + minutes{pick_minute(-2000, 600)};
}

Limit any_limit()
{
    switch (pick(0, 3)) {
        case 0: return Limit::natural_time(minutes{pick_minute(0, 6000)});
        case 1: return Limit::working_time(minutes{pick_minute(0, 2000)});
        default: return Limit::working_days(pick(1, 5));
    }
}

std::vector<Pause> any_pauses(Instant start)
{
    std::vector<Pause> pauses;
    for (int count = pick(1, 4); count > 0; --count) {
        const Instant from = start + minutes{pick_minute(-500, 3000)};
        pauses.push_back({from, from + minutes{pick_minute(0, 1500)}});
    }
    return pauses;
}

Situation any_situation()
{
    Situation s{any_calendar(), {}, any_limit(), {}};
    s.start = any_instant(s.calendar.time_zone);
    if (pick(0, 3) > 0) s.pauses = any_pauses(s.start);
    return s;
}

Calendar made(const Situation& s)
{
    RC_LOG() << s.text() << '\n';
    auto calendar = Calendar::make(s.calendar);
    RC_ASSERT(calendar.has_value());
    return std::move(*calendar);
}

/// As rc::check, with more than a hundred cases: the interesting coincidences are rarer than that.
template <class Property>
bool holds(Property property, int cases = 300)
{
    auto parameters = rc::detail::configuration().testParams;
    parameters.maxSuccess = std::max(parameters.maxSuccess, cases);
    const auto result = rc::detail::checkTestable(std::move(property), rc::detail::TestMetadata{}, parameters);
    if (result.template is<rc::detail::SuccessResult>()) return true;
    rc::detail::printResultMessage(result, std::cerr);
    std::cerr << "\nseed " << parameters.seed << '\n';
    return false;
}

}  // namespace

TEST(D5_CalendarProperties, DeadlinesEqualThoseFoundMinuteByMinute)
{
    EXPECT_TRUE(holds(
        [] {
            const auto s = any_situation();
            const Calendar calendar = made(s);
            const Reference reference{s.calendar, *holidays_of_china()};
            const auto deadline = due(calendar, s.start, s.limit, s.pauses);
            RC_ASSERT(deadline.has_value());
            RC_ASSERT(to_rfc3339(deadline->at) == to_rfc3339(reference_due(reference, s.start, s.limit, s.pauses)));
        },
        1500));
}

TEST(D5_CalendarProperties, WorkingTimeEqualsThatCountedMinuteByMinute)
{
    EXPECT_TRUE(holds([] {
        const auto s = any_situation();
        const Calendar calendar = made(s);
        const Reference reference{s.calendar, *holidays_of_china()};
        const Instant end = s.start + minutes{pick_minute(0, 4000)};
        Duration counted{};
        for (Instant at = s.start; at < end; at += a_minute) {
            RC_ASSERT(calendar.is_working(at) == reference.is_working(at));
            if (reference.is_working(at)) counted += a_minute;
        }
        RC_ASSERT(calendar.working_time_between(s.start, end).count() == counted.count());
        RC_ASSERT(calendar.working_time_between(end, s.start).count() == -counted.count());
        RC_ASSERT(to_rfc3339(*calendar.next_working_instant(s.start)) ==
                  to_rfc3339(step_to_working(reference, s.start)));
    }));
}

TEST(D5_CalendarProperties, ExplanationsAreWithoutGapsAndAddUp)
{
    EXPECT_TRUE(holds([] {
        const auto s = any_situation();
        const Calendar calendar = made(s);
        const Reference reference{s.calendar, *holidays_of_china()};
        const auto told = explain(calendar, s.start, s.limit, s.pauses);
        RC_ASSERT(told.has_value());
        RC_ASSERT(told->due == *due(calendar, s.start, s.limit, s.pauses));
        Instant at = s.start;
        Duration counted{};
        for (std::size_t i = 0; i < told->spans.size(); ++i) {
            const Span& span = told->spans[i];
            RC_ASSERT(to_rfc3339(span.from) == to_rfc3339(at));
            RC_ASSERT(span.from < span.to);
            if (i > 0) RC_ASSERT(span.reason != told->spans[i - 1].reason || span.label != told->spans[i - 1].label);
            RC_ASSERT((span.reason == SpanReason::paused) == is_paused(span.from, s.pauses));
            const bool runs = s.limit.kind == LimitKind::natural_time || reference.is_working(span.from);
            RC_ASSERT(span.counted == (runs && span.reason != SpanReason::paused));
            if (span.counted) counted += span.to - span.from;
            at = span.to;
        }
        RC_ASSERT(to_rfc3339(at) == to_rfc3339(told->due.at));
        if (s.limit.kind != LimitKind::working_days) RC_ASSERT(counted.count() == s.limit.duration.count());
    }));
}

TEST(D5_CalendarProperties, LaterStartsAndLongerLimitsAreNeverDueEarlier)
{
    EXPECT_TRUE(holds([] {
        const auto s = any_situation();
        const Calendar calendar = made(s);
        const auto by = minutes{pick_minute(0, 3000)};
        const auto first = due(calendar, s.start, s.limit)->at;
        RC_ASSERT(first >= s.start);
        RC_ASSERT(due(calendar, s.start, s.limit, s.pauses)->at >= first);
        if (s.limit.kind == LimitKind::working_days) {
            RC_ASSERT(due(calendar, s.start, Limit::working_days(s.limit.days + 1))->at > first);
        } else {
            RC_ASSERT(due(calendar, s.start + by, s.limit)->at >= first);
            RC_ASSERT(due(calendar, s.start, Limit{s.limit.kind, s.limit.duration + by, 0})->at >= first);
        }
    }));
}

TEST(E5_LimitProperties, AreReadAsTheyAreWritten)
{
    EXPECT_TRUE(holds([] {
        const auto limit = any_limit();
        RC_ASSERT(parse_limit(to_string(limit)) == limit);
    }));
}
