#include "modules/webhook/store/subscriptions.hpp"

#include "modules/ticket/rules/child_id.hpp"
#include "modules/webhook/rules/event_kind.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/outbox/outbox.hpp"

namespace shouwen::webhook {
namespace {

/// The number of the obligation that an event is about, and its limit where the event says it.
std::pair<std::int64_t, std::optional<Instant>> obligation_of(const ticket::Event& event)
{
    if (const auto* opened = std::get_if<ticket::ObligationOpened>(&event))
        return {opened->obligation.no, opened->obligation.due_at};
    if (const auto* moved = std::get_if<ticket::ObligationMoved>(&event)) return {moved->no, moved->due_at};
    if (const auto* passed = std::get_if<ticket::ObligationPassed>(&event)) return {passed->no, std::nullopt};
    if (const auto* met = std::get_if<ticket::ObligationMet>(&event)) return {met->no, std::nullopt};
    if (const auto* paused = std::get_if<ticket::ObligationPaused>(&event)) return {paused->no, std::nullopt};
    if (const auto* cancelled = std::get_if<ticket::ObligationCancelled>(&event)) return {cancelled->no, std::nullopt};
    return {0, std::nullopt};
}

}  // namespace

Subscriptions::Subscriptions(sql::Store& store) : store_(store)
{
    subscription_ = store.feed().subscribe(
        webhook_topic, {.changed = [this](std::span<const std::string>) { read(); }, .missed = [this] { read(); }});
}

void Subscriptions::read()
{
    auto fresh = std::make_shared<ByKind>();
    store_.read([&](sql::Connection& db) {
        fresh->clear();
        for (const auto& webhook : list(db))
            if (!webhook.is_disabled())
                for (const auto& kind : webhook.kinds) (*fresh)[kind].push_back(webhook.id.text());
    });
    const std::lock_guard lock{mutex_};
    by_kind_ = std::move(fresh);
}

std::shared_ptr<const Subscriptions::ByKind> Subscriptions::current() const
{
    const std::lock_guard lock{mutex_};
    return by_kind_;
}

void Subscriptions::announce(sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events,
                             Instant now) const
{
    const auto by_kind = current();
    if (by_kind->empty()) return;
    for (const auto& event : events) {
        const auto kind = kind_of(ticket::event_name(event));
        const auto subscribers = by_kind->find(kind);
        if (subscribers == by_kind->end()) continue;
        const auto [no, due_at] = obligation_of(event);
        const auto payload = payload_of({kind, now, after.id, after.number, after.version, no, due_at});
        for (const auto& webhook : subscribers->second)
            outbox::enqueue(db, {channel, webhook, kind, payload, after.id}, now);
    }
}

void Subscriptions::announce_obligation(sql::Connection& db, std::string_view kind, TicketId ticket,
                                        std::string_view number, std::int64_t version, std::int64_t no, Instant due_at,
                                        Instant now) const
{
    const auto by_kind = current();
    const auto subscribers = by_kind->find(kind);
    if (subscribers == by_kind->end()) return;
    const auto payload = payload_of({kind, now, ticket, number, version, no, due_at});
    for (const auto& webhook : subscribers->second) outbox::enqueue(db, {channel, webhook, kind, payload, ticket}, now);
}

std::string payload_of(const Told& told)
{
    JsonWriter out;
    out.begin_object()
        .member("type", told.kind)
        .member("timestamp", told.at)
        .key("data")
        .begin_object()
        .member("ticket_id", told.ticket)
        .text_or_null("number", told.number)
        .key("version");
    told.version > 0 ? out.value(told.version) : out.value(nullptr);
    out.text_or_null("obligation_id",
                     told.obligation_no > 0 ? ticket::child_id(told.ticket, told.obligation_no) : std::string{})
        .member("due_at", told.due_at)
        .end_object()
        .end_object();
    return out.take();
}

}  // namespace shouwen::webhook
