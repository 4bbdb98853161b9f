#include "modules/ticket/edge/ticket_routes.hpp"
#include "modules/ticket/edge/ticket_view.hpp"
#include "modules/ticket/store/contacts.hpp"

namespace shouwen::ticket {
namespace {

using api::Access;
using api::Answer;
using api::Call;
using api::Problem;
using api::Written;
using organisation::Permission;

void write_contact(JsonWriter& out, const Contact& contact, TicketId ticket,
                   const organisation::Organisation& organisation)
{
    out.begin_object().member("id", contact.id).member("ticket_id", ticket);
    write_person(out, "staff", contact.staff, organisation);
    out.member("channel", contact.channel)
        .member("direction", contact.direction)
        .member("started_at", contact.started_at)
        .member("ended_at", contact.ended_at)
        .text_or_null("content", contact.content)
        .text_or_null("result", contact.result)
        .end_object();
}

Contact read_contact(api::ObjectReader& in)
{
    Contact contact;
    contact.channel = in.choice<Channel>("channel");
    contact.direction = in.choice<ContactDirection>("direction");
    contact.started_at = in.instant("started_at");
    contact.ended_at = in.optional_instant("ended_at");
    contact.content = in.optional_text("content", {.min = 0, .max = 10'000});
    contact.result = in.optional_text("result", {.min = 0, .max = 2'000});
    if (contact.ended_at && *contact.ended_at < contact.started_at) in.fail("ended_at", "ends_before_start");
    return contact;
}

}  // namespace

void add_contact_routes(api::Routes& routes, const RouteContext& c)
{
    routes.get("/api/v1/tickets/{id}/contacts", Access::signed_in(), [c](const Call& call) -> Answer {
        const auto id = call.id_param<TicketId>(0);
        if (!id) return api::not_found();
        Answer answer = api::not_found();
        c.store.read([&](sql::Connection& db) {
            const auto stored = load(db, *id);
            if (!stored || !organisation::can_see(call.actor(), scope_of(stored->ticket))) return;
            const auto organisation = c.desk.surroundings().organisation();
            JsonWriter out;
            out.begin_object().key("items").begin_array();
            for (const auto& contact : contacts_of(db, *id)) write_contact(out, contact, *id, *organisation);
            out.end_array().member("next_cursor", nullptr).end_object();
            answer = api::ok(out.take());
        });
        return answer;
    });
    routes.post("/api/v1/tickets/{id}/contacts", Access::may(Permission::ticket_note),
                [c](const Call& call) -> Result<api::WriteWork, Problem> {
                    const auto id = call.id_param<TicketId>(0);
                    if (!id) return api::not_found();
                    auto given = api::read_body<Contact>(
                        call, [](api::ObjectReader& in, Contact& into) { into = read_contact(in); });
                    if (!given) return std::move(given).error();
                    return api::WriteWork{[c, id = *id, said = std::move(*given), actor = call.actor()](
                                              sql::Connection& db, Instant now) -> Written {
                        const auto stored = load(db, id);
                        if (!stored || !organisation::can_see(actor, scope_of(stored->ticket)))
                            return {api::not_found()};
                        if (!organisation::can(actor, Permission::ticket_note, scope_of(stored->ticket)))
                            return {Problem{.code = "not_permitted"}};
                        if (stored->ticket.is_closed()) return {Problem{.code = "ticket_closed"}};
                        Contact contact = said;
                        contact.id = c.desk.surroundings().ids.next<ContactId>(now);
                        contact.staff = actor.staff;
                        add_contact(db, stored->ticket, contact);
                        JsonWriter out;
                        write_contact(out, contact, id, *c.desk.surroundings().organisation());
                        c.publish(db, stored->ticket, "contact");
                        return {api::created(out.take(), "/api/v1/tickets/" + id.text() + "/contacts")};
                    }};
                });
}

}  // namespace shouwen::ticket
