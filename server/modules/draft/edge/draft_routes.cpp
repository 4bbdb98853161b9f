#include "modules/draft/edge/draft_routes.hpp"

#include "api/json_writer.hpp"
#include "modules/draft/store/drafts.hpp"

namespace shouwen::draft {
namespace {

using api::Problem;

constexpr int drafts_max = 200;
constexpr api::TextLimits content_limits{.min = 0, .max = 10'000};

void write_draft(api::JsonWriter& out, const Draft& draft)
{
    out.begin_object().member("ticket_id", draft.ticket).member("kind", draft.kind);
    out.member("content", draft.content).member("updated_at", draft.updated_at).end_object();
}

api::Read list_drafts(const Services& services)
{
    return [services](const api::Call& call) -> api::Answer {
        api::QueryReader query{*call.request};
        if (auto problem = query.problem()) return std::move(*problem);
        std::vector<Draft> drafts;
        services.store.read([&](sql::Connection& db) { drafts = list(db, call.actor().staff, drafts_max); });
        api::JsonWriter out;
        out.begin_object().key("items").begin_array();
        for (const auto& draft : drafts) write_draft(out, draft);
        return api::ok(out.end_array().end_object().take());
    };
}

api::Prepare put_draft(const Services& services)
{
    return [services](const api::Call& call) -> Result<api::WriteWork, Problem> {
        const auto ticket = call.id_param<TicketId>(0);
        if (!ticket) return api::not_found();
        auto draft = api::read_body<Draft>(call, [&](api::ObjectReader& reader, Draft& into) {
            into.kind = reader.choice<DraftKind>("kind");
            if (!reader.has("content")) reader.fail("content", "required");
            into.content = reader.optional_text("content", content_limits);
            into.ticket = *ticket;
        });
        if (!draft) return std::move(draft).error();
        return api::WriteWork{
            [services, draft = *draft, actor = call.actor()](sql::Connection& db, Instant now) -> api::Written {
                if (!services.may_see(actor, draft.ticket, db)) return {api::not_found()};
                Draft kept = draft;
                kept.updated_at = now;
                put(db, actor.staff, kept);
                api::JsonWriter out;
                write_draft(out, kept);
                return {api::ok(out.take())};
            }};
    };
}

/// Also of a ticket that may not be seen any more: nobody is kept from forgetting their own words.
api::Prepare delete_draft()
{
    return [](const api::Call& call) -> Result<api::WriteWork, Problem> {
        const auto ticket = call.id_param<TicketId>(0);
        if (!ticket) return api::not_found();
        api::QueryReader query{*call.request};
        const auto kind = query.choice<DraftKind>("kind");
        if (auto problem = query.problem()) return std::move(*problem);
        return api::WriteWork{
            [ticket = *ticket, kind, staff = call.actor().staff](sql::Connection& db, Instant) -> api::Written {
                remove(db, staff, ticket, kind);
                return {api::no_content()};
            }};
    };
}

}  // namespace

void add_draft_routes(api::Routes& routes, const Services& services)
{
    const auto access = api::Access::signed_in();
    routes.get("/api/v1/drafts", access, list_drafts(services));
    routes.put("/api/v1/drafts/{ticket_id}", access, put_draft(services));
    routes.delete_("/api/v1/drafts/{ticket_id}", access, delete_draft());
}

}  // namespace shouwen::draft
