#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

/// The names in a folder of backups.
namespace shouwen::vault {

constexpr std::uint64_t manifest_bytes_max = 64 << 20;

std::filesystem::path manifest_path(const std::filesystem::path& folder, std::string_view name);
std::filesystem::path pack_path(const std::filesystem::path& folder, std::string_view name);
/// In the order of their names, which is that of time; empty where there is no such folder.
std::vector<std::filesystem::path> manifests_in(const std::filesystem::path& folder);
std::vector<std::filesystem::path> packs_in(const std::filesystem::path& folder);
/// What processes left that died. @pre the folder is locked for writing
void remove_unfinished(const std::filesystem::path& folder);

}  // namespace shouwen::vault
