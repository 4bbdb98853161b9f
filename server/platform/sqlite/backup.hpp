#pragma once

#include "base/instant.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace shouwen::sqlite {

/// What a backup says about itself.
struct BackupManifest {
    int schema = 0;
    Instant made_at{};
    std::uint64_t size_bytes = 0;  // of the database, without the trailer
    std::string checksum;          // BLAKE2b in hex over the database and the fields above
};

struct BackupOptions {
    /// Between two steps of 2 MB; by default a pause of 2 ms, so that requests keep most of the disk.
    std::function<void(std::int64_t pages_done, std::int64_t pages_total)> between_steps = {};
};

/// A copy of a store, online: of one moment, while a server (in this process or another) goes on writing. Its log cannot be
/// cleaned meanwhile, so it grows by what is written. The copy is checked whole (integrity, foreign keys, schema) before
/// it gets its name, so a file of that name is a good backup or does not exist.
/// One file: the database, then a trailer of 256 bytes with the manifest. The checksum finds damage and tampering with
/// parts; it is no signature.
/// @throws sql::StoreRefused `store_exists` when `target` is there, `not_a_database`, `foreign_database`;
/// sql::DiskFull
BackupManifest back_up(const std::filesystem::path& store, const std::filesystem::path& target, Instant now,
                       const BackupOptions& options = {});

/// Reads all of it and compares with its manifest.
/// @throws sql::StoreRefused `backup_missing`, `backup_damaged`
BackupManifest verify_backup(const std::filesystem::path& backup);

/// Makes a new store of a backup; never overwrites one. An older schema is brought up when the store is opened.
/// @param schema_known  the newest schema this program can work with
/// @throws sql::StoreRefused `store_exists`, `backup_missing`, `backup_damaged`, `schema_newer`, `store_in_use`;
/// sql::DiskFull
BackupManifest restore(const std::filesystem::path& backup, const std::filesystem::path& store, int schema_known);

/// `restore` for what the built-in migrations make.
BackupManifest restore(const std::filesystem::path& backup, const std::filesystem::path& store);

/// The problems that SQLite finds in the file itself, at most 20; empty when there are none. Reads everything.
std::vector<std::string> check_file(const std::filesystem::path& store);

}  // namespace shouwen::sqlite
