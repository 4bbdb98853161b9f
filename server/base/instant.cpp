#include "base/instant.hpp"

#include <fmt/format.h>

#include <array>

namespace shouwen {
namespace {

/// Reads unsigned decimal fields one after another; `ok` turns false at the first thing that does not fit.
class Fields {
public:
    explicit Fields(std::string_view text) : rest_(text) {}

    int number(int digits)
    {
        int value = 0;
        for (int i = 0; i < digits; ++i) {
            if (rest_.empty() || rest_[0] < '0' || rest_[0] > '9') return fail();
            value = value * 10 + (rest_[0] - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }
    bool take(char c)
    {
        if (rest_.empty() || rest_[0] != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char c)
    {
        if (!take(c)) fail();
    }
    /// Any number of digits after a point, cut to milliseconds.
    int milliseconds()
    {
        int value = 0;
        int digits = 0;
        for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1), ++digits)
            if (digits < 3) value = value * 10 + (rest_[0] - '0');
        if (digits == 0 || digits > 9) return fail();
        for (; digits < 3; ++digits) value *= 10;
        return value;
    }
    int fail()
    {
        ok_ = false;
        return 0;
    }
    bool ok() const { return ok_; }
    bool finished() const { return ok_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool ok_ = true;
};

LocalDate date_fields(Fields& in)
{
    const int year = in.number(4);
    in.expect('-');
    const int month = in.number(2);
    in.expect('-');
    const int day = in.number(2);
    return LocalDate{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                     std::chrono::day{static_cast<unsigned>(day)}};
}

}  // namespace

std::string to_rfc3339(Instant at)
{
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const LocalDate date{day};
    const std::chrono::hh_mm_ss time{at - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

std::optional<Instant> parse_rfc3339(std::string_view text)
{
    Fields in{text};
    const LocalDate date = date_fields(in);
    if (!in.take('T') && !in.take('t') && !in.take(' ')) return std::nullopt;
    const int hour = in.number(2);
    in.expect(':');
    const int minute = in.number(2);
    in.expect(':');
    const int second = in.number(2);
    const int ms = in.take('.') ? in.milliseconds() : 0;
    int offset_minutes = 0;
    if (!in.take('Z') && !in.take('z')) {
        const bool west = in.take('-');
        if (!west) in.expect('+');
        const int hours = in.number(2);
        in.expect(':');
        const int minutes = in.number(2);
        if (hours > 23 || minutes > 59) return std::nullopt;
        offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
    }
    // A leap second is read as the second after: no clock here keeps them.
    if (!in.finished() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
           std::chrono::minutes{minute - offset_minutes} + std::chrono::seconds{second} + Duration{ms};
}

std::optional<Duration> parse_iso_duration(std::string_view text)
{
    constexpr std::int64_t longest_ms = 36500LL * 24 * 3600 * 1000;  // a hundred years: past it something is wrong
    if (text.size() < 3 || text[0] != 'P') return std::nullopt;
    text.remove_prefix(1);
    bool in_time = false;
    bool any = false;
    std::int64_t total_ms = 0;
    std::string_view order = "WDHMS";
    while (!text.empty()) {
        if (text[0] == 'T') {
            if (in_time) return std::nullopt;
            in_time = true;
            text.remove_prefix(1);
            if (text.empty()) return std::nullopt;
            continue;
        }
        std::int64_t number = 0;
        std::int64_t thousandths = 0;
        std::size_t used = 0;
        while (used < text.size() && text[used] >= '0' && text[used] <= '9' && used < 12)
            number = number * 10 + (text[used++] - '0');
        if (used == 0) return std::nullopt;
        bool fraction = false;
        if (used < text.size() && text[used] == '.') {
            fraction = true;
            std::int64_t scale = 100;
            std::size_t digits = 0;
            for (++used; used < text.size() && text[used] >= '0' && text[used] <= '9'; ++used, ++digits, scale /= 10)
                thousandths += (text[used] - '0') * scale;
            if (digits == 0) return std::nullopt;
        }
        if (used == text.size()) return std::nullopt;
        const char unit = text[used];
        text.remove_prefix(used + 1);
        const auto place = order.find(unit);
        if (place == std::string_view::npos) return std::nullopt;
        order.remove_prefix(place + 1);  // units come in this order and once
        if ((unit == 'W' || unit == 'D') == in_time || (fraction && unit != 'S')) return std::nullopt;
        const std::int64_t unit_ms = unit == 'W'   ? 7LL * 24 * 3600 * 1000
                                     : unit == 'D' ? 24LL * 3600 * 1000
                                     : unit == 'H' ? 3600LL * 1000
                                     : unit == 'M' ? 60LL * 1000
                                                   : 1000LL;
        if (number > longest_ms / unit_ms) return std::nullopt;
        total_ms += number * unit_ms + thousandths;
        any = true;
    }
    if (!any || total_ms > longest_ms) return std::nullopt;
    return Duration{total_ms};
}

std::string to_iso_duration(Duration duration)
{
    std::int64_t ms = duration.count();
    if (ms == 0) return "PT0S";
    std::string text = ms < 0 ? "-P" : "P";
    ms = ms < 0 ? -ms : ms;
    const std::array<std::pair<std::int64_t, char>, 3> time_units{{{3600000, 'H'}, {60000, 'M'}, {1000, 'S'}}};
    if (ms >= 86400000) text += fmt::format("{}D", ms / 86400000);
    ms %= 86400000;
    if (ms > 0) text += 'T';
    for (const auto& [unit_ms, letter] : time_units) {
        const std::int64_t count = ms / unit_ms;
        ms %= unit_ms;
        if (letter == 'S' && ms > 0)
            text += fmt::format("{}.{:03}S", count, ms);
        else if (count > 0)
            text += fmt::format("{}{}", count, letter);
    }
    return text;
}

std::string to_string(LocalDate date)
{
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::optional<LocalDate> parse_date(std::string_view text)
{
    Fields in{text};
    const LocalDate date = date_fields(in);
    if (!in.finished() || !date.ok()) return std::nullopt;
    return date;
}

}  // namespace shouwen
