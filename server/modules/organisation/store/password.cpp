#include "modules/organisation/store/password.hpp"

#include <sodium.h>

#include <array>
#include <cstdint>
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

std::string new_one_time_password()
{
    constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    constexpr int groups = 4;
    constexpr int group_length = 4;
    ensure_ready();
    std::string password;
    for (int group = 0; group < groups; ++group) {
        if (group > 0) password += '-';
        for (int i = 0; i < group_length; ++i)
            password += alphabet[randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))];
    }
    return password;
}

}  // namespace shouwen::organisation
