#pragma once

#include "base/instant.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Signatures as Standard Webhooks 1.0 has them.
namespace shouwen::webhook {

/// `whsec_` and base 64. @param random  24 to 64 bytes
std::string secret_of(std::string_view random);
constexpr std::size_t secret_random_bytes = 32;

/// `v1,` and the base 64 of the HMAC-SHA256 of `id.seconds.body` under the secret's bytes.
/// @returns nothing when the secret is none
std::optional<std::string> signature(std::string_view secret, std::string_view id, Instant at, std::string_view body);

/// The header's value: while a secret is replaced, the new one's signature and the old one's. @param old_secret  may be empty
std::string signatures(std::string_view secret, std::string_view old_secret, std::string_view id, Instant at,
                       std::string_view body);

}  // namespace shouwen::webhook
