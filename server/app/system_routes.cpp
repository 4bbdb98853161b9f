#include "app/centre.hpp"

#include "api/document.hpp"
#include "platform/json/json_writer.hpp"

namespace shouwen::app {
namespace {

using api::Access;
using api::Answer;
using api::Call;
using api::Problem;

http::Response text(std::string body, std::string type, int status = 200)
{
    http::Response response;
    response.status = status;
    response.content_type = std::move(type);
    response.body = std::move(body);
    return response;
}

struct Move {
    std::optional<Duration> advance;
    std::optional<Instant> to;
};

Result<Move, Problem> read_move(const Call& call)
{
    return api::read_body<Move>(call, [](api::ObjectReader& in, Move& into) {
        const auto advance = in.optional_text("advance", {.min = 1, .max = 50});
        into.advance = parse_iso_duration(advance);
        if (!advance.empty() && !into.advance) in.fail("advance", "not_a_duration");
        into.to = in.optional_instant("now");
        if (!into.advance && !into.to && advance.empty()) in.fail("advance", "required");
    });
}

}  // namespace

void Centre::add_system_routes(ManualClock* manual)
{
    routes_->get_from_memory("/healthz", [](const Call&) -> Answer { return api::ok(R"({"status":"ok"})"); });
    routes_->get("/readyz", Access::open(), [this](const Call&) -> Answer {
        bool readable = true;
        std::vector<hold::Hold> holds;
        try {
            store_->read([&](sql::Connection& db) {
                obligation::Obligations::next_at(db);
                holds = hold::open_holds(db);
            });
        } catch (const sql::DatabaseFault&) {
            readable = false;
        }
        const bool writable = !store_->figures().is_read_only;
        const bool ready = readable && writable && jobs_alive() && !is_behind() && !is_draining_;
        JsonWriter out;
        out.begin_object()
            .member("status", ready          ? "ok"
                              : is_draining_ ? "draining"
                                             : "not_ready")
            .member("store", !readable  ? "unreachable"
                             : writable ? "ok"
                                        : "read_only")
            .member("scheduler", jobs_alive() ? "ok" : "silent")
            .member("news", is_behind() ? "behind" : "ok")
            .member("node", node())
            .key("held")
            .begin_array();
        for (const auto& hold : holds)
            out.begin_object()
                .member("what", hold.what)
                .member("cause", hold.cause)
                .member("since", hold.since)
                .end_object();
        out.end_array().end_object();
        return text(out.take(), "application/json", ready ? 200 : 503);
    });
    routes_->get_from_memory("/metrics", [this](const Call&) -> Answer {
        const auto figures = store_->figures();
        metrics_.gauge("store_queue_length", "Writes that wait for the writer")
            .set(static_cast<double>(figures.queue_length));
        metrics_.gauge("store_jobs", "Writes carried out since the start").set(static_cast<double>(figures.jobs_count));
        metrics_.gauge("store_commits", "Commits since the start; many writes share one")
            .set(static_cast<double>(figures.commits_count));
        metrics_.gauge("store_failed_jobs", "Writes that ended with a fault since the start")
            .set(static_cast<double>(figures.failed_jobs_count));
        metrics_.gauge("store_read_only", "1: the disk has failed, and nothing is written until the next start")
            .set(figures.is_read_only ? 1 : 0);
        metrics_.gauge("store_wal_bytes", "Size of the write-ahead log").set(static_cast<double>(figures.wal_bytes));
        write_outbox_metrics();
        return text(metrics_.render(), "text/plain; version=0.0.4; charset=utf-8");
    });
    routes_->get_from_memory("/api/v1/openapi.json",
                             [](const Call&) -> Answer { return api::ok(std::string{api::openapi_document()}); });
    // Only where the clock is manual, which the command line allows on loopback alone; elsewhere the route does not exist.
    if (!manual) return;
    routes_->act(http::Method::post, "/api/v1/test/clock", Access::open(), [this, manual](const Call& call) -> Answer {
        const auto move = read_move(call);
        if (!move) return move.error();
        if (move->to) manual->set(*move->to);
        if (move->advance) manual->advance(*move->advance);
        settle();
        JsonWriter out;
        out.begin_object().member("now", clock_.now()).end_object();
        return api::ok(out.take());
    });
}

}  // namespace shouwen::app
