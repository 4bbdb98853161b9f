#include "platform/sqlite/connection.hpp"

#include "platform/sqlite/fault.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>

namespace shouwen::sqlite {
namespace {

constexpr std::int64_t wal_kept_bytes = 16 << 20;

const sql::Statement begin_immediate_sql{"begin", "BEGIN IMMEDIATE"};
const sql::Statement begin_deferred_sql{"begin", "BEGIN DEFERRED"};
const sql::Statement commit_sql{"commit", "COMMIT"};
const sql::Statement rollback_sql{"rollback", "ROLLBACK"};

class SqliteRow final : public sql::Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
    bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
    double real(int column) const override { return sqlite3_column_double(statement_, column); }
    std::string_view text(int column) const override
    {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return text ? std::string_view{text, length(column)} : std::string_view{};
    }
    std::string_view bytes(int column) const override
    {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
        return bytes ? std::string_view{bytes, length(column)} : std::string_view{};
    }

private:
    std::size_t length(int column) const { return static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)); }
    sqlite3_stmt* statement_;
};

/// Ends the statement's run also when a visitor throws: an open run would hold its snapshot.
struct ResetAtEnd {
    sqlite3_stmt* statement;
    ~ResetAtEnd() { sqlite3_reset(statement); }
};

std::vector<std::size_t> parameter_order(sqlite3_stmt* statement, const char* name)
{
    std::vector<std::size_t> order;
    for (int slot = 1; slot <= sqlite3_bind_parameter_count(statement); ++slot) {
        const std::string_view written = sqlite3_bind_parameter_name(statement, slot);
        std::size_t number = 0;
        std::from_chars(written.data() + 1, written.data() + written.size(), number);
        if (written.front() != '$' || number == 0)
            throw std::logic_error(fmt::format("{}: parameter {} is not $1, $2 …", name, written));
        order.push_back(number - 1);
    }
    return order;
}

}  // namespace

