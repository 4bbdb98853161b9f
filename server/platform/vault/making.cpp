#include "platform/vault/making.hpp"

#include "platform/sql/refused.hpp"
#include "platform/vault/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fcntl.h>
#include <utility>

namespace shouwen::vault {
namespace {

namespace fs = std::filesystem;
using sql::StoreRefusal;
using sql::StoreRefused;

/// When the chunks of one are no longer needed, at most so much is copied to get the room back.
constexpr std::uint64_t pack_bytes_max = 256 << 20;
constexpr std::size_t names_in_place_max = 8;
constexpr std::size_t names_in_list = chunk_bytes / sizeof(Hash::bytes);

bool is_ours(const fs::path& folder)
{
    return fs::is_directory(folder / "packs");
}

bool is_unused(const fs::path& folder)
{
    // A volume of its own has this one from the start.
    return std::ranges::all_of(fs::directory_iterator{folder}, [](const auto& each) {
        return each.path().filename() == "lost+found" || each.path().filename() == "lock";
    });
}

}  // namespace

Making::Making(MakingOptions options) : options_(std::move(options)), name_(new_name(options_.now)), salt_(new_salt())
{
    const auto& place = options_.place;
    is_folder_ = fs::is_directory(place) || place.filename().empty();
    if (is_folder_)
        lock_folder();
    else if (fs::exists(place))
        throw StoreRefused(StoreRefusal::store_exists,
                           fmt::format("{} already exists; a backup needs a new name.", place.string()));
    else if (!fs::is_directory(place.has_parent_path() ? place.parent_path() : "."))
        throw StoreRefused(StoreRefusal::directory_missing,
                           fmt::format("The folder {} does not exist.", place.parent_path().string()));
    if (!keys_) keys_ = derive(options_.secret, salt_);
}

void Making::lock_folder()
{
    const auto& folder = options_.place;
    if (!fs::exists(folder)) {
        if (options_.must_have_backups)
            throw StoreRefused(StoreRefusal::directory_missing,
                               fmt::format("The folder {} is not there. Is its volume mounted?", folder.string()));
        fs::create_directory(folder);
    }
    const bool ours = is_ours(folder);
    if (!ours && !is_unused(folder))
        throw StoreRefused(StoreRefusal::backup_foreign,
                           fmt::format("{} holds other things than backups. Give an empty folder.", folder.string()));
    if (!ours && options_.must_have_backups)
        throw StoreRefused(
            StoreRefusal::directory_missing,
            fmt::format("{} is empty, though backups were made there. Is its volume mounted?", folder.string()));
    lock_ = std::make_unique<FolderLock>(folder, FolderLock::Kind::writing);
    fs::create_directory(folder / "packs");
    remove_unfinished(folder);

    const auto manifests = manifests_in(folder);
    if (manifests.empty()) {
        return;
    }
    try {
        const auto text = read_file(manifests.back(), manifest_bytes_max);
        const auto newest = parse(text, manifests.back());
        salt_ = newest.salt;
        keys_ = derive(options_.secret, salt_);
        check(text, newest, keys_, manifests.back());
        if (options_.is_fresh) return;
        known_ = Chunks{packs_in(folder)};
        std::string catalogue;
        known_.read(newest.catalogue, keys_, [&](std::string_view bytes) { catalogue += bytes; });
        for (auto& entry : parse_catalogue(catalogue, manifests.back()))
            earlier_.emplace(std::move(entry.path), std::move(entry.content));
    } catch (const StoreRefused& refused) {
        // A damaged one is a reason to make a good one; another key is a mistake that would leave nothing to share.
        if (refused.code != StoreRefusal::backup_damaged) throw;
        known_ = {};
        earlier_.clear();
    }
}

Making::~Making()
{
    pack_.reset();
    unfinished_.reset();
    if (finished_) return;
    std::error_code ignored;
    for (const auto& path : packs_) fs::remove(path, ignored);
}

void Making::begin_pack()
{
    const auto path =
        is_folder_ ? pack_path(options_.place, fmt::format("{}-{:04}", name_, packs_.size())) : options_.place;
    unfinished_ = std::make_unique<Unfinished>(path);
    pack_ = std::make_unique<PackWriter>(unfinished_->path());
    packs_.push_back(path);
}

void Making::end_pack()
{
    if (!pack_) return;
    pack_->finish();
    added_bytes_ += pack_->size_bytes();
    pack_.reset();
    unfinished_->finish();
    unfinished_.reset();
}

Hash Making::put(std::string_view content)
{
    const auto name = name_of(content, keys_);
    if (is_there(name)) return name;
    if (!pack_) begin_pack();
    pack_->add(name, packed(content, keys_));
    written_.insert(name);
    if (is_folder_ && pack_->size_bytes() >= pack_bytes_max) end_pack();
    return name;
}

std::optional<Stream> Making::earlier(const std::string& path, std::uint64_t size_bytes) const
{
    const auto found = earlier_.find(path);
    if (found == earlier_.end() || found->second.size_bytes != size_bytes) return std::nullopt;
    try {
        bool whole = true;
        known_.each_name(found->second, keys_, [&](const Hash& name) { whole = whole && known_.has(name); });
        if (whole) return found->second;
    } catch (const StoreRefused&) {  // then it is read and written anew
    }
    return std::nullopt;
}

void Making::add(Entry entry)
{
    entries_.push_back(std::move(entry));
}

Stream Making::write_catalogue()
{
    StreamWriter writer{*this};
    for (const auto& entry : entries_) writer.add(print(entry));
    return writer.finish();
}

Manifest Making::finish(Manifest manifest)
{
    manifest.name = name_;
    manifest.product = options_.product;
    manifest.made_at = options_.now;
    manifest.key_id = keys_ ? keys_->id : std::string{};
    manifest.salt = salt_;
    for (const auto& entry : entries_) {
        manifest.size_bytes += entry.content.size_bytes;
        manifest.files_count += entry.is_folder ? 0 : 1;
    }
    manifest.catalogue = write_catalogue();
    if (!is_folder_) {
        if (!pack_) begin_pack();
        manifest.added_bytes = pack_->size_bytes();
        pack_->add(manifest_name, print(manifest, keys_));
        end_pack();
    } else {
        end_pack();
        manifest.added_bytes = added_bytes_;
        Unfinished file{manifest_path(options_.place, name_)};
        {
            File out{file.path(), O_WRONLY | O_CREAT | O_EXCL};
            out.write(print(manifest, keys_));
            out.sync();
        }
        file.finish();
    }
    finished_ = true;
    return manifest;
}

void StreamWriter::add(std::string_view bytes)
{
    stream_.size_bytes += bytes.size();
    while (pending_.size() + bytes.size() >= chunk_bytes) {
        const auto taken = chunk_bytes - pending_.size();
        if (pending_.empty()) {
            stream_.names.push_back(making_.put(bytes.substr(0, taken)));
        } else {
            pending_ += bytes.substr(0, taken);
            stream_.names.push_back(making_.put(pending_));
            pending_.clear();
        }
        bytes.remove_prefix(taken);
    }
    pending_ += bytes;
}

Stream StreamWriter::finish()
{
    if (!pending_.empty()) stream_.names.push_back(making_.put(pending_));
    pending_.clear();
    return finish(making_, std::move(stream_.names), stream_.size_bytes);
}

Stream StreamWriter::finish(Making& making, std::vector<Hash> names, std::uint64_t size_bytes)
{
    Stream stream;
    stream.size_bytes = size_bytes;
    stream.is_listed = names.size() > names_in_place_max;
    if (!stream.is_listed) {
        stream.names = std::move(names);
        return stream;
    }
    for (std::size_t i = 0; i < names.size(); i += names_in_list) {
        std::string list;
        for (std::size_t k = i; k < std::min(i + names_in_list, names.size()); ++k) list += names[k].raw();
        stream.names.push_back(making.put(list));
    }
    return stream;
}

}  // namespace shouwen::vault
