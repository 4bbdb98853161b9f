#pragma once

#include "modules/webhook/store/webhooks.hpp"
#include "platform/json/json_writer.hpp"

#include <span>
#include <string_view>

namespace shouwen::webhook {

/// @param secret  shown once, when it was made; empty otherwise
void write_webhook(JsonWriter& out, const Webhook& webhook, const outbox::LaneFigures& figures,
                   std::string_view secret = {});
/// One line of the list. @param attempts  of this message, oldest first; empty: none yet
void write_delivery(JsonWriter& out, const outbox::StoredMessage& message, std::span<const Attempt> attempts);
/// With what was sent and each attempt.
void write_delivery_in_full(JsonWriter& out, const outbox::StoredMessage& message, std::span<const Attempt> attempts);
void write_dead_letter(JsonWriter& out, const outbox::StoredMessage& message, std::string_view target_name);

}  // namespace shouwen::webhook
