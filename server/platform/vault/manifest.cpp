#include "platform/vault/manifest.hpp"

#include "base/text.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/sql/refused.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace shouwen::vault {
namespace {

namespace json = boost::json;
using sql::StoreRefusal;
using sql::StoreRefused;

constexpr int format_number = 1;
constexpr std::string_view checksum_label = "blake2b ";
constexpr std::string_view mac_label = "mac ";

StoreRefused damaged(const std::filesystem::path& from, std::string_view how)
{
    return {StoreRefusal::backup_damaged, fmt::format("{} is damaged: {}. Use another backup.", from.string(), how)};
}

void write_stream(JsonWriter& out, const Stream& stream)
{
    out.begin_object().member("size_bytes", static_cast<std::int64_t>(stream.size_bytes));
    out.member("listed", stream.is_listed).key("chunks").begin_array();
    for (const auto& name : stream.names) out.value(name.hex());
    out.end_array().end_object();
}

std::int64_t number_of(const json::object& in, std::string_view key)
{
    const auto value = in.at(key).as_int64();
    if (value < 0) throw std::invalid_argument("negative");
    return value;
}

std::string text_of(const json::object& in, std::string_view key)
{
    return std::string{in.at(key).as_string()};
}

Hash hash_in(std::string_view hex)
{
    const auto hash = Hash::from_hex(hex);
    if (!hash) throw std::invalid_argument("no hash");
    return *hash;
}

Stream read_stream(const json::object& in)
{
    Stream stream{.size_bytes = static_cast<std::uint64_t>(number_of(in, "size_bytes")),
                  .is_listed = in.at("listed").as_bool(),
                  .names = {}};
    for (const auto& name : in.at("chunks").as_array()) stream.names.push_back(hash_in(name.as_string()));
    return stream;
}

std::string bytes_of_hex(std::string_view hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        int value = 0;
        const auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
        if (error != std::errc{} || end != hex.data() + i + 2) throw std::invalid_argument("no hexadecimal digits");
        bytes += static_cast<char>(value);
    }
    return bytes;
}

/// The JSON without the last line.
std::string_view body_of(std::string_view text)
{
    if (text.ends_with('\n')) text.remove_suffix(1);
    const auto end = text.rfind('\n');
    return end == std::string_view::npos ? std::string_view{} : text.substr(0, end + 1);
}

std::string last_line(std::string_view body, const std::optional<Keys>& keys)
{
    return keys ? fmt::format("{}{}\n", mac_label, mac_of(keys->manifest.raw(), body).hex())
                : fmt::format("{}{}\n", checksum_label, hash_of(body).hex());
}

Manifest read_fields(const json::object& in)
{
    Manifest manifest;
    manifest.name = text_of(in, "name");
    manifest.product = text_of(in, "product");
    manifest.store = text_of(in, "store");
    manifest.schema = static_cast<int>(number_of(in, "schema"));
    const auto made_at = parse_rfc3339(text_of(in, "made_at"));
    if (!made_at) throw std::invalid_argument("no moment");
    manifest.made_at = *made_at;
    manifest.took = Duration{number_of(in, "took_ms")};
    manifest.key_id = text_of(in, "key_id");
    manifest.salt = bytes_of_hex(text_of(in, "salt"));
    manifest.size_bytes = static_cast<std::uint64_t>(number_of(in, "size_bytes"));
    manifest.added_bytes = static_cast<std::uint64_t>(number_of(in, "added_bytes"));
    manifest.files_count = number_of(in, "files_count");
    for (const auto& [key, value] : in.at("counts").as_object()) manifest.counts[std::string{key}] = value.as_int64();
    manifest.catalogue = read_stream(in.at("catalogue").as_object());
    if (manifest.salt.size() != salt_bytes) throw std::invalid_argument("no salt");
    return manifest;
}

bool leads_out(std::string_view path)
{
    if (path.empty() || path.front() == '/' || path.find('\0') != std::string_view::npos) return true;
    const std::filesystem::path as_path{path};
    return std::ranges::any_of(as_path, [](const auto& part) { return part == ".." || part == "."; });
}

/// `SIZE TAB KIND TAB NAME,NAME… TAB PATH`; KIND: f a file, l one whose chunks are lists, d an empty folder.
Entry parse_entry(std::string_view line)
{
    std::vector<std::string_view> fields;
    for (int i = 0; i < 3; ++i) {
        const auto tab = line.find('\t');
        if (tab == std::string_view::npos) throw std::invalid_argument("too few fields");
        fields.push_back(line.substr(0, tab));
        line.remove_prefix(tab + 1);
    }
    Entry entry{.path = std::string{line}, .is_folder = fields[1] == "d", .content = {}};
    if (leads_out(line) || (fields[1] != "f" && fields[1] != "l" && fields[1] != "d"))
        throw std::invalid_argument("a path leads out of its folder");
    const auto [end, error] =
        std::from_chars(fields[0].data(), fields[0].data() + fields[0].size(), entry.content.size_bytes);
    if (error != std::errc{} || end != fields[0].data() + fields[0].size()) throw std::invalid_argument("no size");
    entry.content.is_listed = fields[1] == "l";
    for (auto names = fields[2]; !names.empty();) {
        entry.content.names.push_back(hash_in(names.substr(0, names.find(','))));
        names.remove_prefix(std::min(names.size(), std::size_t{65}));
    }
    return entry;
}

}  // namespace

