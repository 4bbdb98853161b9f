#include "api/throttle.hpp"
#include "modules/ticket/edge/public_form.hpp"
#include "modules/ticket/edge/ticket_routes.hpp"
#include "modules/ticket/edge/ticket_view.hpp"

#include <boost/json/value.hpp>

namespace shouwen::ticket {
namespace {

using api::Access;
using api::Answer;
using api::Call;
using api::Problem;
using api::Throttle;
using api::Written;

struct PublicHandlers {
    RouteContext c;
    Throttle submissions{60, std::chrono::minutes{1}};
    Throttle wrong_secrets{30, std::chrono::minutes{1}};

    static Problem throttled(Duration wait)
    {
        const auto seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
        return {.code = "throttled", .fill = {{"seconds", seconds}}, .headers = {{"Retry-After", seconds}}};
    }

    Answer form(const Call& call) const
    {
        return api::ok(
            public_form_json(*c.desk.surroundings().policy(), *c.desk.surroundings().organisation(), call.language));
    }

    Result<api::WriteWork, Problem> submit(const Call& call)
    {
        if (const auto wait = submissions.refuse(call.request->remote_address, c.clock.now())) return throttled(*wait);
        auto input = api::read_body<IntakeInput>(call, [](api::ObjectReader& in, IntakeInput& into) {
            into.receive.channel = in.optional_choice<Channel>("channel").value_or(Channel::web);
            read_intake(in, into);
            if (into.customer.id) in.fail("customer", "unknown_field");  // whoever has no account names no file
            if (in.optional_boolean("consent") != true) in.fail("consent", "consent_required");
        });
        if (!input) return std::move(input).error();
        FieldErrors errors;
        check_places(*input, *c.desk.surroundings().organisation(), errors);
        // Without a person at hand nobody has answered yet, whatever the channel is called.
        if (input->receive.channel != Channel::web && input->receive.channel != Channel::wechat &&
            input->receive.channel != Channel::chat)
            errors.push_back({"/channel", "not_a_choice", "web, wechat, chat"});
        if (!errors.empty()) return api::invalid(std::move(errors));
        input->receive.queue_unit = input->receive.merchant ? input->receive.merchant : c.service_desk();
        return api::WriteWork{[this, input = std::move(*input), secret = new_secret()](sql::Connection& db,
                                                                                       Instant now) -> Written {
            Receive receive = input.receive;
            receive.customer = c.customers.find_or_create(db, c.desk.surroundings().ids, input.customer.fresh, {}, now);
            auto received = c.desk.receive(db, receive, Desk::the_customer(), now, hash_of(secret));
            if (!received) return {problem_of(received.error(), *c.desk.surroundings().organisation())};
            Ticket& ticket = received->ticket;
            JsonWriter out;
            out.begin_object()
                .member("number", ticket.number)
                .member("secret", secret)
                .member("ticket_id", ticket.id)
                .end_object();
            auto answer = api::created(out.take(), "/api/v1/public/requests/" + ticket.number);
            c.publish(db, ticket, "create");
            return {std::move(answer), {c.wake}};
        }};
    }

    /// `Authorization: Ticket <secret>`; nothing when it is missing or has not the form of one.
    static std::optional<Hash> secret_of(const http::Request& request)
    {
        std::string_view given = request.header("authorization");
        if (!given.starts_with("Ticket ")) return std::nullopt;
        given.remove_prefix(7);
        if (!is_secret_text(given)) return std::nullopt;
        return hash_of(given);
    }

    Answer follow(const Call& call)
    {
        const auto secret = secret_of(*call.request);
        if (!secret) return Problem{.code = "secret_wrong"};
        Answer answer = Problem{.code = "secret_wrong"};
        c.store.read([&](sql::Connection& db) {
            const auto id = find_by_secret(db, call.param(0), *secret);
            const auto stored = id ? load(db, *id) : std::nullopt;
            if (stored)
                answer =
                    api::ok(public_json(stored->ticket, load_events(db, *id), *c.desk.surroundings().organisation()));
        });
        if (!answer)
            if (const auto wait = wrong_secrets.refuse(call.request->remote_address, c.clock.now()))
                return throttled(*wait);
        return answer;
    }

