#include "platform/http/target.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace shouwen::http {
namespace {

/// Length of the UTF-8 sequence that begins `text`, 0 when it is broken, over-long, a surrogate or beyond U+10FFFF.
std::size_t sequence_length(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (lead == 0xE0 && byte(1) < 0xA0) return 0;
        if (lead == 0xED && byte(1) > 0x9F) return 0;
        return tail(1) && tail(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (lead == 0xF0 && byte(1) < 0x90) return 0;
        if (lead == 0xF4 && byte(1) > 0x8F) return 0;
        return tail(1) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        const auto length = sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

bool is_clean_segment(std::string_view segment)
{
    if (segment == "." || segment == "..") return false;
    for (const char c : segment)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\') return false;
    return is_utf8(segment);
}

/// Most segments and values hold nothing to decode.
std::string decode(boost::urls::pct_string_view raw, bool plus_is_space)
{
    const std::string_view text(raw.data(), raw.size());
    if (text.find_first_of(plus_is_space ? "%+" : "%") == std::string_view::npos) return std::string(text);
    boost::urls::encoding_opts options;
    options.space_as_plus = plus_is_space;
    return raw.decode(options);
}

}  // namespace

std::optional<Target> parse_target(std::string_view raw)
{
    const bool origin = raw.starts_with('/');
    const boost::core::string_view view(raw.data(), raw.size());
    const auto parsed = origin ? boost::urls::parse_origin_form(view) : boost::urls::parse_absolute_uri(view);
    if (!parsed) return std::nullopt;
    if (!origin && parsed->scheme_id() != boost::urls::scheme::http && parsed->scheme_id() != boost::urls::scheme::https) return std::nullopt;

    Target target;
    for (const auto segment : parsed->encoded_segments()) {
        target.segments.push_back(decode(segment, false));
        if (!is_clean_segment(target.segments.back())) return std::nullopt;
        target.path += '/';
        target.path += target.segments.back();
    }
    if (target.path.empty()) target.path = "/";
    for (const auto param : parsed->encoded_params()) {
        std::string name = decode(param.key, true);
        std::string value = decode(param.value, true);
        if (!is_utf8(name) || !is_utf8(value) || value.find('\0') != std::string::npos) return std::nullopt;
        target.query.emplace_back(std::move(name), std::move(value));
    }
    return target;
}

}  // namespace shouwen::http
