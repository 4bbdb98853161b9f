#include "app/backup_commands.hpp"

#include "app/centre.hpp"
#include "app/holds.hpp"
#include "app/verify.hpp"
#include "modules/ticket/store/checking.hpp"
#include "platform/postgres/connection.hpp"
#include "platform/postgres/postgres_store.hpp"
#include "platform/sql/migration.hpp"
#include "platform/vault/cluster_backup.hpp"

#include <fmt/format.h>

#include <iostream>
#include <unistd.h>

namespace shouwen::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t findings_shown = 10;
constexpr std::string_view drill_prefix = "drill-";

int schema_known()
{
    return sql::newest_number(sql::built_in_migrations(sql::Dialect::sqlite));
}

std::string megabytes(std::uint64_t bytes)
{
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

/// Gone with what was restored into it, whatever happened.
class DrillFolder {
public:
    explicit DrillFolder(const fs::path& below) : path_(below / fmt::format("{}{}", drill_prefix, ::getpid()))
    {
        fs::create_directories(below);
        // What a process left that died in a drill.
        for (const auto& each : fs::directory_iterator{below}) {
            const auto name = each.path().filename().string();
            if (name.starts_with(drill_prefix) && !fs::exists("/proc/" + name.substr(drill_prefix.size())))
                fs::remove_all(each.path());
        }
        fs::create_directory(path_);
    }
    ~DrillFolder()
    {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    DrillFolder(const DrillFolder&) = delete;
    DrillFolder& operator=(const DrillFolder&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

/// What the manifest tells; read through a connection of its own, as a server has the database.
vault::ClusterSource cluster_of(const StorePlace& place)
{
    postgres::PgConnection db{place.store, std::chrono::seconds{60}};
    db.begin_read();
    return {.url = place.store,
            .files = place.data_dir / "blobs",
            .schema = sql::schema_version(db),
            .counts = {{"ticket", ticket::ticket_count(db)}}};
}

/// A failing disk under a trial must not end the server, as it does under its own store.
std::unique_ptr<sql::Store> open_restored(const std::string& store)
{
    if (postgres::is_address(store)) return open_store({.store = store});
    return sqlite::open_sqlite({.path = store, .on_fatal = [](std::string_view) {}, .use = sqlite::Use::filling});
}

/// The findings of a restored store, its attachments included.
void check_restored(const std::string& store, const fs::path& data_dir, Instant now, const vault::Pace& pace,
                    Drilled& into)
{
    Checked checked;
    if (!postgres::is_address(store)) check_file_of(store, checked);
    const auto opened = open_restored(store);
    sql::migrate(*opened, now);
    check_attachments(*opened, data_dir, checked);
    const auto rows = check_store(*opened, [&](std::int64_t) {
        if (pace.on_step) pace.on_step(0, 0);
    });
    into.tickets = rows.tickets;
    into.finding_count = checked.finding_count + rows.finding_count;
    for (const Checked* part : std::initializer_list<const Checked*>{&checked, &rows})
        for (const auto& finding : part->findings)
            if (into.findings.size() < findings_shown) into.findings.push_back(shown(finding));
}

}  // namespace

vault::Secret secret_of(const config::Config::Backup& config)
{
    if (!config.key_file.empty()) return vault::read_key_file(config.key_file);
    if (!config.passphrase.empty()) return vault::checked_passphrase(config.passphrase);
    return {};
}

fs::path drill_dir_of(const config::Config& config)
{
    return config.backup.drill_dir.empty() ? config.data.dir / "drill" : config.backup.drill_dir;
}

vault::Manifest make_backup(const BackupOptions& options, const std::string& product, Instant now,
                            const vault::Pace& pace, bool must_have_backups)
{
    vault::MakingOptions making{.place = options.backups,
                                .secret = options.secret,
                                .now = now,
                                .product = product,
                                .is_fresh = options.is_fresh,
                                .must_have_backups = must_have_backups};
    if (postgres::is_address(options.place.store))
        return vault::back_up_cluster(std::move(making), cluster_of(options.place), pace);
    return vault::back_up(std::move(making),
                          {.store = options.place.store,
                           .files = options.place.data_dir / "blobs",
                           .log_bytes_max = options.log_bytes_max,
                           .count =
                               [](sql::Connection& db) {
                                   return std::map<std::string, std::int64_t>{{"ticket", ticket::ticket_count(db)}};
                               }},
                          pace);
}

Drilled drill(const BackupOptions& options, Instant now, const vault::Pace& pace)
{
    const vault::Opened opened{options.backups, options.name, options.secret, pace};
    const DrillFolder folder{options.drill_dir};
    Drilled drilled{.manifest = {}, .findings = {}};
    if (postgres::is_address(options.place.store)) {
        const auto data = folder.path() / "data";
        drilled.manifest = vault::restore_cluster(opened, data, folder.path() / "blobs");
        const vault::TemporaryCluster cluster{data, options.place.store};
        check_restored(cluster.url(), folder.path(), now, pace, drilled);
    } else {
        const auto file = folder.path() / "shouwen.db";
        drilled.manifest =
            vault::restore(opened, {.store = file, .files = folder.path() / "blobs", .schema_known = schema_known()});
        check_restored(file.string(), folder.path(), now, pace, drilled);
    }
    const auto counted = drilled.manifest.counts.find("ticket");
    // Of a cluster they are counted before it is copied, and more may have come.
    const bool is_exact = drilled.manifest.store == "sqlite";
    if (counted != drilled.manifest.counts.end() &&
        (is_exact ? counted->second != drilled.tickets : counted->second > drilled.tickets)) {
        ++drilled.finding_count;
        drilled.findings.push_back(
            fmt::format("the backup was made of {} tickets, {} are in it", counted->second, drilled.tickets));
    }
    return drilled;
}

int backup_command(const BackupOptions& options, const std::string& product, std::ostream& out)
{
    vault::give_way();
    const bool shows = ::isatty(STDERR_FILENO) != 0;
    const auto manifest = make_backup(options, product, SystemClock{}.now(),
                                      {.rests = 1,
                                       .on_step =
                                           [shows](std::uint64_t done, std::uint64_t total) {
                                               if (shows)
                                                   std::cerr << "\r" << megabytes(done) << " of " << megabytes(total)
                                                             << "   ";
                                           }},
                                      false);
    if (shows) std::cerr << "\n";
    out << fmt::format("{}: {}, {} tickets, schema {}, {} files, {} ({} written), {}\n", options.backups.string(),
                       manifest.name, manifest.counts.at("ticket"), manifest.schema, manifest.files_count,
                       megabytes(manifest.size_bytes), megabytes(manifest.added_bytes),
                       manifest.is_encrypted() ? "encrypted" : "not encrypted");
    if (const auto damaged = manifest.counts.find("attachment_damaged"); damaged != manifest.counts.end())
        out << fmt::format("{} attachments differ from what was uploaded; shouwen verify names them\n",
                           damaged->second);
    return 0;
}

/// Brings the schema up, and holds what leaves: what was sent after the backup's moment would be sent once more.
void hold_until_released(const std::string& address, const vault::Manifest& manifest, std::ostream& out)
{
    const auto store = open_store({.store = address});
    const auto done = sql::migrate(*store, SystemClock{}.now());
    if (done.applied_count > 0) out << fmt::format("Schema {} → {}\n", done.from, done.to);
    hold_restored(*store, manifest.name, manifest.made_at, SystemClock{}.now());
    out << "Messages to the outside are held until somebody releases them: on the page, or with `shouwen release-hold`\n";
}

/// A cluster is restored as a data folder, tried with a server of its own, and left for the operator to start.
int restore_into(const BackupOptions& options, const vault::Opened& opened, std::ostream& out)
{
    const auto manifest = vault::restore_cluster(opened, options.into, options.place.data_dir / "blobs");
    out << fmt::format("Restored {} ({}, made {}) into {}\n", manifest.name, manifest.product,
                       to_rfc3339(manifest.made_at), options.into.string());
    if (options.stays_as_is) return 0;
    out << "Checking it with a server of its own\n";
    const vault::TemporaryCluster cluster{options.into, options.place.store};
    hold_until_released(cluster.url(), manifest, out);
    return verify({cluster.url(), options.place.data_dir}, out);
}

int restore_command(const BackupOptions& options, std::ostream& out)
{
    const vault::Opened opened{options.backups, options.name, options.secret};
    if (!options.into.empty()) return restore_into(options, opened, out);
    const auto manifest = vault::restore(opened, {.store = options.place.store,
                                                  .files = options.place.data_dir / "blobs",
                                                  .schema_known = schema_known(),
                                                  .replaces = options.replaces});
    out << fmt::format("Restored {} ({}, made {}) as {}; checking it\n", manifest.name, manifest.product,
                       to_rfc3339(manifest.made_at), options.place.store);
    hold_until_released(options.place.store, manifest, out);
    return verify(options.place, out);
}

int drill_command(const BackupOptions& options, std::ostream& out)
{
    const auto drilled = drill(options, SystemClock{}.now(), {.rests = 0});
    for (const auto& finding : drilled.findings) out << finding << "\n";
    out << fmt::format("{} of {}: restored, {} tickets, {} findings\n", drilled.manifest.name,
                       to_rfc3339(drilled.manifest.made_at), drilled.tickets, drilled.finding_count);
    return drilled.finding_count == 0 ? 0 : 1;
}

int list_command(const BackupOptions& options, std::ostream& out)
{
    int unreadable = 0;
    for (const auto& each : vault::list(options.backups, [&](const std::string& text) {
             out << text << "\n";
             ++unreadable;
         }))
        out << fmt::format("{}  {}  schema {}  {}  ({} written)  {}\n", each.name, each.product, each.schema,
                           megabytes(each.size_bytes), megabytes(each.added_bytes),
                           each.is_encrypted() ? "encrypted with " + each.key_id : "not encrypted");
    return unreadable == 0 ? 0 : 1;
}

}  // namespace shouwen::app
