#include "platform/sqlite/backup.hpp"

#include "platform/sql/migration.hpp"
#include "platform/sql/refused.hpp"
#include "platform/sqlite/backup_file.hpp"
#include "platform/sqlite/connection.hpp"
#include "platform/sqlite/fault.hpp"
#include "platform/sqlite/lock_file.hpp"
#include "platform/sqlite/opening.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <thread>

namespace shouwen::sqlite {
namespace {

using sql::StoreRefusal;
using sql::StoreRefused;

constexpr int cache_kib = 2'000;
constexpr int pages_per_step = 512;
constexpr std::size_t problems_max = 20;

const sql::Statement integrity_check{"integrity_check", "PRAGMA integrity_check(20)"};
const sql::Statement foreign_key_check{"foreign_key_check", "PRAGMA foreign_key_check"};

std::vector<std::string> problems_of(SqliteConnection& connection)
{
    std::vector<std::string> problems;
    connection.each(integrity_check, [&](const sql::Row& row) {
        if (row.text(0) != "ok" && problems.size() < problems_max) problems.push_back(row.string(0));
    });
    connection.each(foreign_key_check, [&](const sql::Row& row) {
        if (problems.size() < problems_max)
            problems.push_back(
                fmt::format("row {} of {} refers to a missing row of {}", row.integer(1), row.text(0), row.text(2)));
    });
    return problems;
}

/// Copies one snapshot. A read transaction of our own spans all steps: without it each commit of the server would make
/// the copy begin again, and under load it would never end.
void copy_pages(SqliteConnection& from, SqliteConnection& to, const BackupOptions& options)
{
    from.begin_deferred();
    from.number("SELECT count(*) FROM sqlite_schema");  // takes the snapshot
    auto* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (!backup) throw_fault(to.handle(), sqlite3_extended_errcode(to.handle()), "backup");
    int result = SQLITE_OK;
    while ((result = sqlite3_backup_step(backup, pages_per_step)) == SQLITE_OK) {
        if (options.between_steps) {
            const std::int64_t total = sqlite3_backup_pagecount(backup);
            options.between_steps(total - sqlite3_backup_remaining(backup), total);
        } else {
            std::this_thread::sleep_for(Duration{2});
        }
    }
    sqlite3_backup_finish(backup);
    from.rollback();
    if (result != SQLITE_DONE) throw_fault(to.handle(), result, "backup");
}

/// @returns the schema's number
int refuse_bad_copy(SqliteConnection& copy, const std::filesystem::path& of)
{
    if (copy.number("PRAGMA application_id") != application_id)
        throw StoreRefused(StoreRefusal::foreign_database,
                           fmt::format("{} is a database of another program.", of.string()));
    const auto problems = problems_of(copy);
    if (!problems.empty())
        throw StoreRefused(StoreRefusal::not_a_database, fmt::format("{} is damaged: {}. Restore the last good backup.",
                                                                     of.string(), problems.front()));
    return sql::schema_version(copy);
}

}  // namespace

BackupManifest back_up(const std::filesystem::path& store, const std::filesystem::path& target, Instant now,
                       const BackupOptions& options)
{
    if (std::filesystem::exists(target))
        throw StoreRefused(StoreRefusal::store_exists,
                           fmt::format("{} already exists; a backup needs a new name.", target.string()));
    if (!std::filesystem::is_regular_file(store))
        throw StoreRefused(StoreRefusal::not_a_database, fmt::format("There is no store {}.", store.string()));

    UnfinishedFile file{target};
    BackupManifest manifest{.schema = 0, .made_at = now, .size_bytes = 0, .checksum = {}};
    try {
        SqliteConnection copy{file.path(), Access::read_write, cache_kib};
        {
            SqliteConnection source{store, Access::read_only, cache_kib};
            copy_pages(source, copy, options);
        }
        copy.run_script("PRAGMA journal_mode = DELETE;");  // one file, without a log beside it
        manifest.schema = refuse_bad_copy(copy, store);
    } catch (const IoFault& fault) {
        throw StoreRefused(StoreRefusal::not_a_database,
                           fmt::format("{} cannot be read: {}.", store.string(), fault.what()));
    }
    append_trailer(file.path(), manifest);
    file.finish();
    return manifest;
}

BackupManifest verify_backup(const std::filesystem::path& backup)
{
    return read_backup(backup, {});
}

BackupManifest restore(const std::filesystem::path& backup, const std::filesystem::path& store, int schema_known)
{
    // A log without its database belongs to something that somebody may still want back.
    for (const auto* suffix : {"", "-wal"})
        if (std::filesystem::exists(store.string() + suffix))
            throw StoreRefused(StoreRefusal::store_exists,
                               fmt::format("{}{} already exists; move it away first.", store.string(), suffix));
    refuse_unusable_file(store);
    const LockFile lock{store};
    UnfinishedFile file{store};
    const auto manifest = read_backup(backup, file.path());
    if (manifest.schema > schema_known)
        throw StoreRefused(
            StoreRefusal::schema_newer,
            fmt::format("{} has schema {}, this program knows up to {}. Restore it with the newer version.",
                        backup.string(), manifest.schema, schema_known));
    {
        SqliteConnection copy{file.path(), Access::read_write, cache_kib};
        refuse_bad_copy(copy, backup);
    }
    file.finish();
    return manifest;
}

BackupManifest restore(const std::filesystem::path& backup, const std::filesystem::path& store)
{
    return restore(backup, store, sql::newest_number(sql::built_in_migrations(sql::Dialect::sqlite)));
}

std::vector<std::string> check_file(const std::filesystem::path& store)
{
    SqliteConnection connection{store, Access::read_only, cache_kib};
    return problems_of(connection);
}

}  // namespace shouwen::sqlite
