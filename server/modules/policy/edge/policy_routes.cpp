#include "modules/policy/edge/policy_routes.hpp"

#include "modules/policy/edge/document_json.hpp"
#include "modules/policy/rules/holiday_years.hpp"
#include "modules/policy/store/policies.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

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
    std::set<std::chrono::local_days> dates;
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
            if (date && !belongs_to(year, *date)) day.fail("on", "day_outside_year", std::to_string(year));
            if (date && !dates.insert(std::chrono::local_days{*date}).second) day.fail("on", "duplicate");
            if (date)
                read.days.push_back({*date, kind == "make_up" ? SpecialDayKind::make_up : SpecialDayKind::off, name});
        }
        for (auto& error : errors) in.add(std::move(error));
    });
    std::ranges::sort(read.days, {}, [](const SpecialDay& day) { return std::chrono::local_days{day.date}; });
    return read;
}

void write_days(JsonWriter& out, const HolidayYear& year)
{
    out.key("days").begin_array();
    for (const auto& day : year.days)
        out.begin_object()
            .member("on", day.date)
            .member("kind", day.kind == SpecialDayKind::make_up ? "make_up" : "holiday")
            .member("name", day.name)
            .end_object();
    out.end_array();
}

std::string days_json(const HolidayYear& year)
{
    JsonWriter out;
    out.begin_object();
    write_days(out, year);
    out.end_object();
    return out.take();
}

std::shared_ptr<const Holidays> known_holidays(const std::vector<StoredHolidays>& imported)
{
    auto holidays = holidays_of_china();
    for (const auto& stored : imported) {
        std::string why;
        const auto body = api::JsonBody::parse(stored.days, why);
        ensure(body.has_value(), "stored holidays are JSON");
        FieldErrors errors;
        ObjectReader in{body->value(), "", errors};
        holidays = std::make_shared<const Holidays>(holidays->with(read_year(in, stored.year)));
    }
    return holidays;
}

std::optional<std::int64_t> number_in(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<int> year_param(const Call& call)
{
    const auto year = number_in(call.param(0));
    if (!year || *year < first_year || *year > last_year) return std::nullopt;
    return static_cast<int>(*year);
}

Problem stale(std::int64_t version)
{
    return {.code = "version_stale",
            .fill = {{"version", std::to_string(version)}},
            .members = fmt::format("\"version\":{}", version)};
}

void write_author(JsonWriter& out, StaffId author, const organisation::Organisation& organisation)
{
    out.key("author");
    if (author)
        out.begin_object().member("id", author).member("name", organisation.name_of_staff(author)).end_object();
    else
        out.value(nullptr);
}

/// What is said of a year besides its days. A built-in year has version 0 and no author: the first import makes version 1.
void write_year(JsonWriter& out, const HolidayYear& year, const std::optional<StoredHolidays>& imported,
                const organisation::Organisation& organisation)
{
    out.member("year", year.year)
        .member("source", imported ? "imported" : "built_in")
        .member("version", imported ? imported->version : 0)
        .member("updated_at", imported ? std::optional{imported->updated_at} : std::nullopt);
    write_author(out, imported ? imported->author : StaffId{}, organisation);
}

Answer year_answer(const HolidayYear& year, const std::optional<StoredHolidays>& imported,
                   const organisation::Organisation& organisation)
{
    JsonWriter out;
    out.begin_object();
    write_year(out, year, imported, organisation);
    write_days(out, year);
    out.end_object();
    auto response = api::ok(out.take());
    response.headers.emplace_back("ETag", fmt::format("\"{}\"", imported ? imported->version : 0));
    return response;
}

std::string policy_json(const StoredPolicy& policy, const organisation::Organisation& organisation)
{
    JsonWriter out;
    out.begin_object().member("version", policy.version).member("created_at", policy.created_at);
    write_author(out, policy.author, organisation);
    // Whole, also where an older version lacks what came later.
    write_document(out.key("document"), stored_document(policy.document));
    out.end_object();
    return out.take();
}

}  // namespace

Policies::Policies(sql::Store& store, Instant now) : store_(store)
{
    store_.write([now](sql::Connection& db) {
        sql::serialise(db, "policy");
        if (!policy::current(db)) add_version(db, {1, document_text(default_document()), now, {}});
    });
    changes_ = store.feed().subscribe(topic, {[this](auto) { reload(); }, [this] { reload(); }});
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
                                               known_holidays(holiday_years(db)));
    });
    const std::lock_guard lock{mutex_};
    current_ = std::move(fresh);
}

