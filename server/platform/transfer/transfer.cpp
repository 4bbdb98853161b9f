#include "platform/transfer/transfer.hpp"

#include "base/id.hpp"
#include "platform/postgres/connection.hpp"
#include "platform/postgres/postgres_store.hpp"
#include "platform/sql/migration.hpp"
#include "platform/sql/parts.hpp"
#include "platform/sql/refused.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include <chrono>
#include <deque>
#include <map>

namespace shouwen::transfer {
namespace {

using postgres::PgConnection;
using sql::StoreRefusal;
using sql::StoreRefused;

constexpr std::chrono::hours statement_max{12};  // putting a constraint back reads whole tables
constexpr std::size_t buffer_bytes = 1 << 16;

const sql::Statement list_tables{
    "list_tables",
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search\\_%' "
    "ESCAPE '\\' AND name <> 'schema_migration' ORDER BY name"};
const sql::Statement list_columns{"list_columns", "SELECT name, type, pk FROM pragma_table_info($1)"};

const sql::Statement ticket_ids{"ticket_ids", "SELECT MIN(id), MAX(id) FROM ticket"};

const sql::Statement has_progress{"has_progress", "SELECT to_regclass('transfer_progress') IS NOT NULL"};
const sql::Statement has_content{
    "has_content",
    "SELECT EXISTS (SELECT 1 FROM staff) OR EXISTS (SELECT 1 FROM ticket) OR EXISTS (SELECT 1 FROM customer)"};
const sql::Statement read_progress{"read_progress", "SELECT name, rows_count, is_done FROM transfer_progress"};
const sql::Statement list_constraints{
    "list_constraints",
    "SELECT CAST(conrelid AS regclass)::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND conparentid = 0 AND connamespace = CAST(current_schema() AS regnamespace) ORDER BY 1, 2"};
const sql::Statement kept_constraints{"kept_constraints",
                                      "SELECT table_name, name, definition FROM transfer_constraint ORDER BY 1, 2"};
const sql::Statement list_identities{
    "list_identities",
    "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'"};

struct Source {
    std::string table;
    std::string target;
    std::vector<std::string> columns;
    std::vector<std::string> types;
    std::string order;
};

/// Texts that connections know by their address, kept for the whole transfer.
class Texts {
public:
    const sql::Statement& statement(std::string text)
    {
        texts_.push_back(std::move(text));
        return statements_.emplace_back(sql::Statement{"transfer", texts_.back().c_str()});
    }

private:
    std::deque<std::string> texts_;
    std::deque<sql::Statement> statements_;
};

std::string joined(const std::vector<std::string>& names)
{
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
    return list;
}

std::vector<Source> sources_of(sql::Connection& db)
{
    std::vector<Source> sources;
    db.each(list_tables, [&](const sql::Row& row) { sources.push_back({row.string(0), row.string(0), {}, {}, {}}); });
    for (auto& source : sources) {
        std::map<std::int64_t, std::string> key;
        db.each(
            list_columns,
            [&](const sql::Row& row) {
                source.columns.push_back(row.string(0));
                source.types.push_back(row.string(1));
                if (row.integer(2) > 0) key[row.integer(2)] = row.string(0);
            },
            source.table);
        for (const auto& [place, name] : key) source.order += (source.order.empty() ? "" : ", ") + name;
        if (key.empty()) source.order = "rowid";
    }
    // What was indexed, or waits for it, is indexed anew: each database has its own form of it.
    for (const char* table : {"search_document", "search_queue"})
        sources.push_back({table, "search_queue", {"kind", "ref_id"}, {"TEXT", "INTEGER"}, "id"});
    return sources;
}

/// One value in the text form of COPY.
void append(std::string& line, const sql::Row& row, int column, std::string_view type)
{
    if (row.is_null(column)) {
        line += "\\N";
    } else if (type == "INTEGER") {
        line += fmt::format("{}", row.integer(column));
    } else if (type == "REAL") {
        line += fmt::format("{}", row.real(column));
    } else if (type == "BLOB") {
        line += "\\\\x";
        for (const char byte : row.bytes(column)) line += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    } else {
        for (const char c : row.text(column)) switch (c) {
                case '\\': line += "\\\\"; break;
                case '\n': line += "\\n"; break;
                case '\r': line += "\\r"; break;
                case '\t': line += "\\t"; break;
                default: line += c;
            }
    }
}

class Transfer {
public:
    Transfer(const Options& options, sql::Store& from)
        : options_(options), from_(from), target_(options.to, statement_max)
    {
    }

    Transferred run()
    {
        from_.read([&](sql::Connection& db) { sources_ = sources_of(db); });
        begin();
        for (const auto& source : sources_)
            if (!copy(source)) return {};
        Transferred done{.is_whole = true, .tables = compare()};
        finish();
        return done;
    }

private:
    bool ask(const sql::Statement& question)
    {
        return target_.first(question, [](const sql::Row& row) { return row.boolean(0); }).value_or(false);
    }

