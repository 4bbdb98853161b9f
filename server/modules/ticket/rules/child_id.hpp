#pragma once

#include "base/id.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace shouwen::ticket {

/// The id of what is counted within a ticket (obligations, promises, slips): `<ticket>-<no>`.
std::string child_id(TicketId ticket, std::int64_t no);
/// @returns nothing unless `text` is what `child_id` writes
std::optional<std::pair<TicketId, std::int64_t>> parse_child_id(std::string_view text);

}  // namespace shouwen::ticket
