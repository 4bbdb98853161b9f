#include "modules/ticket/edge/ticket_routes.hpp"

#include "modules/ticket/edge/row_cache.hpp"
#include "modules/ticket/edge/ticket_commands.hpp"
#include "modules/ticket/edge/ticket_view.hpp"
#include "modules/ticket/store/asking.hpp"
#include "modules/ticket/store/lists.hpp"
#include "modules/ticket/store/slips.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>

namespace shouwen::ticket {
namespace {

using api::Access;
using api::Answer;
using api::Call;
using api::Problem;
using api::Written;
using organisation::Actor;
using organisation::Permission;

constexpr std::size_t row_cache_bytes = 32 << 20;

/// Counts the snapshots of the organisation that were seen. Holds the present one, so that its address stays its own.
class Generation {
public:
    std::uint64_t of(const organisation::OrganisationPtr& organisation)
    {
        const std::lock_guard lock{mutex_};
        if (seen_ != organisation) {
            seen_ = organisation;
            ++count_;
        }
        return count_;
    }

private:
    std::mutex mutex_;
    organisation::OrganisationPtr seen_;
    std::uint64_t count_ = 0;
};

/// Everything a handler of this module uses, shared by all of them.
struct Handlers {
    RouteContext c;
    std::shared_ptr<RowCache> rows = std::make_shared<RowCache>(row_cache_bytes);
    std::shared_ptr<Generation> generation = std::make_shared<Generation>();

    ViewContext view(const Actor& actor, const organisation::OrganisationPtr& organisation,
                     const policy::PolicyPtr& policy, organisation::Mask& mask) const
    {
        mask = organisation::mask_for(actor);
        return {*organisation, *policy, mask};
    }

    /// After a command, which may have changed whether the ticket is overdue.
    std::string render(sql::Connection& db, const Ticket& ticket, const Actor& actor, Instant now) const
    {
        return render(db, ticket, is_overdue(db, ticket.id), actor, now);
    }

    std::string render(sql::Connection& db, const Ticket& ticket, bool overdue, const Actor& actor, Instant now) const
    {
        const auto organisation = c.desk.surroundings().organisation();
        const auto policy = c.desk.surroundings().policy();
        organisation::Mask mask;
        const auto context = view(actor, organisation, policy, mask);
        const auto row = c.customers.find(db, ticket.customer).value_or(customer::CustomerRow{});
        return ticket_json(ticket, row, overdue, context, commands_for(ticket, row, actor, now),
                           slip_commands_for(ticket, row, actor, now));
    }

    /// The same for each slip upon which there are any.
    std::vector<SlipCommands> slip_commands_for(const Ticket& ticket, const customer::CustomerRow& customer,
                                                const Actor& actor, Instant now) const
    {
        std::vector<SlipCommands> all;
        if (ticket.slips.empty()) return all;
        const auto context = c.desk.context(customer::known_fields(customer));
        for (const auto& slip : ticket.slips) {
            auto names = slip_commands_now(ticket, slip.no, giver_for(actor, ticket, &slip), context, now);
            std::erase_if(names, [&](std::string_view name) {
                const auto form = std::ranges::find(slip_command_forms(), name, &SlipCommandForm::name);
                return form == slip_command_forms().end() || !may(actor, form->permissions, ticket, &slip);
            });
            if (slip.is_open() || !names.empty()) all.push_back({slip.no, std::move(names)});
        }
        return all;
    }

    /// The commands that neither rights nor rules would refuse.
    std::vector<std::string_view> commands_for(const Ticket& ticket, const customer::CustomerRow& customer,
                                               const Actor& actor, Instant now) const
    {
        const auto scope = scope_of(ticket);
        auto names =
            commands_now(ticket, giver_for(actor, scope), c.desk.context(customer::known_fields(customer)), now);
        std::erase_if(names, [&](std::string_view name) {
            const auto form = std::ranges::find(command_forms(), name, &CommandForm::name);
            return form == command_forms().end() || !may(actor, form->permission, scope);
        });
        return names;
    }

    /// One answer for "absent" and "not yours".
    std::optional<Stored> load_visible(sql::Connection& db, TicketId id, const Actor& actor) const
    {
        auto stored = load(db, id);
        if (!stored || !organisation::can_see(actor, scope_of(stored->ticket))) return std::nullopt;
        return stored;
    }

    // --- Reading ---------------------------------------------------------------------------------------------------------

