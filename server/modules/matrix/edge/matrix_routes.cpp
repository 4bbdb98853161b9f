#include "modules/matrix/edge/matrix_routes.hpp"

#include "modules/matrix/edge/matrix_json.hpp"
#include "modules/matrix/store/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace shouwen::matrix {
namespace {

using api::Access;
using api::Answer;
using api::Call;
using api::Permission;
using api::Problem;
using api::Written;
using Around = std::shared_ptr<const Services>;

Surroundings surroundings(const Services& services)
{
    return {services.organisation(), services.policy()};
}

/// The rows that the person may know of: a merchant's staff none that names another merchant (C1).
RowsPtr rows_for(const api::Actor& actor, const Services& services)
{
    auto all = services.matrix.current();
    if (!actor.merchant) return all;
    const auto organisation = services.organisation();
    auto open = std::make_shared<std::vector<Row>>();
    std::ranges::copy_if(*all, std::back_inserter(*open), [&](const Row& row) {
        return is_open_to_merchant(row.assignment, actor.merchant, *organisation);
    });
    return open;
}

std::string row_json(const Row& row, const Surroundings& around)
{
    JsonWriter out;
    write_row(out, row, around);
    return out.take();
}

http::Response with_version(http::Response response, const Row& row)
{
    response.headers.emplace_back("ETag", fmt::format("\"{}\"", row.version));
    return response;
}

// --- Reading

Answer get_matrix(const Services& services, const Call& call)
{
    api::QueryReader query{*call.request};
    if (auto problem = query.problem()) return *std::move(problem);
    const auto around = surroundings(services);
    const auto rows = rows_for(call.actor(), services);
    JsonWriter out;
    out.begin_object()
        .member("version", version_of(*services.matrix.current()))
        .member("rows_max", rows_max)
        .key("items")
        .begin_array();
    for (const auto& row : *rows) write_row(out, row, around);
    out.end_array().member("next_cursor", nullptr).end_object();
    return api::ok(out.take());
}

Answer answer_proposal(const Services& services, const Call& call, const Matter& matter)
{
    const auto around = surroundings(services);
    const auto rows = rows_for(call.actor(), services);
    JsonWriter out;
    write_proposal(out, matter, propose(*rows, matter, around), around);
    return api::ok(out.take());
}

/// What is wrong with a matter that was made up for a trial; one answer for "absent" and "not yours".
std::optional<Problem> fault_of(const Matter& matter, const api::Actor& actor, const Surroundings& around)
{
    if (!matter.category.empty() && !matter.class_)
        return Problem{
            .code = "invalid_filter",
            .fill = {{"name", "class"}, {"expected", "consultation, suggestion, complaint, help, repair, business"}}};
    if (!matter.category.empty() && category_path(around.policy(), *matter.class_, matter.category).empty())
        return Problem{.code = "category_unknown"};
    if (matter.area && !around.organisation().find(matter.area)) return Problem{.code = "area_unknown"};
    const bool is_foreign = actor.merchant && matter.merchant != actor.merchant;
    if (matter.merchant && (is_foreign || !around.is_merchant(matter.merchant)))
        return Problem{.code = "merchant_unknown"};
    return std::nullopt;
}

Answer try_out(const Services& services, const Call& call)
{
    api::QueryReader query{*call.request};
    Matter matter{.class_ = query.choice<Class>("class"),
                  .category = query.text("category", 64),
                  .area = query.id<AreaId>("area_id"),
                  .merchant = query.id<UnitId>("merchant_id"),
                  .grade = query.choice<Grade>("grade")};
    if (auto problem = query.problem()) return *std::move(problem);
    if (auto problem = fault_of(matter, call.actor(), surroundings(services))) return *std::move(problem);
    return answer_proposal(services, call, matter);
}

Answer of_ticket(const Services& services, const Call& call)
{
    const auto id = call.id_param<TicketId>(0);
    api::QueryReader query{*call.request};
    if (auto problem = query.problem()) return *std::move(problem);
    std::optional<Matter> matter;
    if (id) services.store.read([&](sql::Connection& db) { matter = services.matter_of(call.actor(), *id, db); });
    if (!matter) return api::not_found();
    return answer_proposal(services, call, *matter);
}

// --- Writing

Problem refused(Refusal refusal)
{
    return {.code = std::string{name_of(refusal)}, .fill = {{"count", std::to_string(rows_max)}}};
}

/// A row in use has the key already. @param self  the row that is saved; none for a new one
std::optional<Problem> taken(sql::Connection& db, const Key& key, MatrixRowId self)
{
    const auto holder = holder_of(db, key);
    if (!holder || holder == self) return std::nullopt;
    auto problem = refused(Refusal::matrix_key_taken);
    problem.members = fmt::format("\"row_id\":\"{}\"", holder.text());
    return problem;
}

void note(const Services& services, sql::Connection& db, StaffId by, std::string_view action, const Row& row,
          const std::string& json, Instant now)
{
    services.audit(db, {now, by, std::string{action}, "matrix_row", row.id.text(), json});
}

api::Prepare create(const Around& services)
{
    return [services](const Call& call) -> Result<api::WriteWork, Problem> {
        auto assignment = api::read_body<Assignment>(call, read_assignment);
        if (!assignment) return std::move(assignment).error();
        return api::WriteWork{[services, assignment = *std::move(assignment), by = call.actor().staff](
                                  sql::Connection& db, Instant now) -> Written {
            lock(db);
            const auto around = surroundings(*services);
            if (auto errors = check(assignment, around); !errors.empty()) return {api::invalid(std::move(errors))};
            if (count(db) >= rows_max) return {refused(Refusal::matrix_full)};
            if (auto problem = taken(db, assignment.key, {})) return {*std::move(problem)};
            const Row row{
                .id = services->ids.next<MatrixRowId>(now), .assignment = assignment, .updated_at = now, .author = by};
            insert(db, row);
            const auto json = row_json(row, around);
            note(*services, db, by, "matrix_row_created", row, json, now);
            return {with_version(api::created(json, "/api/v1/matrix/rows/" + row.id.text()), row)};
        }};
    };
}

/// A change of a row as it is now, or why not.
using Change = std::function<std::optional<Problem>(sql::Connection&, Row&, const Surroundings&, Instant)>;

/// What all changes of a row share: the version, the change itself, the record.
Result<api::WriteWork, Problem> change_row(const Around& services, const Call& call, std::string action, Change change)
{
    const auto id = call.id_param<MatrixRowId>(0);
    if (!id) return api::not_found();
    const auto version = call.if_match();
    if (!version) return Problem{.code = "version_missing"};
    return api::WriteWork{[services, action = std::move(action), change = std::move(change), id = *id,
                           version = *version, by = call.actor().staff](sql::Connection& db, Instant now) -> Written {
        lock(db);
        auto row = find(db, id);
        if (!row) return {api::not_found()};
        if (row->version != version) {
            const auto present = std::to_string(row->version);
            return {
                Problem{.code = "version_stale", .fill = {{"version", present}}, .members = "\"version\":" + present}};
        }
        const auto around = surroundings(*services);
        if (auto problem = change(db, *row, around, now)) return {*std::move(problem)};
        ++row->version;
        row->updated_at = now;
        row->author = by;
        update(db, *row);
        const auto json = row_json(*row, around);
        note(*services, db, by, action, *row, json, now);
        return {with_version(api::ok(json), *row)};
    }};
}

api::Prepare edit(const Around& services)
{
    return [services](const Call& call) -> Result<api::WriteWork, Problem> {
        auto body = api::read_body<Assignment>(call, read_assignment);
        if (!body) return std::move(body).error();
        return change_row(services, call, "matrix_row_changed",
                          [assignment = *std::move(body)](sql::Connection& db, Row& row, const Surroundings& around,
                                                          Instant) -> std::optional<Problem> {
                              if (row.is_retired()) return refused(Refusal::matrix_row_retired);
                              if (auto errors = check(assignment, around); !errors.empty())
                                  return api::invalid(std::move(errors));
                              if (auto problem = taken(db, assignment.key, row.id)) return problem;
                              row.assignment = assignment;
                              return std::nullopt;
                          });
    };
}

std::optional<Problem> no_body(const Call& call)
{
    auto body = api::read_body<std::monostate>(call, [](api::ObjectReader&, std::monostate&) {});
    return body ? std::nullopt : std::optional{std::move(body).error()};
}

api::Prepare retire(const Around& services)
{
    return [services](const Call& call) -> Result<api::WriteWork, Problem> {
        if (auto problem = no_body(call)) return *std::move(problem);
        return change_row(services, call, "matrix_row_retired",
                          [](sql::Connection&, Row& row, const Surroundings&, Instant now) -> std::optional<Problem> {
                              if (row.is_retired()) return refused(Refusal::matrix_row_retired);
                              row.retired_at = now;
                              return std::nullopt;
                          });
    };
}

api::Prepare restore(const Around& services)
{
    return [services](const Call& call) -> Result<api::WriteWork, Problem> {
        if (auto problem = no_body(call)) return *std::move(problem);
        return change_row(services, call, "matrix_row_restored",
                          [](sql::Connection& db, Row& row, const Surroundings&, Instant) -> std::optional<Problem> {
                              if (!row.is_retired()) return refused(Refusal::matrix_row_valid);
                              if (auto problem = taken(db, row.assignment.key, row.id)) return problem;
                              row.retired_at.reset();
                              return std::nullopt;
                          });
    };
}

}  // namespace

void add_matrix_routes(api::Routes& routes, Services services)
{
    const auto around = std::make_shared<const Services>(std::move(services));
    const auto bind = [around](auto act) { return [around, act](const Call& call) { return act(*around, call); }; };
    const auto read = Access::may(Permission::policy_read);
    const auto may_edit = Access::may(Permission::policy_edit);
    const std::string row = "/api/v1/matrix/rows/{id}";

    routes.get_slow("/api/v1/matrix", read, bind(get_matrix));
    routes.get("/api/v1/matrix/proposal", read, bind(try_out));
    routes.get("/api/v1/tickets/{id}/proposal", Access::signed_in(), bind(of_ticket));
    routes.post("/api/v1/matrix/rows", may_edit, create(around));
    routes.put(row, may_edit, edit(around));
    routes.post(row + "/commands/retire", may_edit, retire(around));
    routes.post(row + "/commands/restore", may_edit, restore(around));
}

}  // namespace shouwen::matrix