SqliteConnection::SqliteConnection(const std::filesystem::path& path, Access access, int cache_kib)
{
    // Counting each allocation takes a lock that all threads share.
    [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

    const int flags = SQLITE_OPEN_NOMUTEX |
                      (access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    const int opened = sqlite3_open_v2(path.c_str(), &database_, flags, nullptr);
    try {
        if (opened != SQLITE_OK) throw_fault(database_, opened, "open");
        sqlite3_extended_result_codes(database_, 1);
        sqlite3_busy_timeout(database_, busy_timeout_ms);
        sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        // No mmap: each connection's mapping would count towards resident memory, and a read error would be a signal.
        run_script(
            fmt::format("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{}; PRAGMA mmap_size = 0; "
                        "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;",
                        cache_kib));
        if (access == Access::read_only) run_script("PRAGMA query_only = ON;");
    } catch (...) {
        sqlite3_close_v2(database_);
        throw;
    }
}

SqliteConnection::~SqliteConnection()
{
    for (auto& [statement, prepared] : prepared_) sqlite3_finalize(prepared.statement);
    sqlite3_close_v2(database_);
}

void SqliteConnection::prepare_for_writing(Use use)
{
    run_script(
        fmt::format("PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; PRAGMA wal_autocheckpoint = 0; "
                    "PRAGMA journal_size_limit = {};",
                    use == Use::serving ? "FULL" : "NORMAL", wal_kept_bytes));
}

SqliteConnection::Prepared& SqliteConnection::prepared(const sql::Statement& statement)
{
    auto& found = prepared_[&statement];
    if (found.text == statement.text) return found;

    // The text is compared as well: a test's statement on the stack may take the place of an earlier one.
    sqlite3_finalize(found.statement);
    found = {};
    const int result =
        sqlite3_prepare_v3(database_, statement.text, -1, SQLITE_PREPARE_PERSISTENT, &found.statement, nullptr);
    if (result != SQLITE_OK) throw_fault(database_, result, statement.name);
    found.parameter_of_slot = parameter_order(found.statement, statement.name);
    found.text = statement.text;
    return found;
}

void SqliteConnection::bind(const Prepared& prepared, std::span<const sql::Value> parameters, const char* name)
{
    int slot = 0;
    for (const auto index : prepared.parameter_of_slot) {
        if (index >= parameters.size()) throw std::logic_error(fmt::format("{}: ${} is missing", name, index + 1));
        const auto& value = parameters[index];
        auto* statement = prepared.statement;
        const auto text = value.text();
        const char* data = text.data() ? text.data() : "";  // a null pointer would bind NULL
        ++slot;
        int result = SQLITE_OK;
        switch (value.kind()) {
            using Kind = sql::Value::Kind;
            case Kind::null: result = sqlite3_bind_null(statement, slot); break;
            case Kind::integer: result = sqlite3_bind_int64(statement, slot, value.integer()); break;
            case Kind::real: result = sqlite3_bind_double(statement, slot, value.real()); break;
            case Kind::text:
                result = sqlite3_bind_text64(statement, slot, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
                break;
            case Kind::bytes: result = sqlite3_bind_blob64(statement, slot, data, text.size(), SQLITE_STATIC); break;
        }
        if (result != SQLITE_OK) throw_fault(sqlite3_db_handle(statement), result, name);
    }
}

std::int64_t SqliteConnection::run(const sql::Statement& statement, std::span<const sql::Value> parameters,
                                   const sql::RowVisitor& visit)
{
    const Prepared& ready = prepared(statement);
    if (sqlite3_stmt_busy(ready.statement))
        throw std::logic_error(fmt::format("{} is already running", statement.name));

    const ResetAtEnd reset{ready.statement};
    bind(ready, parameters, statement.name);
    const SqliteRow row{ready.statement};
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(ready.statement)) == SQLITE_ROW)
        if (visit) visit(row);
    if (result != SQLITE_DONE) throw_fault(database_, result, statement.name);
    return sqlite3_stmt_readonly(ready.statement) ? 0 : sqlite3_changes64(database_);
}

void SqliteConnection::run_script(std::string_view text)
{
    const int result = sqlite3_exec(database_, std::string{text}.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) throw_fault(database_, sqlite3_extended_errcode(database_), "script");
}

void SqliteConnection::begin_immediate()
{
    forget_announced();
    execute(begin_immediate_sql);
}

void SqliteConnection::begin_deferred()
{
    execute(begin_deferred_sql);
}

void SqliteConnection::commit()
{
    execute(commit_sql);
}

void SqliteConnection::rollback() noexcept
{
    try {
        if (in_transaction()) execute(rollback_sql);
    } catch (const std::exception&) {  // NOLINT: what made us roll back is already on its way to the caller
    }
}

void SqliteConnection::set_deadline(std::chrono::steady_clock::time_point deadline)
{
    constexpr int steps_between = 10'000;  // some tenths of a millisecond
    deadline_ = deadline;
    sqlite3_progress_handler(database_, steps_between, &SqliteConnection::is_over, this);
}

int SqliteConnection::is_over(void* connection)
{
    return std::chrono::steady_clock::now() > static_cast<SqliteConnection*>(connection)->deadline_ ? 1 : 0;
}

bool SqliteConnection::in_transaction() const
{
    return sqlite3_get_autocommit(database_) == 0;
}

std::int64_t SqliteConnection::number(const char* text)
{
    sqlite3_stmt* statement = nullptr;
    int result = sqlite3_prepare_v2(database_, text, -1, &statement, nullptr);
    std::int64_t value = 0;
    if (result == SQLITE_OK) result = sqlite3_step(statement);
    if (result == SQLITE_ROW) value = sqlite3_column_int64(statement, 0);
    if (result != SQLITE_ROW && result != SQLITE_DONE) {
        sqlite3_finalize(statement);
        throw_fault(database_, sqlite3_extended_errcode(database_), text);
    }
    sqlite3_finalize(statement);
    return value;
}

}  // namespace shouwen::sqlite