    Answer get(const Call& call) const
    {
        const auto id = call.id_param<TicketId>(0);
        if (!id) return api::not_found();
        Answer answer = api::not_found();
        c.store.read([&](sql::Connection& db) {
            if (const auto stored = load_visible(db, *id, call.actor())) {
                answer = api::ok(render(db, stored->ticket, stored->was_overdue, call.actor(), c.clock.now()));
                answer->headers.emplace_back("ETag", fmt::format("\"{}\"", stored->ticket.version));
            }
        });
        return answer;
    }

    /// Runs `write` with the ticket when the actor may see it.
    template <class Write>
    Answer get_part(const Call& call, Write write) const
    {
        const auto id = call.id_param<TicketId>(0);
        if (!id) return api::not_found();
        Answer answer = api::not_found();
        c.store.read([&](sql::Connection& db) {
            const auto stored = load_visible(db, *id, call.actor());
            if (!stored) return;
            JsonWriter out;
            out.begin_object().key("items").begin_array();
            write(db, stored->ticket, out);
            out.end_array().member("next_cursor", nullptr).end_object();
            answer = api::ok(out.take());
        });
        return answer;
    }

    Answer events(const Call& call) const
    {
        return get_part(call, [this](sql::Connection& db, const Ticket& ticket, JsonWriter& out) {
            const auto organisation = c.desk.surroundings().organisation();
            for (const auto& event : load_events(db, ticket.id)) {
                out.begin_object().member("seq", event.seq).member("at", event.at);
                write_person(out, "actor", event.actor, *organisation);
                out.member("type", event.type)
                    .key("data")
                    .raw(event.data)
                    .member("hash", event.hash.hex())
                    .end_object();
            }
        });
    }

    Answer tenures(const Call& call) const
    {
        return get_part(call, [this](sql::Connection&, const Ticket& ticket, JsonWriter& out) {
            const auto organisation = c.desk.surroundings().organisation();
            for (const auto& tenure : ticket.tenures)
                out.begin_object()
                    .member("staff_id", tenure.staff_id)
                    .member("name", organisation->name_of_staff(tenure.staff_id))
                    .member("from", tenure.from)
                    .member("to", tenure.to)
                    .member("cause", tenure.cause)
                    .end_object();
        });
    }

    Answer list_page(const Call& call) const
    {
        api::QueryReader in{*call.request};
        ListQuery query;
        query.view = in.choice<View>("view").value_or(View::all);
        const auto sort = in.one_of(
            "sort", {query.view == View::all ? "-created_at" : "due_at", "due_at", "created_at", "-created_at"});
        query.order = sort == "due_at" ? Order::due_at : sort == "created_at" ? Order::created_at : Order::newest;
        query.step = in.choice<Step>("step");
        query.grade = in.choice<Grade>("grade");
        query.class_ = in.choice<Class>("class");
        query.channel = in.choice<Channel>("channel");
        query.owner = in.id<StaffId>("owner_id");
        query.unit = in.id<UnitId>("unit_id");
        query.area = in.id<AreaId>("area_id");
        query.merchant = in.id<UnitId>("merchant_id");
        query.created_from = in.instant("created_from");
        query.created_to = in.instant("created_to");
        query.limit = in.limit();
        query.cursor = in.cursor();
        if (auto problem = in.problem()) return std::move(*problem);
        Answer answer = api::not_found();
        c.store.read([&](sql::Connection& db) {
            try {
                answer = api::ok(render_page(db, list(db, query, call.actor()), call.actor()));
            } catch (const std::invalid_argument&) {
                answer = Problem{.code = "invalid_cursor"};
            }
        });
        return answer;
    }

    static RowCache::Key key_of(const ListRow& row, std::uint64_t setting)
    {
        return {row.id, row.version, row.customer_version, setting * 2 + (row.overdue ? 1 : 0)};
    }

    /// What else a row's text depends on: names of people and units, the policy, how much the reader may see.
    std::uint64_t setting_of(const organisation::OrganisationPtr& organisation, const policy::Policy& policy,
                             const organisation::Mask& mask) const
    {
        std::uint64_t setting = generation->of(organisation) * 1'000'003 + static_cast<std::uint64_t>(policy.version());
        for (const auto sight : {mask.name, mask.phone, mask.email, mask.account_no, mask.address})
            setting = setting * 3 + static_cast<std::uint64_t>(sight);
        return setting;
    }

