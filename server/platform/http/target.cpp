#include "platform/http/target.hpp"

#include "base/text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace shouwen::http {
namespace {

bool is_clean_segment(std::string_view segment)
{
    // Also behind an encoded slash: whoever glues the path together again must not find one either.
    const std::string between = '/' + std::string(segment) + '/';
    if (between.find("/./") != std::string::npos || between.find("/../") != std::string::npos) return false;
    return is_utf8(segment) && !has_control(segment, LineBreaks::refused) &&
           segment.find('\\') == std::string_view::npos;
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
    if (!origin && parsed->scheme_id() != boost::urls::scheme::http &&
        parsed->scheme_id() != boost::urls::scheme::https)
        return std::nullopt;

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
