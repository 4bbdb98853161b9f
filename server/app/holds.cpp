#include "app/holds.hpp"

#include "modules/obligation/store/obligations.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "modules/webhook/edge/webhook_channel.hpp"
#include "platform/clock/clock.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/outbox/messages.hpp"

#include <fmt/format.h>

#include <iostream>
#include <map>

namespace shouwen::app {
namespace {

constexpr int counted_max = 10'000;
constexpr int shown_max = 50;

void audit(sql::Connection& db, std::string_view action, const hold::Hold& hold, StaffId by, Instant now)
{
    JsonWriter data;
    data.begin_object().member("what", hold.what).member("cause", hold.cause);
    data.key("details").raw(hold.details);
    if (hold.comment) data.member("comment", *hold.comment);
    organisation::append_audit(db, {now, by, std::string{action}, "hold", hold.id.text(), data.end_object().take()});
}

}  // namespace

hold::HoldId place_hold(sql::Connection& db, hold::Effect what, hold::Cause cause, const std::string& details,
                        Instant now)
{
    const auto id = hold::place(db, what, cause, details, now);
    audit(db, "hold_placed", hold::find(db, id).value(), {}, now);
    return id;
}

void hold_restored(sql::Store& store, const std::string& backup, Instant made_at, Instant now)
{
    JsonWriter details;
    details.begin_object().member("backup", backup).member("backup_made_at", made_at).end_object();
    store.write([&](sql::Connection& db) {
        place_hold(db, hold::Effect::outgoing, hold::Cause::restored, details.text(), now);
    });
}

std::optional<hold::Hold> release_hold(sql::Connection& db, hold::HoldId id, StaffId by, std::string_view comment,
                                       Instant now)
{
    auto released = hold::release(db, id, by, comment, now);
    if (!released) return std::nullopt;
    if (released->what == hold::Effect::automatic_filing) obligation::Obligations::resume_filing(db);
    audit(db, "hold_released", *released, by, now);
    return released;
}

std::int64_t waiting_count(sql::Connection& db, hold::Effect what, Instant now)
{
    switch (what) {
        case hold::Effect::outgoing: return outbox::figures_of(db, webhook::channel).pending_count;
        case hold::Effect::automatic_filing:
            return obligation::Obligations::due_for_filing(db, Instant{}, now, counted_max);
    }
    return 0;
}

int print_holds(sql::Store& store, std::ostream& out)
{
    std::vector<hold::Hold> holds;
    std::map<hold::HoldId, std::int64_t> waiting;
    store.read([&](sql::Connection& db) {
        holds = hold::open_holds(db);
        for (const auto& each : holds) waiting[each.id] = waiting_count(db, each.what, SystemClock{}.now());
        for (auto& each : hold::list(db, false, {}, shown_max)) holds.push_back(std::move(each));
    });
    if (holds.empty()) out << "Nothing was ever held.\n";
    for (const auto& each : holds) {
        out << fmt::format("{}  {}  {} ({}) {}  since {}", each.id.text(), each.released_at ? "released" : "OPEN    ",
                           name_of(each.what), name_of(each.cause), each.details, to_rfc3339(each.since));
        if (each.released_at)
            out << fmt::format("  released {}: {}\n", to_rfc3339(*each.released_at), *each.comment);
        else
            out << fmt::format("  {} wait\n", waiting[each.id]);
    }
    return 0;
}

int release_hold_command(sql::Store& store, std::string_view id, std::string_view comment, std::ostream& out)
{
    const auto hold = hold::HoldId::parse(id);
    std::optional<hold::Hold> released;
    if (hold)
        store.write([&](sql::Connection& db) { released = release_hold(db, *hold, {}, comment, SystemClock{}.now()); });
    if (!released) {
        std::cerr << id << ": there is no such open hold; `shouwen holds` lists them\n";
        return 1;
    }
    out << fmt::format("Released {}: {} goes on\n", released->id.text(), name_of(released->what));
    return 0;
}

}  // namespace shouwen::app