    /// Writes the rows that the cache has not, with one statement for all tickets and one for their customers.
    void write_rows(sql::Connection& db, const Page& page, const std::vector<TicketId>& missing,
                    const ViewContext& context, std::uint64_t setting, std::vector<RowCache::Text>& texts) const
    {
        std::map<TicketId, Ticket> tickets;
        std::vector<CustomerId> customers;
        for (auto& ticket : load_all(db, missing)) {
            customers.push_back(ticket.customer);
            tickets.emplace(ticket.id, std::move(ticket));
        }
        std::map<CustomerId, customer::CustomerRow> known;
        for (auto& row : c.customers.find_all(db, customers)) known.emplace(row.id, std::move(row));
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const auto& row = page.rows[i];
            const auto found = texts[i] ? tickets.end() : tickets.find(row.id);
            if (found == tickets.end()) continue;
            JsonWriter out;
            out.reserve(1500);
            out.begin_object();
            write_ticket_members(out, found->second, known[found->second.customer], row.overdue, context);
            out.end_object();
            texts[i] = rows->put(key_of(row, setting), out.take());
        }
    }

    std::string render_page(sql::Connection& db, const Page& page, const Actor& actor) const
    {
        const auto organisation = c.desk.surroundings().organisation();
        const auto policy = c.desk.surroundings().policy();
        organisation::Mask mask;
        const auto context = view(actor, organisation, policy, mask);
        const std::uint64_t setting = setting_of(organisation, *policy, mask);
        std::vector<RowCache::Text> texts;
        std::size_t bytes = 0;
        std::vector<TicketId> missing;
        for (const auto& row : page.rows) {
            texts.push_back(rows->find(key_of(row, setting)));
            if (texts.back())
                bytes += texts.back()->size();
            else
                missing.push_back(row.id);
        }
        if (!missing.empty()) write_rows(db, page, missing, context, setting, texts);
        JsonWriter out;
        out.reserve(bytes + missing.size() * 1500 + 100);
        out.begin_object().key("items").begin_array();
        for (const auto& text : texts)
            if (text) out.raw(*text);
        out.end_array().key("next_cursor");
        if (page.next_cursor.empty())
            out.value(nullptr);
        else
            out.value(api::encode_cursor(page.next_cursor));
        out.end_object();
        return out.take();
    }

    /// A unit's inbox: the open slips of the own units, next due first.
    Answer slips(const Call& call) const
    {
        api::QueryReader in{*call.request};
        const auto unit = in.id<UnitId>("unit_id");
        const int limit = in.limit();
        const auto cursor = in.cursor();
        if (auto problem = in.problem()) return std::move(*problem);
        const Actor& actor = call.actor();
        std::vector<UnitId> units;
        for (const UnitId each : actor.units)
            if ((!unit || each == unit) && organisation::can_see(actor, {actor.merchant, {}, {}, {}, {each}}))
                units.push_back(each);
        Answer answer = api::not_found();
        c.store.read([&](sql::Connection& db) {
            try {
                answer = api::ok(render_slips(db, inbox(db, units, limit, cursor), actor));
            } catch (const std::invalid_argument&) {
                answer = Problem{.code = "invalid_cursor"};
            }
        });
        return answer;
    }

    std::string render_slips(sql::Connection& db, const SlipPage& page, const Actor& actor) const
    {
        std::vector<TicketId> ids;
        for (const auto& row : page.rows) ids.push_back(row.ticket);
        std::map<TicketId, Ticket> tickets;
        for (auto& ticket : load_all(db, ids)) tickets.emplace(ticket.id, std::move(ticket));
        const auto organisation = c.desk.surroundings().organisation();
        JsonWriter out;
        out.begin_object().key("items").begin_array();
        for (const auto& row : page.rows) {
            const auto found = tickets.find(row.ticket);
            const auto* slip = found == tickets.end() ? nullptr : found->second.find_slip(row.no);
            if (!slip || !organisation::can_see(actor, scope_of(found->second))) continue;
            const auto& ticket = found->second;
            out.begin_object();
            write_slip_members(out, ticket, *slip, *organisation);
            out.member("subject", ticket.subject)
                .member("grade", ticket.grade)
                .member("next_due_at", row.next_due_at)
                .member("ticket_version", ticket.version)
                .end_object();
        }
        out.end_array().key("next_cursor");
        if (page.next_cursor.empty())
            out.value(nullptr);
        else
            out.value(api::encode_cursor(page.next_cursor));
        out.end_object();
        return out.take();
    }

