#pragma once

#include "platform/vault/vault.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace shouwen::vault {

struct MakingOptions {
    /// A folder of backups (made when its name ends with `/`) or a file that is not there yet.
    std::filesystem::path place;
    Secret secret = {};
    Instant now{};
    std::string product = {};
    /// Trusts nothing that lies there, and writes all anew: after a damage was found.
    bool is_fresh = false;
    /// Refuses a folder without backups instead of beginning one: where there were some, a volume is not mounted.
    bool must_have_backups = false;
};

/// A backup on its way. What it wrote is removed again unless it came to its end; earlier backups are never touched.
class Making {
public:
    /// @throws sql::StoreRefused `store_exists`, `directory_missing`, `not_writable`, `backup_foreign`, `backup_in_use`,
    /// `backup_key_wrong` when the folder's backups have another key or none
    explicit Making(MakingOptions options);
    ~Making();
    Making(const Making&) = delete;
    Making& operator=(const Making&) = delete;

    /// Writes the content unless it lies there. At most `chunk_bytes` long, except for lists. @throws sql::DiskFull
    Hash put(std::string_view content);
    /// The same file in the newest backup, when its whole content still lies there. For files that never change.
    std::optional<Stream> earlier(const std::string& path, std::uint64_t size_bytes) const;
    void add(Entry entry);
    /// @param manifest  its store, schema, took and counts; the rest is filled in
    Manifest finish(Manifest manifest);

private:
    void lock_folder();
    void begin_pack();
    void end_pack();
    Stream write_catalogue();
    bool is_there(const Hash& name) const { return written_.contains(name) || known_.has(name); }

    const MakingOptions options_;
    const std::string name_;
    bool is_folder_ = false;
    bool finished_ = false;
    std::string salt_;
    std::optional<Keys> keys_;
    std::unique_ptr<FolderLock> lock_;
    Chunks known_;
    std::unordered_set<Hash, HashOfName> written_;
    std::unordered_map<std::string, Stream> earlier_;
    std::vector<Entry> entries_;
    std::unique_ptr<Unfinished> unfinished_;
    std::unique_ptr<PackWriter> pack_;
    std::vector<std::filesystem::path> packs_;
    std::uint64_t added_bytes_ = 0;
};

/// Cuts a content of any length into chunks.
class StreamWriter {
public:
    explicit StreamWriter(Making& making) : making_(making) {}
    void add(std::string_view bytes);
    Stream finish();
    /// A content whose chunks were put already: all of full length but the last.
    static Stream finish(Making& making, std::vector<Hash> names, std::uint64_t size_bytes);

private:
    Making& making_;
    std::string pending_;
    Stream stream_;
};

}  // namespace shouwen::vault
