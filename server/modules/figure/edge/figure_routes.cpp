#include "modules/figure/edge/figure_routes.hpp"

#include "api/json_writer.hpp"
#include "modules/figure/store/timeliness_store.hpp"

namespace shouwen::figure {
namespace {

using api::Problem;

constexpr auto usual_period = std::chrono::days{30};
/// A year and a leap day: what is read in one go has a limit.
constexpr auto longest_period = std::chrono::days{366};

void write_figure(api::JsonWriter& out, const Figure& figure)
{
    const auto& tally = figure.tally;
    out.begin_object().member("key", figure.key).member("name", figure.name);
    out.member("kept", tally.kept).member("kept_late", tally.kept_late).member("open", tally.open);
    out.member("open_late", tally.open_late).member("cancelled", tally.cancelled).end_object();
}

api::Read get_timeliness(const Services& services)
{
    return [services](const api::Call& call) -> api::Answer {
        const Instant now = services.clock.now();
        api::QueryReader query{*call.request};
        // What has begun this very moment is part of the period as well.
        const Instant to = query.instant("to").value_or(now + Duration{1});
        const Instant from = query.instant("from").value_or(to - usual_period);
        const auto by = query.choice<By>("by").value_or(By::kind);
        if (auto problem = query.problem()) return std::move(*problem);
        if (from >= to || to - from > longest_period)
            return Problem{.code = "invalid_filter",
                           .fill = {{"name", "from"}, {"expected", "to - P366D ≤ from < to"}}};

        const auto organisation = services.organisation();
        const auto fence = figure_fence(call.actor(), *organisation);
        std::vector<Slice> found;
        if (fence.reach != FigureFence::Reach::nothing)
            services.store.read([&](sql::Connection& db) { found = slices(db, from, to, fence.merchant, now); });
        api::JsonWriter out;
        out.begin_object().member("from", from).member("to", to).key("items").begin_array();
        for (const auto& figure : fold(found, by, fence, *organisation)) write_figure(out, figure);
        return api::ok(out.end_array().end_object().take());
    };
}

}  // namespace

void add_figure_routes(api::Routes& routes, const Services& services)
{
    routes.get_slow("/api/v1/figures/timeliness", api::Access::may(api::Permission::figure_read),
                    get_timeliness(services));
}

}  // namespace shouwen::figure
