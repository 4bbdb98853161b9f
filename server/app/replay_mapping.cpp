#include "app/replay_mapping.hpp"

#include "base/names.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace shouwen::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t subject_length_max = 200;
constexpr Duration first_contact_max = 2h;
constexpr Duration urgent_below = 24h;
constexpr Duration important_up_to = 72h;

enum Column : std::size_t {
    case_id,
    open_dt,
    target_dt,
    closed_dt,
    on_time,
    status,
    closure_reason,
    title,
    subject,
    reason,
    type,
    queue,
    department,
    neighborhood,
    zipcode,
    property_type,
    source
};

std::optional<int> number(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.starts_with('-')) return std::nullopt;
    return value;
}

/// One line of readable text: the origin has stray control characters.
std::string clean(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool c1 = c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (c1) ++i;
        out += c < 0x20 || c == 0x7F || c1 ? ' ' : text[i];
    }
    return std::string{trim(out)};
}

/// Between 1 and 10 minutes at the phone or the counter, else 5 to 104: spread, and the same in every run.
Duration time_to_take_up(Channel channel, std::uint64_t number)
{
    const bool present = channel == Channel::phone || channel == Channel::counter;
    return std::chrono::minutes{present ? 1 + number % 10 : 5 + number % 100};
}

std::string content_of(std::span<const std::string> row)
{
    std::string text =
        fmt::format("Case {}: {} / {} / {}.", row[case_id], clean(row[subject]), clean(row[reason]), clean(row[type]));
    if (!row[queue].empty()) text += fmt::format(" Queue: {}.", clean(row[queue]));
    if (!row[neighborhood].empty())
        text += fmt::format(" {} {} {}.", row[property_type].empty() ? "Place" : clean(row[property_type]),
                            clean(row[neighborhood]), clean(row[zipcode]));
    return text;
}

}  // namespace

std::optional<std::string> foreign_header(std::span<const std::string> header)
{
    for (std::size_t i = 0; i < historic_columns.size(); ++i) {
        const std::string_view found = i < header.size() ? std::string_view{header[i]} : "nothing";
        if (found != historic_columns[i])
            return fmt::format("foreign file: column {} of the header: expected {}, found {}", i + 1,
                               historic_columns[i], first_code_points(found, 60));
    }
    if (header.size() > historic_columns.size())
        return fmt::format("foreign file: expected {} columns, found {}", historic_columns.size(), header.size());
    return std::nullopt;
}

std::optional<LocalTime> parse_local_time(std::string_view text)
{
    if (text.size() != 19 || text[10] != ' ' || text[13] != ':' || text[16] != ':') return std::nullopt;
    const auto date = parse_date(text.substr(0, 10));
    const auto hour = number(text.substr(11, 2)), minute = number(text.substr(14, 2)),
               second = number(text.substr(17, 2));
    if (!date || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    return LocalTime{std::chrono::local_days{*date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

std::optional<Channel> channel_of_source(std::string_view source)
{
    static constexpr std::pair<std::string_view, Channel> table[] = {
        {"Constituent Call", Channel::phone},     {"Citizens Connect App", Channel::chat},
        {"Self Service", Channel::web},           {"Twitter", Channel::wechat},  // our one social channel
        {"Employee Generated", Channel::counter}, {"City Worker App", Channel::counter},
        {"Maximo Integration", Channel::api}};
    for (const auto& [name, channel] : table)
        if (name == source) return channel;
    return std::nullopt;
}

Class class_of_words(std::string_view words)
{
    static constexpr std::pair<std::string_view, Class> table[] = {{"Complaint", Class::complaint},
                                                                   {"Repair", Class::repair},
                                                                   {"Outage", Class::repair},
                                                                   {"Pothole", Class::repair},
                                                                   {"General Comments", Class::suggestion},
                                                                   {"Idea", Class::suggestion},
                                                                   {"Information", Class::consultation},
                                                                   {"Notification", Class::consultation},
                                                                   {"Inquiry", Class::consultation}};
    for (const auto& [word, meant] : table)
        if (words.find(word) != std::string_view::npos) return meant;
    return Class::help;
}

Grade grade_of(Instant opened_at, std::optional<Instant> target_at)
{
    if (!target_at || *target_at <= opened_at) return Grade::L3;
    const Duration given = *target_at - opened_at;
    return given < urgent_below ? Grade::L1 : given <= important_up_to ? Grade::L2 : Grade::L3;
}

Result<HistoricTicket, RowFault> map_row(std::int64_t line, std::span<const std::string> row, const Zone& zone)
{
    const auto fault = [&](std::string why) {
        return RowFault{line, row.empty() ? "" : std::string{first_code_points(row[0], 40)}, std::move(why)};
    };
    if (row.size() != historic_columns.size())
        return fault(fmt::format("expected {} columns, found {}", historic_columns.size(), row.size()));
    std::uint64_t id = 0;
    const auto& digits = row[case_id];
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    if (error != std::errc{} || end != digits.data() + digits.size())
        return fault("CASE_ENQUIRY_ID: expected a number");

    std::array<std::optional<Instant>, 3> times;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const auto& text = row[open_dt + i];
        if (text.empty() && i > 0) continue;
        const auto local = parse_local_time(text);
        if (!local)
            return fault(fmt::format("{}: expected YYYY-MM-DD HH:MM:SS, found '{}'", historic_columns[open_dt + i],
                                     first_code_points(text, 40)));
        times[i] = zone.instant(*local);
    }
    const auto channel = channel_of_source(row[source]);
    if (!channel)
        return fault(
            fmt::format("Source: expected one of the seven known, found '{}'", first_code_points(row[source], 40)));
    if (row[status] != "Open" && row[status] != "Closed")
        return fault(
            fmt::format("CASE_STATUS: expected Open or Closed, found '{}'", first_code_points(row[status], 40)));
    if (row[department].empty()) return fault("Department: expected a code, found nothing");
    if ((row[status] == "Closed") != times[2].has_value())
        return fault(times[2] ? "contradicts itself: open, but with a closing time"
                              : "contradicts itself: closed, but without a closing time");
    if (times[2] && *times[2] < *times[0])
        return fault(
            fmt::format("contradicts itself: closed {} before it was opened {}", row[closed_dt], row[open_dt]));

    HistoricTicket ticket;
    ticket.line = line;
    ticket.case_id = digits;
    ticket.channel = *channel;
    ticket.class_ = class_of_words(row[subject] + " / " + row[reason] + " / " + row[type]);
    ticket.opened_at = *times[0];
    ticket.closed_at = times[2];
    ticket.taken_at = *times[0] + time_to_take_up(*channel, id);
    if (ticket.closed_at) ticket.taken_at = std::min(ticket.taken_at, *ticket.closed_at);
    ticket.grade = grade_of(*times[0], times[1]);
    if (times[1] && *times[1] > ticket.taken_at) ticket.target_at = times[1];
    ticket.at_first_contact =
        ticket.class_ != Class::complaint && times[2] && *times[2] - *times[0] <= first_contact_max;
    ticket.category = clean(row[type]);
    ticket.department = row[department];
    ticket.area = clean(row[neighborhood]);
    const auto name = row[title].empty() ? clean(row[type]) : clean(row[title]);
    ticket.subject = std::string{first_code_points(name.empty() ? digits : name, subject_length_max)};
    ticket.content = content_of(row);
    ticket.demand = clean(row[type]);
    ticket.result = row[closure_reason].empty() ? "Case closed." : clean(row[closure_reason]);
    return ticket;
}

}  // namespace shouwen::app
