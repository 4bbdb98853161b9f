#include "platform/http/static_files.hpp"

#include "platform/http/gzip.hpp"

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>

#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace shouwen::http {
namespace {

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    return std::move(content).str();
}

std::string fingerprint(std::string_view content)
{
    std::array<unsigned char, crypto_generichash_BYTES_MIN> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(content.data()), content.size(),
                       nullptr, 0);
    std::array<char, crypto_generichash_BYTES_MIN * 2 + 1> text{};
    sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
    return text.data();
}

std::string_view type_of(std::string_view extension)
{
    static constexpr std::pair<std::string_view, std::string_view> types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".wasm", "application/wasm"},
        {".txt", "text/plain; charset=utf-8"},
    };
    for (const auto& [known, type] : types)
        if (known == extension) return type;
    return "application/octet-stream";
}

bool is_named(std::string_view field, std::string_view etag)
{
    return field == "*" || field.find('"' + std::string(etag) + '"') != std::string_view::npos;
}

}  // namespace

StaticFiles::StaticFiles(const std::filesystem::path& root)
{
    namespace fs = std::filesystem;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (!entry.is_regular_file() || entry.is_symlink() || entry.path().filename().string().starts_with('.'))
            continue;
        std::string name = '/' + entry.path().lexically_relative(root).generic_string();
        const std::string extension = entry.path().extension().string();
        if (extension == ".gz" || extension == ".br") {
            name.resize(name.size() - extension.size());
            (extension == ".gz" ? files_[name].gzip : files_[name].brotli) = read_file(entry.path());
            continue;
        }
        File& file = files_[name];
        file.content = read_file(entry.path());
        file.content_type = type_of(extension);
        file.etag = fingerprint(file.content);
    }
    std::erase_if(files_, [](const auto& named) { return named.second.etag.empty(); });  // a .gz without its original
}

const StaticFiles::File* StaticFiles::lookup(std::string_view path) const
{
    const auto at = [this](std::string_view name) -> const File* {
        const auto found = files_.find(name);
        return found == files_.end() ? nullptr : &found->second;
    };
    if (const File* file = at(path)) return file;
    const bool has_extension = path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
    if (has_extension || path == "/api" || path.starts_with("/api/")) return nullptr;
    const bool portal = path == "/p" || path.starts_with("/p/") || path.starts_with("/portal");
    const File* entry = portal ? at("/portal.html") : nullptr;
    return entry ? entry : at("/index.html");
}

std::optional<StaticFiles::Found> StaticFiles::find(const Request& request) const
{
    const File* file = lookup(request.path);
    if (!file) return std::nullopt;

    Found found;
    auto& response = found.response;
    response.content_type = file->content_type;
    // Names below /assets/ hold a hash of the content, so they never change their meaning; everything else may.
    response.headers.emplace_back(
        "Cache-Control", request.path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    if (!file->gzip.empty() || !file->brotli.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");

    std::string etag = file->etag;
    found.body = file->content;
    const auto accepted = request.header("accept-encoding");
    if (!file->brotli.empty() && accepts_encoding(accepted, "br")) {
        found.body = file->brotli;
        etag += "-br";
        response.headers.emplace_back("Content-Encoding", "br");
    } else if (!file->gzip.empty() && accepts_encoding(accepted, "gzip")) {
        found.body = file->gzip;
        etag += "-gz";
        response.headers.emplace_back("Content-Encoding", "gzip");
    }
    response.headers.emplace_back("ETag", '"' + etag + '"');
    if (is_named(request.header("if-none-match"), etag)) {
        response.status = 304;
        found.body = {};
    }
    return found;
}

}  // namespace shouwen::http
