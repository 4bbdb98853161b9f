#include "modules/ticket/rules/child_id.hpp"

#include <fmt/format.h>

#include <charconv>

namespace shouwen::ticket {

std::string child_id(TicketId ticket, std::int64_t no)
{
    return fmt::format("{}-{}", ticket.text(), no);
}

std::optional<std::pair<TicketId, std::int64_t>> parse_child_id(std::string_view text)
{
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto ticket = TicketId::parse(text.substr(0, dash));
    const auto digits = text.substr(dash + 1);
    std::int64_t no = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), no);
    if (!ticket || fault != std::errc{} || end != digits.data() + digits.size() || no <= 0 || digits.front() == '0')
        return std::nullopt;
    return std::pair{*ticket, no};
}

}  // namespace shouwen::ticket
