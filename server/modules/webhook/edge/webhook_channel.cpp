#include "modules/webhook/edge/webhook_channel.hpp"

#include "base/text.hpp"
#include "modules/webhook/rules/signing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace shouwen::webhook {
namespace {

constexpr std::size_t answer_letters_max = 500;

/// The first letters of an answer, or the printable ones of it when it is no text.
std::string shown(std::string answer)
{
    // A cut may have gone through a letter.
    for (int i = 0; i < 3 && !answer.empty() && !is_utf8(answer); ++i) answer.pop_back();
    if (!is_utf8(answer))
        std::ranges::replace_if(
            answer, [](unsigned char c) { return c >= 0x80; }, '?');
    std::ranges::replace_if(
        answer, [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; }, ' ');
    return std::string{first_code_points(answer, answer_letters_max)};
}

outgoing::Request request_of(const Webhook& webhook, const outbox::Outgoing& message, Instant now)
{
    const auto id = message_id(outbox::MessageId{message.id}, message.created_at);
    const bool is_replaced = webhook.old_secret_until && now < *webhook.old_secret_until;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    return {.url = webhook.url,
            .headers = {{"Content-Type", "application/json"},
                        {"webhook-id", id},
                        {"webhook-timestamp", std::to_string(seconds)},
                        {"webhook-signature",
                         signatures(webhook.secret, is_replaced ? webhook.old_secret : "", id, now, message.payload)}},
            .body = message.payload,
            .timeout = attempt_timeout};
}

Attempt attempt_of(const outbox::Outgoing& message, Instant at, outgoing::Reply reply)
{
    Attempt attempt{.message = outbox::MessageId{message.id},
                    .attempt = message.attempt,
                    .at = at,
                    .took = reply.took,
                    .status = reply.status,
                    .verdict = judge(reply.status),
                    .detail = shown(std::move(reply.detail)),
                    .answer = shown(std::move(reply.body))};
    if (reply.fault != outgoing::Fault::none) attempt.fault = name_of(reply.fault);
    return attempt;
}

std::string error_of(const Attempt& attempt)
{
    if (attempt.verdict == Verdict::accepted) return {};
    if (attempt.status > 0) return fmt::format("HTTP {}", attempt.status);
    return fmt::format("{}: {}", attempt.fault, attempt.detail);
}

outbox::Outcome outcome_of(Verdict verdict)
{
    switch (verdict) {
        case Verdict::accepted: return outbox::Outcome::sent;
        case Verdict::failed: return outbox::Outcome::failed;
        case Verdict::gone: return outbox::Outcome::refused;
    }
    return outbox::Outcome::failed;
}

/// Runs in the transaction that settles the message.
void keep(sql::Connection& db, WebhookId id, const Attempt& attempt, const TellAdministrators& tell)
{
    record(db, id, attempt);
    if (attempt.verdict == Verdict::accepted) return;
    const auto now = attempt.at;
    const auto webhook = find(db, id);
    if (!webhook || webhook->is_disabled()) return;
    const bool is_gone = attempt.verdict == Verdict::gone;
    if (!is_gone && !is_given_up(webhook->failing_since, now)) return;
    const auto reason = is_gone ? DisabledReason::gone : DisabledReason::failing;
    disable(db, id, reason, now);
    tell(db, *webhook, reason, now);
}

}  // namespace

std::string message_id(outbox::MessageId id, Instant created_at)
{
    return fmt::format("msg_{}_{:x}", id.text(), to_ms(created_at));
}

outbox::RetryPolicy retry_policy()
{
    return {.delays = delays(), .per_target_max = under_way_max};
}

void WebhookChannel::send(const outbox::Outgoing& message, Done done)
{
    const auto id = WebhookId::parse(message.target);
    std::optional<Webhook> webhook;
    if (id) store_.read([&](sql::Connection& db) { webhook = find(db, *id); });
    if (!webhook) return done({outbox::Outcome::refused, "the webhook was removed"});
    if (webhook->is_disabled()) return done({outbox::Outcome::refused, "the webhook is switched off"});
    const auto at = clock_.now();
    client_.post(request_of(*webhook, message, at),
                 [message, at, id = *id, done = std::move(done), tell = tell_](outgoing::Reply reply) {
                     const auto wish = reply.retry_after.value_or(Duration{0});
                     const auto attempt = attempt_of(message, at, std::move(reply));
                     done({outcome_of(attempt.verdict), error_of(attempt), wish,
                           [id, attempt, tell](sql::Connection& db) { keep(db, id, attempt, tell); }});
                 });
}

}  // namespace shouwen::webhook
