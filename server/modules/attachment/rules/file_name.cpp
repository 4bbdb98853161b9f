#include "modules/attachment/rules/file_name.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace shouwen::attachment {
namespace {

constexpr std::string_view plain_bytes = "application/octet-stream";

// Embeddings, overrides and isolates of direction; separators of lines and paragraphs.
constexpr std::array<std::string_view, 11> misleading{"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066",
                                                      "\u2067", "\u2068", "\u2069", "\u2028", "\u2029"};

constexpr std::array<std::string_view, 21> harmless{
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/zip",
    "audio/amr",
    "audio/mpeg",
    "audio/ogg",
    "audio/x-m4a",
    "audio/x-wav",
    "image/gif",
    "image/heic",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/plain",
    "video/mp4",
    "video/quicktime"};

// As libmagic calls them, old and new names.
constexpr std::array<std::string_view, 12> programs{"application/x-dosexec",
                                                    "application/vnd.microsoft.portable-executable",
                                                    "application/x-executable",
                                                    "application/x-pie-executable",
                                                    "application/x-sharedlib",
                                                    "application/x-mach-binary",
                                                    "application/x-msi",
                                                    "application/x-ms-shortcut",
                                                    "application/vnd.android.package-archive",
                                                    "application/java-archive",
                                                    "application/x-java-applet",
                                                    "application/vnd.debian.binary-package"};

bool is_letter_of_value(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$&+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool is_plain_ascii(char c)
{
    return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '%';
}

}  // namespace

FieldErrors check_file_name(std::string_view name, std::string_view pointer)
{
    const std::string at{pointer};
    if (trim(name).empty()) return {{at, "required"}};
    if (!is_utf8(name) || has_control(name, LineBreaks::refused)) return {{at, "control_character"}};
    if (code_point_count(name) > file_name_max) return {{at, "too_long", std::to_string(file_name_max)}};
    const bool is_path = name.find_first_of("/\\") != std::string_view::npos || name == "." || name == "..";
    const bool misleads = std::ranges::any_of(
        misleading, [&](std::string_view mark) { return name.find(mark) != std::string_view::npos; });
    if (is_path || misleads) return {{at, "file_name_shape"}};
    return {};
}

std::string content_disposition(std::string_view name)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string plain;
    std::string encoded;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const auto byte = static_cast<unsigned char>(c);
        const bool continues = (byte & 0xC0) == 0x80;
        if (!continues) plain += is_plain_ascii(c) ? c : '_';
        if (is_letter_of_value(c)) {
            encoded += c;
        } else {
            encoded += '%';
            encoded += digits[byte >> 4];
            encoded += digits[byte & 15];
        }
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

std::string_view served_as(std::string_view media_type)
{
    const auto* found = std::ranges::find(harmless, media_type);
    return found == harmless.end() ? plain_bytes : *found;
}

bool is_refused(std::string_view media_type)
{
    return std::ranges::find(programs, media_type) != programs.end();
}

}  // namespace shouwen::attachment
