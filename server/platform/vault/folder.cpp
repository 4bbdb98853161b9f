#include "platform/vault/folder.hpp"

#include "platform/vault/file.hpp"

#include <algorithm>
#include <string>

namespace shouwen::vault {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension)
{
    std::vector<fs::path> found;
    if (!fs::is_directory(folder)) return found;
    for (const auto& each : fs::directory_iterator{folder})
        if (each.is_regular_file() && each.path().extension() == extension) found.push_back(each.path());
    std::ranges::sort(found);
    return found;
}

}  // namespace

fs::path manifest_path(const fs::path& folder, std::string_view name)
{
    return folder / (std::string{name} + ".backup");
}

fs::path pack_path(const fs::path& folder, std::string_view name)
{
    return folder / "packs" / (std::string{name} + ".pack");
}

std::vector<fs::path> manifests_in(const fs::path& folder)
{
    return files_in(folder, ".backup");
}

std::vector<fs::path> packs_in(const fs::path& folder)
{
    return files_in(folder / "packs", ".pack");
}

void remove_unfinished(const fs::path& folder)
{
    for (const auto& part : {folder, folder / "packs"}) {
        if (!fs::is_directory(part)) continue;
        for (const auto& each : fs::directory_iterator{part})
            if (Unfinished::is_name(each.path().filename().string())) fs::remove_all(each.path());
    }
}

}  // namespace shouwen::vault
