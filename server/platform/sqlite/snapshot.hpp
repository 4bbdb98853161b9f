#pragma once

#include "platform/sqlite/connection.hpp"
#include "platform/sqlite/log_watch.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

struct sqlite3_file;

namespace shouwen::sqlite {

/// The file of a store that is in use, read as bytes of one moment, without a lock that a writer would feel.
///
/// A read transaction of our own keeps the log from being moved into the file past its moment. Once the log up to that
/// moment is in the file, the file's bytes are that moment and stay so until the transaction ends; meanwhile the log cannot
/// be begun anew and grows by what is written. The bytes are read through SQLite's own handle: closing one of our own would
/// drop the locks that this process holds on the file.
class Snapshot {
public:
    /// @throws sql::StoreRefused `not_a_database`, `foreign_database`
    explicit Snapshot(const std::filesystem::path& store);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    /// Takes the moment. @throws sql::DatabaseFault when readers hold the log back for too long
    void hold();
    void release();

    /// Of the moment when held, else about.
    std::uint64_t size_bytes();
    /// The bytes as they are now; of the moment when held.
    void read_at(std::uint64_t position, char* into, std::size_t length);
    /// To be called while the file is read, some times a second, so that `changed` can tell.
    void look();
    /// What may be other than when it was read: all at first. Told of the moment as well, when asked while it is held.
    LogWatch::Changed changed();
    std::uint64_t page_bytes() const { return page_bytes_; }
    /// Of the write-ahead log beside the file.
    std::int64_t log_bytes() const;
    /// A connection over the moment, for counting. Only while held.
    sql::Connection& connection() { return reader_; }

private:
    bool try_hold();

    std::filesystem::path path_;
    SqliteConnection reader_;
    SqliteConnection cleaner_;
    sqlite3_file* file_ = nullptr;
    std::uint64_t page_bytes_ = 0;
    std::optional<LogWatch> log_;  ///< none when the store keeps no log: then nothing can be told
};

}  // namespace shouwen::sqlite
