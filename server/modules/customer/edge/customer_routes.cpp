#include "modules/customer/edge/customer_routes.hpp"

#include "base/text.hpp"
#include "modules/customer/edge/customer_json.hpp"
#include "modules/customer/store/customers.hpp"

#include <charconv>

namespace shouwen::customer {
namespace {

using api::Actor;
using api::Permission;
using api::Problem;

constexpr int recent_tickets_max = 20;
constexpr int changes_max = 100;
constexpr int reveals_max = 50;
constexpr std::string_view revealed_action = "customer_revealed";
constexpr std::size_t tags_max = 20;
constexpr api::TextLimits tag_limits{.min = 1, .max = 30};
constexpr api::TextLimits note_limits{.min = 0, .max = 2000};
constexpr api::TextLimits reason_limits{.min = 1, .max = 2000};
/// The rules know the fields' own limits; what passes them to the rules only bounds the work.
constexpr api::TextLimits any_text{.min = 0, .max = 100'000};

bool is_visible(sql::Connection& db, const CustomerRow& customer, const Actor& actor)
{
    organisation::CustomerScope scope{.merchants = {}, .units = {}, .made_by = customer.created_by};
    // Whom no fence holds may see a customer of many tickets without having them all read.
    if (organisation::fence(actor).reach != organisation::ReadFence::Reach::all) scope = scope_of(db, customer);
    return organisation::can_see_customer(actor, scope);
}

/// A file, if it is there and the actor may see it: "absent" and "not yours" are one answer.
std::optional<CustomerRow> find_visible(sql::Connection& db, CustomerId id, const Actor& actor)
{
    auto customer = find(db, id);
    return customer && is_visible(db, *customer, actor) ? customer : std::nullopt;
}

/// A telling refusal only for what the actor may see anyway; else nothing, so that a merchant cannot ask whose customer a
/// number is.
std::optional<Problem> already_there(sql::Connection& db, const NewCustomer& given, const Actor& actor)
{
    for (const auto& same : find_same(db, given))
        if (is_visible(db, same, actor))
            return Problem{.code = "customer_exists",
                           .fill = {{"name", same.name}},
                           .members = "\"customer_id\":\"" + same.id.text() + "\""};
    return std::nullopt;
}

std::string to_json(const CustomerRow& customer, const Actor& actor)
{
    api::JsonWriter out;
    write_customer(out, customer, actor);
    return out.take();
}

/// What a form sends: a file's fields.
struct Form {
    NewCustomer fields;
    std::string note;
    std::string tags;  ///< empty: none given
    bool has_own_notes = false;
};

void read_form(api::ObjectReader& reader, Form& form, const Actor& actor)
{
    form.fields.name = reader.text("name", {.min = 1, .max = any_text.max});
    form.fields.phone = reader.optional_text("phone", any_text);
    form.fields.email = reader.optional_text("email", any_text);
    form.fields.account_no = reader.optional_text("account_no", any_text);
    form.fields.address = reader.optional_text("address", any_text);
    if (reader.has("language")) form.fields.language = reader.text("language", any_text);
    if (actor.merchant) return;  // the platform's own notes are unknown fields to a merchant's staff
    form.has_own_notes = true;
    form.note = reader.optional_text("note", note_limits);
    api::JsonWriter tags;
    tags.begin_array();
    for (const auto& tag : reader.texts("tags", tags_max, tag_limits)) tags.value(trim(tag));
    form.tags = tags.end_array().take();
}

/// Every fault of a form at once.
Result<Form, Problem> checked_form(const api::Call& call)
{
    return api::read_body<Form>(call, [&](api::ObjectReader& reader, Form& form) {
        read_form(reader, form, call.actor());
        for (const auto& [pointer, code, expected] : check(form.fields))
            if (code != "required")
                reader.fail(pointer.substr(1), code, expected);  // the reader has told what is absent
    });
}

/// Its values are checked later: what came back masked is no number and no address.
Result<Form, Problem> unchecked_form(const api::Call& call)
{
    return api::read_body<Form>(call,
                                [&](api::ObjectReader& reader, Form& form) { read_form(reader, form, call.actor()); });
}

/// A field that comes back as it was shown was not typed: it stays what it is.
void keep_what_was_masked(NewCustomer& given, const CustomerRow& stored, const Actor& actor)
{
    const auto seen = shown(stored, organisation::mask_for(actor));
    const auto keep = [](std::string& field, const std::string& masked, const std::string& value) {
        if (!masked.empty() && field == masked) field = value;
    };
    keep(given.phone, seen.phone, stored.phone);
    keep(given.email, seen.email, stored.email);
    keep(given.account_no, seen.account_no, stored.account_no);
    keep(given.address, seen.address, stored.address);
}

CustomerRow corrected(const CustomerRow& stored, const Form& form)
{
    CustomerRow after = stored;
    after.name = trim(form.fields.name);
    after.phone = normal_phone(form.fields.phone).value_or("");
    after.email = trim(form.fields.email);
    after.account_no = trim(form.fields.account_no);
    after.address = trim(form.fields.address);
    after.language = form.fields.language;
    if (form.has_own_notes) {
        after.note = form.note;
        after.tags = form.tags;
    }
    return after;
}

Problem stale(std::int64_t version)
{
    const auto text = std::to_string(version);
    return {.code = "version_stale", .fill = {{"version", text}}, .members = "\"version\":" + text};
}

api::Prepare create_customer(const Services& services)
{
    return [services](const api::Call& call) -> Result<api::WriteWork, Problem> {
        auto form = checked_form(call);
        if (!form) return std::move(form).error();
        return api::WriteWork{
            [services, form = *form, actor = call.actor()](sql::Connection& db, Instant now) -> api::Written {
                if (auto problem = already_there(db, form.fields, actor)) return {std::move(*problem)};
                const auto id = create(db, services.ids, form.fields, actor.staff, now);
                CustomerRow made = find(db, id).value();
                if (form.has_own_notes) {
                    CustomerRow noted = made;
                    noted.note = form.note;
                    noted.tags = form.tags;
                    made = change(db, made, noted, {}, ChangeKind::edited, actor.staff, now);
                }
                return {api::created(to_json(made, actor), "/api/v1/customers/" + id.text())};
            }};
    };
}

api::Prepare correct_customer()
{
    return [](const api::Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<CustomerId>(0);
        if (!id) return api::not_found();
        const auto version = call.if_match();
        if (!version) return Problem{.code = "version_missing"};
        auto form = unchecked_form(call);
        if (!form) return std::move(form).error();
        return api::WriteWork{[id = *id, version = *version, form = *form, actor = call.actor()](
                                  sql::Connection& db, Instant now) -> api::Written {
            const auto stored = find_visible(db, id, actor);
            if (!stored) return {api::not_found()};
            if (stored->version != version) return {stale(stored->version)};
            Form given = form;
            keep_what_was_masked(given.fields, *stored, actor);
            if (auto errors = check(given.fields); !errors.empty()) return {api::invalid(std::move(errors))};
            const auto after = change(db, *stored, corrected(*stored, given), trim(given.fields.phone),
                                      ChangeKind::edited, actor.staff, now);
            return {api::ok(to_json(after, actor))};
        }};
    };
}

const std::string& value_of(const CustomerRow& customer, RevealedField field)
{
    switch (field) {
        case RevealedField::phone: return customer.phone;
        case RevealedField::email: return customer.email;
        case RevealedField::account_no: return customer.account_no;
        case RevealedField::address: break;
    }
    return customer.address;
}

struct Reveal {
    RevealedField field = RevealedField::phone;
    std::string reason;
};

/// C6: the value and the line in the audit log are one transaction; neither is there without the other.
api::Prepare reveal_field(const Services& services)
{
    return [services](const api::Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<CustomerId>(0);
        if (!id) return api::not_found();
        auto reveal = api::read_body<Reveal>(call, [](api::ObjectReader& reader, Reveal& into) {
            into.field = reader.choice<RevealedField>("field");
            into.reason = reader.text("reason", reason_limits);
        });
        if (!reveal) return std::move(reveal).error();
        return api::WriteWork{[services, id = *id, reveal = *reveal, actor = call.actor()](
                                  sql::Connection& db, Instant now) -> api::Written {
            const auto customer = find_visible(db, id, actor);
            if (!customer) return {api::not_found()};
            api::JsonWriter data;
            data.begin_object().member("field", reveal.field).member("reason", reveal.reason).end_object();
            services.append_audit(db, {.at = now,
                                       .actor = actor.staff,
                                       .action = std::string{revealed_action},
                                       .subject_kind = "customer",
                                       .subject_id = id.text(),
                                       .data = data.take()});
            api::JsonWriter out;
            out.begin_object().text_or_null("value", value_of(*customer, reveal.field)).end_object();
            return {api::ok(out.take())};
        }};
    };
}

/// `<id>` and, where the list is sorted by name, `:<name>`.
std::string position_of(const CustomerRow& last)
{
    return std::to_string(last.id.value) + ":" + last.name;
}

std::optional<CustomerPosition> parse_position(std::string_view text)
{
    CustomerPosition position;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), position.id.value);
    const auto used = static_cast<std::size_t>(end - text.data());
    if (fault != std::errc{} || used == text.size() || text[used] != ':') return std::nullopt;
    position.name = text.substr(used + 1);
    return is_utf8(position.name) ? std::optional{position} : std::nullopt;
}

api::Read list_customers(const Services& services)
{
    return [services](const api::Call& call) -> api::Answer {
        api::QueryReader query{*call.request};
        CustomerFilter filter{.name = std::string{trim(query.text("q", 100))}, .phone = {}};
        const auto phone = query.text("phone", 32);
        const int limit = query.limit();
        const auto cursor = query.cursor();
        if (auto problem = query.problem()) return std::move(*problem);
        if (!trim(phone).empty()) {
            filter.phone = phone_query(phone);
            if (!filter.phone)
                return Problem{.code = "invalid_filter", .fill = {{"name", "phone"}, {"expected", "3–15 × 0–9"}}};
        }
        std::optional<CustomerPosition> after;
        if (!cursor.empty() && !(after = parse_position(cursor))) return Problem{.code = "invalid_cursor"};

        std::vector<CustomerRow> found;
        services.store.read([&](sql::Connection& db) {
            found = list(db, filter, organisation::fence(call.actor()), after, limit + 1);
        });
        const bool is_more = found.size() > static_cast<std::size_t>(limit);
        if (is_more) found.pop_back();
        api::JsonWriter out;
        out.begin_object().key("items").begin_array();
        for (const auto& customer : found) write_customer(out, customer, call.actor());
        out.end_array().key("next_cursor");
        is_more ? out.value(api::encode_cursor(position_of(found.back()))) : out.value(nullptr);
        return api::ok(out.end_object().take());
    };
}

api::Read get_customer(const Services& services)
{
    return [services](const api::Call& call) -> api::Answer {
        const auto id = call.id_param<CustomerId>(0);
        if (!id) return api::not_found();
        std::optional<std::string> json;
        services.store.read([&](sql::Connection& db) {
            const auto customer = find_visible(db, *id, call.actor());
            if (!customer) return;
            api::JsonWriter out;
            write_file(out, *customer, recent_tickets(db, *id, organisation::fence(call.actor()), recent_tickets_max),
                       changes_of(db, *id, changes_max), services.audit_of(db, *id, revealed_action, reveals_max),
                       call.actor(), *services.organisation());
            json = out.take();
        });
        if (!json) return api::not_found();
        return api::ok(std::move(*json));
    };
}

}  // namespace

void add_customer_routes(api::Routes& routes, const Services& services)
{
    const auto may = [](Permission permission) { return api::Access::may(permission); };
    routes.get_slow("/api/v1/customers", may(Permission::customer_read), list_customers(services));
    routes.post("/api/v1/customers", may(Permission::customer_edit), create_customer(services));
    routes.get_slow("/api/v1/customers/{id}", may(Permission::customer_read), get_customer(services));
    routes.put("/api/v1/customers/{id}", may(Permission::customer_edit), correct_customer());
    routes.post("/api/v1/customers/{id}/commands/reveal", may(Permission::customer_reveal), reveal_field(services));
}

}  // namespace shouwen::customer
