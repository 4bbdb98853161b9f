#include "modules/policy/edge/policy_routes.hpp"

#include "modules/policy/edge/document_json.hpp"
#include "modules/policy/store/policies.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <charconv>

namespace shouwen::policy {
namespace {

namespace json = boost::json;
using api::Access;
using api::Answer;
using api::Call;
using api::ObjectReader;
using api::Problem;
using api::Written;
using organisation::Permission;

constexpr int first_year = 1970;
constexpr int last_year = 2100;

std::string document_text(const Document& document)
{
    JsonWriter out;
    write_document(out, document);
    return out.take();
}

/// What the program itself wrote.
Document stored_document(std::string_view text)
{
    std::string why;
    const auto body = api::JsonBody::parse(text, why);
    ensure(body.has_value(), "the stored policy is JSON");
    FieldErrors errors;
    Document document;
    {
        ObjectReader in{body->value(), "", errors};
        read_document(in, document);
    }
    ensure(errors.empty(), "the stored policy is valid");
    return document;
}

HolidayYear read_year(ObjectReader& in, int year)
{
    HolidayYear read{year, "imported", {}};
    in.array("days", 366, [&](const json::value& item, const std::string& pointer) {
        FieldErrors errors;
        {
            ObjectReader day{item, pointer, errors};
            const auto on = day.text("on", {.min = 10, .max = 10});
            const auto date = parse_date(on);
            if (!on.empty() && !date) day.fail("on", "not_a_date", "2027-02-06");
            const auto kind = day.text("kind", {.min = 1, .max = 20});
            if (!kind.empty() && kind != "holiday" && kind != "make_up")
                day.fail("kind", "not_a_choice", "holiday, make_up");
            const auto name = day.text("name", {.min = 1, .max = 100});
            if (date)
                read.days.push_back({*date, kind == "make_up" ? SpecialDayKind::make_up : SpecialDayKind::off, name});
        }
        for (auto& error : errors) in.add(std::move(error));
    });
    return read;
}

std::string days_json(const HolidayYear& year)
{
    JsonWriter out;
    out.begin_object().key("days").begin_array();
    for (const auto& day : year.days)
        out.begin_object()
            .member("on", day.date)
            .member("kind", day.kind == SpecialDayKind::make_up ? "make_up" : "holiday")
            .member("name", day.name)
            .end_object();
    out.end_array().end_object();
    return out.take();
}

std::shared_ptr<const Holidays> known_holidays(sql::Connection& db)
{
    auto holidays = holidays_of_china();
    for (const auto& stored : holiday_years(db)) {
        std::string why;
        const auto body = api::JsonBody::parse(stored.days, why);
        ensure(body.has_value(), "stored holidays are JSON");
        FieldErrors errors;
        ObjectReader in{body->value(), "", errors};
        holidays = std::make_shared<const Holidays>(holidays->with(read_year(in, stored.year)));
    }
    return holidays;
}

std::optional<int> year_param(const Call& call)
{
    const auto& text = call.param(0);
    int year = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), year);
    if (fault != std::errc{} || end != text.data() + text.size() || year < first_year || year > last_year)
        return std::nullopt;
    return year;
}

void write_author(JsonWriter& out, StaffId author, const organisation::Organisation& organisation)
{
    out.key("author");
    if (author)
        out.begin_object().member("id", author).member("name", organisation.name_of_staff(author)).end_object();
    else
        out.value(nullptr);
}

std::string policy_json(const StoredPolicy& policy, const organisation::Organisation& organisation)
{
    JsonWriter out;
    out.begin_object().member("version", policy.version).member("created_at", policy.created_at);
    write_author(out, policy.author, organisation);
    out.key("document").raw(policy.document).end_object();
    return out.take();
}

}  // namespace

Policies::Policies(sql::Store& store, Instant now) : store_(store)
{
    store_.write([now](sql::Connection& db) {
        if (!policy::current(db)) add_version(db, {1, document_text(default_document()), now, {}});
    });
    reload();
}

PolicyPtr Policies::current() const
{
    const std::lock_guard lock{mutex_};
    return current_;
}

void Policies::reload()
{
    PolicyPtr fresh;
    store_.read([&](sql::Connection& db) {
        const auto stored = policy::current(db).value();
        fresh = std::make_shared<const Policy>(static_cast<int>(stored.version), stored_document(stored.document),
                                               known_holidays(db));
    });
    const std::lock_guard lock{mutex_};
    current_ = std::move(fresh);
}

