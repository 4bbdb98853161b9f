#pragma once

#include "platform/sql/feed.hpp"
#include "platform/sqlite/connection.hpp"
#include "platform/sqlite/fault.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace shouwen::sqlite {

/// The one thread that writes, with group commit: all jobs that queued while the last commit went to disk share the
/// next one. It never waits for more to come, so a lone request pays one fsync and nothing else.
class Writer {
public:
    /// Takes over `connection`. @param options  queue_max, batch_max and on_fatal are used
    /// @param feed  told of what is committed, before those who wait for it
    Writer(std::unique_ptr<SqliteConnection> connection, const SqliteOptions& options, sql::Feed& feed);
    /// Writes what is queued, then stops.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    sql::Queued submit(sql::WriteJob job);
    Duration expected_wait() const;
    sql::StoreFigures figures() const;

private:
    using Jobs = std::vector<sql::WriteJob>;
    using Outcomes = std::vector<std::exception_ptr>;

    void serve();
    void take_batch(Jobs& batch);
    void run_batch(Jobs& batch);
    bool try_together(const Jobs& batch, Outcomes& outcomes);
    bool try_with_savepoints(const Jobs& batch, Outcomes& outcomes);
    void run_each_alone(const Jobs& batch, Outcomes& outcomes);
    void commit();
    void checkpoint_if_due();
    void refuse_if_log_is_held();
    void fail_for_good(const IoFault& fault);
    enum class Trouble { none, full, locked };
    void note(Trouble now, const std::exception* fault);

    std::unique_ptr<SqliteConnection> connection_;
    const std::size_t queue_max_;
    const std::size_t batch_max_;
    const std::filesystem::path path_;
    const int checkpoint_pages_;
    const int wal_pages_max_;
    const std::function<void(std::string_view)> on_fatal_;
    sql::Feed& feed_;

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<sql::WriteJob> queue_;
    bool closed_ = false;
    std::atomic<bool> failed_{false};
    bool log_is_held_ = false;  // this and the next only on the writer's thread
    Trouble trouble_ = Trouble::none;

    std::atomic<std::int64_t> batch_us_{0};  // moving average
    std::atomic<std::uint64_t> jobs_count_{0};
    std::atomic<std::uint64_t> commits_count_{0};
    std::atomic<std::uint64_t> failed_jobs_count_{0};
    std::atomic<std::uint64_t> checkpoints_count_{0};
    std::atomic<int> wal_pages_{0};
    std::thread thread_;  // last: starts when all else is there
};

}  // namespace shouwen::sqlite
