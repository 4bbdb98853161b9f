#include "modules/organisation/store/password.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace shouwen::organisation {

namespace {

void ensure_ready()
{
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used");
}

}  // namespace

std::string hash_password(std::string_view password)
{
    ensure_ready();
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), password_passes, password_memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::runtime_error("no memory to hash a password");
    return hash.data();
}

bool verify_password(const std::string& hash, std::string_view password)
{
    ensure_ready();
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool is_outdated(const std::string& hash)
{
    ensure_ready();
    return crypto_pwhash_str_needs_rehash(hash.c_str(), password_passes, password_memory_bytes) != 0;
}

}  // namespace shouwen::organisation