void add_policy_routes(
    api::Routes& routes, sql::Store& store, Policies& policies,
    std::function<organisation::OrganisationPtr()> organisation,
    std::function<void(sql::Connection&, StaffId, std::string_view action, std::string_view detail, Instant)> audit)
{
    routes.get("/api/v1/policies/current", Access::may(Permission::policy_read),
               [&store, organisation](const Call&) -> Answer {
                   http::Response response;
                   store.read([&](sql::Connection& db) {
                       const auto stored = policy::current(db).value();
                       response = api::ok(policy_json(stored, *organisation()));
                       response.headers.emplace_back("ETag", fmt::format("\"{}\"", stored.version));
                   });
                   return response;
               });
    routes.get("/api/v1/policies", Access::may(Permission::policy_read),
               [&store, organisation](const Call& call) -> Answer {
                   api::QueryReader in{*call.request};
                   const int limit = in.limit();
                   if (auto problem = in.problem()) return std::move(*problem);
                   JsonWriter out;
                   out.begin_object().key("items").begin_array();
                   store.read([&](sql::Connection& db) {
                       for (const auto& each : versions(db, limit)) {
                           out.begin_object().member("version", each.version).member("created_at", each.created_at);
                           write_author(out, each.author, *organisation());
                           out.end_object();
                       }
                   });
                   out.end_array().member("next_cursor", nullptr).end_object();
                   return api::ok(out.take());
               });
    routes.put(
        "/api/v1/policies/current", Access::may(Permission::policy_edit),
        [&policies, organisation, audit](const Call& call) -> Result<api::WriteWork, Problem> {
            auto document =
                api::read_body<Document>(call, [](ObjectReader& in, Document& into) { read_document(in, into); });
            if (!document) return std::move(document).error();
            const auto version = call.if_match();
            if (!version) return Problem{.code = "version_missing"};
            return api::WriteWork{[&policies, organisation, audit, version = *version, text = document_text(*document),
                                   author = call.actor().staff](sql::Connection& db, Instant now) -> Written {
                const auto before = policy::current(db).value();
                if (before.version != version)
                    return {Problem{.code = "version_stale",
                                    .fill = {{"version", std::to_string(before.version)}},
                                    .members = fmt::format("\"version\":{}", before.version)}};
                const StoredPolicy next{version + 1, text, now, author};
                add_version(db, next);
                audit(db, author, "policy_changed", fmt::format("{{\"version\":{}}}", next.version), now);
                auto response = api::ok(policy_json(next, *organisation()));
                response.headers.emplace_back("ETag", fmt::format("\"{}\"", next.version));
                return {std::move(response), {[&policies] { policies.reload(); }}};
            }};
        });
    routes.get("/api/v1/holidays/{year}", Access::may(Permission::policy_read), [&store](const Call& call) -> Answer {
        const auto year = year_param(call);
        if (!year) return api::not_found();
        Answer answer = api::not_found();
        store.read([&](sql::Connection& db) {
            const auto holidays = known_holidays(db);
            for (const auto& each : holidays->years())
                if (each.year == *year)
                    answer = api::ok(fmt::format("{{\"year\":{},{}", *year, days_json(each).substr(1)));
        });
        return answer;
    });
    routes.put("/api/v1/holidays/{year}", Access::may(Permission::policy_edit),
               [&policies, audit](const Call& call) -> Result<api::WriteWork, Problem> {
                   const auto year = year_param(call);
                   if (!year) return api::not_found();
                   auto days = api::read_body<HolidayYear>(call, [year](ObjectReader& in, HolidayYear& into) {
                       if (in.optional_integer("year", *year, *year)) {}
                       if (!in.has("days")) in.fail("days", "required");
                       into = read_year(in, *year);
                   });
                   if (!days) return std::move(days).error();
                   return api::WriteWork{[&policies, audit, days = std::move(*days), by = call.actor().staff](
                                             sql::Connection& db, Instant now) -> Written {
                       const auto text = days_json(days);
                       save_holidays(db, {days.year, text}, by, now);
                       audit(db, by, "holidays_changed", fmt::format("{{\"year\":{}}}", days.year), now);
                       return {api::ok(fmt::format("{{\"year\":{},{}", days.year, text.substr(1))),
                               {[&policies] { policies.reload(); }}};
                   }};
               });
}

}  // namespace shouwen::policy
