#include "app/centre.hpp"
#include "app/holds.hpp"
#include "modules/hold/edge/hold_routes.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/log/log.hpp"

#include <algorithm>
#include <utility>

namespace shouwen::app {
namespace {

constexpr auto watch_interval = std::chrono::seconds{1};

std::string details_of(const hold::ServerChange& change)
{
    JsonWriter details;
    details.begin_object()
        .member("system_before", change.before->system)
        .member("system_after", change.now.system)
        .member("timeline_before", change.before->timeline)
        .member("timeline_after", change.now.timeline);
    return details.end_object().take();
}

std::string_view notice_kind(hold::Effect what)
{
    return what == hold::Effect::outgoing ? "outgoing_held" : "filing_held";
}

}  // namespace

/// What was found by the claims, the tick or `restore` is told here. @param is_hurried  also when it was done a moment ago
void Centre::watch_holds(bool is_hurried)
{
    if (!is_hurried && holds_watched_at_ && steady_now() - *holds_watched_at_ < watch_interval) return;
    holds_watched_at_ = steady_now();
    std::vector<hold::Hold> open;
    std::optional<hold::ServerChange> change;
    const auto look = [&](sql::Connection& db) {
        open = hold::open_holds(db);
        change = hold::server_change(db);
    };
    store_->read(look);
    if (change || std::ranges::any_of(open, [](const auto& each) { return !each.is_told; })) {
        const Instant now = clock_.now();
        store_->write([&](sql::Connection& db) {
            sql::serialise(db, "holds");
            look(db);
            if (change) {
                const auto cause = change->before ? hold::cause_of_change(*change->before, change->now) : std::nullopt;
                if (cause) place_hold(db, hold::Effect::outgoing, *cause, details_of(*change), now);
                hold::remember_server(db, change->now, now);
                look(db);
            }
            for (const auto& each : open)
                if (!each.is_told && hold::take_telling(db, each.id, now)) tell_held(db, each.what, now);
        });
    }
    // Each process says so once, a server that was started on a held store as well.
    std::set<hold::HoldId> known;
    for (const auto& each : open) {
        known.insert(each.id);
        if (holds_known_.contains(each.id)) continue;
        log::warning(
            "held",
            {{"what", each.what}, {"cause", each.cause}, {"hold", each.id}, {"details", log::Machine{each.details}}});
    }
    for (const auto id : holds_known_)
        if (!known.contains(id)) log::info("hold_released", {{"hold", id}});
    holds_known_ = std::move(known);
    for (const auto what : all_of<hold::Effect>())
        metrics_.gauge("holds_open", "Holds that wait for an operator", {{"what", std::string{name_of(what)}}})
            .set(static_cast<double>(std::ranges::count(open, what, &hold::Hold::what)));
}

void Centre::tell_held(sql::Connection& db, hold::Effect what, Instant now)
{
    const auto organisation = directory_->current();
    for (const auto& staff : organisation->staff()) {
        const auto actor = organisation->actor(staff.id);
        if (!actor || !organisation::can(*actor, organisation::Permission::backup_manage)) continue;
        const auto target = staff.id.text();
        outbox::enqueue(db, {outbox::notice_channel, target, notice_kind(what), "{}"}, now);
    }
}

void Centre::add_hold_routes()
{
    hold::add_hold_routes(
        *routes_,
        {.store = *store_,
         .clock = clock_,
         .name_of_staff = [this](StaffId id) { return std::string{directory_->current()->name_of_staff(id)}; },
         .waiting_count = waiting_count,
         .release = release_hold,
         .wake = [this] { wake(); }});
}

}  // namespace shouwen::app
