#include "modules/webhook/edge/webhook_json.hpp"

#include "modules/webhook/edge/webhook_channel.hpp"

namespace shouwen::webhook {
namespace {

void write_status(JsonWriter& out, int status)
{
    out.key("status");
    status > 0 ? out.value(status) : out.value(nullptr);
}

void write_members(JsonWriter& out, const outbox::StoredMessage& message, std::span<const Attempt> attempts)
{
    out.member("id", message.id)
        .member("kind", message.topic)
        .member("ticket_id", message.ticket)
        .member("state", message.state())
        .member("created_at", message.created_at)
        .member("next_at", message.next_at)
        .member("sent_at", message.sent_at)
        .member("dead_at", message.dead_at)
        .member("attempts_count", message.attempts)
        .text_or_null("last_error", message.last_error);
    const Attempt* last = attempts.empty() ? nullptr : &attempts.back();
    out.member("last_at", last ? std::optional{last->at} : std::nullopt);
    write_status(out, last ? last->status : 0);
    out.text_or_null("fault", last ? std::string_view{last->fault} : std::string_view{});
    out.key("took_ms");
    last ? out.value(last->took.count()) : out.value(nullptr);
}

void write_attempt(JsonWriter& out, const Attempt& attempt)
{
    out.begin_object().member("attempt", attempt.attempt).member("at", attempt.at);
    out.member("took_ms", attempt.took.count());
    write_status(out, attempt.status);
    out.member("verdict", attempt.verdict)
        .text_or_null("fault", attempt.fault)
        .text_or_null("detail", attempt.detail)
        .text_or_null("answer", attempt.answer)
        .end_object();
}

}  // namespace

void write_webhook(JsonWriter& out, const Webhook& webhook, const outbox::LaneFigures& figures, std::string_view secret)
{
    out.begin_object()
        .member("id", webhook.id)
        .member("version", webhook.version)
        .member("name", webhook.name)
        .member("url", webhook.url)
        .key("kinds")
        .begin_array();
    for (const auto& kind : webhook.kinds) out.value(kind);
    out.end_array()
        .member("created_at", webhook.created_at)
        .member("disabled_at", webhook.disabled_at)
        .member("disabled_reason", webhook.disabled_reason)
        .member("last_success_at", webhook.last_success_at)
        .member("failing_since", webhook.failing_since)
        .member("old_secret_until", webhook.old_secret_until)
        .member("pending_count", figures.pending_count)
        .member("dead_count", figures.dead_count);
    if (!secret.empty()) out.member("secret", secret);
    out.end_object();
}

void write_delivery(JsonWriter& out, const outbox::StoredMessage& message, std::span<const Attempt> attempts)
{
    out.begin_object();
    write_members(out, message, attempts);
    out.end_object();
}

void write_delivery_in_full(JsonWriter& out, const outbox::StoredMessage& message, std::span<const Attempt> attempts)
{
    out.begin_object();
    write_members(out, message, attempts);
    out.member("webhook_id", message_id(message.id, message.created_at)).member("body", message.payload);
    out.key("attempts").begin_array();
    for (const auto& attempt : attempts) write_attempt(out, attempt);
    out.end_array().end_object();
}

void write_dead_letter(JsonWriter& out, const outbox::StoredMessage& message, std::string_view target_name)
{
    out.begin_object()
        .member("id", message.id)
        .member("channel", message.channel)
        .text_or_null("target_name", target_name)
        .member("kind", message.topic)
        .member("ticket_id", message.ticket)
        .member("created_at", message.created_at)
        .member("dead_at", message.dead_at)
        .member("attempts_count", message.attempts)
        .text_or_null("last_error", message.last_error)
        .end_object();
}

}  // namespace shouwen::webhook
