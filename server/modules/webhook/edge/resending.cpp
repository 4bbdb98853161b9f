#include "modules/webhook/edge/resending.hpp"

#include "platform/json/json_writer.hpp"

#include <fmt/format.h>

#include <charconv>

namespace shouwen::webhook {

std::optional<std::int64_t> read_number(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
    return number;
}

Result<Done, api::Problem> read_empty_body(const api::Call& call)
{
    return api::read_body<Done>(call, [](api::ObjectReader&, Done&) {});
}

Result<Instant, api::Problem> read_since(const api::Call& call)
{
    return api::read_body<Instant>(call, [](api::ObjectReader& in, Instant& since) { since = in.instant("since"); });
}

api::Written resent(const Around& around, std::int64_t count)
{
    JsonWriter out;
    out.begin_object().member("count", count).end_object();
    return {api::ok(out.take()), {around->wake}};
}

std::string count_in_json(std::int64_t count)
{
    return fmt::format(R"({{"count":{}}})", count);
}

}  // namespace shouwen::webhook