void add_policy_routes(
    api::Routes& routes, sql::Store& store, const Clock& clock, Policies& policies,
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
    routes.get("/api/v1/policies/{version}", Access::may(Permission::policy_read),
               [&store, organisation](const Call& call) -> Answer {
                   const auto version = number_in(call.param(0));
                   std::optional<StoredPolicy> stored;
                   if (version) store.read([&](sql::Connection& db) { stored = find_version(db, *version); });
                   if (!stored) return api::not_found();
                   return api::ok(policy_json(*stored, *organisation()));
               });
    routes.get("/api/v1/policies", Access::may(Permission::policy_read),
               [&store, organisation](const Call& call) -> Answer {
                   api::QueryReader in{*call.request};
                   const auto cursor = in.cursor();
                   const int limit = in.limit();
                   if (auto problem = in.problem()) return std::move(*problem);
                   const auto before = cursor.empty() ? std::numeric_limits<std::int64_t>::max() : number_in(cursor);
                   if (!before) return Problem{.code = "invalid_cursor"};
                   std::vector<StoredPolicy> found;
                   store.read([&](sql::Connection& db) { found = versions(db, *before, limit + 1); });
                   const bool more = found.size() > static_cast<std::size_t>(limit);
                   if (more) found.pop_back();
                   JsonWriter out;
                   out.begin_object().key("items").begin_array();
                   for (const auto& each : found) {
                       out.begin_object().member("version", each.version).member("created_at", each.created_at);
                       write_author(out, each.author, *organisation());
                       out.end_object();
                   }
                   out.end_array()
                       .text_or_null("next_cursor",
                                     more ? api::encode_cursor(std::to_string(found.back().version)) : std::string{})
                       .end_object();
                   return api::ok(out.take());
               });
    routes.put("/api/v1/policies/current", Access::may(Permission::policy_edit),
               [organisation, audit](const Call& call) -> Result<api::WriteWork, Problem> {
                   auto document = api::read_body<Document>(
                       call, [](ObjectReader& in, Document& into) { read_document(in, into); });
                   if (!document) return std::move(document).error();
                   const auto version = call.if_match();
                   if (!version) return Problem{.code = "version_missing"};
                   return api::WriteWork{[organisation, audit, version = *version, text = document_text(*document),
                                          author = call.actor().staff](sql::Connection& db, Instant now) -> Written {
                       sql::serialise(db, "policy");
                       const auto before = policy::current(db).value();
                       if (before.version != version) return {stale(before.version)};
                       const StoredPolicy next{version + 1, text, now, author};
                       add_version(db, next);
                       audit(db, author, "policy_changed", fmt::format("{{\"version\":{}}}", next.version), now);
                       auto response = api::ok(policy_json(next, *organisation()));
                       response.headers.emplace_back("ETag", fmt::format("\"{}\"", next.version));
                       return {std::move(response)};
                   }};
               });
    routes.get("/api/v1/holidays", Access::may(Permission::policy_read),
               [&store, &policies, &clock, organisation](const Call& call) -> Answer {
                   api::QueryReader in{*call.request};
                   if (auto problem = in.problem()) return std::move(*problem);
                   const auto& zone = policies.current()->calendar("").zone();
                   JsonWriter out;
                   out.begin_object().key("items").begin_array();
                   store.read([&](sql::Connection& db) {
                       const auto imported = holiday_years(db);
                       const auto holidays = known_holidays(imported);
                       for (const auto& year : holidays->years()) {
                           const auto own = std::ranges::find(imported, year.year, &StoredHolidays::year);
                           out.begin_object();
                           write_year(out, year, own == imported.end() ? std::nullopt : std::optional{*own},
                                      *organisation());
                           out.member("day_count", year.days.size()).end_object();
                       }
                       out.end_array().key("missing").begin_array();
                       for (const int year : missing_years(*holidays, LocalDate{zone.date(clock.now())}))
                           out.value(year);
                   });
                   out.end_array().end_object();
                   return api::ok(out.take());
               });
    routes.get("/api/v1/holidays/{year}", Access::may(Permission::policy_read),
               [&store, organisation](const Call& call) -> Answer {
                   const auto number = year_param(call);
                   if (!number) return api::not_found();
                   Answer answer = api::not_found();
                   store.read([&](sql::Connection& db) {
                       const auto imported = find_holiday_year(db, *number);
                       const auto holidays = imported ? known_holidays(std::vector{*imported}) : holidays_of_china();
                       const auto& years = holidays->years();
                       const auto found = std::ranges::find(years, *number, &HolidayYear::year);
                       if (found != years.end()) answer = year_answer(*found, imported, *organisation());
                   });
                   return answer;
               });
    routes.put("/api/v1/holidays/{year}", Access::may(Permission::policy_edit),
               [organisation, audit](const Call& call) -> Result<api::WriteWork, Problem> {
                   const auto year = year_param(call);
                   if (!year) return api::not_found();
                   auto days = api::read_body<HolidayYear>(call, [year](ObjectReader& in, HolidayYear& into) {
                       if (!in.has("days")) in.fail("days", "required");
                       into = read_year(in, *year);
                   });
                   if (!days) return std::move(days).error();
                   const auto version = call.if_match();
                   if (!version) return Problem{.code = "version_missing"};
                   return api::WriteWork{[organisation, audit, version = *version, days = std::move(*days),
                                          by = call.actor().staff](sql::Connection& db, Instant now) -> Written {
                       sql::serialise(db, "policy");
                       const auto before = find_holiday_year(db, days.year);
                       const std::int64_t known = before ? before->version : 0;
                       if (known != version) return {stale(known)};
                       const StoredHolidays next{days.year, days_json(days), known + 1, now, by};
                       save_holidays(db, next);
                       audit(db, by, "holidays_changed", fmt::format("{{\"year\":{}}}", days.year), now);
                       return {year_answer(days, next, *organisation())};
                   }};
               });
}

}  // namespace shouwen::policy
