#include "modules/obligation/edge/obligation_routes.hpp"

#include "modules/obligation/store/listing.hpp"
#include "modules/ticket/rules/child_id.hpp"
#include "platform/json/json_writer.hpp"

#include <fmt/format.h>

#include <charconv>

namespace shouwen::obligation {
namespace {

using api::Access;
using api::Answer;
using api::Call;

void write_obligation(JsonWriter& out, const Listed& o, const organisation::Organisation& organisation)
{
    out.begin_object()
        .member("id", ticket::child_id(o.ticket, o.no))
        .member("ticket_id", o.ticket)
        .member("ticket_number", o.ticket_number)
        .member("subject_id", o.subject ? std::optional{ticket::child_id(o.ticket, o.subject)} : std::nullopt)
        .member("kind", o.kind)
        .key("debtor")
        .begin_object();
    if (o.debtor.staff)
        out.member("kind", "staff")
            .member("id", o.debtor.staff)
            .member("name", organisation.name_of_staff(o.debtor.staff));
    else
        out.member("kind", "unit").member("id", o.debtor.unit).member("name", organisation.name_of_unit(o.debtor.unit));
    out.end_object()
        .member("starts_at", o.starts_at)
        .member("due_at", o.due_at)
        .member("limit", o.limit ? std::optional{to_string(*o.limit)} : std::nullopt)
        .text_or_null("calendar", o.calendar)
        .member("policy_version", o.policy_version)
        .member("warned_at", o.warned_at)
        .member("paused_since", o.paused_at)
        .member("met_at", o.met_at)
        .member("breached_at", o.breached_at)
        .member("cancelled_at", o.cancelled_at)
        .text_or_null("cause", o.cause)
        .end_object();
}

std::string_view word_of(SpanReason reason)
{
    return reason == SpanReason::break_ ? "break" : name_of(reason);
}

/// Which stretches counted: the arithmetic of the deadline, laid open.
std::string explanation_json(const Listed& o, const policy::Policy& policy,
                             const organisation::Organisation& organisation)
{
    const Calendar& calendar = policy.calendar(o.calendar);
    JsonWriter out;
    out.begin_object().key("obligation");
    write_obligation(out, o, organisation);
    out.key("calendar")
        .begin_object()
        .member("id", calendar.definition().id)
        .member("name", calendar.definition().name)
        .member("time_zone", calendar.definition().time_zone)
        .end_object()
        .member("limit", o.limit ? std::optional{to_string(*o.limit)} : std::nullopt)
        .key("spans")
        .begin_array();
    std::vector<std::string> warnings;
    const auto span = [&out](Instant from, Instant to, bool counted, std::string_view reason, std::string_view label) {
        out.begin_object()
            .member("from", from)
            .member("to", to)
            .member("counted", counted)
            .member("reason", reason)
            .member("label", label)
            .end_object();
    };
    if (!o.limit) {
        span(o.starts_at, o.due_at, true, "natural", "");
    } else if (const auto explained = explain(calendar, o.starts_at, *o.limit, o.pauses)) {
        for (const auto& each : explained->spans)
            span(each.from, each.to, each.counted, word_of(each.reason), each.label);
        warnings = explained->due.warnings();
        // The calendar or the holidays have changed since: the deadline that was told stands.
        if (explained->due.at != o.due_at) warnings.emplace_back("calendar_changed_since");
    }
    out.end_array().key("warnings").begin_array();
    for (const auto& warning : warnings) out.value(warning);
    out.end_array().end_object();
    return out.take();
}

std::optional<std::pair<Instant, TicketId>> position_of(std::string_view cursor)
{
    std::int64_t due = 0;
    std::int64_t ticket = 0;
    const char* end = cursor.data() + cursor.size();
    const auto [colon, fault] = std::from_chars(cursor.data(), end, due);
    if (fault != std::errc{} || colon == end || *colon != ':') return std::nullopt;
    const auto [rest, fault_of_id] = std::from_chars(colon + 1, end, ticket);
    if (fault_of_id != std::errc{} || rest != end) return std::nullopt;
    return std::pair{from_ms(due), TicketId{ticket}};
}

Answer list_own(const RouteContext& c, const Call& call)
{
    api::QueryReader in{*call.request};
    in.one_of("debtor", {"me"});
    const auto state = in.choice<DebtState>("state").value_or(DebtState::open);
    const int limit = in.limit();
    const auto cursor = in.cursor();
    if (auto problem = in.problem()) return std::move(*problem);
    const auto after = position_of(cursor);
    if (!cursor.empty() && !after) return api::Problem{.code = "invalid_cursor"};
    JsonWriter out;
    c.store.read([&](sql::Connection& db) {
        const auto organisation = c.organisation();
        auto items = of_debtor(db, call.actor().staff, state, after, limit + 1);
        const bool more = items.size() > static_cast<std::size_t>(limit);
        if (more) items.pop_back();
        out.begin_object().key("items").begin_array();
        for (const auto& each : items) write_obligation(out, each, *organisation);
        out.end_array().key("next_cursor");
        if (more)
            out.value(api::encode_cursor(fmt::format("{}:{}", to_ms(items.back().due_at), items.back().ticket.value)));
        else
            out.value(nullptr);
        out.end_object();
    });
    return api::ok(out.take());
}

}  // namespace

void add_obligation_routes(api::Routes& routes, const RouteContext& c)
{
    routes.get("/api/v1/obligations", Access::signed_in(), [c](const Call& call) { return list_own(c, call); });
    routes.get("/api/v1/tickets/{id}/obligations", Access::signed_in(), [c](const Call& call) -> Answer {
        const auto id = call.id_param<TicketId>(0);
        if (!id) return api::not_found();
        Answer answer = api::not_found();
        c.store.read([&](sql::Connection& db) {
            if (!c.may_see(call.actor(), *id, db)) return;
            const auto organisation = c.organisation();
            JsonWriter out;
            out.begin_object().key("items").begin_array();
            for (const auto& each : of_ticket(db, *id)) write_obligation(out, each, *organisation);
            out.end_array().member("next_cursor", nullptr).end_object();
            answer = api::ok(out.take());
        });
        return answer;
    });
    routes.get("/api/v1/obligations/{id}/explanation", Access::signed_in(), [c](const Call& call) -> Answer {
        const auto id = ticket::parse_child_id(call.param(0));
        if (!id) return api::not_found();
        Answer answer = api::not_found();
        c.store.read([&](sql::Connection& db) {
            const auto found = find(db, id->first, id->second);
            if (found && c.may_see(call.actor(), id->first, db))
                answer = api::ok(explanation_json(*found, *c.policy(), *c.organisation()));
        });
        return answer;
    });
}

}  // namespace shouwen::obligation
