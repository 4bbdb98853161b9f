#pragma once

#include "platform/sql/sql.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace shouwen::sqlite {

/// What the store is opened for.
enum class Use {
    /// Many small writes for people who wait: each is on disk before it is acknowledged, and memory is spared.
    serving,
    /// A tool's few large writes, made anew when they are lost: a power cut takes what was committed since the log was last
    /// cleaned (the file stays whole), the log grows longer and the cache larger, as each page is written more rarely.
    filling,
};

struct SqliteOptions {
    std::filesystem::path path;
    std::size_t readers_max = 4;
    /// Jobs that may wait for the writer; more are refused.
    std::size_t queue_max = 10'000;
    /// Jobs that share one transaction and its fsync.
    std::size_t batch_max = 1'000;
    /// A sync failed, so nothing more may be acknowledged: called once, on the writer thread, after the log line. Leaving
    /// the process is the only cure; by default `std::_Exit(70)`. After any other fault of the disk, and when `on_fatal`
    /// returns, each write is answered with `sql::WritingStopped`.
    std::function<void(std::string_view text)> on_fatal = {};
    /// The newest schema this program can work with; by default that of the migrations built in.
    int schema_known = 0;
    /// A reader that holds an old snapshot (a backup, say) keeps the log from being begun anew. Over half of this size each
    /// commit waits a little for such readers, at the whole of it writes are refused with `sql::Unavailable`.
    std::int64_t wal_bytes_max = 512 << 20;
    /// How long one read may hold its snapshot; it is cut with `sql::Unavailable`. Zero: as long as it takes, for tools.
    Duration read_max{0};
    Use use = Use::serving;
    int reader_cache_kib = 32 * 1024;
};

class SqliteStore : public sql::Store {
public:
    virtual const std::filesystem::path& path() const = 0;
};

/// Opens the store, making an empty one where there is none. Its schema is the caller's next step: `sql::migrate`.
/// @throws sql::StoreRefused when it must not or cannot be opened; its text tells the operator why.
std::unique_ptr<SqliteStore> open_sqlite(SqliteOptions options);

}  // namespace shouwen::sqlite
