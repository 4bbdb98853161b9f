#include "base/seal.hpp"

#include "base/result.hpp"

#include <sodium.h>

namespace shouwen {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == sizeof(Hash::bytes) && nonce_bytes <= sizeof(Hash::bytes));

const unsigned char* bytes_of(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

std::string seal(const Hash& key, std::string_view text)
{
    const Hash nonce = mac_of(mac_of(key.raw(), "nonce").raw(), text);
    const Hash encryption_key = mac_of(key.raw(), "encryption");
    std::string sealed{nonce.raw().substr(0, nonce_bytes)};
    sealed.resize(nonce_bytes + text.size() + tag_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(sealed) + nonce_bytes, nullptr, bytes_of(text), text.size(),
                                               nullptr, 0, nullptr, bytes_of(sealed), encryption_key.bytes.data());
    return sealed;
}

std::optional<std::string> unseal(const Hash& key, std::string_view sealed)
{
    if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
    const Hash encryption_key = mac_of(key.raw(), "encryption");
    const auto encrypted = sealed.substr(nonce_bytes);
    std::string text(encrypted.size() - tag_bytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(text), nullptr, nullptr, bytes_of(encrypted),
                                                   encrypted.size(), nullptr, 0, bytes_of(sealed),
                                                   encryption_key.bytes.data()) != 0)
        return std::nullopt;
    return text;
}

}  // namespace shouwen
