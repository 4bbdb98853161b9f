#pragma once

#include "platform/sqlite/connection.hpp"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace shouwen::sqlite {

/// Read-only connections, opened when first needed and lent one at a time; the one given back last is lent first, as
/// its cache is the warmest. Thread-safe.
class ReaderPool {
public:
    /// @param read_max  how long one read may take; zero: as long as it needs
    ReaderPool(std::filesystem::path path, std::size_t readers_max, int cache_kib, Duration read_max);

    /// Runs `work` in a snapshot of its own, waiting for a connection when all are lent. Not from within `work`: the
    /// inner call could wait for ever.
    void read(const std::function<void(sql::Connection&)>& work);

private:
    std::unique_ptr<SqliteConnection> take();
    void give_back(std::unique_ptr<SqliteConnection> connection);

    const std::filesystem::path path_;
    const std::size_t readers_max_;
    const Duration read_max_;
    const int cache_kib_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<SqliteConnection>> idle_;
    std::size_t open_count_ = 0;
};

}  // namespace shouwen::sqlite
