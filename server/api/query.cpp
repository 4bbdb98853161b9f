#include "api/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace shouwen::api {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

}  // namespace

std::string encode_cursor(std::string_view position)
{
    std::string text;
    for (const char c : position) {
        const auto byte = static_cast<unsigned char>(c);
        text += hex[byte >> 4];
        text += hex[byte & 15];
    }
    return text;
}

std::optional<std::string_view> QueryReader::take(std::string_view name)
{
    asked_.emplace_back(name);
    return request_.query_value(name);
}

void QueryReader::fault(std::string_view name, std::string expected)
{
    if (!problem_)
        problem_ =
            Problem{.code = "invalid_filter", .fill = {{"name", std::string{name}}, {"expected", std::move(expected)}}};
}

std::string QueryReader::text(std::string_view name, std::size_t max)
{
    const auto given = take(name);
    if (!given) return {};
    std::string expected;
    if (const auto code = text_fault(*given, {.min = 0, .max = max}, expected)) fault(name, fmt::format("≤ {}", max));
    return std::string{*given};
}

std::int64_t QueryReader::integer(std::string_view name, std::int64_t otherwise, std::int64_t min, std::int64_t max)
{
    const auto given = take(name);
    if (!given) return otherwise;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), value);
    if (error != std::errc{} || end != given->data() + given->size() || value < min || value > max) {
        fault(name, fmt::format("{}..{}", min, max));
        return otherwise;
    }
    return value;
}

std::optional<bool> QueryReader::boolean(std::string_view name)
{
    const auto given = take(name);
    if (!given) return std::nullopt;
    if (*given == "true") return true;
    if (*given == "false") return false;
    fault(name, "true, false");
    return std::nullopt;
}

std::optional<Instant> QueryReader::instant(std::string_view name)
{
    const auto given = take(name);
    if (!given || given->empty()) return std::nullopt;
    const auto at = parse_rfc3339(*given);
    if (!at) fault(name, "2026-11-22T02:00:00Z");
    return at;
}

std::string QueryReader::one_of(std::string_view name, std::initializer_list<std::string_view> words)
{
    const auto given = take(name);
    if (!given) return std::string{*words.begin()};
    if (std::ranges::find(words, *given) == words.end()) {
        std::string expected;
        for (const auto word : words) (expected += expected.empty() ? "" : ", ") += word;
        fault(name, expected);
        return std::string{*words.begin()};
    }
    return std::string{*given};
}

std::string QueryReader::cursor()
{
    const auto given = take("cursor");
    if (!given) return {};
    std::string position;
    for (std::size_t i = 0; i + 1 < given->size(); i += 2) {
        const auto high = hex.find((*given)[i]);
        const auto low = hex.find((*given)[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            position.clear();
            break;
        }
        position += static_cast<char>(high << 4 | low);
    }
    if ((given->size() % 2 != 0 || position.empty()) && !problem_) problem_ = Problem{.code = "invalid_cursor"};
    return position;
}

std::optional<Problem> QueryReader::problem()
{
    for (const auto& [name, value] : request_.query)
        if (std::ranges::find(asked_, name) == asked_.end())
            return Problem{.code = "unknown_filter", .fill = {{"name", name}}};
    return problem_;
}

}  // namespace shouwen::api
