#pragma once

#include "base/hash.hpp"
#include "platform/vault/file.hpp"
#include "platform/vault/key.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A pack: many chunks in one file.
///
///     chunk…  | index: name (32 bytes), position (8), length (4) for each | BLAKE2b-256 of the index | position of the
///     index (8) | count (8) | "SWPACK1\n"                 numbers little-endian
///
/// A chunk is one byte that tells how it is packed (0 as it is, 1 deflated) and the content; encrypted packs seal the two.
/// Its name is the hash of the content (keyed when encrypted), so what was changed or exchanged is found when it is read.
namespace shouwen::vault {

/// Contents are cut at multiples of this: eight pages of a database, so that few changed pages are little to write.
constexpr std::size_t chunk_bytes = 32 << 10;

Hash name_of(std::string_view content, const std::optional<Keys>& keys);
/// As it lies in a pack.
std::string packed(std::string_view content, const std::optional<Keys>& keys);
/// @returns nothing when it is not what `name` names
std::optional<std::string> unpacked(std::string_view record, const Hash& name, const std::optional<Keys>& keys);

struct Place {
    Hash name;
    std::uint64_t position = 0;
    std::uint32_t length = 0;
};

/// The name under which a pack that is a whole backup keeps its manifest.
inline constexpr Hash manifest_name{};

class PackWriter {
public:
    /// @param file  made anew
    explicit PackWriter(const std::filesystem::path& file);
    /// @param record  from `packed`
    void add(const Hash& name, std::string_view record);
    std::uint64_t size_bytes() const { return position_; }
    const std::vector<Place>& places() const { return places_; }
    /// Writes the index and brings all to the disk.
    void finish();

private:
    void write(std::string_view bytes);

    File file_;
    std::string pending_;
    std::uint64_t position_ = 0;
    std::uint64_t unsynced_ = 0;
    std::vector<Place> places_;
};

class PackReader {
public:
    /// @throws sql::StoreRefused `backup_damaged`
    explicit PackReader(const std::filesystem::path& file);
    const std::filesystem::path& path() const { return file_.path(); }
    const std::vector<Place>& places() const { return places_; }
    std::uint64_t size_bytes() const { return size_bytes_; }
    std::string read(const Place& place) const;
    /// The index in memory is not needed any more.
    void forget_places() { places_ = {}; }

private:
    File file_;
    std::uint64_t size_bytes_ = 0;
    std::vector<Place> places_;
};

}  // namespace shouwen::vault
