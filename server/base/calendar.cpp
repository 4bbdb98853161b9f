#include "base/calendar.hpp"

#include "base/names.hpp"

#include <algorithm>

namespace shouwen {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr int minutes_a_day = 24 * 60;
constexpr days longest_search{3660};

std::shared_ptr<const Holidays> no_holidays()
{
    static const auto none = std::make_shared<const Holidays>();
    return none;
}

WorkingCalendar around_the_clock(const std::string& time_zone)
{
    WorkingCalendar calendar{"natural", "", time_zone, CalendarKind::natural, {}, false, Weekday::monday};
    calendar.week.fill({{0, minutes_a_day}});
    return calendar;
}

void check_day(std::span<const WorkingWindow> windows, const std::string& pointer, std::vector<CalendarError>& errors)
{
    int free_from = 0;
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const auto [from, to] = windows[i];
        const std::string here = pointer + "/" + std::to_string(i);
        const auto outside = [](int minute) { return minute < 0 || minute > minutes_a_day; };
        if (outside(from)) errors.push_back({here + "/from", CalendarErrorCode::window_out_of_range});
        if (outside(to)) errors.push_back({here + "/to", CalendarErrorCode::window_out_of_range});
        if (outside(from) || outside(to)) continue;
        if (from >= to)
            errors.push_back({here + "/to", CalendarErrorCode::window_empty});
        else if (from < free_from)
            errors.push_back({here + "/from", CalendarErrorCode::windows_overlap});
        free_from = std::max(free_from, to);
    }
}

}  // namespace

std::vector<CalendarError> check(const WorkingCalendar& calendar)
{
    std::vector<CalendarError> errors;
    if (!Zone::find(calendar.time_zone)) errors.push_back({"/time_zone", CalendarErrorCode::zone_unknown});
    if (calendar.kind == CalendarKind::natural) return errors;
    for (const auto weekday : all_of<Weekday>())
        check_day(calendar.week[static_cast<std::size_t>(weekday)], "/week/" + std::string{name_of(weekday)}, errors);
    if (std::ranges::all_of(calendar.week, [](const auto& windows) { return windows.empty(); }))
        errors.push_back({"/week", CalendarErrorCode::no_window});
    else if (calendar.uses_public_holidays && calendar.week[static_cast<std::size_t>(calendar.make_up_weekday)].empty())
        errors.push_back({"/make_up_weekday", CalendarErrorCode::make_up_day_without_window});
    return errors;
}

Calendar::Calendar(WorkingCalendar definition, std::shared_ptr<const Zone> zone,
                   std::shared_ptr<const Holidays> holidays)
    : definition_(std::move(definition)), zone_(std::move(zone)), holidays_(std::move(holidays))
{
}

Result<Calendar, std::vector<CalendarError>> Calendar::make(WorkingCalendar definition,
                                                            std::shared_ptr<const Holidays> holidays)
{
    auto errors = check(definition);
    if (!errors.empty()) return errors;
    auto zone = Zone::find(definition.time_zone);
    if (definition.kind == CalendarKind::natural) {
        definition.week = around_the_clock(definition.time_zone).week;
        definition.uses_public_holidays = false;
    }
    if (!definition.uses_public_holidays)
        holidays = nullptr;
    else if (!holidays)
        holidays = no_holidays();
    return Calendar{std::move(definition), std::move(zone), std::move(holidays)};
}

Calendar Calendar::natural(const std::string& time_zone)
{
    auto zone = Zone::find(time_zone);
    ensure(zone != nullptr, "the time zone is unknown");
    return Calendar{around_the_clock(time_zone), std::move(zone), nullptr};
}

WorkingIntervals::WorkingIntervals(const Calendar& calendar, Instant from)
    : calendar_(calendar), from_(from), stretch_(calendar.zone_->stretch_at(from))
{
    const auto& stretch = calendar.zone_->stretches()[stretch_];
    day_ = std::chrono::floor<days>(LocalTime{from.time_since_epoch() + stretch.offset});
    give_up_on_ = day_ + longest_search;
    windows_ = calendar.windows_on(day_);
}

