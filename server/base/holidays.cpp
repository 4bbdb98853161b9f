#include "base/holidays.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace shouwen::embedded {
extern const std::string_view holidays_cn;
}

namespace shouwen {
namespace {

using std::chrono::local_days;

constexpr std::size_t columns = 4;
constexpr std::chrono::days longest_holiday{31};
constexpr int first_year = 1970;
constexpr int last_year = 2999;

std::string_view cut(std::string_view& rest, char separator)
{
    const auto end = rest.find(separator);
    const auto field = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return field;
}

/// A line's fields; the last takes what is left, commas included.
std::array<std::string_view, columns> fields_of(std::string_view line, std::size_t wanted)
{
    std::array<std::string_view, columns> fields;
    for (std::size_t i = 0; i + 1 < wanted; ++i) fields[i] = cut(line, ',');
    fields[wanted - 1] = line;
    return fields;
}

class Reader {
public:
    /// @returns what was expected instead, or nothing.
    std::string take(std::string_view line)
    {
        const auto kind = line.substr(0, line.find(','));
        if (kind == "year") return take_year(fields_of(line, 3));
        if (kind == "off") return take_days(fields_of(line, 4), SpecialDayKind::off);
        if (kind == "work") return take_days(fields_of(line, 4), SpecialDayKind::make_up);
        return "a line that begins with year, off, work or #";
    }
    std::vector<HolidayYear> years;

private:
    std::string take_year(const std::array<std::string_view, columns>& fields)
    {
        int year = 0;
        const auto [end, error] = std::from_chars(fields[1].data(), fields[1].data() + fields[1].size(), year);
        if (error != std::errc{} || end != fields[1].data() + fields[1].size() || year < first_year || year > last_year)
            return "year,<four digits>,<notice>";
        if (std::ranges::any_of(years, [&](const auto& y) { return y.year == year; })) return "each year once";
        years.push_back({year, std::string{fields[2]}, {}});
        return {};
    }

    std::string take_days(const std::array<std::string_view, columns>& fields, SpecialDayKind kind)
    {
        if (years.empty()) return "a line year,<year>,<notice> before the first day";
        const auto from = parse_date(fields[1]);
        const auto to = fields[2].empty() && kind == SpecialDayKind::make_up ? from : parse_date(fields[2]);
        if (!from || !to)
            return kind == SpecialDayKind::off ? "off,<YYYY-MM-DD>,<YYYY-MM-DD>,<name>" : "work,<YYYY-MM-DD>,,<name>";
        if (fields[3].empty()) return "the holiday's name in the fourth field";
        if (local_days{*to} < local_days{*from} || local_days{*to} - local_days{*from} > longest_holiday)
            return "a last day that is not before the first and at most 31 days after it";
        auto& year = years.back();
        for (local_days day{*from}; day <= local_days{*to}; day += std::chrono::days{1}) {
            const LocalDate date{day};
            if (!belongs_to(year.year, date))
                return "a day of the year " + std::to_string(year.year) + " or of the December before";
            if (std::ranges::any_of(year.days, [&](const auto& d) { return d.date == date; }))
                return "each day once, and " + to_string(date) + " came before";
            year.days.push_back({date, kind, std::string{fields[3]}});
        }
        return {};
    }
};

}  // namespace

bool belongs_to(int year, LocalDate date)
{
    const int its_year = static_cast<int>(date.year());
    return its_year == year || (its_year == year - 1 && date.month() == std::chrono::December);
}

Holidays::Holidays(std::vector<HolidayYear> years)
{
    std::map<int, HolidayYear> by_year;
    for (auto& year : years) by_year.insert_or_assign(year.year, std::move(year));
    std::map<local_days, SpecialDay> by_day;
    for (auto& [number, year] : by_year) {
        for (const auto& day : year.days) by_day.insert_or_assign(local_days{day.date}, day);
        years_.push_back(std::move(year));
    }
    if (by_day.empty()) return;
    first_ = by_day.begin()->first;
    index_.resize(static_cast<std::size_t>((by_day.rbegin()->first - first_).count()) + 1);
    for (auto& [date, day] : by_day) {
        days_.push_back(std::move(day));
        index_[static_cast<std::size_t>((date - first_).count())] = static_cast<std::uint16_t>(days_.size());
    }
}

bool Holidays::covers(int year) const
{
    const auto found = std::ranges::lower_bound(years_, year, {}, &HolidayYear::year);
    return found != years_.end() && found->year == year;
}

Holidays Holidays::with(HolidayYear year) const
{
    auto years = years_;
    years.push_back(std::move(year));
    return Holidays{std::move(years)};
}

Result<std::vector<HolidayYear>, HolidaysError> parse_holidays(std::string_view text)
{
    Reader reader;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (int number = 1; !text.empty(); ++number) {
        auto line = cut(text, '\n');
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
        if (line.empty() || line[0] == '#') continue;
        auto expected = reader.take(line);
        if (!expected.empty()) return HolidaysError{number, std::move(expected)};
    }
    return std::move(reader.years);
}

std::shared_ptr<const Holidays> holidays_of_china()
{
    static const auto table = [] {
        auto years = parse_holidays(embedded::holidays_cn);
        ensure(years.has_value(), "data/holidays-cn.csv is not well formed");
        return std::make_shared<const Holidays>(std::move(*years));
    }();
    return table;
}

}  // namespace shouwen
