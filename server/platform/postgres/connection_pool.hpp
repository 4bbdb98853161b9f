#pragma once

#include "platform/postgres/connection.hpp"
#include "platform/postgres/postgres_store.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace shouwen::postgres {

/// Connections for reading, opened when needed. Who comes when all are taken waits in line, for a limited time.
/// Thread-safe; the mutex guards the line and the idle ones.
class ConnectionPool {
public:
    explicit ConnectionPool(const PostgresOptions& options) : options_(options) {}

    /// Runs `work` in one read-only transaction. A connection that broke while idle is replaced once.
    /// @throws sql::DatabaseFault when none became free in time
    void read(const std::function<void(sql::Connection&)>& work);

private:
    std::unique_ptr<PgConnection> take();
    void give_back(std::unique_ptr<PgConnection> connection);

    const PostgresOptions options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::uint64_t> line_;  ///< tickets of those who wait, first come first
    std::uint64_t last_ticket_ = 0;
    std::vector<std::unique_ptr<PgConnection>> idle_;
    std::size_t taken_count_ = 0;
};

}  // namespace shouwen::postgres
