#pragma once

#include "platform/sql/sql.hpp"
#include "platform/vault/making.hpp"
#include "platform/vault/pace.hpp"
#include "platform/vault/vault.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <string>

/// Backing up and restoring an embedded store with the files that belong to it.
namespace shouwen::vault {

/// This thread gives way to all others, for processor and disk.
void give_way();

struct Source {
    std::filesystem::path store;
    std::filesystem::path
        files;  ///< folder of contents that never change, named `ab/cdef…` by their hash; may be absent
    /// While the moment is held the store's log grows by what is written. At this size the moment is given up and taken again,
    /// as the server refuses writes when its log is too long.
    std::int64_t log_bytes_max = 200 << 20;
    /// Counts what the manifest tells, in the moment that is backed up.
    std::function<std::map<std::string, std::int64_t>(sql::Connection&)> count = {};
};

/// A backup of one moment, while a server (in this process or another) goes on writing. First all of the file is read as it
/// happens to be; then the moment is taken, and what has changed meanwhile is copied aside, beside the store, and packed afterwards.
/// So the store's log, which grows while the moment is held, is held for that copying alone, however large the store and
/// however slow the place. When that is too much still, some of it is read before, again and again.
/// @throws sql::StoreRefused, sql::DiskFull, std::system_error; sql::DatabaseFault when more is written than can be read
Manifest back_up(MakingOptions options, const Source& source, const Pace& pace);

/// A folder's files as entries below `prefix`, in the order of their names. For other stores' backups.
enum class Names { are_hashes, are_any };
std::int64_t add_folder(Making& making, const std::filesystem::path& folder, const std::string& prefix, Names names,
                        const Pace& pace);

struct Target {
    std::filesystem::path store;
    std::filesystem::path files;
    int schema_known = 0;  ///< the newest that this program can work with
    /// Moves what is there aside, to `….before-NAME`, instead of refusing.
    bool replaces = false;
};

/// Makes a new store of a backup, and the folder of its files; checks every byte, and changes nothing when one is wrong.
/// An older schema is brought up when the store is opened.
/// @throws sql::StoreRefused `store_exists`, `schema_newer`, `store_in_use`, `backup_…`; sql::DiskFull
Manifest restore(const Opened& backup, const Target& target);

/// The entries into a folder, which is made. For other stores' backups.
void restore_folder(const Opened& backup, const std::string& prefix, const std::filesystem::path& folder);

/// Refuses when the volume of `folder` has not the room. @throws sql::DiskFull
void require_room(const std::filesystem::path& folder, std::uint64_t bytes);

}  // namespace shouwen::vault
