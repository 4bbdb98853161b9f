#pragma once

#include "base/hash.hpp"
#include "base/instant.hpp"
#include "platform/vault/key.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::vault {

/// A content of any length by its chunks: few are named here, many in lists that are chunks themselves (1,024 names each).
struct Stream {
    std::uint64_t size_bytes = 0;
    bool is_listed = false;
    std::vector<Hash> names;
};

/// A file, or an empty folder, of what was backed up.
struct Entry {
    std::string path;  ///< relative, with `/`, without `..`
    bool is_folder = false;
    Stream content;
};

/// What a backup says about itself: JSON and a line with its checksum, or, when encrypted, with a MAC. Written last, so a
/// manifest that is there means a backup that is whole.
struct Manifest {
    std::string name;     ///< `20261123T020000000Z-3f9a`: when it was made, to the millisecond, and some letters
    std::string product;  ///< the program and its version
    std::string store;    ///< `sqlite` or `postgres`
    int schema = 0;       ///< number of the newest migration in it
    Instant made_at{};    ///< it holds all that was acknowledged before
    Duration took{};
    std::string key_id;             ///< empty: not encrypted
    std::string salt;               ///< 16 bytes, for a passphrase
    std::uint64_t size_bytes = 0;   ///< of all files as they were
    std::uint64_t added_bytes = 0;  ///< what this backup had to write; the rest lay there already
    std::int64_t files_count = 0;
    std::map<std::string, std::int64_t> counts;  ///< of rows, as `ticket` → 1000
    Stream catalogue;                            ///< of the entries

    bool is_encrypted() const { return !key_id.empty(); }
};

std::string new_name(Instant made_at);

std::string print(const Manifest& manifest, const std::optional<Keys>& keys);
/// Only reads; whether it is genuine is `check`'s matter. @param from  for the error's text
/// @throws sql::StoreRefused `backup_damaged`, `backup_newer`
Manifest parse(std::string_view text, const std::filesystem::path& from);
/// @throws sql::StoreRefused `backup_damaged`, `backup_key_missing`, `backup_key_wrong`, `backup_not_encrypted`
void check(std::string_view text, const Manifest& manifest, const std::optional<Keys>& keys,
           const std::filesystem::path& from);

/// The lines of a catalogue.
std::string print(const Entry& entry);
/// @throws sql::StoreRefused `backup_damaged`, also for a path that leads out of its folder
std::vector<Entry> parse_catalogue(std::string_view text, const std::filesystem::path& from);

}  // namespace shouwen::vault
