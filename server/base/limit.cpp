#include "base/limit.hpp"

#include <charconv>

namespace shouwen {
namespace {

constexpr std::string_view of_working_time = "/W";
constexpr std::string_view of_working_days = "WD";

std::optional<Limit> parse_days(std::string_view text)
{
    if (!text.starts_with('P')) return std::nullopt;
    text.remove_prefix(1);
    int days = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
    if (error != std::errc{} || end != text.data() + text.size() || days < 1 || days > Limit::days_max)
        return std::nullopt;
    return Limit::working_days(days);
}

}  // namespace

std::optional<Limit> parse_limit(std::string_view text)
{
    if (text.ends_with(of_working_days)) return parse_days(text.substr(0, text.size() - of_working_days.size()));
    const bool working = text.ends_with(of_working_time);
    if (working) text.remove_suffix(of_working_time.size());
    const auto duration = parse_iso_duration(text);
    if (!duration) return std::nullopt;
    return working ? Limit::working_time(*duration) : Limit::natural_time(*duration);
}

std::string to_string(const Limit& limit)
{
    switch (limit.kind) {
        case LimitKind::natural_time: return to_iso_duration(limit.duration);
        case LimitKind::working_time: return to_iso_duration(limit.duration).append(of_working_time);
        case LimitKind::working_days: return "P" + std::to_string(limit.days).append(of_working_days);
    }
    return {};
}

}  // namespace shouwen
