#pragma once

#include "base/id.hpp"
#include "modules/webhook/rules/delivery.hpp"
#include "platform/outbox/messages.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::webhook {

/// The outbox's channel; its target is the webhook's id (letters), its topic the event's kind.
inline constexpr const char* channel = "webhook";

/// Announced, with the webhook's id, for each change of who is told of what.
inline constexpr const char* webhook_topic = "webhook";

/// An address outside that is told of events (对外通知).
struct Webhook {
    WebhookId id;
    std::int64_t version = 1;
    std::string name;
    std::string url;
    std::vector<std::string> kinds;
    std::string secret;
    std::string old_secret;  ///< empty: none signs beside it
    std::optional<Instant> old_secret_until;
    Instant created_at{};
    std::optional<Instant> disabled_at;
    std::optional<DisabledReason> disabled_reason;
    std::optional<Instant> last_success_at;
    std::optional<Instant> failing_since;

    bool is_disabled() const { return disabled_at.has_value(); }
};

std::vector<Webhook> list(sql::Connection& db);
std::optional<Webhook> find(sql::Connection& db, WebhookId id);
/// @returns the id of the webhook that has the name, or none
WebhookId owner_of_name(sql::Connection& db, std::string_view name);
void insert(sql::Connection& db, const Webhook& webhook);
/// Everything but what deliveries tell (success, failure).
void update(sql::Connection& db, const Webhook& webhook);
/// The webhook, and what is pending for it. Its deliveries stay until they are old.
void remove(sql::Connection& db, WebhookId id, Instant now);
/// The messages that wait are given up: whoever switches it on again decides what to send again.
void disable(sql::Connection& db, WebhookId id, DisabledReason reason, Instant now);

/// One try to deliver a message.
struct Attempt {
    outbox::MessageId message;
    int attempt = 0;
    Instant at{};
    Duration took{};
    int status = 0;  ///< 0: no answer
    Verdict verdict = Verdict::failed;
    std::string fault;  ///< empty when there was an answer
    std::string detail;
    std::string answer;  ///< its first letters
};
/// Keeps the record and what it says about the webhook's health.
void record(sql::Connection& db, WebhookId id, const Attempt& attempt);
/// Of one message, or of all from one to another, by message and number.
std::vector<Attempt> attempts_of(sql::Connection& db, WebhookId id, outbox::MessageId first, outbox::MessageId last);
/// Some thousand at once. @returns how many; call again while there are any
std::int64_t forget_attempts(sql::Connection& db, Instant before);

std::int64_t greatest_id(sql::Connection& db);

}  // namespace shouwen::webhook
