#pragma once

#include "base/hash.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace shouwen {

/// Encrypts and authenticates (XChaCha20-Poly1305): without the key only the length can be learned. Needs no randomness,
/// as the nonce is made of key and text; so the same text under the same key gives the same bytes.
std::string seal(const Hash& key, std::string_view text);

/// @returns nothing when the key is another one or a byte was changed
std::optional<std::string> unseal(const Hash& key, std::string_view sealed);

}  // namespace shouwen
