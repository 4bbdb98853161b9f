#pragma once

#include "platform/postgres/connection.hpp"
#include "platform/postgres/postgres_store.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace shouwen::postgres {

/// Takes jobs from one bounded queue; each thread runs what waits, up to a batch, in one transaction of its own connection.
/// The mutex guards the queue.
class Writers {
public:
    explicit Writers(const PostgresOptions& options);
    /// Finishes what is queued.
    ~Writers();
    Writers(const Writers&) = delete;
    Writers& operator=(const Writers&) = delete;

    sql::Queued submit(sql::WriteJob job);
    Duration expected_wait() const;
    sql::StoreFigures figures() const;

private:
    using Jobs = std::vector<sql::WriteJob>;
    using Outcomes = std::vector<std::exception_ptr>;

    void serve();
    void take_batch(Jobs& batch);
    void run_batch(std::unique_ptr<PgConnection>& connection, Jobs& batch);
    /// @returns whether they were committed. @throws what concerns the one job, or the server
    void run_together(PgConnection& connection, std::span<const sql::WriteJob> jobs);
    void run_alone(std::unique_ptr<PgConnection>& connection, const sql::WriteJob& job);
    PgConnection& connected(std::unique_ptr<PgConnection>& connection) const;

    const PostgresOptions options_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<sql::WriteJob> queue_;
    bool closed_ = false;
    std::atomic<std::int64_t> batch_us_{0};
    std::atomic<std::uint64_t> jobs_count_{0};
    std::atomic<std::uint64_t> commits_count_{0};
    std::atomic<std::uint64_t> failed_jobs_count_{0};
    std::atomic<std::uint64_t> retries_count_{0};
    std::vector<std::thread> threads_;
};

}  // namespace shouwen::postgres
