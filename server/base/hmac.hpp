#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace shouwen {

/// HMAC-SHA256, for what others have to check: 32 bytes. @param key  of any length
std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// Base 64 of the usual alphabet, with padding.
std::string to_base64(std::string_view bytes);
/// With or without padding. @returns nothing when it is none
std::optional<std::string> from_base64(std::string_view text);

/// Bytes of the system's generator, for secrets whose form others have fixed. For edges only: rules get them handed in.
std::string random_bytes(std::size_t count);

}  // namespace shouwen
