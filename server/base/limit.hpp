#pragma once

#include "base/instant.hpp"

#include <boost/describe/enum.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace shouwen {

BOOST_DEFINE_ENUM_CLASS(LimitKind, natural_time, working_time, working_days)

/// How long something may take (时限). Text: `PT2H` natural time, `PT2H/W` working time, `P1WD` working days.
struct Limit {
    LimitKind kind = LimitKind::natural_time;
    Duration duration{};  ///< of natural_time and working_time; not negative
    int days = 0;         ///< of working_days; 1 to `days_max`

    static constexpr int days_max = 3650;

    static Limit natural_time(Duration duration) { return {LimitKind::natural_time, duration, 0}; }
    static Limit working_time(Duration duration) { return {LimitKind::working_time, duration, 0}; }
    static Limit working_days(int days) { return {LimitKind::working_days, Duration{}, days}; }

    bool operator==(const Limit&) const = default;
};

std::optional<Limit> parse_limit(std::string_view text);
std::string to_string(const Limit& limit);

}  // namespace shouwen