    Answer counts(const Call& call) const
    {
        constexpr int cap = 1000;
        JsonWriter out;
        c.store.read([&](sql::Connection& db) {
            out.begin_object();
            for (const View each : {View::inbox, View::mine, View::unit, View::overdue})
                out.member(name_of(each), count(db, each, call.actor(), cap));
            out.end_object();
        });
        return api::ok(out.take());
    }

    // --- Writing ---------------------------------------------------------------------------------------------------------

    Result<api::WriteWork, Problem> create(const Call& call) const
    {
        auto input = api::read_body<IntakeInput>(call, [](api::ObjectReader& in, IntakeInput& into) {
            into.receive.channel = in.choice<Channel>("channel");
            read_intake(in, into);
        });
        if (!input) return std::move(input).error();
        const auto organisation = c.desk.surroundings().organisation();
        FieldErrors errors;
        check_places(*input, *organisation, errors);
        if (!errors.empty()) return api::invalid(std::move(errors));
        const Actor& actor = call.actor();
        // A merchant's agent takes in for the own merchant, whether it is said or not (C1).
        if (actor.merchant && !input->receive.merchant) input->receive.merchant = actor.merchant;
        if (!organisation::can(actor, Permission::ticket_create,
                               {input->receive.merchant, actor.staff, actor.unit, {}, {}}))
            return Problem{.code = "not_permitted"};
        input->receive.queue_unit = input->receive.merchant ? input->receive.merchant : c.service_desk();
        return api::WriteWork{[this, input = std::move(*input), actor](sql::Connection& db, Instant now) -> Written {
            Receive receive = input.receive;
            if (auto problem = identify(db, input.customer, receive, actor, now)) return {std::move(*problem)};
            const organisation::TicketScope scope{receive.merchant, actor.staff, actor.unit, {}, {}};
            auto received = c.desk.receive(db, receive, giver_for(actor, scope), now);
            if (!received) return {ticket::problem_of(received.error(), *c.desk.surroundings().organisation())};
            Ticket& ticket = received->ticket;
            auto answer = api::created(render(db, ticket, actor, now), "/api/v1/tickets/" + ticket.id.text());
            answer.headers.emplace_back("ETag", fmt::format("\"{}\"", ticket.version));
            c.publish(db, ticket, "create");
            return {std::move(answer), {c.wake}};
        }};
    }

    /// Finds or makes the customer's file. A file that the actor may not see is as good as none.
    std::optional<Problem> identify(sql::Connection& db, const CustomerInput& input, Receive& receive,
                                    const Actor& actor, Instant now) const
    {
        if (!input.id) {
            receive.customer = c.customers.find_or_create(db, c.desk.surroundings().ids, input.fresh, actor.staff, now);
            return std::nullopt;
        }
        if (!c.customers.find(db, input.id)) return api::invalid({{"/customer/id", "customer_unknown", {}}});
        receive.customer = input.id;
        c.customers.queue_for_search(db, input.id);
        return std::nullopt;
    }

    Result<api::WriteWork, Problem> command(const Call& call, const CommandForm& form) const
    {
        const auto id = call.id_param<TicketId>(0);
        if (!id) return api::not_found();
        auto command =
            api::read_body<Command>(call, [&form](api::ObjectReader& in, Command& into) { into = form.read(in); });
        if (!command) return std::move(command).error();
        const auto version = call.if_match();
        if (!version) return Problem{.code = "version_missing"};
        return api::WriteWork{[this, id = *id, command = std::move(*command), version, actor = call.actor(), &form](
                                  sql::Connection& db, Instant now) {
            return carry_out(db, {id, command, {form.permission}, actor, version}, form.name, now);
        }};
    }

    /// E3: a number is looked up before anything is queued, on the pool, as others are asked; the rules judge the answer.
    Result<api::WriteWork, Problem> verify_identity(const Call& call, const CommandForm& form) const
    {
        const auto id = call.id_param<TicketId>(0);
        if (!id) return api::not_found();
        auto command =
            api::read_body<Command>(call, [&form](api::ObjectReader& in, Command& into) { into = form.read(in); });
        if (!command) return std::move(command).error();
        const auto version = call.if_match();
        if (!version) return Problem{.code = "version_missing"};
        auto& wanted = std::get<VerifyIdentity>(*command);
        std::optional<customer::CustomerRow> file;
        c.store.read([&](sql::Connection& db) {
            const auto stored = load_visible(db, *id, call.actor());
            if (stored && may(call.actor(), form.permission, scope_of(stored->ticket)))
                file = c.customers.find(db, stored->ticket.customer).value_or(customer::CustomerRow{});
        });
        // Who may not is told so by the command itself; a number is looked up for nobody else.
        const bool is_number = wanted.method == IdentityMethod::account_no || wanted.method == IdentityMethod::order_no;
        if (file && is_number)
            wanted.found = c.look_up ? c.look_up(wanted.method, wanted.reference, *file) : LookUp::down;
        return api::WriteWork{[this, id = *id, command = std::move(*command), version, actor = call.actor(), &form](
                                  sql::Connection& db, Instant now) {
            return carry_out(db, {id, command, {form.permission}, actor, version}, form.name, now);
        }};
    }

