#pragma once

#include "platform/postgres/connection.hpp"
#include "platform/postgres/membership.hpp"
#include "platform/postgres/postgres_store.hpp"
#include "platform/sql/feed.hpp"

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
    /// @param membership  admits the connections @param feed  told of what is committed, before those who wait for it
    Writers(const PostgresOptions& options, const Membership& membership, sql::Feed& feed);
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

    /// A writer's connection, and for which number it was admitted.
    struct Held {
        std::unique_ptr<PgConnection> connection;
        std::int64_t admitted_as = 0;
    };

    void serve();
    void take_batch(Jobs& batch);
    void run_batch(Held& held, Jobs& batch);
    /// @returns whether they were committed. @throws what concerns the one job, or the server
    void run_together(PgConnection& connection, std::span<const sql::WriteJob> jobs);
    void run_alone(Held& held, const sql::WriteJob& job);
    PgConnection& connected(Held& held) const;
    /// @returns false when the store is closed meanwhile
    bool pause(std::chrono::milliseconds time);

    const PostgresOptions options_;
    const Membership& membership_;
    sql::Feed& feed_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::condition_variable closing_;
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
