#pragma once

#include "app/backup_commands.hpp"
#include "modules/backup/edge/backup_routes.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "platform/metrics/metrics.hpp"
#include "platform/sql/sql.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace shouwen::app {

/// The server's own backups (B10): makes them when due or asked for, keeps as many as configured, restores and verifies the
/// newest now and then, and tells staff when something of that fails. One node does each; the rows hold the claim.
class Backups {
public:
    struct Surroundings {
        sql::Store& store;
        IdSource& ids;
        const Clock& clock;
        std::function<organisation::OrganisationPtr()> organisation;
        metrics::Registry& metrics;
        std::function<void()> on_notices;  ///< there are some to deliver
    };

    /// @param options  where the store, the backups and the key are  @param product  the program and its version
    /// @throws sql::StoreRefused `backup_key_unfit`
    Backups(BackupOptions options, backup::Setup setup, backup::Retention retention, std::string product,
            Surroundings surroundings);
    ~Backups();
    Backups(const Backups&) = delete;
    Backups& operator=(const Backups&) = delete;

    const backup::Setup& setup() const { return setup_; }
    /// Does what is due, on this thread. Running it twice, on two nodes or after a crash at any point, does no harm.
    /// @returns how many backups and drills it did
    int run_due();
    /// How long nothing is due; half a minute at most, as other nodes take requests too.
    Duration wait() const;
    /// A backup under way ends at its next step, as failed.
    void stop() { stopped_ = true; }

private:
    class Alive;
    struct Outcome {
        std::optional<backup::RunResult> result;
        std::string failure;  ///< empty: it succeeded
        std::string detail;
    };

    bool run(backup::RunKind kind, bool is_due);
    Outcome outcome_of(const std::function<Outcome()>& work) const;
    vault::Pace pace() const;
    Outcome make(bool is_fresh);
    Outcome restore_and_verify();
    void settle(const backup::Run& run, const Outcome& outcome);
    void look_at_folder();
    void prune();
    void check_age();
    void tell_staff(sql::Connection& db, std::string_view kind, Instant now) const;
    void notify(sql::Connection& db, std::string_view kind, Instant now) const;
    void update_metrics();

    const BackupOptions options_;
    const backup::Setup setup_;
    const backup::Retention retention_;
    const std::string product_;
    const Surroundings with_;
    std::atomic<bool> stopped_{false};
    std::atomic<bool> claim_lost_{false};
    bool was_overdue_ = false;
    Instant told_until_{};
    std::mutex mutex_;  ///< one run at a time in this process
};

}  // namespace shouwen::app
