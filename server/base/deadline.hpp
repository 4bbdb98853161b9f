#pragma once

#include "base/calendar.hpp"
#include "base/limit.hpp"

#include <span>
#include <string>
#include <vector>

namespace shouwen {

/// Time that does not count, from `from` until before `to`; an open one ends `now`. May overlap others, in any order.
struct Pause {
    Instant from;
    Instant to;
};

struct Deadline {
    Instant at;
    /// Years between start and deadline whose public holidays the calendar should know and does not, ascending.
    std::vector<int> years_without_data{};

    bool operator==(const Deadline&) const = default;
    /// `year_without_data 2027`
    std::vector<std::string> warnings() const;
};

BOOST_DEFINE_ENUM_CLASS(DeadlineRefusal, no_working_time)

/// When a limit that began at `start` ends: the first moment at which it is used up, pauses left out.
///
/// - natural time: unpaused time, whatever the calendar;
/// - working time: unpaused working time of the calendar;
/// - working days: `Calendar::add_working_days`, then later by the working time that was paused; within working hours
///   again if it was without pauses, and never within a pause.
///
/// Refused with `no_working_time` when ten years go by without any.
Result<Deadline, DeadlineRefusal> due(const Calendar& calendar, Instant start, const Limit& limit,
                                      std::span<const Pause> pauses = {});

/// Why a stretch of time counts or not: within a window; natural time; a gap between two windows of a day; before the
/// first or after the last window; a weekday without windows; a public holiday; a window on a make-up day; a pause.
BOOST_DEFINE_ENUM_CLASS(SpanReason, working, natural, break_, closed, weekend, holiday, make_up, paused)

struct Span {
    Instant from;
    Instant to;
    bool counted = false;
    SpanReason reason = SpanReason::natural;
    std::string label{};  ///< the holiday's name, else empty

    bool operator==(const Span&) const = default;
};

struct Explanation {
    Deadline due;
    /// Cover [start, due) without gaps, each different from the one before. The counted ones add up to the limit; of a
    /// limit in working days they are the working time within.
    std::vector<Span> spans;
};

Result<Explanation, DeadlineRefusal> explain(const Calendar& calendar, Instant start, const Limit& limit,
                                             std::span<const Pause> pauses = {});

}  // namespace shouwen
