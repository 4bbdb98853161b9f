#include "platform/vault/vault.hpp"

#include "platform/sql/refused.hpp"
#include "platform/vault/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace shouwen::vault {
namespace {

namespace fs = std::filesystem;
using sql::StoreRefusal;
using sql::StoreRefused;

constexpr std::size_t name_bytes = sizeof(Hash::bytes);

/// The names in a list. @throws sql::StoreRefused when it is none
void each_listed(std::string_view list, const std::function<void(const Hash&)>& visit)
{
    if (list.size() % name_bytes != 0) throw StoreRefused(StoreRefusal::backup_damaged, "A list of chunks is damaged.");
    for (std::size_t i = 0; i < list.size(); i += name_bytes) visit(*Hash::from_raw(list.substr(i, name_bytes)));
}

fs::path newest_manifest(const fs::path& folder)
{
    const auto manifests = manifests_in(folder);
    if (manifests.empty())
        throw StoreRefused(StoreRefusal::backup_missing, fmt::format("There is no backup in {}.", folder.string()));
    return manifests.back();
}

}  // namespace

std::size_t HashOfName::operator()(const Hash& name) const
{
    std::size_t value = 0;
    std::memcpy(&value, name.bytes.data(), sizeof value);
    return value;
}

Chunks::Chunks(const std::vector<fs::path>& packs)
{
    for (const auto& path : packs) {
        try {
            auto pack = std::make_unique<PackReader>(path);
            const auto number = static_cast<std::uint32_t>(packs_.size());
            // Later ones stand over earlier ones: a chunk was written again because the old one was not trusted.
            for (const auto& place : pack->places())
                places_.insert_or_assign(place.name, Where{number, place.length, place.position});
            pack->forget_places();
            packs_.push_back(std::move(pack));
        } catch (const std::exception& fault) {
            unreadable_.emplace_back(fault.what());
        }
    }
}

std::string Chunks::read(const Hash& name, const std::optional<Keys>& keys) const
{
    const auto found = places_.find(name);
    if (found == places_.end())
        throw StoreRefused(
            StoreRefusal::backup_damaged,
            unreadable_.empty()
                ? fmt::format("A part of the backup ({}…) is missing: a pack was removed.", name.hex().substr(0, 12))
                : unreadable_.front());
    const auto& [number, length, position] = found->second;
    const auto& pack = *packs_[number];
    auto content = unpacked(pack.read({name, position, length}), name, keys);
    if (!content)
        throw StoreRefused(StoreRefusal::backup_damaged,
                           fmt::format("{} is damaged or was changed, {} bytes from its beginning. Use another backup.",
                                       pack.path().string(), position));
    return std::move(*content);
}

void Chunks::read(const Stream& stream, const std::optional<Keys>& keys,
                  const std::function<void(std::string_view)>& visit) const
{
    std::uint64_t size_bytes = 0;
    const auto take = [&](const Hash& name) {
        const auto content = read(name, keys);
        size_bytes += content.size();
        visit(content);
    };
    for (const auto& name : stream.names) {
        if (stream.is_listed)
            each_listed(read(name, keys), take);
        else
            take(name);
    }
    if (size_bytes != stream.size_bytes)
        throw StoreRefused(
            StoreRefusal::backup_damaged,
            fmt::format("A file of the backup has {} bytes where {} were expected.", size_bytes, stream.size_bytes));
}

void Chunks::each_name(const Stream& stream, const std::optional<Keys>& keys,
                       const std::function<void(const Hash&)>& visit) const
{
    for (const auto& name : stream.names) {
        visit(name);
        if (stream.is_listed) each_listed(read(name, keys), visit);
    }
}

std::optional<std::string> Chunks::manifest_text() const
{
    const auto found = places_.find(manifest_name);
    if (found == places_.end()) return std::nullopt;
    const auto& [number, length, position] = found->second;
    return packs_[number]->read({manifest_name, position, length});
}

Opened::Opened(const fs::path& place, std::string_view name, const Secret& secret, Pace pace) : pace_(std::move(pace))
{
    std::string text;
    if (fs::is_directory(place)) {
        lock_ = std::make_unique<FolderLock>(place, FolderLock::Kind::reading);
        from_ = name.empty() ? newest_manifest(place) : manifest_path(place, name);
        if (!fs::is_regular_file(from_))
            throw StoreRefused(StoreRefusal::backup_missing, fmt::format("{} is not there.", from_.string()));
        text = read_file(from_, manifest_bytes_max);
        chunks_ = Chunks{packs_in(place)};
    } else if (fs::is_regular_file(place)) {
        from_ = place;
        PackReader{place};  // says what is wrong with it
        chunks_ = Chunks{{place}};
        const auto found = chunks_.manifest_text();
        if (!found)
            throw StoreRefused(StoreRefusal::backup_damaged,
                               fmt::format("{} is a part of a folder of backups. Give the folder.", place.string()));
        text = *found;
    } else {
        throw StoreRefused(StoreRefusal::backup_missing, fmt::format("{} is not there.", place.string()));
    }
    manifest_ = parse(text, from_);
    keys_ = derive(secret, manifest_.salt);
    check(text, manifest_, keys_, from_);
    if (fs::is_directory(place) && manifest_path(place, manifest_.name).filename() != from_.filename())
        throw StoreRefused(StoreRefusal::backup_damaged,
                           fmt::format("{} is the backup {} under another name.", from_.string(), manifest_.name));
}

void Opened::read(const Stream& stream, const std::function<void(std::string_view)>& visit) const
{
    Steps steps{pace_};
    chunks_.read(stream, keys_, [&](std::string_view bytes) {
        visit(bytes);
        steps.done(bytes.size());
    });
}

std::vector<Entry> Opened::entries() const
{
    std::string text;
    read(manifest_.catalogue, [&](std::string_view bytes) { text += bytes; });
    return parse_catalogue(text, from_);
}

std::vector<Manifest> list(const fs::path& folder, const std::function<void(const std::string&)>& on_unreadable)
{
    std::vector<Manifest> found;
    for (const auto& path : manifests_in(folder)) {
        try {
            found.push_back(parse(read_file(path, manifest_bytes_max), path));
        } catch (const std::exception& fault) {
            if (on_unreadable) on_unreadable(fault.what());
        }
    }
    return found;
}

}  // namespace shouwen::vault
