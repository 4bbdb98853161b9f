#pragma once

#include "api/routes.hpp"
#include "app/backups.hpp"
#include "app/case_work.hpp"
#include "app/identity_look_up.hpp"
#include "app/stream.hpp"
#include "modules/attachment/store/blobs.hpp"
#include "modules/hold/store/holds.hpp"
#include "modules/knowledge/store/script_shelf.hpp"
#include "modules/matrix/store/matrix_copy.hpp"
#include "modules/organisation/edge/services.hpp"
#include "modules/policy/edge/policy_routes.hpp"
#include "modules/search/store/search_store.hpp"
#include "modules/ticket/edge/ticket_routes.hpp"
#include "modules/webhook/store/subscriptions.hpp"
#include "platform/clock/steady.hpp"
#include "platform/job/job.hpp"
#include "platform/metrics/metrics.hpp"
#include "platform/outbox/outbox.hpp"
#include "platform/outgoing/client.hpp"
#include "platform/sql/lease.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace shouwen::app {

struct CentreOptions {
    std::string store;               ///< a file's path, or postgresql://…
    std::filesystem::path data_dir;  ///< uploads and attachments
    std::string time_zone = "Asia/Shanghai";
    std::size_t queue_max = 10'000;
    sqlite::Use use = sqlite::Use::serving;
    bool cookie_secure = false;
    organisation::SessionPolicy sessions = {};
    std::size_t password_length_min = 8;
    outgoing::Guard outgoing = {};  ///< where webhooks may be
    Duration deliveries_kept = std::chrono::hours{24 * 30};
    std::string address = {};                ///< where it serves, for the list of nodes; empty: a tool
    std::int64_t wal_bytes_max = 512 << 20;  ///< of an embedded store: at this size of its log writes are refused
    Duration statement_max = std::chrono::seconds{60};  ///< of PostgreSQL: one statement
    Duration read_max{0};                ///< of an embedded store: how long one read may take; zero: without limit
    config::Config::Backup backup = {};  ///< without a folder: the server makes none
    /// Very many tickets at once are filed only when somebody confirms it. Not where history is played.
    bool confirms_filing = true;
    IdentityOptions identity = {};  ///< where account and order numbers are looked up
};

/// The store by itself, as it is. @throws sql::StoreRefused
std::unique_ptr<sql::Store> open_store(const CentreOptions& options);
/// Its name for people: without the password that an address may hold.
std::string shown_store(const std::string& store);

/// All modules wired together over one store: the one place where everything meets. The server, the command line's tools
/// and the scenario tests differ only in the clock they hand in and in whether background jobs run.
class Centre {
public:
    /// Opens the store and brings its schema up. @throws sql::StoreRefused
    Centre(const CentreOptions& options, Clock& clock);
    /// Over a store that is open already, whatever the options name; brings its schema up.
    Centre(const CentreOptions& options, Clock& clock, std::unique_ptr<sql::Store> store);
    ~Centre();
    Centre(const Centre&) = delete;
    Centre& operator=(const Centre&) = delete;

    const CentreOptions& options() const { return options_; }
    sql::Store& store() { return *store_; }
    IdSource& ids() { return ids_; }
    const Clock& clock() const { return clock_; }
    organisation::Directory& directory() { return *directory_; }
    policy::Policies& policies() { return *policies_; }
    ticket::Desk& desk() { return case_work_->desk(); }
    obligation::Obligations& obligations() { return case_work_->obligations(); }
    knowledge::ScriptShelf& scripts() { return *scripts_; }
    matrix::MatrixCopy& matrix() { return *matrix_; }
    metrics::Registry& metrics() { return metrics_; }
    /// The unit whose queue takes what names no merchant: the platform unit that agents belong to.
    UnitId service_desk() const;

