#include "platform/sqlite/snapshot.hpp"

#include "platform/sql/refused.hpp"
#include "platform/sqlite/fault.hpp"
#include "platform/sqlite/opening.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstring>
#include <thread>

namespace shouwen::sqlite {
namespace {

using sql::StoreRefusal;
using sql::StoreRefused;

constexpr int cache_kib = 2'000;
constexpr int tries_max = 3'000;
constexpr Duration between_tries = std::chrono::milliseconds{10};

const std::filesystem::path& existing(const std::filesystem::path& store)
{
    if (!std::filesystem::is_regular_file(store))
        throw StoreRefused(StoreRefusal::not_a_database, fmt::format("There is no store {}.", store.string()));
    return store;
}

struct Log {
    int frames = 0;
    int moved = 0;  ///< of them, into the file

    bool is_in_file() const { return frames == moved; }
};

/// Moves what it may of the log into the file, waiting for nobody.
Log clean(SqliteConnection& connection)
{
    Log log;
    const int result =
        sqlite3_wal_checkpoint_v2(connection.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &log.frames, &log.moved);
    if (result != SQLITE_OK && result != SQLITE_BUSY) throw_fault(connection.handle(), result, "checkpoint");
    if (result == SQLITE_BUSY) return {1, 0};
    return log;
}

}  // namespace

Snapshot::Snapshot(const std::filesystem::path& store)
    : path_(existing(store)),
      reader_(store, Access::read_write, cache_kib),
      cleaner_(store, Access::read_write, cache_kib)
{
    try {
        if (reader_.number("PRAGMA application_id") != application_id)
            throw StoreRefused(StoreRefusal::foreign_database,
                               fmt::format("{} is a database of another program.", store.string()));
        // Only the server writes; these two never begin a transaction that does.
        reader_.run_script("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0;");
        cleaner_.run_script("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;");
    } catch (const IoFault& fault) {
        throw StoreRefused(StoreRefusal::not_a_database,
                           fmt::format("{} cannot be read: {}.", store.string(), fault.what()));
    }
    const int result = sqlite3_file_control(reader_.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file_);
    if (result != SQLITE_OK || !file_ || !file_->pMethods) throw_fault(reader_.handle(), result, "file");
    page_bytes_ = static_cast<std::uint64_t>(reader_.number("PRAGMA page_size"));
    const bool keeps_log = reader_.number("SELECT journal_mode = 'wal' FROM pragma_journal_mode") == 1;
    if (keeps_log) log_.emplace(file_, path_, page_bytes_);
}

Snapshot::~Snapshot()
{
    release();
}

/// Nobody may move the log past the oldest reader, and ours is none of the older ones once all of a log that was counted
/// after it began is in the file: then its moment is the log's end, and the file is its moment.
bool Snapshot::try_hold()
{
    clean(cleaner_);
    reader_.begin_deferred();
    reader_.number("SELECT count(*) FROM sqlite_schema");  // takes the moment
    if (clean(cleaner_).is_in_file()) return true;
    reader_.rollback();
    return false;
}

void Snapshot::hold()
{
    for (int i = 0; i < tries_max; ++i) {
        if (try_hold()) return;
        std::this_thread::sleep_for(between_tries);
    }
    throw sql::DatabaseFault(fmt::format("{}: other readers keep its log from being cleaned", path_.string()));
}

void Snapshot::release()
{
    reader_.rollback();
}

std::uint64_t Snapshot::size_bytes()
{
    return static_cast<std::uint64_t>(reader_.number("PRAGMA page_count")) * page_bytes_;
}

void Snapshot::look()
{
    if (log_) log_->look();
}

LogWatch::Changed Snapshot::changed()
{
    return log_ ? log_->take() : LogWatch::Changed{true, {}};
}

std::int64_t Snapshot::log_bytes() const
{
    std::error_code none;
    const auto size = std::filesystem::file_size(path_.string() + "-wal", none);
    return none ? 0 : static_cast<std::int64_t>(size);
}

void Snapshot::read_at(std::uint64_t position, char* into, std::size_t length)
{
    const int result =
        file_->pMethods->xRead(file_, into, static_cast<int>(length), static_cast<sqlite3_int64>(position));
    // Past the end it reads zeros; outside of a held moment the file may have become shorter.
    if (result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ) throw_fault(reader_.handle(), result, "read");
}

}  // namespace shouwen::sqlite
