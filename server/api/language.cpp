#include "api/language.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>
#include <string>

namespace shouwen::api {
namespace {

std::optional<Language> language_of(std::string_view tag)
{
    std::string lower{tag};
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower.starts_with("en")) return Language::en;
    for (const char* traditional : {"zh-tw", "zh-hk", "zh-mo", "zh-hant"})
        if (lower.starts_with(traditional)) return Language::zh_tw;
    if (lower.starts_with("zh")) return Language::zh_cn;
    return std::nullopt;
}

double quality_of(std::string_view parameters)
{
    const auto at = parameters.find("q=");
    if (at == std::string_view::npos) return 1;
    return std::strtod(std::string{parameters.substr(at + 2, 5)}.c_str(), nullptr);
}

}  // namespace

Language pick_language(std::string_view accept_language)
{
    Language best = Language::zh_cn;
    double best_quality = 0;
    while (!accept_language.empty()) {
        const auto comma = accept_language.find(',');
        std::string_view item = accept_language.substr(0, comma);
        accept_language = comma == std::string_view::npos ? std::string_view{} : accept_language.substr(comma + 1);
        while (item.starts_with(' ')) item.remove_prefix(1);
        const auto semicolon = item.find(';');
        const auto language = language_of(item.substr(0, semicolon));
        const double quality = semicolon == std::string_view::npos ? 1 : quality_of(item.substr(semicolon));
        if (language && quality > best_quality) {
            best = *language;
            best_quality = quality;
        }
    }
    return best;
}

std::string_view tag_of(Language language)
{
    switch (language) {
        case Language::zh_cn: return "zh-CN";
        case Language::zh_tw: return "zh-TW";
        case Language::en: return "en";
    }
    return "zh-CN";
}

}  // namespace shouwen::api