    /// A slip's id names its ticket, whose version is the one that counts.
    Result<api::WriteWork, Problem> slip_command(const Call& call, const SlipCommandForm& form) const
    {
        const auto id = parse_child_id(call.param(0));
        if (!id || id->second > std::numeric_limits<int>::max()) return api::not_found();
        const int slip = static_cast<int>(id->second);
        auto command = api::read_body<Command>(
            call, [&form, slip](api::ObjectReader& in, Command& into) { into = form.read(in, slip); });
        if (!command) return std::move(command).error();
        const auto version = call.if_match();
        if (!version) return Problem{.code = "version_missing"};
        return api::WriteWork{[this, ticket = id->first, slip, command = std::move(*command), version,
                               actor = call.actor(), &form](sql::Connection& db, Instant now) {
            return carry_out(db, {ticket, command, form.permissions, actor, version, slip}, form.name, now);
        }};
    }

    Written carry_out(sql::Connection& db, const Ask& asked, std::string_view name, Instant now) const
    {
        const Actor& actor = asked.actor;
        auto done = ask(db, c.desk, asked, now);
        if (!done) return {problem_of(done.error())};
        Ticket& ticket = done->ticket;
        auto answer = api::ok(render(db, ticket, actor, now));
        answer.headers.emplace_back("ETag", fmt::format("\"{}\"", ticket.version));
        c.publish(db, ticket, name);
        return {std::move(answer), {c.wake}};
    }

    Problem problem_of(const Denied& denied) const
    {
        switch (denied.why) {
            case Denied::Why::not_found: return api::not_found();
            case Denied::Why::not_permitted: return Problem{.code = "not_permitted"};
            case Denied::Why::version_stale:
                return Problem{.code = "version_stale",
                               .fill = {{"version", std::to_string(denied.version)}},
                               .headers = {{"ETag", fmt::format("\"{}\"", denied.version)}},
                               .members = fmt::format("\"version\":{}", denied.version)};
            case Denied::Why::refused: break;
        }
        return ticket::problem_of(*denied.refused, *c.desk.surroundings().organisation());
    }
};

/// Where one right of several is enough, it is decided at the slip.
Access access_to(organisation::Permissions any_of)
{
    for (const auto each : all_of<Permission>())
        if (any_of == organisation::Permissions{each}) return Access::may(each);
    return Access::signed_in();
}

}  // namespace

Problem problem_of(const Refused& refused, const organisation::Organisation& organisation)
{
    Problem problem{.code = std::string{name_of(refused.code)}};
    if (refused.staff) problem.fill.emplace_back("name", std::string{organisation.name_of_staff(refused.staff)});
    if (refused.until != Instant{}) {
        const auto text = to_rfc3339(refused.until);
        problem.fill.emplace_back("until", text);
        problem.fill.emplace_back("expected_at", text);
    }
    if (!refused.fields.empty()) {
        std::string list;
        for (const auto& field : refused.fields) {
            (list += list.empty() ? "" : ", ") += field;
            const bool missing = refused.code == Refusal::record_incomplete;
            problem.errors.push_back({"/" + field, missing ? "required" : problem.code, {}});
        }
        problem.fill.emplace_back("fields", list);
        return problem;
    }
    // What a field is to blame for says which.
    if (refused.code == Refusal::identity_unknown) problem.errors.push_back({"/reference", problem.code, {}});
    if (refused.code == Refusal::rejection_reason_unknown) problem.errors.push_back({"/reason", problem.code, {}});
    if (refused.code == Refusal::handler_unknown) problem.errors.push_back({"/staff_id", problem.code, {}});
    if (refused.code == Refusal::time_not_later) problem.errors.push_back({"/new_due_at", problem.code, {}});
    if (refused.code == Refusal::category_unknown) problem.errors.push_back({"/category", "category_unknown", {}});
    if (refused.code == Refusal::time_in_the_past) problem.errors.push_back({"/expected_at", "time_in_the_past", {}});
    if (refused.code == Refusal::reason_required) problem.errors.push_back({"/reason", "reason_required", {}});
    return problem;
}

