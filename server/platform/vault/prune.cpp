#include "platform/sql/refused.hpp"
#include "platform/vault/folder.hpp"
#include "platform/vault/vault.hpp"

#include <fmt/format.h>

namespace shouwen::vault {
namespace {

namespace fs = std::filesystem;
using Names = std::unordered_set<Hash, HashOfName>;

/// Everything that a kept backup needs. @throws sql::StoreRefused when one cannot be read
Names needed_by_all(const fs::path& folder, const Secret& secret)
{
    const Chunks chunks{packs_in(folder)};
    Names needed;
    std::optional<Keys> keys;
    std::string salt;
    for (const auto& path : manifests_in(folder)) {
        const auto text = read_file(path, manifest_bytes_max);
        const auto manifest = parse(text, path);
        if (salt != manifest.salt) keys = derive(secret, manifest.salt);
        salt = manifest.salt;
        check(text, manifest, keys, path);
        const auto note = [&](const Hash& name) { needed.insert(name); };
        std::string catalogue;
        chunks.each_name(manifest.catalogue, keys, note);
        chunks.read(manifest.catalogue, keys, [&](std::string_view bytes) { catalogue += bytes; });
        for (const auto& entry : parse_catalogue(catalogue, path)) {
            // Two backups share most lists; what is in one that was seen is noted already.
            for (const auto& name : entry.content.names)
                if (needed.insert(name).second && entry.content.is_listed)
                    chunks.each_name({.size_bytes = 0, .is_listed = true, .names = {name}}, keys, note);
        }
    }
    return needed;
}

std::uint64_t needed_bytes(const PackReader& pack, const Names& needed)
{
    std::uint64_t bytes = 0;
    for (const auto& place : pack.places())
        if (needed.contains(place.name)) bytes += place.length;
    return bytes;
}

/// The needed ones into a pack of another name; only when that is on the disk does the old one go.
void write_smaller(const PackReader& pack, const Names& needed)
{
    auto target = pack.path();
    target.replace_filename(target.stem().string() + "r.pack");
    Unfinished unfinished{target};
    PackWriter smaller{unfinished.path()};
    for (const auto& place : pack.places())
        if (needed.contains(place.name)) smaller.add(place.name, pack.read(place));
    smaller.finish();
    unfinished.finish();
}

std::uint64_t sweep(const fs::path& folder, const Names& needed)
{
    std::uint64_t freed = 0;
    for (const auto& path : packs_in(folder)) {
        const auto size = fs::file_size(path);
        std::uint64_t kept = 0;
        {
            const PackReader pack{path};
            kept = needed_bytes(pack, needed);
            if (kept * 2 > size) continue;
            if (kept > 0) write_smaller(pack, needed);
        }
        fs::remove(path);
        freed += size - kept;
    }
    sync_folder(folder / "packs");
    return freed;
}

}  // namespace

Pruned prune(const fs::path& folder, const std::unordered_set<std::string>& kept, const Secret& secret)
{
    const FolderLock lock{folder, FolderLock::Kind::writing};
    remove_unfinished(folder);
    Pruned pruned;
    for (const auto& path : manifests_in(folder)) {
        if (kept.contains(path.stem().string())) continue;
        fs::remove(path);
        ++pruned.backups_count;
    }
    sync_folder(folder);
    if (pruned.backups_count == 0) return pruned;
    try {
        pruned.freed_bytes = sweep(folder, needed_by_all(folder, secret));
    } catch (const sql::StoreRefused&) {
        // One that cannot be read needs chunks that nobody knows: all stay. Reading it says what is wrong.
    }
    return pruned;
}

}  // namespace shouwen::vault