    void begin()
    {
        if (!ask(has_progress)) {
            if (ask(has_content))
                throw StoreRefused(StoreRefusal::store_exists,
                                   fmt::format("{} holds a centre already; a copy wants an empty database.",
                                               postgres::shown_address(options_.to)));
            std::string script =
                "BEGIN; CREATE TABLE transfer_progress (name TEXT PRIMARY KEY, rows_count BIGINT NOT NULL, is_done BOOLEAN NOT NULL);"
                "CREATE TABLE transfer_constraint (table_name TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL);"
                "INSERT INTO transfer_constraint SELECT CAST(conrelid AS regclass)::text, conname, pg_get_constraintdef(oid) "
                "FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND connamespace = CAST(current_schema() AS regnamespace);";
            target_.each(list_constraints, [&](const sql::Row& row) {
                script += fmt::format("ALTER TABLE {} DROP CONSTRAINT \"{}\";", row.text(0), row.text(1));
            });
            for (const auto& source : sources_) script += fmt::format("TRUNCATE {} CASCADE;", source.target);
            target_.run_script(script + "COMMIT");
        }
        target_.each(read_progress, [&](const sql::Row& row) {
            done_[row.string(0)] = {row.integer(1), row.boolean(2)};
        });
    }

    /// @returns false when it was told to stop
    bool copy(const Source& source)
    {
        auto& progress = done_[source.table];
        if (progress.is_done) return true;
        const auto& select = texts_.statement(fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT -1 OFFSET $1",
                                                          joined(source.columns), source.table, source.order));
        std::int64_t in_batch = 0;
        bool go_on = true;
        std::string line;
        from_.read([&](sql::Connection& db) {
            db.each(
                select,
                [&](const sql::Row& row) {
                    if (!go_on) return;
                    if (in_batch == 0) begin_batch(source);
                    for (std::size_t i = 0; i < source.columns.size(); ++i) {
                        if (i > 0) line += '\t';
                        append(line, row, static_cast<int>(i), source.types[i]);
                    }
                    line += '\n';
                    ++in_batch;
                    if (line.size() >= buffer_bytes) put(line);
                    if (in_batch == options_.rows_per_commit) go_on = end_batch(source, line, in_batch, false);
                },
                progress.rows_count);
        });
        if (!go_on) return false;
        if (in_batch == 0) begin_batch(source);
        return end_batch(source, line, in_batch, true);
    }

    void begin_batch(const Source& source)
    {
        target_.run_script("BEGIN");
        target_.copy_begin(fmt::format("COPY {} ({}) FROM STDIN", source.target, joined(source.columns)));
    }
    void put(std::string& line)
    {
        target_.copy_put(line);
        line.clear();
    }
    bool end_batch(const Source& source, std::string& line, std::int64_t& in_batch, bool is_done)
    {
        put(line);
        target_.copy_end();
        auto& progress = done_[source.table];
        progress = {progress.rows_count + in_batch, is_done};
        target_.run_script(fmt::format(
            "INSERT INTO transfer_progress (name, rows_count, is_done) VALUES ('{0}', {1}, {2}) ON CONFLICT (name) DO UPDATE "
            "SET rows_count = {1}, is_done = {2}; COMMIT",
            source.table, progress.rows_count, is_done));
        in_batch = 0;
        if (options_.progress) options_.progress(source.table, progress.rows_count);
        return options_.commits_max == 0 || ++commits_ < options_.commits_max;
    }

    std::int64_t count(sql::Connection& db, const std::string& table)
    {
        return db
            .first(texts_.statement("SELECT COUNT(*) FROM " + table),
                   [](const sql::Row& row) { return row.integer(0); })
            .value();
    }

    std::vector<Table> compare()
    {
        std::vector<Table> tables;
        from_.read([&](sql::Connection& db) {
            std::map<std::string, std::int64_t> wanted;
            for (const auto& source : sources_) wanted[source.target] += count(db, source.table);
            for (const auto& [table, rows] : wanted) {
                const auto found = count(target_, table);
                if (found != rows)
                    throw StoreRefused(
                        StoreRefusal::backup_damaged,
                        fmt::format("{} has {} rows, its copy {}. Drop the target and copy anew.", table, rows, found));
                tables.push_back({table, rows});
            }
        });
        return tables;
    }

    void finish()
    {
        std::string script = "BEGIN;";
        target_.each(kept_constraints, [&](const sql::Row& row) {
            script += fmt::format("ALTER TABLE {} ADD CONSTRAINT \"{}\" {};", row.text(0), row.text(1), row.text(2));
        });
        target_.each(list_identities, [&](const sql::Row& row) {
            script += fmt::format(
                "SELECT setval(pg_get_serial_sequence('{0}', '{1}'), COALESCE(MAX({1}), 0) + 1, false) FROM {0};",
                row.text(0), row.text(1));
        });
        target_.run_script(script + "DROP TABLE transfer_progress; DROP TABLE transfer_constraint; COMMIT");
        target_.run_script("ANALYZE");
    }

    struct Progress {
        std::int64_t rows_count = 0;
        bool is_done = false;
    };

    const Options& options_;
    sql::Store& from_;
    PgConnection target_;
    std::vector<Source> sources_;
    std::map<std::string, Progress> done_;
    Texts texts_;
    int commits_ = 0;
};

}  // namespace

Transferred transfer(const Options& options)
{
    const auto from = sqlite::open_sqlite({.path = options.from});
    sql::migrate(*from, Instant{});
    const auto to = postgres::open_postgres({.url = options.to, .accept_half_copied = true});
    sql::migrate(*to, Instant{});
    from->read([&](sql::Connection& db) {
        db.each(ticket_ids, [&](const sql::Row& row) {
            if (!row.is_null(0)) sql::make_parts(*to, made_at(row.integer(0)), made_at(row.integer(1)));
        });
    });
    return Transfer{options, *from}.run();
}

}  // namespace shouwen::transfer