std::string new_name(Instant made_at)
{
    std::string stamp;
    for (const char c : to_rfc3339(made_at).substr(0, 23))
        if (c != '-' && c != ':' && c != '.') stamp += c;
    return fmt::format("{}Z-{}", stamp, hash_of(new_salt()).hex().substr(0, 4));
}

std::string print(const Manifest& manifest, const std::optional<Keys>& keys)
{
    JsonWriter out;
    out.begin_object().member("format", format_number).member("name", manifest.name);
    out.member("product", manifest.product).member("store", manifest.store).member("schema", manifest.schema);
    out.member("made_at", manifest.made_at).member("took_ms", manifest.took.count());
    out.member("key_id", manifest.key_id).member("salt", to_hex(manifest.salt));
    out.member("size_bytes", static_cast<std::int64_t>(manifest.size_bytes));
    out.member("added_bytes", static_cast<std::int64_t>(manifest.added_bytes));
    out.member("files_count", manifest.files_count).key("counts").begin_object();
    for (const auto& [of, count] : manifest.counts) out.member(of, count);
    out.end_object().key("catalogue");
    write_stream(out, manifest.catalogue);
    const auto body = out.end_object().take() + "\n";
    return body + last_line(body, keys);
}

Manifest parse(std::string_view text, const std::filesystem::path& from)
{
    const auto body = body_of(text);
    boost::system::error_code error;
    const auto value = json::parse(json::string_view{body.data(), body.size()}, error);
    if (error || !value.is_object()) throw damaged(from, "its manifest is cut short or was changed");
    const auto& in = value.as_object();
    const auto* format = in.if_contains("format");
    if (format && format->is_int64() && format->get_int64() > format_number)
        throw StoreRefused(
            StoreRefusal::backup_newer,
            fmt::format("{} was made by a newer version of the program. Restore it with that one.", from.string()));
    try {
        return read_fields(in);
    } catch (const std::exception&) {  // a field is absent or of another form
        throw damaged(from, "its manifest lacks something or was changed");
    }
}

void check(std::string_view text, const Manifest& manifest, const std::optional<Keys>& keys,
           const std::filesystem::path& from)
{
    if (manifest.is_encrypted() && !keys)
        throw StoreRefused(
            StoreRefusal::backup_key_missing,
            fmt::format(
                "{} is encrypted. Give the key with --key-file, or the passphrase in SHOUWEN_BACKUP_PASSPHRASE.",
                from.string()));
    if (!manifest.is_encrypted() && keys)
        throw StoreRefused(
            StoreRefusal::backup_not_encrypted,
            fmt::format("{} is not encrypted, though a key was given, so it may not be what was made with "
                        "that key. If you know it, restore it without the key.",
                        from.string()));
    if (keys && manifest.key_id != keys->id)
        throw StoreRefused(StoreRefusal::backup_key_wrong,
                           fmt::format("{} was encrypted with another key (its id is {}, the given one's is {}).",
                                       from.string(), manifest.key_id, keys->id));
    const auto body = body_of(text);
    if (!equal_in_constant_time(text.substr(body.size()), last_line(body, keys)))
        throw damaged(from, "its manifest was changed");
}

std::string print(const Entry& entry)
{
    std::string line = fmt::format("{}\t{}\t", entry.content.size_bytes,
                                   entry.is_folder ? 'd' : (entry.content.is_listed ? 'l' : 'f'));
    for (std::size_t i = 0; i < entry.content.names.size(); ++i)
        line += (i == 0 ? "" : ",") + entry.content.names[i].hex();
    return line + "\t" + entry.path + "\n";
}

std::vector<Entry> parse_catalogue(std::string_view text, const std::filesystem::path& from)
{
    std::vector<Entry> entries;
    try {
        while (!text.empty()) {
            const auto end = text.find('\n');
            if (end == std::string_view::npos) throw std::invalid_argument("cut short");
            entries.push_back(parse_entry(text.substr(0, end)));
            text.remove_prefix(end + 1);
        }
    } catch (const std::invalid_argument& fault) {
        throw damaged(from, fmt::format("its catalogue is wrong ({})", fault.what()));
    }
    return entries;
}

}  // namespace shouwen::vault
