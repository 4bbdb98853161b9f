#pragma once

#include "base/instant.hpp"
#include "platform/vault/manifest.hpp"
#include "platform/vault/pace.hpp"
#include "platform/vault/pack.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

/// Where backups lie. Either a folder of many (`NAME.backup` manifests over shared packs, so that a further backup writes
/// only what it has not got) or one file that is one whole backup (a pack with its manifest). Each is restorable by itself.
namespace shouwen::vault {

struct HashOfName {
    /// Names are evenly spread already.
    std::size_t operator()(const Hash& name) const;
};

/// All chunks that lie at a place. Thread-safe to read.
class Chunks {
public:
    Chunks() = default;
    /// Packs that cannot be read are left out; what is missed because of them says so.
    explicit Chunks(const std::vector<std::filesystem::path>& packs);

    bool has(const Hash& name) const { return places_.contains(name); }
    /// @throws sql::StoreRefused `backup_damaged`
    std::string read(const Hash& name, const std::optional<Keys>& keys) const;
    /// Visits a content in order, chunk by chunk. @throws sql::StoreRefused `backup_damaged`
    void read(const Stream& stream, const std::optional<Keys>& keys,
              const std::function<void(std::string_view)>& visit) const;
    /// Every name that the content needs.
    void each_name(const Stream& stream, const std::optional<Keys>& keys,
                   const std::function<void(const Hash&)>& visit) const;
    std::optional<std::string> manifest_text() const;

private:
    struct Where {
        std::uint32_t pack;
        std::uint32_t length;
        std::uint64_t position;
    };
    std::vector<std::unique_ptr<PackReader>> packs_;
    std::vector<std::string> unreadable_;
    std::unordered_map<Hash, Where, HashOfName> places_;
};

/// One backup, opened for reading; its place is locked against changes meanwhile.
class Opened {
public:
    /// @param place  a folder or a file  @param name  of one in a folder; empty: the newest
    /// @throws sql::StoreRefused `backup_missing`, `backup_damaged`, `backup_newer`, `backup_key_…`, `backup_in_use`
    Opened(const std::filesystem::path& place, std::string_view name, const Secret& secret, Pace pace = {.rests = 0});

    const Manifest& manifest() const { return manifest_; }
    std::vector<Entry> entries() const;
    void read(const Stream& stream, const std::function<void(std::string_view)>& visit) const;

private:
    std::unique_ptr<FolderLock> lock_;
    std::filesystem::path from_;
    Pace pace_;
    Manifest manifest_;
    std::optional<Keys> keys_;
    Chunks chunks_;
};

/// The manifests of a folder, oldest first, unchecked. Unreadable ones are left out and told to `on_unreadable`.
std::vector<Manifest> list(const std::filesystem::path& folder,
                           const std::function<void(const std::string& text)>& on_unreadable = {});

struct Pruned {
    int backups_count = 0;
    std::uint64_t freed_bytes = 0;
};
/// Removes all backups of a folder but those named, and then what none of the others needs. A process that dies on the
/// way leaves all kept backups whole. When a kept one cannot be read (another key), no chunks are removed.
/// @throws sql::StoreRefused `backup_in_use`
Pruned prune(const std::filesystem::path& folder, const std::unordered_set<std::string>& kept, const Secret& secret);

}  // namespace shouwen::vault
