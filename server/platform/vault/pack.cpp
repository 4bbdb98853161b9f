#include "platform/vault/pack.hpp"

#include "base/seal.hpp"
#include "platform/sql/refused.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <bit>
#include <cstring>
#include <fcntl.h>

namespace shouwen::vault {
namespace {

static_assert(std::endian::native == std::endian::little, "packs hold little-endian numbers");

constexpr std::string_view magic = "SWPACK1\n";
constexpr std::size_t entry_bytes = 32 + 8 + 4;
constexpr std::size_t footer_bytes = 32 + 8 + 8 + 8;
constexpr char as_it_is = 0;
constexpr char deflated = 1;
/// Larger than any chunk that was ever written: what a damaged index claims is not believed.
constexpr std::size_t content_bytes_max = 16 << 20;
constexpr std::size_t write_bytes = 1 << 20;
/// Little at a time, so that a commit of the server's never waits for much that is on its way to the disk.
constexpr std::uint64_t sync_bytes = 4 << 20;

template <class Number>
void append(std::string& to, Number number)
{
    std::array<char, sizeof(Number)> bytes{};
    std::memcpy(bytes.data(), &number, sizeof number);
    to.append(bytes.data(), bytes.size());
}

template <class Number>
Number number_at(std::string_view bytes, std::size_t at)
{
    Number number{};
    std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

std::string deflate_chunk(std::string_view content)
{
    uLongf length = compressBound(static_cast<uLong>(content.size()));
    std::string out(5 + length, '\0');
    out[0] = deflated;
    const auto size = static_cast<std::uint32_t>(content.size());
    std::memcpy(out.data() + 1, &size, sizeof size);
    if (compress2(reinterpret_cast<Bytef*>(out.data() + 5), &length, reinterpret_cast<const Bytef*>(content.data()),
                  static_cast<uLong>(content.size()), Z_BEST_SPEED) != Z_OK)
        return {};
    out.resize(5 + length);
    return out;
}

std::optional<std::string> inflate_chunk(std::string_view record)
{
    if (record.size() < 5) return std::nullopt;
    const auto size = number_at<std::uint32_t>(record, 1);
    if (size > content_bytes_max) return std::nullopt;
    std::string content(size, '\0');
    uLongf length = size;
    if (uncompress(reinterpret_cast<Bytef*>(content.data()), &length, reinterpret_cast<const Bytef*>(record.data() + 5),
                   static_cast<uLong>(record.size() - 5)) != Z_OK ||
        length != size)
        return std::nullopt;
    return content;
}

}  // namespace

Hash name_of(std::string_view content, const std::optional<Keys>& keys)
{
    return keys ? mac_of(keys->naming.raw(), content) : hash_of(content);
}

std::string packed(std::string_view content, const std::optional<Keys>& keys)
{
    std::string record = deflate_chunk(content);
    if (record.empty() || record.size() >= content.size()) {
        record.assign(1, as_it_is);
        record += content;
    }
    return keys ? seal(keys->sealing, record) : record;
}

std::optional<std::string> unpacked(std::string_view record, const Hash& name, const std::optional<Keys>& keys)
{
    std::optional<std::string> opened;
    if (keys) {
        opened = unseal(keys->sealing, record);
        if (!opened) return std::nullopt;
        record = *opened;
    }
    if (record.empty()) return std::nullopt;
    std::optional<std::string> content;
    if (record.front() == as_it_is) content = std::string{record.substr(1)};
    if (record.front() == deflated) content = inflate_chunk(record);
    if (!content || name_of(*content, keys) != name) return std::nullopt;
    return content;
}

PackWriter::PackWriter(const std::filesystem::path& file) : file_(file, O_WRONLY | O_CREAT | O_EXCL)
{
}

void PackWriter::add(const Hash& name, std::string_view record)
{
    places_.push_back({name, position_, static_cast<std::uint32_t>(record.size())});
    write(record);
}

void PackWriter::write(std::string_view bytes)
{
    pending_ += bytes;
    position_ += bytes.size();
    if (pending_.size() < write_bytes) return;
    file_.write(pending_);
    unsynced_ += pending_.size();
    pending_.clear();
    if (unsynced_ < sync_bytes) return;
    file_.sync();
    unsynced_ = 0;
    // Nobody reads it soon; the page cache is the store's.
    ::posix_fadvise(file_.descriptor(), 0, 0, POSIX_FADV_DONTNEED);
}

void PackWriter::finish()
{
    std::string index;
    index.reserve(places_.size() * entry_bytes);
    for (const auto& place : places_) {
        index += place.name.raw();
        append(index, place.position);
        append(index, place.length);
    }
    const auto at = position_;
    std::string footer{hash_of(index).raw()};
    append(footer, at);
    append(footer, static_cast<std::uint64_t>(places_.size()));
    footer += magic;
    write(index);
    write(footer);
    file_.write(pending_);
    pending_.clear();
    file_.sync();
}

PackReader::PackReader(const std::filesystem::path& path) : file_(path, O_RDONLY)
{
    const auto damaged = [&](std::string_view how) {
        return sql::StoreRefused(sql::StoreRefusal::backup_damaged,
                                 fmt::format("{} is damaged: {}. Use another backup.", path.string(), how));
    };
    size_bytes_ = file_.size();
    std::string footer(footer_bytes, '\0');
    if (size_bytes_ < footer_bytes ||
        file_.read_at(size_bytes_ - footer_bytes, footer.data(), footer_bytes) != footer_bytes)
        throw damaged("it is too short");
    if (!footer.ends_with(magic)) throw damaged("its end is missing, or it is no backup");
    const auto at = number_at<std::uint64_t>(footer, 32);
    const auto count = number_at<std::uint64_t>(footer, 40);
    const auto index_end = size_bytes_ - footer_bytes;
    if (at > index_end || count != (index_end - at) / entry_bytes || (index_end - at) % entry_bytes != 0)
        throw damaged("its index does not fit its size");
    std::string index(static_cast<std::size_t>(index_end - at), '\0');
    if (file_.read_at(at, index.data(), index.size()) != index.size() ||
        hash_of(index).raw() != std::string_view{footer}.substr(0, 32))
        throw damaged("its index has another checksum");
    places_.reserve(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < index.size(); i += entry_bytes) {
        const Place place{*Hash::from_raw(std::string_view{index}.substr(i, 32)),
                          number_at<std::uint64_t>(index, i + 32), number_at<std::uint32_t>(index, i + 40)};
        if (place.position > at || place.length > at - place.position) throw damaged("its index points past its end");
        places_.push_back(place);
    }
}

std::string PackReader::read(const Place& place) const
{
    std::string record(place.length, '\0');
    record.resize(file_.read_at(place.position, record.data(), record.size()));
    return record;
}

}  // namespace shouwen::vault
