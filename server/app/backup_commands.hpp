#pragma once

#include "app/command_line.hpp"
#include "base/instant.hpp"
#include "platform/config/config.hpp"
#include "platform/vault/store_backup.hpp"

#include <filesystem>
#include <iosfwd>
#include <string>

/// `shouwen backup`, `restore` and `drill`, and what the server's own backups share with them.
namespace shouwen::app {

struct BackupOptions {
    StorePlace place;
    std::filesystem::path backups;  ///< a folder of backups, or a file
    vault::Secret secret;
    std::string name;  ///< of one in the folder; empty: the newest
    bool is_fresh = false;
    bool replaces = false;
    std::filesystem::path drill_dir;
    std::int64_t log_bytes_max =
        200 << 20;  ///< of an embedded store, while its moment is held; well below what it refuses writes at
    std::filesystem::path into;  ///< for a PostgreSQL cluster: its new data folder
    bool stays_as_is = false;    ///< not started and not verified: it is to be recovered to a moment first
};

/// The key or passphrase that is configured. @throws sql::StoreRefused `backup_key_unfit`
vault::Secret secret_of(const config::Config::Backup& config);
/// Where drills restore to.
std::filesystem::path drill_dir_of(const config::Config& config);

/// @param product  the program and its version, for the manifest
vault::Manifest make_backup(const BackupOptions& options, const std::string& product, Instant now,
                            const vault::Pace& pace, bool must_have_backups);

/// What a drill found.
struct Drilled {
    vault::Manifest manifest;
    std::int64_t tickets = 0;
    std::int64_t finding_count = 0;
    std::vector<std::string> findings;  ///< at most the first ten
};
/// Restores a backup into an empty folder below `drill_dir`, verifies the store (a cluster with a server of its own), and
/// removes it again.
/// @throws sql::StoreRefused, sql::DiskFull when it cannot be restored at all
/// @param pace  of reading it; while it is verified, `on_step` is called now and then as well
Drilled drill(const BackupOptions& options, Instant now, const vault::Pace& pace);

int backup_command(const BackupOptions& options, const std::string& product, std::ostream& out);
int restore_command(const BackupOptions& options, std::ostream& out);
int drill_command(const BackupOptions& options, std::ostream& out);
int list_command(const BackupOptions& options, std::ostream& out);

}  // namespace shouwen::app
