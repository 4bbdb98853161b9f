#pragma once

#include "platform/postgres/connection.hpp"
#include "platform/postgres/postgres_store.hpp"
#include "platform/sql/feed.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace shouwen::postgres {

/// What a transaction tells the other processes when it is committed; as few texts as it fits into.
/// @param from  the sender's instance
std::vector<std::string> news_of(std::int64_t from, std::span<const sql::Change> changes);
/// The reverse. @returns nothing when `from` itself sent it, or it is none of ours
std::vector<sql::Change> changes_of(std::string_view news, std::int64_t from);

/// Sends with the transaction: the server delivers it with the commit, and not without. While transactions that notify
/// commit, the server holds a lock over all of them; so that it is not held for the time of a disk, this one commits without
/// waiting for it. @returns whether it did: then `PgConnection::flush` has to follow before anybody is answered
bool send_news(PgConnection& connection, std::int64_t from);

/// Listens on a connection of its own, on a thread of its own, and tells the feed. When the connection was lost, whatever
/// was told meanwhile is unknown: then everybody is told that something may have been missed.
class NewsReader {
public:
    /// Returns when it listens. @throws ConnectionLost
    NewsReader(const PostgresOptions& options, std::int64_t instance, sql::Feed& feed);
    ~NewsReader();
    NewsReader(const NewsReader&) = delete;
    NewsReader& operator=(const NewsReader&) = delete;

private:
    void connect();
    void read_all();
    bool reconnect();

    const PostgresOptions options_;
    const std::int64_t instance_;
    sql::Feed& feed_;
    std::unique_ptr<PgConnection> connection_;
    std::atomic<bool> is_over_{false};
    int wake_ = -1;
    std::thread thread_;
};

}  // namespace shouwen::postgres
