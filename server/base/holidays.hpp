#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen {

/// off 放假: nobody works though the weekday may say so; make_up 调休: a weekend day that is worked.
BOOST_DEFINE_ENUM_CLASS(SpecialDayKind, off, make_up)

struct SpecialDay {
    LocalDate date;
    SpecialDayKind kind = SpecialDayKind::off;
    std::string name;  ///< of the holiday that is the reason

    bool operator==(const SpecialDay&) const = default;
};

/// What is announced for one year; a year that is present is complete. Days may lie in the December before.
struct HolidayYear {
    int year = 0;
    std::string source;  ///< the notice
    std::vector<SpecialDay> days;

    bool operator==(const HolidayYear&) const = default;
};

/// Whether a day may stand in a year's list: within the year, or in the December before.
bool belongs_to(int year, LocalDate date);

/// Public holidays of all years known (法定节假日). Immutable; share it by pointer.
class Holidays {
public:
    Holidays() = default;
    /// A day named by two years follows the later one; of two entries for one year the later wins.
    explicit Holidays(std::vector<HolidayYear> years);

    /// @returns nothing for an ordinary day. Constant time.
    const SpecialDay* find(std::chrono::local_days day) const
    {
        const auto place = (day - first_).count();
        if (place < 0 || place >= static_cast<std::int64_t>(index_.size())) return nullptr;
        const auto entry = index_[static_cast<std::size_t>(place)];
        return entry == 0 ? nullptr : &days_[entry - 1U];
    }
    /// Whether the year was announced: without it working days are a guess.
    bool covers(int year) const;
    const std::vector<HolidayYear>& years() const { return years_; }
    /// The same table with one year added or replaced.
    Holidays with(HolidayYear year) const;

private:
    std::vector<HolidayYear> years_;    // ascending
    std::vector<SpecialDay> days_;      // ascending, one a date
    std::vector<std::uint16_t> index_;  // by day since first_: 1 + place in days_, or 0
    std::chrono::local_days first_{};
};

struct HolidaysError {
    int line = 0;  ///< counted from 1
    std::string expected;
};

/// Reads the form of data/holidays-cn.csv.
Result<std::vector<HolidayYear>, HolidaysError> parse_holidays(std::string_view text);

/// Mainland China 2020 to 2026, compiled in.
std::shared_ptr<const Holidays> holidays_of_china();

}  // namespace shouwen
