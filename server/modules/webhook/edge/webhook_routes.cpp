#include "modules/webhook/edge/webhook_routes.hpp"

#include "base/hmac.hpp"
#include "base/text.hpp"
#include "modules/webhook/edge/dead_letter_routes.hpp"
#include "modules/webhook/edge/resending.hpp"
#include "modules/webhook/edge/webhook_json.hpp"
#include "modules/webhook/rules/event_kind.hpp"
#include "modules/webhook/rules/signing.hpp"
#include "modules/webhook/store/subscriptions.hpp"
#include "platform/outbox/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace shouwen::webhook {
namespace {

using api::Access;
using api::Answer;
using api::Call;
using api::Problem;
using api::Written;
using outbox::MessageId;

Problem refused(Refusal refusal)
{
    return {.code = std::string{name_of(refusal)}, .fill = {{"count", std::to_string(webhooks_max)}}};
}

http::Response with_version(http::Response response, const Webhook& webhook)
{
    response.headers.emplace_back("ETag", fmt::format("\"{}\"", webhook.version));
    return response;
}

outbox::LaneFigures figures_of(sql::Connection& db, WebhookId id)
{
    const auto lanes = outbox::lane_figures(db, channel);
    const auto found = lanes.find(id.text());
    return found == lanes.end() ? outbox::LaneFigures{} : found->second;
}

std::string json_of(sql::Connection& db, const Webhook& webhook, std::string_view secret = {})
{
    JsonWriter out;
    write_webhook(out, webhook, figures_of(db, webhook.id), secret);
    return out.take();
}

/// What holds a secret is kept nowhere on the way.
http::Response unkept(http::Response response)
{
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

std::string name_in_json(const Webhook& webhook)
{
    JsonWriter out;
    out.begin_object().member("name", webhook.name).end_object();
    return out.take();
}

// --- Reading

Answer list_webhooks(const Services& around, const Call& call)
{
    api::QueryReader query{*call.request};
    if (auto problem = query.problem()) return *std::move(problem);
    std::vector<Webhook> all;
    std::map<std::string, outbox::LaneFigures, std::less<>> lanes;
    around.store.read([&](sql::Connection& db) {
        all = list(db);
        lanes = outbox::lane_figures(db, channel);
    });
    JsonWriter out;
    out.begin_object().key("items").begin_array();
    for (const auto& webhook : all) write_webhook(out, webhook, lanes[webhook.id.text()]);
    out.end_array().member("next_cursor", nullptr).end_object();
    return api::ok(out.take());
}

Answer list_kinds(const Call& call)
{
    api::QueryReader query{*call.request};
    if (auto problem = query.problem()) return *std::move(problem);
    JsonWriter out;
    out.begin_object().key("items").begin_array();
    for (const auto& kind : kinds()) out.value(kind);
    out.end_array().end_object();
    return api::ok(out.take());
}

Answer get_webhook(const Services& around, const Call& call)
{
    const auto id = call.id_param<WebhookId>(0);
    std::optional<Webhook> webhook;
    std::string json;
    if (id)
        around.store.read([&](sql::Connection& db) {
            webhook = find(db, *id);
            if (webhook) json = json_of(db, *webhook);
        });
    if (!webhook) return api::not_found();
    return with_version(api::ok(std::move(json)), *webhook);
}

/// The attempts of one message, out of those of a whole page.
std::span<const Attempt> of_message(const std::vector<Attempt>& attempts, MessageId id)
{
    const auto [first, last] = std::ranges::equal_range(attempts, id, {}, &Attempt::message);
    return {first, last};
}

Answer list_deliveries(const Services& around, const Call& call)
{
    const auto id = call.id_param<WebhookId>(0);
    api::QueryReader query{*call.request};
    const auto state = query.choice<outbox::State>("state");
    const auto cursor = query.cursor();
    const int limit = query.limit();
    if (auto problem = query.problem()) return *std::move(problem);
    const auto before = cursor.empty() ? std::optional{std::int64_t{0}} : read_number(cursor);
    if (!before) return Problem{.code = "invalid_cursor"};
    std::vector<outbox::StoredMessage> messages;
    std::vector<Attempt> attempts;
    bool is_known = false;
    around.store.read([&](sql::Connection& db) {
        is_known = id && find(db, *id);
        if (!is_known) return;
        messages = outbox::messages_of(db, channel, id->text(), state, MessageId{*before}, limit + 1);
        if (!messages.empty()) attempts = attempts_of(db, *id, messages.back().id, messages.front().id);
    });
    if (!is_known) return api::not_found();
    const bool is_more = messages.size() > static_cast<std::size_t>(limit);
    if (is_more) messages.pop_back();
    JsonWriter out;
    out.begin_object().key("items").begin_array();
    for (const auto& message : messages) write_delivery(out, message, of_message(attempts, message.id));
    out.end_array()
        .text_or_null("next_cursor",
                      is_more ? api::encode_cursor(std::to_string(messages.back().id.value)) : std::string{})
        .end_object();
    return api::ok(out.take());
}

/// The delivery that the path names, if it is this webhook's.
std::optional<outbox::StoredMessage> find_delivery(sql::Connection& db, std::optional<WebhookId> webhook,
                                                   std::optional<MessageId> id)
{
    if (!webhook || !id) return std::nullopt;
    auto message = outbox::find_message(db, *id);
    if (!message || message->channel != channel || message->target != webhook->text()) return std::nullopt;
    return message;
}

std::string delivery_json(sql::Connection& db, WebhookId webhook, const outbox::StoredMessage& message)
{
    JsonWriter out;
    write_delivery_in_full(out, message, attempts_of(db, webhook, message.id, message.id));
    return out.take();
}

Answer get_delivery(const Services& around, const Call& call)
{
    const auto id = call.id_param<WebhookId>(0);
    std::string json;
    around.store.read([&](sql::Connection& db) {
        json.clear();
        if (const auto message = find_delivery(db, id, call.id_param<MessageId>(1)))
            json = delivery_json(db, *id, *message);
    });
    if (json.empty()) return api::not_found();
    return api::ok(std::move(json));
}

// --- Writing

struct Body {
    std::string name;
    std::string url;
    std::vector<std::string> kinds;
};

Result<Body, Problem> read_webhook_body(const Services& around, const Call& call)
{
    return api::read_body<Body>(call, [&](api::ObjectReader& in, Body& into) {
        into.name = std::string{trim(in.text("name", {.min = 1, .max = 60}))};
        into.url = in.text("url", {.min = 1, .max = 1'000});
        if (!into.url.empty()) {
            const auto url = outgoing::parse_url(trim(into.url), around.guard);
            if (url)
                into.url = url->text;
            else
                in.fail("url", std::string{name_of(url.error())});
        }
        const auto errors_before = in.errors().size();
        into.kinds = in.texts("kinds", 100, {.min = 1, .max = 60});
        if (into.kinds.empty() && in.errors().size() == errors_before) in.fail("kinds", "required");
        for (std::size_t i = 0; i < into.kinds.size(); ++i) {
            const auto pointer = fmt::format("{}/{}", in.pointer_to("kinds"), i);
            if (!is_kind(into.kinds[i])) in.add({pointer, "event_kind_unknown", ""});
            if (std::ranges::count(into.kinds, into.kinds[i]) > 1) in.add({pointer, "duplicate", ""});
        }
    });
}

api::Prepare create(const Around& around)
{
    return [around](const Call& call) -> Result<api::WriteWork, Problem> {
        auto body = read_webhook_body(*around, call);
        if (!body) return std::move(body).error();
        return api::WriteWork{[around, body = *std::move(body), by = call.actor().staff](sql::Connection& db,
                                                                                         Instant now) -> Written {
            if (list(db).size() >= static_cast<std::size_t>(webhooks_max)) return {refused(Refusal::webhooks_too_many)};
            if (owner_of_name(db, body.name)) return {refused(Refusal::webhook_name_taken)};
            const Webhook webhook{.id = around->ids.next<WebhookId>(now),
                                  .name = body.name,
                                  .url = body.url,
                                  .kinds = body.kinds,
                                  .secret = secret_of(random_bytes(secret_random_bytes)),
                                  .created_at = now};
            insert(db, webhook);
            around->audit(db, by, "webhook_created", "webhook", webhook.id.text(), name_in_json(webhook), now);
            auto response = api::created(json_of(db, webhook, webhook.secret), "/api/v1/webhooks/" + webhook.id.text());
            return {with_version(unkept(std::move(response)), webhook)};
        }};
    };
}

api::Prepare change(const Around& around)
{
    return [around](const Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<WebhookId>(0);
        if (!id) return api::not_found();
        const auto version = call.if_match();
        if (!version) return Problem{.code = "version_missing"};
        auto body = read_webhook_body(*around, call);
        if (!body) return std::move(body).error();
        return api::WriteWork{[around, id = *id, version = *version, body = *std::move(body), by = call.actor().staff](
                                  sql::Connection& db, Instant now) -> Written {
            auto webhook = find(db, id);
            if (!webhook) return {api::not_found()};
            if (webhook->version != version) {
                const auto present = std::to_string(webhook->version);
                return {Problem{
                    .code = "version_stale", .fill = {{"version", present}}, .members = "\"version\":" + present}};
            }
            const auto owner = owner_of_name(db, body.name);
            if (owner && owner != id) return {refused(Refusal::webhook_name_taken)};
            webhook->name = body.name;
            webhook->url = body.url;
            webhook->kinds = body.kinds;
            ++webhook->version;
            update(db, *webhook);
            around->audit(db, by, "webhook_changed", "webhook", id.text(), name_in_json(*webhook), now);
            return {with_version(api::ok(json_of(db, *webhook)), *webhook)};
        }};
    };
}

/// A command upon a webhook without a body: what it does, and the line of the audit log.
using Act = std::function<std::optional<Problem>(sql::Connection&, Webhook&, Instant)>;

api::Prepare command(const Around& around, std::string action, Act act)
{
    return [around, action = std::move(action),
            act = std::move(act)](const Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<WebhookId>(0);
        if (!id) return api::not_found();
        if (auto body = read_empty_body(call); !body) return std::move(body).error();
        return api::WriteWork{
            [around, action, act, id = *id, by = call.actor().staff](sql::Connection& db, Instant now) -> Written {
                auto webhook = find(db, id);
                if (!webhook) return {api::not_found()};
                const auto secret_before = webhook->secret;
                if (auto problem = act(db, *webhook, now)) return {*std::move(problem)};
                around->audit(db, by, action, "webhook", id.text(), name_in_json(*webhook), now);
                const bool is_new_secret = webhook->secret != secret_before;
                auto response = api::ok(json_of(db, *webhook, is_new_secret ? webhook->secret : std::string{}));
                return {with_version(is_new_secret ? unkept(std::move(response)) : std::move(response), *webhook)};
            }};
    };
}

std::optional<Problem> switch_off(sql::Connection& db, Webhook& webhook, Instant now)
{
    disable(db, webhook.id, DisabledReason::by_hand, now);
    webhook = find(db, webhook.id).value();
    return std::nullopt;
}

std::optional<Problem> switch_on(sql::Connection& db, Webhook& webhook, Instant)
{
    if (!webhook.is_disabled()) return std::nullopt;
    webhook.disabled_at.reset();
    webhook.disabled_reason.reset();
    webhook.failing_since.reset();  // patience begins anew
    ++webhook.version;
    update(db, webhook);
    return std::nullopt;
}

std::optional<Problem> replace_secret(sql::Connection& db, Webhook& webhook, Instant now)
{
    webhook.old_secret = std::exchange(webhook.secret, secret_of(random_bytes(secret_random_bytes)));
    webhook.old_secret_until = now + old_secret_time;
    ++webhook.version;
    update(db, webhook);
    return std::nullopt;
}

api::Prepare remove_webhook(const Around& around)
{
    return [around](const Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<WebhookId>(0);
        if (!id) return api::not_found();
        return api::WriteWork{[around, id = *id, by = call.actor().staff](sql::Connection& db, Instant now) -> Written {
            const auto webhook = find(db, id);
            if (!webhook) return {api::not_found()};
            remove(db, id, now);
            around->audit(db, by, "webhook_removed", "webhook", id.text(), name_in_json(*webhook), now);
            return {api::no_content()};
        }};
    };
}

api::Prepare try_it(const Around& around)
{
    return [around](const Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<WebhookId>(0);
        if (!id) return api::not_found();
        if (auto body = read_empty_body(call); !body) return std::move(body).error();
        return api::WriteWork{[around, id = *id, by = call.actor().staff](sql::Connection& db, Instant now) -> Written {
            const auto webhook = find(db, id);
            if (!webhook) return {api::not_found()};
            if (webhook->is_disabled()) return {refused(Refusal::webhook_disabled)};
            outbox::enqueue(db, {channel, id.text(), test_kind, payload_of({.kind = test_kind, .at = now})}, now);
            const auto message = outbox::messages_of(db, channel, id.text(), std::nullopt, {}, 1).front();
            around->audit(db, by, "webhook_tested", "webhook", id.text(), name_in_json(*webhook), now);
            return {api::ok(delivery_json(db, id, message)), {around->wake}};
        }};
    };
}

api::Prepare resend_delivery(const Around& around)
{
    return [around](const Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<WebhookId>(0);
        if (auto body = read_empty_body(call); !body) return std::move(body).error();
        return api::WriteWork{[around, id, delivery = call.id_param<MessageId>(1), by = call.actor().staff](
                                  sql::Connection& db, Instant now) -> Written {
            if (!find_delivery(db, id, delivery)) return {api::not_found()};
            const auto webhook = find(db, *id);
            if (!webhook) return {api::not_found()};
            if (webhook->is_disabled()) return {refused(Refusal::webhook_disabled)};
            outbox::resend(db, *delivery, now);
            around->audit(db, by, "delivery_resent", "webhook", id->text(), name_in_json(*webhook), now);
            return {api::ok(delivery_json(db, *id, outbox::find_message(db, *delivery).value())), {around->wake}};
        }};
    };
}

api::Prepare resend_failed(const Around& around)
{
    return [around](const Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<WebhookId>(0);
        if (!id) return api::not_found();
        const auto since = read_since(call);
        if (!since) return since.error();
        return api::WriteWork{
            [around, id = *id, since = *since, by = call.actor().staff](sql::Connection& db, Instant now) -> Written {
                const auto webhook = find(db, id);
                if (!webhook) return {api::not_found()};
                if (webhook->is_disabled()) return {refused(Refusal::webhook_disabled)};
                const auto count = outbox::resend_failed(db, channel, id.text(), since, now);
                around->audit(db, by, "deliveries_resent", "webhook", id.text(), count_in_json(count), now);
                return resent(around, count);
            }};
    };
}

}  // namespace

void add_webhook_routes(api::Routes& routes, Services services)
{
    const auto around = std::make_shared<const Services>(std::move(services));
    const auto may = Access::may(api::Permission::webhook_edit);
    const auto bind = [around](auto act) { return [around, act](const Call& call) { return act(*around, call); }; };
    const std::string one = "/api/v1/webhooks/{id}";

    routes.get_slow("/api/v1/webhooks", may, bind(list_webhooks));
    routes.post("/api/v1/webhooks", may, create(around));
    routes.get("/api/v1/webhooks/kinds", may, list_kinds);
    routes.get_slow(one, may, bind(get_webhook));
    routes.put(one, may, change(around));
    routes.delete_(one, may, remove_webhook(around));
    routes.post(one + "/commands/enable", may, command(around, "webhook_enabled", switch_on));
    routes.post(one + "/commands/disable", may, command(around, "webhook_disabled", switch_off));
    routes.post(one + "/commands/rotate_secret", may, command(around, "webhook_secret_rotated", replace_secret));
    routes.post(one + "/commands/test", may, try_it(around));
    routes.post(one + "/commands/resend_failed", may, resend_failed(around));
    routes.get_slow(one + "/deliveries", may, bind(list_deliveries));
    routes.get_slow(one + "/deliveries/{delivery_id}", may, bind(get_delivery));
    routes.post(one + "/deliveries/{delivery_id}/commands/resend", may, resend_delivery(around));
    add_dead_letter_routes(routes, around);
}

}  // namespace shouwen::webhook
