#pragma once

#include "api/routes.hpp"
#include "modules/webhook/edge/webhook_routes.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// What the routes of webhooks and of dead letters have in common.

namespace shouwen::webhook {

/// Shared by the handlers, which outlive the call that adds them.
using Around = std::shared_ptr<const Services>;

/// A whole number above 0, as cursors hold it.
std::optional<std::int64_t> read_number(std::string_view text);
Result<Done, api::Problem> read_empty_body(const api::Call& call);
/// The body of a command that sends again what has failed since a moment.
Result<Instant, api::Problem> read_since(const api::Call& call);
/// The answer to such a command: how many go out again.
api::Written resent(const Around& around, std::int64_t count);
/// The same for the audit log.
std::string count_in_json(std::int64_t count);

}  // namespace shouwen::webhook
