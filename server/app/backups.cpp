#include "app/backups.hpp"

#include "platform/job/job.hpp"
#include "platform/log/log.hpp"
#include "platform/outbox/outbox.hpp"
#include "platform/sql/refused.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace shouwen::app {
namespace {

using backup::RunKind;

constexpr Duration longest_rest = std::chrono::seconds{30};
constexpr Duration heartbeat = std::chrono::seconds{30};
constexpr std::size_t detail_bytes_max = 2'000;

struct Stopped : std::runtime_error {
    using std::runtime_error::runtime_error;
};

backup::RunResult result_of(const vault::Manifest& manifest, const std::string& place)
{
    const auto tickets = manifest.counts.find("ticket");
    return {.backup = manifest.name,
            .place = place,
            .made_at = manifest.made_at,
            .size_bytes = static_cast<std::int64_t>(manifest.size_bytes),
            .added_bytes = static_cast<std::int64_t>(manifest.added_bytes),
            .files_count = manifest.files_count,
            .tickets_count = tickets == manifest.counts.end() ? 0 : tickets->second,
            .encrypted = manifest.is_encrypted()};
}

std::string_view failed_kind(RunKind kind)
{
    return kind == RunKind::backup ? "backup_failed" : "drill_failed";
}

}  // namespace

/// Moves the claim on while the work goes on, on a thread of its own: a step may take long.
class Backups::Alive {
public:
    Alive(Backups& backups, backup::BackupRunId id)
        : job_("backup_claim", [&backups, id] {
              backups.with_.store.write([&](sql::Connection& db) {
                  if (!backup::keep_alive(db, id, backups.with_.clock.now())) backups.claim_lost_ = true;
              });
              return heartbeat;
          })
    {
    }

private:
    Job job_;
};

Backups::Backups(BackupOptions options, backup::Setup setup, backup::Retention retention, std::string product,
                 Surroundings surroundings)
    : options_(std::move(options)),
      setup_(std::move(setup)),
      retention_(retention),
      product_(std::move(product)),
      with_(std::move(surroundings))
{
    update_metrics();
}

Backups::~Backups() = default;

int Backups::run_due()
{
    const std::lock_guard lock{mutex_};
    Instant now = with_.clock.now();
    bool is_running = false;
    with_.store.read([&](sql::Connection& db) {
        is_running = std::ranges::any_of(backup::open_runs(db),
                                         [](const auto& run) { return run.state == backup::RunState::running; });
    });
    if (is_running) with_.store.write([&](sql::Connection& db) { backup::end_dead(db, now); });
    backup::Standing standing;
    with_.store.read([&](sql::Connection& db) { standing = backup::standing(db); });

    int done = 0;
    if (run(RunKind::backup, backup::next_backup(setup_.schedule, standing.last_backup, now, *setup_.zone) <= now)) {
        ++done;
        now = with_.clock.now();
        with_.store.read([&](sql::Connection& db) { standing = backup::standing(db); });
    }
    const auto drill = backup::next_drill(setup_.schedule, standing.last_drill,
                                          standing.newest_backup ? standing.newest_backup->ended_at : std::nullopt);
    if (run(RunKind::drill, drill && *drill <= now)) ++done;
    check_age();
    if (done > 0) update_metrics();
    return done;
}

Duration Backups::wait() const
{
    return longest_rest;
}

bool Backups::run(RunKind kind, bool is_due)
{
    if (stopped_) return false;
    const Instant now = with_.clock.now();
    std::optional<backup::Run> claimed;
    backup::Standing standing;
    // A look first: while nothing is to be done, nothing is written.
    bool is_asked_for = false;
    with_.store.read([&](sql::Connection& db) {
        for (const auto& open : backup::open_runs(db))
            is_asked_for = is_asked_for || (open.kind == kind && open.state == backup::RunState::requested);
        standing = backup::standing(db);
    });
    if (!is_due && !is_asked_for) return false;
    with_.store.write([&](sql::Connection& db) {
        claimed = backup::claim(db, with_.ids.next<backup::BackupRunId>(now), kind, is_due, now);
    });
    if (!claimed) return false;
    Outcome outcome;
    claim_lost_ = false;
    {
        const Alive alive{*this, claimed->id};
        outcome = outcome_of(
            [&] { return kind == RunKind::backup ? make(standing.last_drill_found_damage) : restore_and_verify(); });
    }
    settle(*claimed, outcome);
    return true;
}

/// Whatever the world does to a backup is a row, a notice and a log line, and the next try.
Backups::Outcome Backups::outcome_of(const std::function<Outcome()>& work) const
{
    try {
        return work();
    } catch (const sql::StoreRefused& refused) {
        return {{}, std::string{name_of(refused.code)}, refused.what()};
    } catch (const sql::DiskFull& fault) {
        return {{}, "disk_full", fault.what()};
    } catch (const Stopped& fault) {
        return {{}, "interrupted", fault.what()};
    } catch (const std::system_error& fault) {
        return {{}, "disk_failed", fault.what()};
    } catch (const std::exception& fault) {
        return {{}, "fault", fault.what()};
    }
}

vault::Pace Backups::pace() const
{
    return {.rests = 1, .on_step = [this](std::uint64_t, std::uint64_t) {
                if (stopped_) throw Stopped("the server was stopped");
                if (claim_lost_) throw Stopped("another node took it for dead");
            }};
}