void read_intake(api::ObjectReader& in, IntakeInput& into)
{
    auto& r = into.receive;
    in.required_object("customer", [&](api::ObjectReader& customer) {
        into.customer.id = customer.optional_id<CustomerId>("id");
        auto& fresh = into.customer.fresh;
        fresh.name = into.customer.id ? customer.optional_text("name", {.min = 0, .max = 100})
                                      : customer.text("name", {.min = 1, .max = 100});
        fresh.phone = customer.optional_text("phone", {.min = 0, .max = 32});
        fresh.email = customer.optional_text("email", {.min = 0, .max = 254});
        fresh.account_no = customer.optional_text("account_no", {.min = 0, .max = 64});
        fresh.address = customer.optional_text("address", {.min = 0, .max = 300});
        if (!into.customer.id && !fresh.name.empty())
            for (auto& error : customer::check(fresh, "/customer")) in.add(std::move(error));
    });
    r.subject = in.text("subject", {.min = 1, .max = 200});
    r.content = in.text("content", {.min = 1, .max = 10'000});
    r.demand = in.optional_text("demand", {.min = 0, .max = 10'000});
    r.class_ = in.optional_choice<Class>("class");
    r.category = in.optional_text("category", {.min = 0, .max = 100});
    r.area = in.optional_id<AreaId>("area_id");
    r.merchant = in.optional_id<UnitId>("merchant_id");
    r.occurred_at = in.optional_instant("occurred_at");
}

void check_places(const IntakeInput& input, const organisation::Organisation& organisation, FieldErrors& errors)
{
    const auto* merchant = input.receive.merchant ? organisation.find(input.receive.merchant) : nullptr;
    if (input.receive.merchant && (!merchant || merchant->kind != organisation::UnitKind::merchant))
        errors.push_back({"/merchant_id", "merchant_unknown", {}});
    if (input.receive.area && !organisation.find(input.receive.area))
        errors.push_back({"/area_id", "area_unknown", {}});
}

std::function<Written(sql::Connection&, const Actor&, TicketId, AddAttachment, Instant)> attachment_adder(
    const RouteContext& context)
{
    const auto h = std::make_shared<Handlers>(Handlers{context});
    // A file is something noted: it needs no version, and nothing that was decided hangs on it.
    return [h](sql::Connection& db, const Actor& actor, TicketId id, AddAttachment command, Instant now) {
        const Command wanted{std::move(command)};
        return h->carry_out(db, {id, wanted, {Permission::ticket_note}, actor, std::nullopt}, "add_attachment", now);
    };
}

void add_ticket_routes(api::Routes& routes, const RouteContext& context)
{
    const auto h = std::make_shared<Handlers>(Handlers{context});
    routes.get("/api/v1/tickets", Access::signed_in(), [h](const Call& call) { return h->list_page(call); });
    routes.get("/api/v1/tickets/counts", Access::signed_in(), [h](const Call& call) { return h->counts(call); });
    routes.get("/api/v1/tickets/{id}", Access::signed_in(), [h](const Call& call) { return h->get(call); });
    routes.get("/api/v1/tickets/{id}/events", Access::signed_in(), [h](const Call& call) { return h->events(call); });
    routes.get("/api/v1/tickets/{id}/tenures", Access::signed_in(), [h](const Call& call) { return h->tenures(call); });
    routes.write(http::Method::post, "/api/v1/tickets", Access::may(Permission::ticket_create),
                 [h](const Call& call) { return h->create(call); });
    for (const auto& form : command_forms()) {
        const auto path = fmt::format("/api/v1/tickets/{{id}}/commands/{}", form.name);
        if (form.name == "verify_identity")
            routes.post_slow(path, Access::may(form.permission),
                             [h, &form](const Call& call) { return h->verify_identity(call, form); });
        else
            routes.post(path, Access::may(form.permission),
                        [h, &form](const Call& call) { return h->command(call, form); });
    }
    routes.get("/api/v1/slips", Access::signed_in(), [h](const Call& call) { return h->slips(call); });
    for (const auto& form : slip_command_forms())
        routes.post(fmt::format("/api/v1/slips/{{id}}/commands/{}", form.name), access_to(form.permissions),
                    [h, &form](const Call& call) { return h->slip_command(call, form); });
}

}  // namespace shouwen::ticket
