#include "platform/postgres/connection_pool.hpp"

#include "platform/postgres/fault.hpp"

#include <algorithm>

namespace shouwen::postgres {

void ConnectionPool::read(const std::function<void(sql::Connection&)>& work)
{
    for (bool again = true;;) {
        auto connection = take();
        try {
            connection->begin_read();
            work(*connection);
            connection->finish_read();
            give_back(connection->is_usable() ? std::move(connection) : nullptr);
            return;
        } catch (const ServerAway&) {
            give_back(nullptr);
            throw;
        } catch (const ConnectionLost&) {
            const bool begun = connection->has_answered();
            connection.reset();
            give_back(nullptr);
            // The server may have been restarted since the connection was last used. A work that has seen rows is not
            // repeated: it would see them twice.
            if (!again || begun) throw;
            again = false;
        } catch (...) {
            connection->rollback();
            give_back(connection->is_usable() ? std::move(connection) : nullptr);
            throw;
        }
    }
}

std::unique_ptr<PgConnection> ConnectionPool::take()
{
    std::unique_lock lock{mutex_};
    const auto ticket = ++last_ticket_;
    line_.push_back(ticket);
    const bool mine = changed_.wait_for(lock, options_.wait_max,
                                        [&] { return line_.front() == ticket && taken_count_ < options_.readers_max; });
    std::erase(line_, ticket);
    if (!mine) {
        changed_.notify_all();
        throw sql::Unavailable("every connection to the database is in use");
    }
    ++taken_count_;
    std::unique_ptr<PgConnection> connection;
    if (!idle_.empty()) {
        connection = std::move(idle_.back());
        idle_.pop_back();
    }
    lock.unlock();
    changed_.notify_all();
    if (connection && connection->is_usable()) return connection;
    try {
        return std::make_unique<PgConnection>(options_.url, options_.statement_max);
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

void ConnectionPool::give_back(std::unique_ptr<PgConnection> connection)
{
    {
        const std::lock_guard lock{mutex_};
        --taken_count_;
        // One that broke says that the others are of the same server, which went away.
        if (connection)
            idle_.push_back(std::move(connection));
        else
            idle_.clear();
    }
    changed_.notify_all();
}

}  // namespace shouwen::postgres
