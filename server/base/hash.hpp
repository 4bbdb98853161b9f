#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shouwen {

/// BLAKE2b-256. Compared in constant time, so a token's hash may be compared with `==`.
struct Hash {
    std::array<std::uint8_t, 32> bytes{};

    friend bool operator==(const Hash& a, const Hash& b);
    /// 64 lower-case hexadecimal digits.
    std::string hex() const;
    /// The 32 bytes as they are, for a BLOB column.
    std::string_view raw() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    /// @returns nothing unless `text` is 64 hexadecimal digits (either case).
    static std::optional<Hash> from_hex(std::string_view text);
    /// @returns nothing unless `raw` is 32 bytes.
    static std::optional<Hash> from_raw(std::string_view raw);
};

/// BLAKE2b-256 of the bytes; with a key (16 to 64 bytes) it is a MAC.
Hash hash_of(std::string_view bytes);
Hash mac_of(std::string_view key, std::string_view bytes);

/// The same hash fed piece by piece: for files and chains. One thread at a time.
class Hasher {
public:
    Hasher();
    Hasher& update(std::string_view bytes);
    /// Ends the hash; nothing may follow.
    Hash finish();

private:
    alignas(64) std::array<unsigned char, 384> state_;  // crypto_generichash_state, kept out of the header
    bool finished_ = false;
};

std::string to_hex(std::string_view bytes);

constexpr std::size_t secret_bytes = 16;

/// 128 bits handed in by whoever owns the randomness, as 22 url-safe letters (base 64 without padding).
std::string secret_text(std::span<const std::uint8_t, secret_bytes> random);
/// @returns whether `text` has the form that `secret_text` writes.
bool is_secret_text(std::string_view text);

/// Takes the same time wherever the texts differ; only their lengths can be learned from it.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// 128 random bits of the system's generator as `secret_text`: links for customers, API tokens, sessions. For edges only:
/// rules get a secret handed in, as they get the time.
std::string new_secret();

}  // namespace shouwen
