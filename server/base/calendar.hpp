#pragma once

#include "base/holidays.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"
#include "base/zone.hpp"

#include <boost/describe/enum.hpp>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace shouwen {

BOOST_DEFINE_ENUM_CLASS(Weekday, monday, tuesday, wednesday, thursday, friday, saturday, sunday)

/// Part of a day in which people work: minutes since local midnight, `from` <= t < `to`; 0 to 1440.
struct WorkingWindow {
    int from = 0;
    int to = 0;

    bool operator==(const WorkingWindow&) const = default;
};

/// Natural time never stops; working time counts only within the windows.
BOOST_DEFINE_ENUM_CLASS(CalendarKind, natural, working)

/// A calendar as people write it (工作日历). `check` says whether it can be used.
struct WorkingCalendar {
    std::string id;
    std::string name;
    std::string time_zone = "Asia/Shanghai";  ///< IANA name
    CalendarKind kind = CalendarKind::working;
    std::array<std::vector<WorkingWindow>, 7> week;  ///< by Weekday; each day's windows ascending and apart
    bool uses_public_holidays = true;
    Weekday make_up_weekday = Weekday::monday;  ///< whose windows a make-up day (调休) has

    bool operator==(const WorkingCalendar&) const = default;
};

BOOST_DEFINE_ENUM_CLASS(CalendarErrorCode, zone_unknown, window_out_of_range, window_empty, windows_overlap, no_window,
                        make_up_day_without_window)

struct CalendarError {
    std::string pointer;  ///< JSON pointer below the calendar: `/week/monday/0/to`
    CalendarErrorCode code;

    bool operator==(const CalendarError&) const = default;
};

/// @returns all that is wrong, in the order of the fields; empty when the calendar can be used.
std::vector<CalendarError> check(const WorkingCalendar& calendar);

/// A calendar made ready for arithmetic. Immutable, so safe in all threads; cheap to copy by pointer only.
///
/// A moment is working time when the local clock shows a minute within a window of the local date. So a window that
/// the change to summer time cuts is shorter, and one that the change back repeats counts twice, as people live it.
/// What goes on for ten years without any working time yields nothing instead of a search without end.
class Calendar {
public:
    struct Interval {
        Instant from;
        Instant to;
    };

    /// @param holidays  used only when the calendar wants them; nothing stands for an empty table.
    static Result<Calendar, std::vector<CalendarError>> make(
        WorkingCalendar definition, std::shared_ptr<const Holidays> holidays = holidays_of_china());
    /// Time that never stops, with days of the zone. @throws BrokenInvariant when the zone is unknown.
    static Calendar natural(const std::string& time_zone = "Asia/Shanghai");

    const WorkingCalendar& definition() const { return definition_; }
    const Zone& zone() const { return *zone_; }
    bool uses_public_holidays() const { return holidays_ != nullptr; }
    /// False only for a year of which a calendar with public holidays knows nothing.
    bool knows_year(int year) const { return !holidays_ || holidays_->covers(year); }

    bool is_working(Instant at) const;
    /// `at` itself when it is working time.
    std::optional<Instant> next_working_instant(Instant at) const;
    /// The first moment at which `amount` of working time has passed; `from` itself when `amount` is not positive.
    std::optional<Instant> add_working_time(Instant from, Duration amount) const;
    /// The same local time on the nth working day after the day of `from`, moved into working hours: forward to the next
    /// window of that day, or back to the end of its last window. A day counts as working when any of its time does.
    /// `from` itself when `count` is not positive.
    std::optional<Instant> add_working_days(Instant from, int count) const;
    /// Negative when `to` lies before `from`.
    Duration working_time_between(Instant from, Instant to) const;

    /// The windows of a date, make-up days and days off considered.
    std::span<const WorkingWindow> windows_on(std::chrono::local_days day) const
    {
        const SpecialDay* special = special_day(day);
        if (special && special->kind == SpecialDayKind::off) return {};
        const auto weekday =
            special ? static_cast<unsigned>(definition_.make_up_weekday) : std::chrono::weekday{day}.iso_encoding() - 1;
        return definition_.week[weekday];
    }
    const SpecialDay* special_day(std::chrono::local_days day) const
    {
        return holidays_ ? holidays_->find(day) : nullptr;
    }

private:
    friend class WorkingIntervals;
    Calendar(WorkingCalendar definition, std::shared_ptr<const Zone> zone, std::shared_ptr<const Holidays> holidays);

    WorkingCalendar definition_;
    std::shared_ptr<const Zone> zone_;
    std::shared_ptr<const Holidays> holidays_;  // null when the calendar does not use them
};

/// Walks through a calendar's working time from some moment on.
class WorkingIntervals {
public:
    WorkingIntervals(const Calendar& calendar, Instant from);
    /// The next interval that ends after `from`; it may begin before `from`, and adjacent windows come one by one.
    /// @returns nothing after ten years without working time.
    std::optional<Calendar::Interval> next();

private:
    bool go_to_next_day();

    const Calendar& calendar_;
    Instant from_;
    std::size_t stretch_;
    std::chrono::local_days day_;
    std::chrono::local_days give_up_on_;
    std::span<const WorkingWindow> windows_;
    std::size_t window_ = 0;
};

}  // namespace shouwen
