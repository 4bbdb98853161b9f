#pragma once

#include <span>
#include <string>
#include <string_view>

namespace shouwen::webhook {

/// How an event of a ticket is called outside: `ticket_received` → `ticket.received`, `responded` → `ticket.responded`,
/// `obligation_opened` → `obligation.opened`.
std::string kind_of(std::string_view event_name);

/// Every kind that can be subscribed to: all that happens to tickets, and the warnings and breaches of their limits.
std::span<const std::string> kinds();
bool is_kind(std::string_view text);

/// What the button "try it" sends, to one webhook, whatever it subscribes to.
inline constexpr std::string_view test_kind = "webhook.test";

}  // namespace shouwen::webhook
