#pragma once

#include <string>
#include <string_view>

namespace shouwen::http {

/// zlib's fastest level: JSON shrinks to about a fifth, at some 10 ns a byte.
std::string gzip(std::string_view text);

/// Whether `Accept-Encoding` allows `coding`. @param header  the field's value, empty when absent
bool accepts_encoding(std::string_view header, std::string_view coding);

}  // namespace shouwen::http