    /// Does everything that is due at this moment: backups, obligations, outbox, index. @returns how much there was
    int settle();
    /// Only the obligations, at once and in their order.
    int tick();
    /// From now on what is due is done in the background.
    void start_jobs();
    void stop_jobs();
    /// There may be something to do. Cheap, from any thread.
    void wake();
    bool jobs_alive() const;
    /// Soon this node serves no more: it says so, and does everything as before.
    void begin_drain() { is_draining_ = true; }
    /// The number of this process among those on the database, which its ids carry.
    int node() const { return node_; }
    /// Whether what this node shows is what is stored, as far as it can know.
    bool is_behind() const { return store_->feed().is_behind(); }
    /// What is to happen when the number was given to another process: nothing can be written any more.
    void on_number_lost(std::function<void()> leave) { on_number_lost_ = std::move(leave); }

    /// Registers the routes of all modules. @param manual  when given, `POST /api/v1/test/clock` moves it
    void add_routes(ManualClock* manual);
    api::Routes& routes() { return *routes_; }
    std::vector<http::SocketRoute> socket_routes();

private:
    int dispatch();  ///< sends what is due and waits for it
    void pump();     ///< the same without waiting
    void forget_old();
    void watch_holds(bool is_hurried);
    /// Tells everybody who may release it.
    void tell_held(sql::Connection& db, hold::Effect what, Instant now);
    void add_hold_routes();
    void add_webhook_routes();
    void write_outbox_metrics();
    /// Tells everybody who looks after webhooks.
    void tell_webhook_disabled(sql::Connection& db, const webhook::Webhook& webhook, Instant now);
    int index();  ///< beside requests, for which it gives way
    void wire(const organisation::SessionPolicy& sessions);
    void set_up_backups();
    void add_system_routes(ManualClock* manual);

    CentreOptions options_;
    Clock& clock_;
    int node_ = 0;
    std::atomic<bool> is_draining_{false};
    std::function<void()> on_number_lost_;
    IdSource ids_;
    metrics::Registry metrics_;
    std::unique_ptr<sql::Store> store_;
    std::unique_ptr<organisation::Directory> directory_;
    std::unique_ptr<organisation::Sessions> sessions_;
    std::unique_ptr<organisation::ApiTokens> tokens_;
    std::unique_ptr<organisation::SignIn> sign_in_;
    std::unique_ptr<policy::Policies> policies_;
    std::unique_ptr<CaseWork> case_work_;
    std::unique_ptr<attachment::Blobs> blobs_;
    std::unique_ptr<knowledge::ScriptShelf> scripts_;
    std::unique_ptr<matrix::MatrixCopy> matrix_;
    std::unique_ptr<Hub> hub_;
    std::unique_ptr<webhook::Subscriptions> subscriptions_;
    std::unique_ptr<outbox::Dispatcher> dispatcher_;
    std::unique_ptr<outgoing::Client> outgoing_;  ///< ends what is under way before the dispatcher goes
    std::unique_ptr<IdentityLookUp> identity_;
    std::unique_ptr<Backups> backups_;
    std::unique_ptr<api::Routes> routes_;
    std::mutex tick_mutex_;
    std::mutex dispatch_mutex_;
    std::set<hold::HoldId> holds_known_;          ///< guarded by `dispatch_mutex_`, as the next
    std::optional<SteadyTime> holds_watched_at_;  ///< the last look
    std::mutex index_mutex_;
    sql::Lease index_lease_{"index", std::chrono::seconds{10}};  ///< guarded by index_mutex_
    search::LostDocuments lost_documents_;                       ///< guarded by `index_mutex_`
    std::atomic<SteadyTime> last_tick_{SteadyTime::min()};
    std::unique_ptr<Job> index_job_;
    std::unique_ptr<Job> outbox_job_;
    std::unique_ptr<Job> obligation_job_;
    std::unique_ptr<Job> housekeeping_job_;
    std::unique_ptr<Job> node_job_;
    std::unique_ptr<Job> feed_job_;
    std::unique_ptr<Job> backup_job_;
};

}  // namespace shouwen::app
