#include "base/hash.hpp"

#include "base/result.hpp"

#include <sodium.h>

#include <algorithm>

namespace shouwen {
namespace {

static_assert(sizeof(crypto_generichash_state) <= 384 && alignof(crypto_generichash_state) <= 64);

const unsigned char* bytes_of(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

crypto_generichash_state* state_of(std::array<unsigned char, 384>& storage)
{
    return reinterpret_cast<crypto_generichash_state*>(storage.data());
}

void ensure_ready()
{
    static const bool ready = sodium_init() >= 0;
    ensure(ready, "libsodium does not start");
}

}  // namespace

bool operator==(const Hash& a, const Hash& b)
{
    return sodium_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
}

std::string Hash::hex() const
{
    return to_hex(raw());
}

std::optional<Hash> Hash::from_hex(std::string_view text)
{
    Hash hash;
    std::size_t read = 0;
    if (text.size() != 2 * hash.bytes.size()) return std::nullopt;
    if (sodium_hex2bin(hash.bytes.data(), hash.bytes.size(), text.data(), text.size(), nullptr, &read, nullptr) != 0)
        return std::nullopt;
    if (read != hash.bytes.size()) return std::nullopt;
    return hash;
}

std::optional<Hash> Hash::from_raw(std::string_view raw)
{
    Hash hash;
    if (raw.size() != hash.bytes.size()) return std::nullopt;
    std::copy_n(bytes_of(raw), raw.size(), hash.bytes.begin());
    return hash;
}

Hash hash_of(std::string_view bytes)
{
    ensure_ready();
    Hash hash;
    crypto_generichash(hash.bytes.data(), hash.bytes.size(), bytes_of(bytes), bytes.size(), nullptr, 0);
    return hash;
}

Hash mac_of(std::string_view key, std::string_view bytes)
{
    ensure_ready();
    ensure(key.size() >= crypto_generichash_KEYBYTES_MIN && key.size() <= crypto_generichash_KEYBYTES_MAX,
           "a key has 16 to 64 bytes");
    Hash hash;
    crypto_generichash(hash.bytes.data(), hash.bytes.size(), bytes_of(bytes), bytes.size(), bytes_of(key), key.size());
    return hash;
}

Hasher::Hasher()
{
    ensure_ready();
    crypto_generichash_init(state_of(state_), nullptr, 0, std::size(Hash{}.bytes));
}

Hasher& Hasher::update(std::string_view bytes)
{
    ensure(!finished_, "the hash is finished");
    crypto_generichash_update(state_of(state_), bytes_of(bytes), bytes.size());
    return *this;
}

Hash Hasher::finish()
{
    ensure(!finished_, "the hash is finished");
    finished_ = true;
    Hash hash;
    crypto_generichash_final(state_of(state_), hash.bytes.data(), hash.bytes.size());
    return hash;
}

std::string to_hex(std::string_view bytes)
{
    std::string text(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes_of(bytes), bytes.size());
    text.pop_back();
    return text;
}

std::string secret_text(std::span<const std::uint8_t, secret_bytes> random)
{
    std::string text(sodium_base64_encoded_len(random.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), random.data(), random.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.pop_back();
    return text;
}

bool is_secret_text(std::string_view text)
{
    std::array<unsigned char, secret_bytes> bytes{};
    std::size_t read = 0;
    return sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &read, nullptr,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           read == secret_bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string new_secret()
{
    ensure_ready();
    std::array<std::uint8_t, secret_bytes> random{};
    randombytes_buf(random.data(), random.size());
    return secret_text(random);
}

}  // namespace shouwen
