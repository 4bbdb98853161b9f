#include "api/idempotency.hpp"
#include "app/centre.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "modules/webhook/edge/webhook_routes.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/log/log.hpp"
#include "platform/outbox/messages.hpp"

namespace shouwen::app {
namespace {

constexpr const char* channels[] = {outbox::notice_channel, outbox::log_channel, webhook::channel};
constexpr int dead_letters_kept = 3;  // times as long as what arrived

}  // namespace

void Centre::add_webhook_routes()
{
    webhook::add_webhook_routes(
        *routes_, {.store = *store_,
                   .ids = ids_,
                   .guard = options_.outgoing,
                   .audit =
                       [](sql::Connection& db, StaffId by, std::string_view action, std::string_view kind,
                          std::string_view id, std::string_view data, Instant now) {
                           organisation::append_audit(db, {now, by, std::string{action}, std::string{kind},
                                                           std::string{id}, std::string{data}});
                       },
                   .wake = [this] { wake(); },
                   .name_of_target = [](std::string_view, std::string_view) { return std::string{}; }});
}

void Centre::tell_webhook_disabled(sql::Connection& db, const webhook::Webhook& webhook, Instant now)
{
    JsonWriter payload;
    payload.begin_object().member("webhook", webhook.name).end_object();
    const auto organisation = directory_->current();
    for (const auto& staff : organisation->staff()) {
        const auto actor = organisation->actor(staff.id);
        if (!actor || !organisation::can_somewhere(*actor, organisation::Permission::webhook_edit)) continue;
        const auto target = staff.id.text();
        outbox::enqueue(db, {outbox::notice_channel, target, "webhook_disabled", payload.text()}, now);
    }
}

void Centre::forget_old()
{
    const Instant now = clock_.now();
    store_->write([now](sql::Connection& db) { api::forget_old_keys(db, now); });
    const auto repeat = [this](auto forget) {
        std::int64_t total = 0;
        for (std::int64_t forgotten = 1; forgotten > 0; total += forgotten)
            store_->write([&](sql::Connection& db) { forgotten = forget(db); });
        return total;
    };
    const auto old = now - options_.deliveries_kept;
    repeat([old](sql::Connection& db) { return webhook::forget_attempts(db, old); });
    repeat([old](sql::Connection& db) { return outbox::forget_sent(db, webhook::channel, old); });
    const auto very_old = now - dead_letters_kept * options_.deliveries_kept;
    const auto dead =
        repeat([very_old](sql::Connection& db) { return outbox::forget_dead(db, webhook::channel, very_old); });
    if (dead > 0) log::warning("dead_letters_removed", {{"channel", "webhook"}, {"count", dead}});
}

void Centre::write_outbox_metrics()
{
    store_->read([this](sql::Connection& db) {
        for (const char* channel : channels) {
            const auto figures = outbox::figures_of(db, channel);
            const metrics::Labels labels{{"channel", channel}};
            metrics_.gauge("outbox_pending", "Messages that wait to be sent, counted to 10000", labels)
                .set(static_cast<double>(figures.pending_count));
            metrics_.gauge("outbox_dead", "Dead letters, counted to 10000", labels)
                .set(static_cast<double>(figures.dead_count));
            const auto late = figures.oldest_due_at ? clock_.now() - *figures.oldest_due_at : Duration{0};
            metrics_.gauge("outbox_late_seconds", "For how long the oldest due message waits", labels)
                .set(std::max(0.0, static_cast<double>(late.count()) / 1000));
        }
    });
}

}  // namespace shouwen::app
