#include "modules/hold/edge/hold_routes.hpp"

#include "api/json_writer.hpp"

#include <map>

namespace shouwen::hold {
namespace {

using api::Problem;

BOOST_DEFINE_ENUM_CLASS(State, open, released)

constexpr std::size_t comment_max = 500;

using Waiting = std::map<Effect, std::int64_t>;

void write_hold(api::JsonWriter& out, const Hold& hold, const Waiting& waiting, const Services& services)
{
    out.begin_object().member("id", hold.id).member("what", hold.what).member("cause", hold.cause);
    out.key("details").raw(hold.details);
    out.member("since", hold.since).key("waiting_count");
    const auto count = waiting.find(hold.what);
    hold.released_at || count == waiting.end() ? out.value(nullptr) : out.value(count->second);
    out.member("released_at", hold.released_at).key("released_by");
    if (hold.released_by)
        out.begin_object()
            .member("id", hold.released_by)
            .member("name", services.name_of_staff(hold.released_by))
            .end_object();
    else
        out.value(nullptr);
    out.member("comment", hold.comment).end_object();
}

/// One count for each effect that stands still, however many holds it has.
Waiting count_waiting(sql::Connection& db, std::span<const Hold> holds, const Services& services)
{
    Waiting waiting;
    for (const auto& hold : holds)
        if (!hold.released_at && !waiting.contains(hold.what))
            waiting[hold.what] = services.waiting_count(db, hold.what, services.clock.now());
    return waiting;
}

api::Read list_holds(const Services& services)
{
    return [services](const api::Call& call) -> api::Answer {
        api::QueryReader query{*call.request};
        const auto state = query.choice<State>("state");
        const int limit = query.limit();
        const auto cursor = query.cursor();
        if (auto problem = query.problem()) return std::move(*problem);
        const auto before = cursor.empty() ? std::optional{HoldId{}} : HoldId::parse(cursor);
        if (!before) return Problem{.code = "invalid_cursor"};
        const auto open = state ? std::optional{*state == State::open} : std::nullopt;
        std::vector<Hold> holds;
        Waiting waiting;
        services.store.read([&](sql::Connection& db) {
            holds = list(db, open, *before, limit + 1);
            waiting = count_waiting(db, holds, services);
        });
        const bool is_more = holds.size() > static_cast<std::size_t>(limit);
        if (is_more) holds.pop_back();
        api::JsonWriter out;
        out.begin_object().key("items").begin_array();
        for (const auto& hold : holds) write_hold(out, hold, waiting, services);
        out.end_array().key("next_cursor");
        is_more ? out.value(api::encode_cursor(holds.back().id.text())) : out.value(nullptr);
        return api::ok(out.end_object().take());
    };
}

struct Release {
    std::string comment;
};

api::Prepare release_hold(const Services& services)
{
    return [services](const api::Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<HoldId>(0);
        if (!id) return api::not_found();
        auto wanted = api::read_body<Release>(call, [](api::ObjectReader& in, Release& into) {
            into.comment = in.text("comment", {.min = 1, .max = comment_max});
        });
        if (!wanted) return std::move(wanted).error();
        return api::WriteWork{[services, id = *id, comment = std::move(wanted->comment), by = call.actor().staff](
                                  sql::Connection& db, Instant now) -> api::Written {
            const auto released = services.release(db, id, by, comment, now);
            if (!released && find(db, id)) return {Problem{.code = "hold_released"}};
            if (!released) return {api::not_found()};
            api::JsonWriter out;
            write_hold(out, *released, {}, services);
            return {api::ok(out.take()), {services.wake}};
        }};
    };
}

}  // namespace

void add_hold_routes(api::Routes& routes, const Services& services)
{
    const auto access = api::Access::may(api::Permission::backup_manage);
    routes.get_slow("/api/v1/holds", access, list_holds(services));
    routes.post("/api/v1/holds/{id}/release", access, release_hold(services));
}

}  // namespace shouwen::hold
