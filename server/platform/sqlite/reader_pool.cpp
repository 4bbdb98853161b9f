#include "platform/sqlite/reader_pool.hpp"

#include "platform/sqlite/fault.hpp"

#include <utility>

namespace shouwen::sqlite {

ReaderPool::ReaderPool(std::filesystem::path path, std::size_t readers_max, int cache_kib, Duration read_max)
    : path_(std::move(path)), readers_max_(readers_max), read_max_(read_max), cache_kib_(cache_kib)
{
}

void ReaderPool::read(const std::function<void(sql::Connection&)>& work)
{
    auto connection = take();
    try {
        if (read_max_ > Duration::zero()) connection->set_deadline(std::chrono::steady_clock::now() + read_max_);
        connection->begin_deferred();
        work(*connection);
        connection->commit();
    } catch (...) {
        connection->rollback();
        give_back(std::move(connection));
        throw;
    }
    give_back(std::move(connection));
}

std::unique_ptr<SqliteConnection> ReaderPool::take()
{
    std::unique_lock lock{mutex_};
    returned_.wait(lock, [this] { return !idle_.empty() || open_count_ < readers_max_; });
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    ++open_count_;
    lock.unlock();
    try {
        return std::make_unique<SqliteConnection>(path_, Access::read_only, cache_kib_);
    } catch (...) {
        lock.lock();
        --open_count_;
        returned_.notify_one();
        if (open_count_ == 0) throw;
        // No descriptor is left for one more, say: those that are open serve everybody.
        returned_.wait(lock, [this] { return !idle_.empty(); });
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
}

void ReaderPool::give_back(std::unique_ptr<SqliteConnection> connection)
{
    {
        const std::lock_guard lock{mutex_};
        idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
}

}  // namespace shouwen::sqlite
