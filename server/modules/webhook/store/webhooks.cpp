#include "modules/webhook/store/webhooks.hpp"

#include "platform/outbox/outbox.hpp"

#include <algorithm>

namespace shouwen::webhook {
namespace {

#define SHOUWEN_WEBHOOK_COLUMNS                                                                                       \
    "id, version, name, url, kinds, secret, old_secret, old_secret_until, created_at, disabled_at, disabled_reason, " \
    "last_success_at, failing_since"
constexpr sql::Statement list_all{"webhook.list", "SELECT " SHOUWEN_WEBHOOK_COLUMNS " FROM webhook ORDER BY name, id"};
constexpr sql::Statement find_one{"webhook.find", "SELECT " SHOUWEN_WEBHOOK_COLUMNS " FROM webhook WHERE id = $1"};
#undef SHOUWEN_WEBHOOK_COLUMNS
constexpr sql::Statement find_name{"webhook.find_name", "SELECT id FROM webhook WHERE name = $1"};
constexpr sql::Statement insert_one{
    "webhook.insert",
    "INSERT INTO webhook (id, version, name, url, kinds, secret, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr sql::Statement update_one{
    "webhook.update",
    "UPDATE webhook SET version = $2, name = $3, url = $4, kinds = $5, secret = $6, old_secret = $7, old_secret_until = $8, "
    "disabled_at = $9, disabled_reason = $10, failing_since = $11 WHERE id = $1"};
constexpr sql::Statement remove_one{"webhook.remove", "DELETE FROM webhook WHERE id = $1"};
constexpr sql::Statement disable_one{
    "webhook.disable",
    "UPDATE webhook SET disabled_at = $2, disabled_reason = $3, version = version + 1 WHERE id = $1 AND disabled_at IS NULL"};
constexpr sql::Statement note_success{"webhook.success",
                                      "UPDATE webhook SET last_success_at = $2, failing_since = NULL WHERE id = $1"};
constexpr sql::Statement note_failure{"webhook.failure",
                                      "UPDATE webhook SET failing_since = $2 WHERE id = $1 AND failing_since IS NULL"};
constexpr sql::Statement insert_attempt{
    "webhook.attempt",
    "INSERT INTO webhook_attempt (webhook_id, message_id, attempt, at, took_ms, status, verdict, fault, detail, answer) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};
constexpr sql::Statement list_attempts{
    "webhook.attempts",
    "SELECT message_id, attempt, at, took_ms, status, verdict, fault, detail, answer FROM webhook_attempt "
    "WHERE webhook_id = $1 AND message_id BETWEEN $2 AND $3 ORDER BY message_id, attempt LIMIT 5000"};
constexpr sql::Statement forget_old{
    "webhook.forget_attempts",
    "DELETE FROM webhook_attempt WHERE id IN (SELECT id FROM webhook_attempt WHERE at < $1 ORDER BY at LIMIT 2000)"};
constexpr sql::Statement select_greatest{"webhook.greatest_id", "SELECT COALESCE(MAX(id), 0) FROM webhook"};

std::string joined(const std::vector<std::string>& kinds)
{
    std::string text;
    for (const auto& kind : kinds) (text += text.empty() ? "" : " ") += kind;
    return text;
}

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> kinds;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        kinds.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return kinds;
}

Webhook read(const sql::Row& row)
{
    Webhook webhook{.id = row.id<WebhookId>(0),
                    .version = row.integer(1),
                    .name = row.string(2),
                    .url = row.string(3),
                    .kinds = split(row.text(4)),
                    .secret = row.string(5),
                    .old_secret = row.optional_string(6).value_or(""),
                    .old_secret_until = row.optional_instant(7),
                    .created_at = row.instant(8),
                    .disabled_at = row.optional_instant(9)};
    if (!row.is_null(10)) webhook.disabled_reason = parse_name<DisabledReason>(row.text(10));
    webhook.last_success_at = row.optional_instant(11);
    webhook.failing_since = row.optional_instant(12);
    return webhook;
}

sql::Value text_or_null(const std::string& text)
{
    return text.empty() ? sql::Value{nullptr} : sql::Value{text};
}

template <NamedEnum E>
sql::Value name_or_null(const std::optional<E>& word)
{
    return word ? sql::Value{name_of(*word)} : sql::Value{nullptr};
}

}  // namespace

std::vector<Webhook> list(sql::Connection& db)
{
    std::vector<Webhook> all;
    db.each(list_all, [&](const sql::Row& row) { all.push_back(read(row)); });
    return all;
}

std::optional<Webhook> find(sql::Connection& db, WebhookId id)
{
    return db.first(find_one, read, id);
}

WebhookId owner_of_name(sql::Connection& db, std::string_view name)
{
    return db
        .first(
            find_name, [](const sql::Row& row) { return row.id<WebhookId>(0); }, name)
        .value_or(WebhookId{});
}

void insert(sql::Connection& db, const Webhook& w)
{
    db.execute_later(insert_one, w.id, w.version, w.name, w.url, joined(w.kinds), w.secret, w.created_at);
    db.announce(webhook_topic, w.id.text());
}

void update(sql::Connection& db, const Webhook& w)
{
    db.execute_later(update_one, w.id, w.version, w.name, w.url, joined(w.kinds), w.secret, text_or_null(w.old_secret),
                     w.old_secret_until, w.disabled_at, name_or_null(w.disabled_reason), w.failing_since);
    db.announce(webhook_topic, w.id.text());
}

void remove(sql::Connection& db, WebhookId id, Instant now)
{
    db.execute_later(remove_one, id);
    db.announce(webhook_topic, id.text());
    outbox::give_up(db, channel, id.text(), "the webhook was removed", now);
}

void disable(sql::Connection& db, WebhookId id, DisabledReason reason, Instant now)
{
    if (db.execute(disable_one, id, now, name_of(reason)) == 0) return;
    outbox::give_up(db, channel, id.text(), "the webhook is switched off", now);
    db.announce(webhook_topic, id.text());
}

void record(sql::Connection& db, WebhookId id, const Attempt& a)
{
    db.execute_later(insert_attempt, id, a.message, a.attempt, a.at, a.took.count(),
                     a.status == 0 ? sql::Value{nullptr} : sql::Value{a.status}, name_of(a.verdict),
                     text_or_null(a.fault), a.detail, a.answer);
    db.execute_later(a.verdict == Verdict::accepted ? note_success : note_failure, id, a.at);
}

std::vector<Attempt> attempts_of(sql::Connection& db, WebhookId id, outbox::MessageId first, outbox::MessageId last)
{
    std::vector<Attempt> all;
    db.each(
        list_attempts,
        [&](const sql::Row& row) {
            all.push_back({.message = row.id<outbox::MessageId>(0),
                           .attempt = static_cast<int>(row.integer(1)),
                           .at = row.instant(2),
                           .took = Duration{row.integer(3)},
                           .status = row.is_null(4) ? 0 : static_cast<int>(row.integer(4)),
                           .verdict = parse_name<Verdict>(row.text(5)).value(),
                           .fault = row.optional_string(6).value_or(""),
                           .detail = row.string(7),
                           .answer = row.string(8)});
        },
        id, first, last);
    return all;
}

std::int64_t forget_attempts(sql::Connection& db, Instant before)
{
    return db.execute(forget_old, before);
}

std::int64_t greatest_id(sql::Connection& db)
{
    return db.first(select_greatest, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

}  // namespace shouwen::webhook
