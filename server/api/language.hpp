#pragma once

#include <string_view>

namespace shouwen::api {

/// The languages that texts exist in; Simplified Chinese is the default.
enum class Language { zh_cn, zh_tw, en };

/// The best match for an Accept-Language header (RFC 9110, with quality values). `zh-HK` and `zh-Hant` read zh-TW.
Language pick_language(std::string_view accept_language);
std::string_view tag_of(Language language);

}  // namespace shouwen::api
