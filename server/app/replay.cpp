#include "app/replay.hpp"

#include "app/replay_driver.hpp"
#include "app/replay_progress_bar.hpp"
#include "app/replay_report.hpp"
#include "modules/organisation/store/password.hpp"
#include "platform/sql/parts.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>

namespace shouwen::app {
namespace {

using namespace std::chrono_literals;

/// Until the last silent customer's ticket is filed and the last open deadline has passed all its stages.
constexpr Duration run_out = 14 * 24h;

/// Steps that share a transaction. An embedded store writes each page of a batch once; a server's client waits for answers, so
/// that there is nothing to gain beyond what makes the commit cheap.
constexpr int batch_steps(sql::Dialect dialect)
{
    return dialect == sql::Dialect::sqlite ? 16'000 : 1'000;
}

std::string password_of_environment()
{
    const char* given = std::getenv("SHOUWEN_DEMO_PASSWORD");
    return given && *given ? std::string{given} : new_secret().substr(0, 12);
}

/// One run over a file and its store.
class Replay {
public:
    Replay(const ReplayOptions& options, const ReplayCut& cut, const HistoricFile& file)
        : options_(options),
          cut_(cut),
          file_(file),
          steps_(plan_of(file)),
          clock_(steps_.empty() ? Instant{} : steps_.front().at),
          centre_({.store = options.place.store,
                   .data_dir = options.place.data_dir,
                   .time_zone = std::string{historic_zone},
                   .use = sqlite::Use::filling,
                   .confirms_filing = false},
                  clock_)
    {
    }

    int run(std::ostream& out);

private:
    StoreIs look();
    void begin(std::ostream& out);
    /// @returns whether all steps are done
    bool play();
    void finish();
    void report(std::ostream& out);
    ReplayProgress progress_after(std::size_t steps_done) const;

    const ReplayOptions& options_;
    const ReplayCut& cut_;
    const HistoricFile& file_;
    std::vector<ReplayStep> steps_;
    ManualClock clock_;
    Centre centre_;
    ReplayProgress progress_;
    SteadyTime began_ = steady_now();
};

StoreIs Replay::look()
{
    auto is = StoreIs::empty;
    const bool has_staff = !centre_.directory().current()->staff().empty();
    centre_.store().read([&](sql::Connection& db) { is = look_at_store(db, file_.hash, has_staff, progress_); });
    return is;
}

void Replay::begin(std::ostream& out)
{
    const auto password = password_of_environment();
    const auto hash = organisation::hash_password(password);
    centre_.store().write([&](sql::Connection& db) {
        make_historic_centre(db, centre_, file_, hash, clock_.now());
        begin_progress(db, file_.hash);
    });
    out << "Logins: admin, supervisor, info1 and the like; password: " << password << "\n" << std::flush;
}

ReplayProgress Replay::progress_after(std::size_t steps_done) const
{
    const auto elapsed = std::chrono::duration_cast<Duration>(steady_now() - began_);
    return {static_cast<std::int64_t>(steps_done), progress_.elapsed_ms + elapsed.count(), std::nullopt};
}

bool Replay::play()
{
    HistoricCentre people;
    std::vector<TicketId> known;
    centre_.store().read([&](sql::Connection& db) {
        people = find_historic_centre(db, centre_, file_);
        known = remembered_tickets(db, file_);
    });
    ReplayDriver driver{centre_, clock_, file_, people, std::move(known)};
    std::size_t done = static_cast<std::size_t>(progress_.steps_done);
    const auto batch_max = static_cast<std::size_t>(cut_.batch_steps.value_or(batch_steps(centre_.store().dialect())));
    ProgressBar bar{"steps", static_cast<std::int64_t>(steps_.size()), progress_.steps_done};
    for (int batches = 0; done < steps_.size(); ++batches) {
        if (batches == cut_.batches_max) return false;
        const auto batch = std::span{steps_}.subspan(done, std::min(batch_max, steps_.size() - done));
        const Instant last = done > 0 ? steps_[done - 1].at : batch.front().at;
        centre_.store().write([&](sql::Connection& db) {
            driver.play(db, batch, last);
            save_progress(db, file_.hash, progress_after(done + batch.size()));
        });
        done += batch.size();
        bar.show(static_cast<std::int64_t>(done));
    }
    if (!steps_.empty())
        centre_.store().write([&](sql::Connection& db) { driver.tick(db, steps_.back().at + run_out); });
    return true;
}

void Replay::finish()
{
    centre_.settle();
    auto progress = progress_after(steps_.size());
    progress.finished_at = SystemClock{}.now();
    centre_.store().write([&](sql::Connection& db) { save_progress(db, file_.hash, progress); });
    progress_ = progress;
}

void Replay::report(std::ostream& out)
{
    ReplayReport report{.file = options_.file.filename().string(),
                        .rows_count = file_.rows_count,
                        .is_truncated = file_.is_truncated,
                        .rejected = file_.rejected,
                        .counts = {},
                        .seconds = static_cast<double>(progress_.elapsed_ms) / 1000};
    centre_.store().read([&](sql::Connection& db) { report.counts = count_replayed(db); });
    print_report(out, report);
    if (options_.report.empty()) return;
    std::ofstream json{options_.report, std::ios::binary};
    json << report_json(report) << "\n";
    if (!json.flush()) throw std::runtime_error(options_.report.string() + ": cannot be written");
}

int Replay::run(std::ostream& out)
{
    const auto is = look();
    if (is == StoreIs::of_something_else) {
        std::cerr
            << "This store was made by something else; replay wants a store of its own, a new one or the one of this file.\n";
        return 2;
    }
    if (is == StoreIs::empty) begin(out);
    if (progress_.finished_at) {
        out << "This file is in the store already; nothing was changed.\n";
    } else {
        if (!steps_.empty()) sql::make_parts(centre_.store(), steps_.front().at, steps_.back().at);
        if (progress_.steps_done > 0)
            out << "Going on after " << progress_.steps_done << " of " << steps_.size() << " steps.\n";
        if (!play()) return 1;
        finish();
    }
    report(out);
    return file_.is_truncated ? 1 : 0;
}

}  // namespace

int replay(const ReplayOptions& options, const ReplayCut& cut, std::ostream& out)
{
    const auto file = read_historic(options.file);
    if (!file) {
        std::cerr << options.file.filename().string() << ": " << file.error() << "\n";
        return 2;
    }
    return Replay{options, cut, *file}.run(out);
}

int replay(const ReplayOptions& options, std::ostream& out)
{
    return replay(options, {}, out);
}

}  // namespace shouwen::app