std::optional<Calendar::Interval> WorkingIntervals::next()
{
    do {
        const auto& stretch = calendar_.zone_->stretches()[stretch_];
        const Instant midnight{Duration{day_.time_since_epoch()} - stretch.offset};
        while (window_ < windows_.size()) {
            const auto window = windows_[window_++];
            // A change of the offset cuts the window; its rest, or its repetition, follows in the next stretch.
            const Instant from = std::max(midnight + minutes{window.from}, stretch.begin);
            const Instant to = std::min(midnight + minutes{window.to}, stretch.end);
            if (from >= to || to <= from_) continue;
            give_up_on_ = day_ + longest_search;
            return Calendar::Interval{from, to};
        }
    } while (go_to_next_day());
    return std::nullopt;
}

bool WorkingIntervals::go_to_next_day()
{
    const auto& stretches = calendar_.zone_->stretches();
    const auto& stretch = stretches[stretch_];
    const Instant next_midnight{Duration{(day_ + days{1}).time_since_epoch()} - stretch.offset};
    if (next_midnight >= stretch.end) {
        ++stretch_;
        day_ = std::chrono::floor<days>(LocalTime{stretch.end.time_since_epoch() + stretches[stretch_].offset});
    } else {
        day_ += days{1};
    }
    if (day_ >= give_up_on_) return false;
    windows_ = calendar_.windows_on(day_);
    window_ = 0;
    return true;
}

bool Calendar::is_working(Instant at) const
{
    const LocalTime local = zone_->local(at);
    const auto day = std::chrono::floor<days>(local);
    const auto time = local - day;
    return std::ranges::any_of(windows_on(day),
                               [&](const auto& w) { return minutes{w.from} <= time && time < minutes{w.to}; });
}

std::optional<Instant> Calendar::next_working_instant(Instant at) const
{
    const auto interval = WorkingIntervals{*this, at}.next();
    if (!interval) return std::nullopt;
    return std::max(at, interval->from);
}

std::optional<Instant> Calendar::add_working_time(Instant from, Duration amount) const
{
    if (amount <= Duration::zero()) return from;
    WorkingIntervals intervals{*this, from};
    while (const auto interval = intervals.next()) {
        const Instant begin = std::max(from, interval->from);
        if (amount <= interval->to - begin) return begin + amount;
        amount -= interval->to - begin;
    }
    return std::nullopt;
}

Duration Calendar::working_time_between(Instant from, Instant to) const
{
    if (to < from) return -working_time_between(to, from);
    Duration sum{};
    WorkingIntervals intervals{*this, from};
    while (const auto interval = intervals.next()) {
        if (interval->from >= to) break;
        sum += std::min(to, interval->to) - std::max(from, interval->from);
    }
    return sum;
}

namespace {

/// The working time of one local date, in the order in which it passes. Where a repeated hour contains midnight
/// (St. John's until 2011), the date begins, is left for the day before, and comes again.
class IntervalsOfDay {
public:
    IntervalsOfDay(const Calendar& calendar, local_days day)
        : zone_(calendar.zone()), day_(day), begin_(zone_.instant(LocalTime{day})), intervals_(calendar, begin_)
    {
    }
    std::optional<Calendar::Interval> next()
    {
        constexpr std::chrono::hours longest_day{36};
        while (const auto interval = intervals_.next()) {
            if (interval->from >= begin_ + longest_day) break;
            if (zone_.date(interval->from) == day_) return interval;
        }
        return std::nullopt;
    }

private:
    const Zone& zone_;
    local_days day_;
    Instant begin_;
    WorkingIntervals intervals_;
};

}  // namespace

std::optional<Instant> Calendar::add_working_days(Instant from, int count) const
{
    if (count <= 0) return from;
    const LocalTime local = zone_->local(from);
    const auto first = std::chrono::floor<days>(local);
    auto day = first;
    auto last_found = first;
    for (int found = 0; found < count;) {
        day += days{1};
        if (day - last_found > longest_search) return std::nullopt;
        if (windows_on(day).empty()) continue;
        // The windows may fall into an hour that the clock skips, or the whole day may.
        if (!IntervalsOfDay{*this, day}.next()) continue;
        ++found;
        last_found = day;
    }
    const Instant wanted = zone_->instant(day + (local - first));
    IntervalsOfDay intervals{*this, day};
    Instant end_of_day = wanted;
    while (const auto interval = intervals.next()) {
        if (wanted < interval->to) return std::max(wanted, interval->from);
        end_of_day = interval->to;
    }
    return end_of_day;
}

}  // namespace shouwen
