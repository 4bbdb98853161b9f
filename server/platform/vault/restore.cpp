#include "platform/sql/refused.hpp"
#include "platform/sqlite/lock_file.hpp"
#include "platform/sqlite/opening.hpp"
#include "platform/vault/store_backup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fcntl.h>
#include <set>
#include <sys/statvfs.h>

namespace shouwen::vault {
namespace {

namespace fs = std::filesystem;
using sql::StoreRefusal;
using sql::StoreRefused;

constexpr std::string_view store_entry = "store.db";
constexpr std::string_view files_prefix = "blobs/";
constexpr std::uint64_t sync_bytes = 64 << 20;

void write_file(const Opened& backup, const Stream& content, const fs::path& path)
{
    File file{path, O_WRONLY | O_CREAT | O_EXCL};
    std::uint64_t unsynced = 0;
    backup.read(content, [&](std::string_view bytes) {
        file.write(bytes);
        unsynced += bytes.size();
        if (unsynced < sync_bytes) return;
        file.sync();
        unsynced = 0;
    });
    file.sync();
}

bool has_content(const fs::path& folder)
{
    return fs::is_directory(folder) ? !fs::is_empty(folder) : fs::exists(folder);
}

/// What stands in the way is refused, or moved aside where it can be found again.
void clear_way(const fs::path& path, const Target& target, const std::string& name)
{
    if (!has_content(path)) {
        std::error_code ignored;
        if (fs::is_directory(path)) fs::remove(path, ignored);
        return;
    }
    if (!target.replaces)
        throw StoreRefused(
            StoreRefusal::store_exists,
            fmt::format(
                "{} already exists; nothing was changed. Move it away, or give --replace to have it moved to {}.",
                path.string(), fmt::format("{}.before-{}", path.string(), name)));
}

void move_aside(const fs::path& path, const std::string& name)
{
    if (fs::exists(path)) fs::rename(path, fmt::format("{}.before-{}", path.string(), name));
}

}  // namespace

void require_room(const fs::path& folder, std::uint64_t bytes)
{
    struct statvfs volume {};
    if (::statvfs(folder.empty() ? "." : folder.c_str(), &volume) != 0) return;
    const auto free_bytes = static_cast<std::uint64_t>(volume.f_bavail) * volume.f_frsize;
    if (free_bytes < bytes)
        throw sql::DiskFull(
            fmt::format("{} has {} MB free, {} MB are needed", folder.string(), free_bytes >> 20, (bytes >> 20) + 1));
}

void restore_folder(const Opened& backup, const std::string& prefix, const fs::path& folder)
{
    fs::create_directories(folder);
    std::set<fs::path> folders{folder};
    for (const auto& entry : backup.entries()) {
        if (!entry.path.starts_with(prefix)) continue;
        const auto path = folder / entry.path.substr(prefix.size());
        const auto parent = entry.is_folder ? path : path.parent_path();
        if (folders.insert(parent).second) fs::create_directories(parent);
        if (!entry.is_folder) write_file(backup, entry.content, path);
    }
    for (const auto& each : folders) sync_folder(each);
}

Manifest restore(const Opened& backup, const Target& target)
{
    const auto& manifest = backup.manifest();
    if (manifest.store != "sqlite")
        throw StoreRefused(StoreRefusal::backup_foreign,
                           fmt::format("The backup {} is one of a {} store. Restore it with --into FOLDER.",
                                       manifest.name, manifest.store));
    if (manifest.schema > target.schema_known)
        throw StoreRefused(StoreRefusal::schema_newer,
                           fmt::format("The backup {} has schema {}, this program knows up to {}. Restore it with the "
                                       "newer version.",
                                       manifest.name, manifest.schema, target.schema_known));
    const std::vector<fs::path> taken{target.store, target.store.string() + "-wal", target.store.string() + "-shm",
                                      target.files};
    // A log without its database belongs to something that somebody may still want back.
    for (const auto& path : taken) clear_way(path, target, manifest.name);
    const auto folder = target.store.has_parent_path() ? target.store.parent_path() : fs::path{"."};
    if (!target.replaces) sqlite::refuse_unusable_file(target.store);
    require_room(folder, manifest.size_bytes);
    const sqlite::LockFile lock{target.store};

    Unfinished store{target.store};
    const auto entries = backup.entries();
    const auto found = std::ranges::find(entries, store_entry, &Entry::path);
    if (found == entries.end())
        throw StoreRefused(StoreRefusal::backup_damaged, fmt::format("The backup {} holds no store.", manifest.name));
    write_file(backup, found->content, store.path());
    fs::create_directories(target.files.parent_path());
    Unfinished files{target.files};
    restore_folder(backup, std::string{files_prefix}, files.path());

    // All is there and right. From here on only names change.
    if (target.replaces)
        for (const auto& path : taken) move_aside(path, manifest.name);
    files.finish();
    store.finish();
    return manifest;
}

}  // namespace shouwen::vault
