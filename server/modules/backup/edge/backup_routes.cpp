#include "modules/backup/edge/backup_routes.hpp"

#include "api/json_writer.hpp"

#include <algorithm>

namespace shouwen::backup {
namespace {

using api::Problem;

void write_run(api::JsonWriter& out, const Run& run, const Services& services)
{
    out.begin_object().member("id", run.id).member("kind", run.kind).member("state", run.state);
    out.member("cause", run.cause).key("requested_by");
    if (run.requested_by)
        out.begin_object()
            .member("id", run.requested_by)
            .member("name", services.name_of_staff(run.requested_by))
            .end_object();
    else
        out.value(nullptr);
    out.member("requested_at", run.requested_at).member("started_at", run.started_at);
    out.member("ended_at", run.ended_at);
    const auto write = [&](std::string_view name, auto RunResult::*member) {
        out.key(name);
        run.result ? out.value((*run.result).*member) : out.value(nullptr);
    };
    write("backup", &RunResult::backup);
    write("made_at", &RunResult::made_at);
    write("size_bytes", &RunResult::size_bytes);
    write("added_bytes", &RunResult::added_bytes);
    write("files_count", &RunResult::files_count);
    write("tickets_count", &RunResult::tickets_count);
    write("is_encrypted", &RunResult::encrypted);
    out.member("verified_at", run.verified_at).member("removed_at", run.removed_at);
    out.member("failure", run.failure).member("detail", run.detail).end_object();
}

void write_maybe(api::JsonWriter& out, std::string_view name, const std::optional<Run>& run, const Services& services)
{
    out.key(name);
    run ? write_run(out, *run, services) : void(out.value(nullptr));
}

api::Read get_status(const Services& services)
{
    return [services](const api::Call& call) -> api::Answer {
        api::QueryReader query{*call.request};
        if (auto problem = query.problem()) return std::move(*problem);
        const Setup* setup = services.setup();
        Standing now;
        std::vector<Run> open;
        services.store.read([&](sql::Connection& db) {
            now = standing(db);
            open = open_runs(db);
        });
        const Instant at = services.clock.now();
        api::JsonWriter out;
        out.begin_object().member("is_configured", setup != nullptr);
        out.member("is_encrypted", setup && setup->is_encrypted);
        write_maybe(out, "verified", now.verified, services);
        write_maybe(out, "newest", now.newest_backup, services);
        std::optional<Instant> next_at, drill_at, until;
        bool overdue = false;
        if (setup) {
            next_at = std::max(at, next_backup(setup->schedule, now.last_backup, at, *setup->zone));
            if (const auto due = next_drill(setup->schedule, now.last_drill,
                                            now.newest_backup ? now.newest_backup->ended_at : std::nullopt))
                drill_at = std::max(at, *due);
            const auto verified = now.verified ? std::optional{now.verified->result->made_at} : std::nullopt;
            overdue = is_overdue(setup->schedule, verified, now.since, at);
            if (const auto from = verified ? verified : now.since) until = *from + setup->schedule.verified_max_age;
        }
        out.member("is_overdue", overdue).member("overdue_at", until);
        out.member("next_backup_at", next_at).member("next_drill_at", drill_at);
        out.key("open").begin_array();
        for (const auto& run : open) write_run(out, run, services);
        return api::ok(out.end_array().end_object().take());
    };
}

api::Read list_runs(const Services& services)
{
    return [services](const api::Call& call) -> api::Answer {
        api::QueryReader query{*call.request};
        const int limit = query.limit();
        const auto cursor = query.cursor();
        if (auto problem = query.problem()) return std::move(*problem);
        const auto before = cursor.empty() ? std::optional{BackupRunId{}} : BackupRunId::parse(cursor);
        if (!before) return Problem{.code = "invalid_cursor"};
        std::vector<Run> runs;
        services.store.read([&](sql::Connection& db) { runs = list(db, *before, limit + 1); });
        const bool is_more = runs.size() > static_cast<std::size_t>(limit);
        if (is_more) runs.pop_back();
        api::JsonWriter out;
        out.begin_object().key("items").begin_array();
        for (const auto& run : runs) write_run(out, run, services);
        out.end_array().key("next_cursor");
        is_more ? out.value(api::encode_cursor(runs.back().id.text())) : out.value(nullptr);
        return api::ok(out.end_object().take());
    };
}

struct Wanted {
    RunKind kind = RunKind::backup;
};

api::Prepare request_run(const Services& services)
{
    return [services](const api::Call& call) -> Result<api::WriteWork, Problem> {
        auto wanted = api::read_body<Wanted>(call, [](api::ObjectReader& in, Wanted& into) {
            into.kind = in.optional_choice<RunKind>("kind").value_or(into.kind);
        });
        if (!wanted) return std::move(wanted).error();
        if (!services.setup()) return Problem{.code = "backup_not_configured"};
        return api::WriteWork{
            [services, kind = wanted->kind, by = call.actor().staff](sql::Connection& db, Instant now) -> api::Written {
                const auto run = request(db, services.ids.next<BackupRunId>(now), kind, by, now);
                if (!run) return {Problem{.code = "backup_running"}};
                services.audit(db, by, kind == RunKind::backup ? "backup_requested" : "drill_requested", run->id, now);
                api::JsonWriter out;
                write_run(out, *run, services);
                return {api::created(out.take(), "/api/v1/backups"), {services.wake}};
            }};
    };
}

}  // namespace

void add_backup_routes(api::Routes& routes, const Services& services)
{
    const auto access = api::Access::may(api::Permission::backup_manage);
    routes.get_slow("/api/v1/backups", access, list_runs(services));
    routes.get_slow("/api/v1/backups/status", access, get_status(services));
    routes.post("/api/v1/backups", access, request_run(services));
}

}  // namespace shouwen::backup
