#pragma once

#include "platform/sqlite/connection.hpp"

#include <cstdint>
#include <filesystem>

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
};

}  // namespace shouwen::sqlite
