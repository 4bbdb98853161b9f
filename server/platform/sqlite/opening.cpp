#include "platform/sqlite/opening.hpp"

#include "platform/sql/migration.hpp"
#include "platform/sql/refused.hpp"
#include "platform/sqlite/fault.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shouwen::sqlite {
namespace {

using sql::StoreRefusal;
using sql::StoreRefused;

void refuse_foreign(SqliteConnection& connection, const std::filesystem::path& path)
{
    const auto marked = connection.number("PRAGMA application_id");
    if (marked == application_id) return;
    if (marked != 0 || connection.number("SELECT count(*) FROM sqlite_schema") > 0)
        throw StoreRefused(StoreRefusal::foreign_database,
                           fmt::format("{} is a database of another program.", path.string()));
}

void mark_as_ours(SqliteConnection& connection)
{
    if (connection.number("PRAGMA application_id") != application_id)
        connection.run_script(fmt::format("PRAGMA application_id = {};", application_id));
}

void refuse_newer(SqliteConnection& connection, const SqliteOptions& options)
{
    const int version = sql::schema_version(connection);
    if (version > options.schema_known)
        throw StoreRefused(StoreRefusal::schema_newer,
                           fmt::format("{} has schema {}, this program knows up to {}. Start the newer version of the "
                                       "program, or restore a backup made by this one.",
                                       options.path.string(), version, options.schema_known));
}

}  // namespace

void refuse_unusable_file(const std::filesystem::path& path)
{
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    if (!std::filesystem::is_directory(folder))
        throw StoreRefused(StoreRefusal::directory_missing,
                           fmt::format("The folder {} does not exist.", folder.string()));

    struct stat file {};
    if (::stat(path.c_str(), &file) == 0) {
        if (!S_ISREG(file.st_mode))
            throw StoreRefused(StoreRefusal::not_a_database, fmt::format("{} is not a file.", path.string()));
        // Also for root: its log files beside the store would lock the owner out of it.
        if (file.st_uid != ::geteuid())
            throw StoreRefused(StoreRefusal::wrong_owner,
                               fmt::format("{} belongs to user {}, this process runs as user {}. Run it as the owner.",
                                           path.string(), file.st_uid, ::geteuid()));
        if ((file.st_mode & S_IWUSR) == 0 || ::access(path.c_str(), W_OK) != 0)
            throw StoreRefused(StoreRefusal::not_writable, fmt::format("{} may not be written to.", path.string()));
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        throw StoreRefused(StoreRefusal::not_writable,
                           fmt::format("The folder {} may not be written to.", folder.string()));
}

constexpr int writer_cache_kib(Use use)
{
    return (use == Use::serving ? 32 : 256) * 1024;
}

std::unique_ptr<SqliteConnection> open_checked(const SqliteOptions& options)
{
    try {
        auto connection =
            std::make_unique<SqliteConnection>(options.path, Access::read_write, writer_cache_kib(options.use));
        refuse_foreign(*connection, options.path);
        refuse_newer(*connection, options);
        connection->prepare_for_writing(options.use);
        mark_as_ours(*connection);
        return connection;
    } catch (const DamagedFile& fault) {
        throw StoreRefused(StoreRefusal::not_a_database,
                           fmt::format("{} is damaged or not a database: {}. Restore the last backup.",
                                       options.path.string(), fault.what()));
    } catch (const IoFault& fault) {
        throw StoreRefused(StoreRefusal::disk_failed,
                           fmt::format("The disk under {} fails: {}.", options.path.string(), fault.what()));
    }
}

}  // namespace shouwen::sqlite
