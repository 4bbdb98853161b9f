#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shouwen {

using Duration = std::chrono::milliseconds;
/// A moment in UTC, to the millisecond. Stored as milliseconds since 1970.
using Instant = std::chrono::sys_time<Duration>;

inline std::int64_t to_ms(Instant at)
{
    return at.time_since_epoch().count();
}
inline Instant from_ms(std::int64_t ms)
{
    return Instant{Duration{ms}};
}

/// A day of the calendar without a time zone.
using LocalDate = std::chrono::year_month_day;

/// `2026-11-22T02:00:00.000Z`
std::string to_rfc3339(Instant at);
/// Accepts a zone offset (`Z`, `+08:00`) and 0 to 9 fractional digits (cut to milliseconds).
std::optional<Instant> parse_rfc3339(std::string_view text);

/// ISO 8601 durations without years and months: `PT15M`, `P1DT2H`, `PT0.5S`. Days count 24 h, weeks 7 days.
std::optional<Duration> parse_iso_duration(std::string_view text);
std::string to_iso_duration(Duration duration);

/// `2026-11-22`
std::string to_string(LocalDate date);
std::optional<LocalDate> parse_date(std::string_view text);

}  // namespace shouwen