Backups::Outcome Backups::make(bool is_fresh)
{
    auto options = options_;
    options.is_fresh = is_fresh;
    backup::Standing standing;
    with_.store.read([&](sql::Connection& db) { standing = backup::standing(db); });
    // Where backups lay, an empty folder is a volume that is not mounted; a new place may be empty.
    const bool must_have_backups =
        standing.newest_backup && standing.newest_backup->result->place == options_.backups.string();
    const auto manifest = make_backup(options, product_, with_.clock.now(), pace(), must_have_backups);
    return {result_of(manifest, options_.backups.string()), {}, {}};
}

Backups::Outcome Backups::restore_and_verify()
{
    const auto drilled = drill(options_, with_.clock.now(), pace());
    Outcome outcome{.result = result_of(drilled.manifest, options_.backups.string()), .failure = {}, .detail = {}};
    if (drilled.finding_count == 0) return outcome;
    outcome.failure = "findings";
    outcome.detail = fmt::format("{} findings", drilled.finding_count);
    for (const auto& finding : drilled.findings) outcome.detail += "\n" + finding;
    return outcome;
}

void Backups::settle(const backup::Run& run, const Outcome& outcome)
{
    with_.store.write([&](sql::Connection& db) {
        const Instant now = with_.clock.now();
        if (outcome.failure.empty()) {
            backup::succeed(db, run.id, *outcome.result, now);
            backup::end_alarm(db, failed_kind(run.kind));
        } else {
            backup::fail(db, run.id, outcome.failure, outcome.detail.substr(0, detail_bytes_max), outcome.result, now);
            tell_staff(db, failed_kind(run.kind), now);
        }
    });
    if (outcome.failure.empty())
        log::info("backup_run_succeeded", {{"kind", run.kind}, {"run", run.id}});
    else
        log::error("backup_run_failed", {{"kind", run.kind},
                                         {"run", run.id},
                                         {"failure", log::Machine{outcome.failure}},
                                         {"what", log::Machine{outcome.detail}}});
    with_.metrics
        .counter(
            "backup_runs_total", "Backups and drills done by this server",
            {{"kind", std::string{name_of(run.kind)}}, {"result", outcome.failure.empty() ? "succeeded" : "failed"}})
        .add();
    if (run.kind == RunKind::backup && outcome.failure.empty()) {
        try {
            look_at_folder();
            prune();
            look_at_folder();
        } catch (const std::exception& fault) {  // the backup is made; what is too many goes with the next one
            log::warning("backup_prune_failed", {{"what", log::Machine{fault.what()}}});
        }
    }
}

void Backups::look_at_folder()
{
    std::vector<backup::RunResult> found;
    for (const auto& manifest : vault::list(options_.backups))
        found.push_back(result_of(manifest, options_.backups.string()));
    with_.store.write([&](sql::Connection& db) {
        backup::adopt(db, with_.ids, options_.backups.string(), found, with_.clock.now());
    });
}

void Backups::prune()
{
    std::vector<backup::Kept> all;
    for (const auto& manifest : vault::list(options_.backups)) all.push_back({manifest.name, manifest.made_at});
    backup::Standing standing;
    with_.store.read([&](sql::Connection& db) { standing = backup::standing(db); });
    const auto verified = standing.verified ? standing.verified->result->backup : std::string{};
    vault::prune(options_.backups, backup::kept(all, retention_, *setup_.zone, verified), options_.secret);
}

void Backups::check_age()
{
    constexpr std::string_view kind = "backup_overdue";
    backup::Standing standing;
    with_.store.read([&](sql::Connection& db) { standing = backup::standing(db); });
    const Instant now = with_.clock.now();
    const auto verified = standing.verified ? std::optional{standing.verified->result->made_at} : std::nullopt;
    const bool overdue = backup::is_overdue(setup_.schedule, verified, standing.since, now);
    if (overdue == was_overdue_ && (!overdue || now < told_until_)) return;
    bool told = false;
    with_.store.write([&](sql::Connection& db) {
        told = false;
        if (!overdue) return backup::end_alarm(db, kind);
        if (!backup::tell_alarm(db, kind, now)) return;
        notify(db, kind, now);
        told = true;
    });
    was_overdue_ = overdue;
    told_until_ = now + std::chrono::hours{1};
    if (told) with_.on_notices();
}

void Backups::tell_staff(sql::Connection& db, std::string_view kind, Instant now) const
{
    if (backup::tell_alarm(db, kind, now)) notify(db, kind, now);
}

void Backups::notify(sql::Connection& db, std::string_view kind, Instant now) const
{
    const auto organisation = with_.organisation();
    for (const auto& staff : organisation->staff()) {
        const auto actor = organisation->actor(staff.id);
        if (!actor || !organisation::can(*actor, organisation::Permission::backup_manage)) continue;
        const auto target = staff.id.text();
        outbox::enqueue(db, {outbox::notice_channel, target, kind, "{}"}, now);
    }
}

void Backups::update_metrics()
{
    backup::Standing standing;
    with_.store.read([&](sql::Connection& db) { standing = backup::standing(db); });
    const auto seconds = [](Instant at) { return static_cast<double>(to_ms(at)) / 1000; };
    auto& metrics = with_.metrics;
    if (standing.newest_backup) {
        const auto& newest = *standing.newest_backup;
        metrics.gauge("backup_newest_timestamp_seconds", "What the newest backup holds")
            .set(seconds(newest.result->made_at));
        metrics.gauge("backup_size_bytes", "Size of all that the newest backup holds")
            .set(static_cast<double>(newest.result->size_bytes));
        metrics.gauge("backup_duration_seconds", "How long the newest backup took")
            .set(seconds(*newest.ended_at) - seconds(*newest.started_at));
    }
    if (standing.verified)
        metrics.gauge("backup_verified_timestamp_seconds", "What the newest backup holds that a drill found good")
            .set(seconds(standing.verified->result->made_at));
}

}  // namespace shouwen::app
