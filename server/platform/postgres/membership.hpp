#pragma once

#include "platform/postgres/connection.hpp"
#include "platform/postgres/postgres_store.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace shouwen::postgres {

/// This process's number among those on the database lost to another one.
struct NumberLost : sql::DatabaseFault {
    using sql::DatabaseFault::DatabaseFault;
};

/// The process as one of those on the database. A number is held by locks of connections and not for a time: each connection
/// that writes holds a shared one, so nobody gets the number while any of them lives, however long the process sleeps; and a
/// new connection that finds another's name on the number writes nothing.
/// Thread-safe; the mutex guards the connection.
class Membership {
public:
    explicit Membership(const PostgresOptions& options) : options_(options) {}
    /// Says that it leaves.
    ~Membership();
    Membership(const Membership&) = delete;
    Membership& operator=(const Membership&) = delete;

    /// @throws sql::StoreRefused `nodes_full`
    int join(const sql::Introduction& introduction);
    /// Says that the process is alive. @returns false when the number is another's
    bool keep();
    /// Before a connection writes for the first time since it was opened, or since `join`. @throws NumberLost
    void admit(PgConnection& connection) const;
    /// 0 before `join`: tools that make no ids write without a number.
    std::int64_t instance() const { return instance_; }

private:
    PgConnection& connected();

    const PostgresOptions options_;
    std::mutex mutex_;
    std::unique_ptr<PgConnection> connection_;
    std::atomic<std::int64_t> instance_{0};
    std::atomic<std::int64_t> number_{0};
    std::atomic<bool> is_lost_{false};
};

}  // namespace shouwen::postgres
