#include "modules/improvement/edge/improvement_routes.hpp"

#include "platform/json/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>
#include <variant>

namespace shouwen::improvement {
namespace {

using api::Access;
using api::Answer;
using api::Call;
using api::Permission;
using api::Problem;
using api::Written;
using Around = std::shared_ptr<const Services>;

constexpr api::TextLimits long_text{.min = 1, .max = 2'000};
constexpr api::TextLimits optional_text{.min = 0, .max = 2'000};

organisation::ImprovementScope scope_of(const Improvement& i)
{
    return {i.merchant, i.unit, i.owner, i.checker, i.author};
}

// --- Writing down

void write_person(JsonWriter& out, std::string_view key, StaffId id, const organisation::Organisation& organisation)
{
    out.key(key);
    if (!id)
        out.value(nullptr);
    else
        out.begin_object().member("id", id).member("name", organisation.name_of_staff(id)).end_object();
}

void write_round(JsonWriter& out, const Round& r, const organisation::Organisation& organisation)
{
    out.begin_object()
        .member("no", r.no)
        .member("measure", r.measure)
        .member("due_at", r.due_at)
        .member("check_at", r.check_at)
        .member("finished_at", r.finished_at)
        .text_or_null("summary", r.summary)
        .member("checked_at", r.checked_at);
    write_person(out, "checked_by", r.checked_by, organisation);
    out.member("effective", r.effective).text_or_null("finding", r.finding).end_object();
}

/// Whether the rights allow it. Nobody checks their own work.
bool may(std::string_view name, const Improvement& i, const api::Actor& actor)
{
    const bool edits = organisation::can(actor, Permission::improvement_edit, scope_of(i));
    const bool acts = organisation::can(actor, Permission::improvement_act, scope_of(i));
    if (name == "finish") return edits || (acts && actor.staff == i.owner);
    if (name == "check") return actor.staff != i.owner && (edits || (acts && actor.staff == i.checker));
    return edits;
}

/// What the reader may do about it now: what rights and state both allow.
std::vector<std::string_view> commands_for(const Improvement& i, const api::Actor& actor)
{
    std::vector<std::string_view> names;
    if (i.ended_at) return names;
    for (const std::string_view name : {i.state == State::open ? "finish" : "check", "change", "cancel"})
        if (may(name, i, actor)) names.push_back(name);
    return names;
}

void write_item(JsonWriter& out, const Improvement& i, const organisation::Organisation& organisation,
                const api::Actor& actor, Instant now)
{
    out.begin_object()
        .member("id", i.id)
        .member("version", i.version)
        .member("source", i.source)
        .text_or_null("reference", i.reference)
        .member("ticket_id", i.ticket)
        .member("title", i.title)
        .text_or_null("problem", i.problem)
        .member("unit_id", i.unit)
        .member("unit_name", organisation.name_of_unit(i.unit))
        .member("merchant_id", i.merchant);
    write_person(out, "owner", i.owner, organisation);
    write_person(out, "checker", i.checker, organisation);
    write_person(out, "author", i.author, organisation);
    out.member("state", i.state)
        .member("created_at", i.created_at)
        .member("ended_at", i.ended_at)
        .text_or_null("reason", i.reason);
    write_person(out, "debtor", i.ended_at ? StaffId{} : i.debtor, organisation);
    out.member("due_at", i.watched.due_at)
        .member("overdue", !i.ended_at && i.watched.due_at <= now)
        .member("breached_at", i.breached_at)
        .key("rounds")
        .begin_array();
    for (const auto& round : i.rounds) write_round(out, round, organisation);
    out.end_array().key("commands").begin_array();
    for (const auto name : commands_for(i, actor)) out.value(name);
    out.end_array().end_object();
}

http::Response with_version(http::Response response, const Improvement& item)
{
    response.headers.emplace_back("ETag", fmt::format("\"{}\"", item.version));
    return response;
}

std::string json_of(const Services& services, const Improvement& item, const api::Actor& actor, Instant now)
{
    JsonWriter out;
    write_item(out, item, *services.organisation(), actor, now);
    return out.take();
}

// --- Reading

Fence fence_of(const api::Actor& actor)
{
    Fence fence{.merchant = actor.merchant, .units = {}, .staff = actor.staff};
    constexpr organisation::Permissions any{Permission::improvement_act, Permission::improvement_edit};
    if (!(actor.permissions & any).empty()) {
        fence.all = actor.permissions.has(Permission::ticket_read_all);
        fence.units = actor.units;
    }
    for (const auto& role : actor.scoped)
        if (!(role.permissions & any).empty())
            fence.units.insert(fence.units.end(), role.units.begin(), role.units.end());
    return fence;
}

Answer list_page(const Services& services, const Call& call)
{
    api::QueryReader query{*call.request};
    Filter filter{.owner = query.id<StaffId>("owner_id"),
                  .unit = query.id<UnitId>("unit_id"),
                  .ticket = query.id<TicketId>("ticket_id"),
                  .state = query.choice<State>("state")};
    const bool overdue = query.boolean("overdue").value_or(false);
    const int limit = query.limit();
    const auto cursor = query.cursor();
    if (auto problem = query.problem()) return *std::move(problem);
    const Instant now = services.clock.now();
    if (overdue) filter.overdue_at = now;
    const auto organisation = services.organisation();
    JsonWriter out;
    try {
        services.store.read([&](sql::Connection& db) {
            const auto page = list(db, fence_of(call.actor()), filter, limit, cursor);
            out.begin_object().key("items").begin_array();
            for (const auto& each : page.items) write_item(out, each, *organisation, call.actor(), now);
            out.end_array().key("next_cursor");
            page.next_cursor.empty() ? out.value(nullptr) : out.value(api::encode_cursor(page.next_cursor));
            out.end_object();
        });
    } catch (const std::invalid_argument&) {
        return Problem{.code = "invalid_cursor"};
    }
    return api::ok(out.take());
}

Answer get(const Services& services, const Call& call)
{
    const auto id = call.id_param<ImprovementId>(0);
    if (!id) return api::not_found();
    std::optional<Improvement> item;
    services.store.read([&](sql::Connection& db) { item = find(db, *id); });
    if (!item || !organisation::can_see(call.actor(), scope_of(*item))) return api::not_found();
    return with_version(api::ok(json_of(services, *item, call.actor(), services.clock.now())), *item);
}

// --- Making and changing

struct NewItem {
    Improvement item;
    Plan plan;
};

Plan read_plan(api::ObjectReader& in)
{
    Plan plan;
    plan.measure = in.text("measure", long_text);
    plan.due_at = in.instant("due_at");
    plan.check_at = in.instant("check_at");
    return plan;
}

void read_new(api::ObjectReader& in, NewItem& into)
{
    auto& item = into.item;
    item.source = in.choice<Source>("source");
    item.reference = in.optional_text("reference", {.min = 0, .max = 100});
    item.ticket = in.optional_id<TicketId>("ticket_id");
    item.title = in.text("title", {.min = 1, .max = 200});
    item.problem = in.optional_text("problem", optional_text);
    item.owner = in.id<StaffId>("owner_id");
    item.checker = in.id<StaffId>("checker_id");
    into.plan = read_plan(in);
}

/// Who works on an item or checks it is at work, and a merchant's people name nobody else's.
bool is_nameable(StaffId id, const api::Actor& actor, const organisation::Organisation& organisation)
{
    const auto* staff = organisation.find(id);
    if (!staff || staff->is_disabled()) return false;
    return !actor.merchant || organisation.merchant_of(staff->unit) == actor.merchant;
}

FieldErrors check_people(const Improvement& item, const api::Actor& actor,
                         const organisation::Organisation& organisation)
{
    FieldErrors errors;
    if (!is_nameable(item.owner, actor, organisation)) errors.push_back({"/owner_id", "staff_unknown", {}});
    if (!is_nameable(item.checker, actor, organisation)) errors.push_back({"/checker_id", "staff_unknown", {}});
    if (errors.empty() && item.owner == item.checker) errors.push_back({"/checker_id", "checker_is_owner", {}});
    return errors;
}

void note(const Services& services, sql::Connection& db, const api::Actor& actor, std::string_view action,
          const Improvement& item, const std::string& reason, Instant now)
{
    JsonWriter data;
    data.begin_object()
        .text_or_null("reason", reason)
        .key("item")
        .raw(json_of(services, item, actor, now))
        .end_object();
    services.audit(db, {now, actor.staff, std::string{action}, "improvement", item.id.text(), data.take()});
}

void tell(const Services& services, sql::Connection& db, const api::Actor& actor, std::initializer_list<StaffId> whom,
          std::string_view kind, const Improvement& item, Instant now)
{
    std::set<StaffId> told{actor.staff};
    for (const StaffId each : whom)
        if (each && told.insert(each).second) services.tell(db, each, kind, item, now);
}

Written create_item(const Services& services, sql::Connection& db, const api::Actor& actor, NewItem wanted, Instant now)
{
    const auto organisation = services.organisation();
    auto& item = wanted.item;
    auto errors = check_people(item, actor, *organisation);
    for (auto& error : check(wanted.plan, now)) errors.push_back(std::move(error));
    if (item.ticket && !services.may_see(actor, item.ticket, db))
        errors.push_back({"/ticket_id", "ticket_unknown", {}});
    const bool of_ticket = item.source == Source::complaint || item.source == Source::follow_up;
    if (of_ticket && !item.ticket) errors.push_back({"/ticket_id", "required", {}});
    if (!errors.empty()) return {api::invalid(std::move(errors))};
    item.id = services.ids.next<ImprovementId>(now);
    item.unit = organisation->find(item.owner)->unit;
    item.merchant = organisation->merchant_of(item.unit);
    item.author = actor.staff;
    item.created_at = now;
    begin(item, wanted.plan, now);
    insert(db, item, *services.policy());
    note(services, db, actor, "improvement_created", item, {}, now);
    tell(services, db, actor, {item.owner, item.checker}, "improvement_assigned", item, now);
    return {
        with_version(api::created(json_of(services, item, actor, now), "/api/v1/improvements/" + item.id.text()), item),
        {services.wake}};
}

api::Prepare create(const Around& services)
{
    return [services](const Call& call) -> Result<api::WriteWork, Problem> {
        auto wanted = api::read_body<NewItem>(call, read_new);
        if (!wanted) return std::move(wanted).error();
        return api::WriteWork{
            [services, wanted = *std::move(wanted), actor = call.actor()](sql::Connection& db, Instant now) {
                return create_item(*services, db, actor, wanted, now);
            }};
    };
}

/// A change of an item as it is now, or why not.
using Turn = std::function<std::optional<Problem>(Improvement&, const api::Actor&, Instant)>;

std::optional<Problem> problem_of(std::optional<Refusal> refusal)
{
    if (!refusal) return std::nullopt;
    return Problem{.code = std::string{name_of(*refusal)}};
}

/// What all commands share: sight, version, right, the change itself, the record.
Result<api::WriteWork, Problem> command(const Around& services, const Call& call, std::string_view name, Turn turn,
                                        std::string reason = {})
{
    const auto id = call.id_param<ImprovementId>(0);
    if (!id) return api::not_found();
    const auto version = call.if_match();
    if (!version) return Problem{.code = "version_missing"};
    return api::WriteWork{[services, name, turn = std::move(turn), reason = std::move(reason), id = *id,
                           version = *version, actor = call.actor()](sql::Connection& db, Instant now) -> Written {
        auto item = find_for_change(db, id);
        if (!item || !organisation::can_see(actor, scope_of(*item))) return {api::not_found()};
        if (item->version != version) {
            const auto present = std::to_string(item->version);
            return {
                Problem{.code = "version_stale", .fill = {{"version", present}}, .members = "\"version\":" + present}};
        }
        if (!may(name, *item, actor)) return {Problem{.code = "not_permitted"}};
        const auto before = *item;
        if (auto problem = turn(*item, actor, now)) return {*std::move(problem)};
        ++item->version;
        update(db, *item, *services->policy());
        note(*services, db, actor, fmt::format("improvement_{}", name), *item, reason, now);
        if (item->debtor != before.debtor && !item->ended_at)
            tell(*services, db, actor, {item->debtor},
                 item->state == State::to_check ? "improvement_to_check" : "improvement_assigned", *item, now);
        if (item->rounds.size() > before.rounds.size())
            tell(*services, db, actor, {item->author, item->owner}, "improvement_ineffective", *item, now);
        return {with_version(api::ok(json_of(*services, *item, actor, now)), *item), {services->wake}};
    }};
}

api::Prepare finish_item(const Around& services)
{
    return [services](const Call& call) -> Result<api::WriteWork, Problem> {
        auto summary = api::read_body<std::string>(
            call, [](api::ObjectReader& in, std::string& into) { into = in.text("summary", long_text); });
        if (!summary) return std::move(summary).error();
        return command(services, call, "finish",
                       [summary = *std::move(summary)](Improvement& item, const api::Actor&, Instant now) {
                           return problem_of(finish(item, summary, now));
                       });
    };
}

struct Checked {
    bool effective = false;
    std::string finding;
    std::optional<Plan> next;
};

api::Prepare check_item(const Around& services)
{
    return [services](const Call& call) -> Result<api::WriteWork, Problem> {
        auto checked = api::read_body<Checked>(call, [](api::ObjectReader& in, Checked& into) {
            into.effective = in.boolean("effective");
            into.finding = in.text("finding", long_text);
            in.object("next", [&](api::ObjectReader& next) { into.next = read_plan(next); });
        });
        if (!checked) return std::move(checked).error();
        return command(
            services, call, "check",
            [checked = *std::move(checked)](Improvement& item, const api::Actor& actor,
                                            Instant now) -> std::optional<Problem> {
                FieldErrors errors;
                if (!checked.effective && !checked.next) errors.push_back({"/next", "required", {}});
                if (checked.effective && checked.next) errors.push_back({"/next", "unknown_field", {}});
                if (!checked.effective && checked.next) errors = check(*checked.next, now, "/next");
                if (!errors.empty()) return api::invalid(std::move(errors));
                return problem_of(assess(item, actor.staff, checked.effective, checked.finding, checked.next, now));
            });
    };
}

struct Changed {
    Change change;
    std::string reason;
};

std::optional<Problem> change_of(const Services& services, const Changed& wanted, Improvement& item,
                                 const api::Actor& actor, Instant now)
{
    const auto organisation = services.organisation();
    auto then = item;
    auto changed = wanted.change;
    if (changed.owner)
        if (const auto* owner = organisation->find(changed.owner)) changed.unit = owner->unit;
    if (const auto refused = change(then, changed, now)) return problem_of(refused);
    FieldErrors errors;
    const bool moves_due = changed.due_at && then.state == State::open;
    if (changed.due_at && then.state != State::open) errors.push_back({"/due_at", "improvement_not_open", {}});
    if (moves_due && *changed.due_at <= now) errors.push_back({"/due_at", "time_in_the_past", {}});
    if (then.round().check_at <= then.round().due_at) errors.push_back({"/check_at", "check_before_due", {}});
    if (changed.owner || changed.checker)
        for (auto& error : check_people(then, actor, *organisation)) errors.push_back(std::move(error));
    if (!errors.empty()) return api::invalid(std::move(errors));
    then.merchant = organisation->merchant_of(then.unit);
    if (then.merchant != item.merchant) return api::invalid({{"/owner_id", "staff_unknown", {}}});
    item = std::move(then);
    return std::nullopt;
}

api::Prepare change_item(const Around& services)
{
    return [services](const Call& call) -> Result<api::WriteWork, Problem> {
        auto changed = api::read_body<Changed>(call, [](api::ObjectReader& in, Changed& into) {
            into.change.owner = in.optional_id<StaffId>("owner_id");
            into.change.checker = in.optional_id<StaffId>("checker_id");
            into.change.due_at = in.optional_instant("due_at");
            into.change.check_at = in.optional_instant("check_at");
            into.reason = in.text("reason", long_text);
        });
        if (!changed) return std::move(changed).error();
        auto reason = changed->reason;
        return command(
            services, call, "change",
            [services, changed = *std::move(changed)](Improvement& item, const api::Actor& actor, Instant now) {
                return change_of(*services, changed, item, actor, now);
            },
            std::move(reason));
    };
}

api::Prepare cancel_item(const Around& services)
{
    return [services](const Call& call) -> Result<api::WriteWork, Problem> {
        auto reason = api::read_body<std::string>(
            call, [](api::ObjectReader& in, std::string& into) { into = in.text("reason", long_text); });
        if (!reason) return std::move(reason).error();
        return command(services, call, "cancel",
                       [reason = *std::move(reason)](Improvement& item, const api::Actor&, Instant now) {
                           return problem_of(cancel(item, reason, now));
                       });
    };
}

}  // namespace

void add_improvement_routes(api::Routes& routes, const Services& services)
{
    const auto around = std::make_shared<const Services>(services);
    const auto bind = [around](auto act) { return [around, act](const Call& call) { return act(*around, call); }; };
    const auto may = Access::may(Permission::improvement_act);
    routes.get_slow("/api/v1/improvements", may, bind(list_page));
    routes.post("/api/v1/improvements", may, create(around));
    routes.get("/api/v1/improvements/{id}", may, bind(get));
    routes.post("/api/v1/improvements/{id}/commands/finish", may, finish_item(around));
    routes.post("/api/v1/improvements/{id}/commands/check", may, check_item(around));
    routes.post("/api/v1/improvements/{id}/commands/change", may, change_item(around));
    routes.post("/api/v1/improvements/{id}/commands/cancel", may, cancel_item(around));
}

}  // namespace shouwen::improvement
