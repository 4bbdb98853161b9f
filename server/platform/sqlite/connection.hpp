#pragma once

#include "platform/sql/sql.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace shouwen::sqlite {

enum class Access { read_write, read_only };

/// How long to wait for another connection's lock; only tools of other processes ever hold one for long.
constexpr int busy_timeout_ms = 5'000;

/// One connection with the statements it has prepared. SQLite's own C interface and not SQLiteCpp: parameters are bound
/// by number into cached statements, and each result code is turned into our exceptions in one place.
class SqliteConnection final : public sql::Connection {
public:
    /// @param cache_kib  the most that its page cache may hold
    SqliteConnection(const std::filesystem::path& path, Access access, int cache_kib);
    ~SqliteConnection() override;
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    sql::Dialect dialect() const override { return sql::Dialect::sqlite; }
    std::int64_t run(const sql::Statement& statement, std::span<const sql::Value> parameters,
                     const sql::RowVisitor& visit) override;
    void run_script(std::string_view text) override;

    /// Write-ahead log. Changes the file, so only once it is known to be ours.
    void prepare_for_writing(Use use);
    void begin_immediate();
    void begin_deferred();
    void commit();
    /// Never throws; also when SQLite has already rolled back by itself.
    void rollback() noexcept;
    bool in_transaction() const;
    /// What has not come to its end by then is interrupted.
    void set_deadline(std::chrono::steady_clock::time_point deadline);

    /// The first column of the first row, 0 when there is none. For pragmas.
    std::int64_t number(const char* text);
    sqlite3* handle() { return database_; }

private:
    struct Prepared {
        const char* text = nullptr;
        sqlite3_stmt* statement = nullptr;
        /// For SQLite's slot i + 1 the index into the caller's parameters: `$2` may be written before `$1`.
        std::vector<std::size_t> parameter_of_slot;
    };

    Prepared& prepared(const sql::Statement& statement);
    static void bind(const Prepared& prepared, std::span<const sql::Value> parameters, const char* name);

    static int is_over(void* connection);

    sqlite3* database_ = nullptr;
    std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
    std::unordered_map<const sql::Statement*, Prepared> prepared_;
};

}  // namespace shouwen::sqlite