    /// A customer's act: the secret is the right, and no version is asked for, as the page holds no state of ours.
    Result<api::WriteWork, Problem> act(const Call& call, std::string_view name, Command (*read)(api::ObjectReader&))
    {
        if (const auto wait = submissions.refuse(call.request->remote_address, c.clock.now())) return throttled(*wait);
        const auto secret = secret_of(*call.request);
        if (!secret) return Problem{.code = "secret_wrong"};
        auto command = api::read_body<Command>(call, [read](api::ObjectReader& in, Command& into) { into = read(in); });
        if (!command) return std::move(command).error();
        return api::WriteWork{[this, secret = *secret, number = call.param(0), command = std::move(*command), name](
                                  sql::Connection& db, Instant now) -> Written {
            const auto id = find_by_secret(db, number, secret);
            if (!id) return {Problem{.code = "secret_wrong"}};
            return carry_out(db, *id, command, name, now);
        }};
    }

    Written carry_out(sql::Connection& db, TicketId id, const Command& command, std::string_view name, Instant now)
    {
        const auto organisation = c.desk.surroundings().organisation();
        const auto stored = c.desk.load_for_command(db, id, now).value();
        auto done = c.desk.carry_out(db, stored, command, Desk::the_customer(), now);
        if (!done) return {problem_of(done.error(), *organisation)};
        auto answer = api::ok(public_json(done->ticket, load_events(db, id), *organisation));
        c.publish(db, done->ticket, name);
        return {std::move(answer), {c.wake}};
    }
};

Command read_message(api::ObjectReader& in)
{
    return CustomerMessage{in.text("content", {.min = 1, .max = 10'000})};
}
Command read_rating(api::ObjectReader& in)
{
    const auto score = in.integer("score", 1, 5);
    return Rate{static_cast<int>(score), in.optional_text("reason", {.min = 0, .max = 2'000}), "customer"};
}
Command read_agreement(api::ObjectReader& in)
{
    return RecordAgreement{.agreed = in.boolean("agreed"),
                           .comment = in.optional_text("comment", {.min = 0, .max = 2'000})};
}

}  // namespace

std::optional<TicketId> ticket_of_customer(sql::Connection& db, const http::Request& request)
{
    const auto secret = PublicHandlers::secret_of(request);
    return secret ? find_by_secret(db, request.params.at(0), *secret) : std::nullopt;
}

std::function<Written(sql::Connection&, TicketId, AddAttachment, Instant)> customers_attachment_adder(
    const RouteContext& context)
{
    const auto h = std::make_shared<PublicHandlers>(context);
    return [h](sql::Connection& db, TicketId id, AddAttachment command, Instant now) {
        return h->carry_out(db, id, std::move(command), "add_attachment", now);
    };
}

void add_public_routes(api::Routes& routes, const RouteContext& context)
{
    const auto h = std::make_shared<PublicHandlers>(context);
    routes.get("/api/v1/public/form", Access::open(), [h](const Call& call) { return h->form(call); });
    routes.post("/api/v1/public/requests", Access::open(), [h](const Call& call) { return h->submit(call); });
    routes.get("/api/v1/public/requests/{number}", Access::open(), [h](const Call& call) { return h->follow(call); });
    routes.post("/api/v1/public/requests/{number}/messages", Access::open(),
                [h](const Call& call) { return h->act(call, "message", read_message); });
    routes.post("/api/v1/public/requests/{number}/rating", Access::open(),
                [h](const Call& call) { return h->act(call, "rate", read_rating); });
    routes.post("/api/v1/public/requests/{number}/agreement", Access::open(),
                [h](const Call& call) { return h->act(call, "record_agreement", read_agreement); });
}

}  // namespace shouwen::ticket
