#include "modules/follow_up/edge/follow_up_routes.hpp"

#include "modules/ticket/rules/child_id.hpp"
#include "platform/json/json_writer.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace shouwen::follow_up {
namespace {

using api::Answer;
using api::Call;
using api::Problem;
using organisation::Permission;
using Around = std::shared_ptr<const Services>;

constexpr api::TextLimits words{.min = 0, .max = 2'000};

void write_person(JsonWriter& out, std::string_view key, StaffId id, const organisation::Organisation& organisation)
{
    out.key(key);
    if (!id)
        out.value(nullptr);
    else
        out.begin_object().member("id", id).member("name", organisation.name_of_staff(id)).end_object();
}

/// What is told of a revisit beside its own row.
struct Surround {
    const ticket::Ticket& ticket;
    const customer::CustomerRow& customer;
    const organisation::Organisation& organisation;
    const policy::Policy& policy;
    const api::Actor& actor;
    bool may_act;
    Instant now;
};

void write_members(JsonWriter& out, const FollowUp& f, const Surround& s)
{
    const auto shown = customer::shown(s.customer, organisation::mask_for(s.actor));
    out.member("id", ticket::child_id(f.ticket, f.no))
        .member("version", f.attempt_count + 1)
        .member("ticket_id", f.ticket)
        .member("ticket_number", s.ticket.number)
        .member("ticket_step", s.ticket.step)
        .member("subject", s.ticket.subject)
        .member("class", s.ticket.class_)
        .text_or_null("category", s.ticket.category);
    out.key("customer").begin_object().member("id", s.customer.id).member("name", shown.name);
    out.text_or_null("phone", shown.phone).text_or_null("email", shown.email).end_object();
    write_person(out, "owner", s.ticket.owner, s.organisation);
    out.member("unit_id", f.unit)
        .member("unit_name", s.organisation.name_of_unit(f.unit))
        .member("state", f.state)
        .member("opened_at", f.opened_at)
        .member("due_at", f.due_at)
        .member("overdue", !f.ended_at && f.due_at <= s.now)
        .member("next_attempt_at", f.next_attempt_at)
        .member("attempt_count", f.attempt_count)
        .member("unanswered_count", f.unanswered_count)
        .member("attempts_max", s.policy.document().follow_up.attempts_max)
        .member("ended_at", f.ended_at)
        .member("satisfaction", f.satisfaction)
        .member("recurred", f.recurred);
}

void write_attempts(JsonWriter& out, const std::vector<Attempt>& attempts,
                    const organisation::Organisation& organisation)
{
    out.key("attempts").begin_array();
    for (const auto& a : attempts) {
        out.begin_object().member("no", a.no).member("at", a.at);
        write_person(out, "by", a.by, organisation);
        out.member("outcome", a.outcome)
            .text_or_null("experience", a.experience)
            .member("again_at", a.again_at)
            .member("satisfaction", a.satisfaction)
            .member("recurred", a.recurred)
            .key("answers")
            .begin_array();
        for (const auto& answer : a.answers)
            out.begin_object().member("code", answer.code).member("answer", answer.answer).end_object();
        out.end_array().member("recurrence", a.recurrence).member("linked_ticket_id", a.linked_ticket).end_object();
    }
    out.end_array();
}

/// What the caller needs for the call: what was told, what is to be asked, what was tried before.
std::string whole(const FollowUp& f, const std::vector<Attempt>& attempts, const Surround& s)
{
    JsonWriter out;
    out.begin_object();
    write_members(out, f, s);
    out.text_or_null("content", s.ticket.content).text_or_null("demand", s.ticket.demand).key("result");
    if (s.ticket.result)
        out.begin_object()
            .member("handling", s.ticket.result->handling)
            .member("solution", s.ticket.result->solution)
            .member("result", s.ticket.result->result)
            .member("given_at", s.ticket.result->given_at)
            .end_object();
    else
        out.value(nullptr);
    write_attempts(out, attempts, s.organisation);
    out.key("questions").begin_array();
    for (const auto& each : s.policy.document().follow_up.questions)
        out.begin_object()
            .member("code", each.code)
            .key("text")
            .begin_object()
            .member("zh-CN", each.text.zh_cn)
            .member("zh-TW", each.text.zh_tw)
            .member("en", each.text.en)
            .end_object()
            .member("kind", each.kind)
            .end_object();
    out.end_array().member("may_act", s.may_act && !f.ended_at).end_object();
    return out.take();
}

/// The ticket and the file of one revisit.
struct Loaded {
    FollowUp follow_up;
    ticket::Ticket ticket;
    customer::CustomerRow customer;
};

/// One answer for "absent" and "not yours".
std::optional<Loaded> load_visible(const Services& services, sql::Connection& db, const api::Actor& actor,
                                   TicketId ticket, std::int64_t no)
{
    auto found = find(db, ticket, no);
    if (!found) return std::nullopt;
    const TicketId ids[]{ticket};
    auto tickets = services.tickets(db, ids);
    if (tickets.empty() || !organisation::can_see(actor, services.scope_of(tickets.front()))) return std::nullopt;
    const CustomerId customers[]{tickets.front().customer};
    auto files = services.customers(db, customers);
    return Loaded{*found, std::move(tickets.front()), files.empty() ? customer::CustomerRow{} : std::move(files[0])};
}

http::Response answer_of(const Services& services, sql::Connection& db, const Loaded& loaded, const api::Actor& actor,
                         Instant now)
{
    const auto organisation = services.organisation();
    const auto policy = services.policy();
    const bool may_act = organisation::can(actor, Permission::follow_up_act, services.scope_of(loaded.ticket));
    auto response = api::ok(whole(loaded.follow_up, attempts_of(db, loaded.follow_up),
                                  {loaded.ticket, loaded.customer, *organisation, *policy, actor, may_act, now}));
    response.headers.emplace_back("ETag", fmt::format("\"{}\"", loaded.follow_up.attempt_count + 1));
    return response;
}

Answer get(const Services& services, const Call& call)
{
    const auto id = ticket::parse_child_id(call.param(0));
    if (!id) return api::not_found();
    Answer answer = api::not_found();
    services.store.read([&](sql::Connection& db) {
        if (const auto loaded = load_visible(services, db, call.actor(), id->first, id->second))
            answer = answer_of(services, db, *loaded, call.actor(), services.clock.now());
    });
    return answer;
}

Answer list_page(const Services& services, const Call& call)
{
    api::QueryReader query{*call.request};
    Filter filter{.shown = query.choice<Shown>("state").value_or(Shown::due), .unit = query.id<UnitId>("unit_id")};
    const bool only_ready = query.boolean("ready").value_or(false);
    const int limit = query.limit();
    const auto cursor = query.cursor();
    if (auto problem = query.problem()) return *std::move(problem);
    const Instant now = services.clock.now();
    if (only_ready) filter.ready_at = now;
    const auto organisation = services.organisation();
    const auto policy = services.policy();
    JsonWriter out;
    try {
        services.store.read([&](sql::Connection& db) {
            const auto page = list(db, organisation::fence(call.actor()), filter, limit, cursor);
            std::vector<TicketId> ids;
            for (const auto& each : page.items) ids.push_back(each.ticket);
            const auto tickets = services.tickets(db, ids);
            std::vector<CustomerId> named;
            for (const auto& each : tickets) named.push_back(each.customer);
            const auto customers = services.customers(db, named);
            out.begin_object().key("items").begin_array();
            for (const auto& each : page.items) {
                const auto t = std::ranges::find(tickets, each.ticket, &ticket::Ticket::id);
                // A unit that has handed the ticket on since then sees it no more.
                if (t == tickets.end() || !organisation::can_see(call.actor(), services.scope_of(*t))) continue;
                const auto c = std::ranges::find(customers, t->customer, &customer::CustomerRow::id);
                const auto file = c == customers.end() ? customer::CustomerRow{} : *c;
                out.begin_object();
                write_members(out, each, {*t, file, *organisation, *policy, call.actor(), false, now});
                out.end_object();
            }
            out.end_array().key("next_cursor");
            page.next_cursor.empty() ? out.value(nullptr) : out.value(api::encode_cursor(page.next_cursor));
            out.end_object();
        });
    } catch (const std::invalid_argument&) {
        return Problem{.code = "invalid_cursor"};
    }
    return api::ok(out.take());
}

void read_attempt(api::ObjectReader& in, Attempt& into)
{
    into.outcome = in.choice<Outcome>("outcome");
    into.experience = in.optional_text("experience", words);
    into.again_at = in.optional_instant("again_at");
    if (const auto score = in.optional_integer("satisfaction", 1, 5)) into.satisfaction = static_cast<int>(*score);
    into.recurred = in.optional_boolean("recurred");
    into.recurrence = in.optional_choice<Recurrence>("recurrence");
    in.array("answers", 30, [&](const boost::json::value& item, const std::string& pointer) {
        FieldErrors errors;
        Answered answered;
        {
            api::ObjectReader each{item, pointer, errors};
            answered.code = each.text("code", {.min = 1, .max = 64});
            answered.answer = each.text("answer", {.min = 1, .max = 2'000});
        }
        for (auto& error : errors) in.add(std::move(error));
        into.answers.push_back(std::move(answered));
    });
}

api::Written attempt(const Services& services, sql::Connection& db, const api::Actor& actor, TicketId ticket,
                     std::int64_t no, std::int64_t version, Attempt given, Instant now)
{
    if (!load_visible(services, db, actor, ticket, no)) return {api::not_found()};
    const Instant at = services.lock(db, ticket, now);
    auto loaded = load_visible(services, db, actor, ticket, no).value();
    const auto& before = loaded.follow_up;
    if (!organisation::can(actor, Permission::follow_up_act, services.scope_of(loaded.ticket)))
        return {Problem{.code = "not_permitted"}};
    if (before.ended_at) return {Problem{.code = "follow_up_ended"}};
    if (before.attempt_count + 1 != version) {
        const auto present = std::to_string(before.attempt_count + 1);
        return {Problem{.code = "version_stale", .fill = {{"version", present}}, .members = "\"version\":" + present}};
    }
    const auto policy = services.policy();
    if (auto errors = check(given, policy->document().follow_up, at); !errors.empty())
        return {api::invalid(std::move(errors))};
    const auto then = after(before, given, *policy, at);
    if (!then)
        return {Problem{.code = std::string{name_of(then.error())},
                        .fill = {{"until", to_rfc3339(before.next_attempt_at)}}}};
    given.no = then->attempt_count;
    given.at = at;
    given.by = actor.staff;
    const auto made = services.carry_out(db, actor, *then, given, now);
    if (!made) return {made.error()};
    given.linked_ticket = *made;
    save(db, *then, given);
    loaded = load_visible(services, db, actor, ticket, no).value();
    return {answer_of(services, db, loaded, actor, now), {services.wake}};
}

api::Prepare make_attempt(const Around& services)
{
    return [services](const Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = ticket::parse_child_id(call.param(0));
        if (!id) return api::not_found();
        auto given = api::read_body<Attempt>(call, read_attempt);
        if (!given) return std::move(given).error();
        const auto version = call.if_match();
        if (!version) return Problem{.code = "version_missing"};
        return api::WriteWork{[services, id = *id, given = *std::move(given), version = *version, actor = call.actor()](
                                  sql::Connection& db, Instant now) {
            return attempt(*services, db, actor, id.first, id.second, version, given, now);
        }};
    };
}

}  // namespace

void add_follow_up_routes(api::Routes& routes, const Services& services)
{
    const auto around = std::make_shared<const Services>(services);
    const auto bind = [around](auto act) { return [around, act](const Call& call) { return act(*around, call); }; };
    routes.get_slow("/api/v1/follow-ups", api::Access::signed_in(), bind(list_page));
    routes.get("/api/v1/follow-ups/{id}", api::Access::signed_in(), bind(get));
    routes.post("/api/v1/follow-ups/{id}/attempts", api::Access::may(Permission::follow_up_act), make_attempt(around));
}

}  // namespace shouwen::follow_up
