#include "platform/vault/key.hpp"

#include "base/text.hpp"
#include "platform/sql/refused.hpp"
#include "platform/vault/file.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <new>
#include <sys/stat.h>

namespace shouwen::vault {
namespace {

using sql::StoreRefusal;
using sql::StoreRefused;

// Of format 1, for ever: other costs give other keys.
constexpr unsigned long long argon_operations = 3;
constexpr std::size_t argon_bytes = 64 << 20;
constexpr std::size_t passphrase_bytes_min = 12;
constexpr std::uint64_t key_file_bytes_max = 1'024;

Hash stretched(const std::string& text, std::string_view salt)
{
    static_assert(salt_bytes == crypto_pwhash_SALTBYTES);
    if (salt.size() != salt_bytes || sodium_init() < 0) throw std::invalid_argument("a salt has 16 bytes");
    Hash key;
    if (crypto_pwhash(key.bytes.data(), key.bytes.size(), text.data(), text.size(),
                      reinterpret_cast<const unsigned char*>(salt.data()), argon_operations, argon_bytes,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc{};
    return key;
}

Keys keys_of(const Hash& master)
{
    return {.naming = mac_of(master.raw(), "shouwen backup 1: naming"),
            .sealing = mac_of(master.raw(), "shouwen backup 1: sealing"),
            .manifest = mac_of(master.raw(), "shouwen backup 1: manifest"),
            .id = mac_of(master.raw(), "shouwen backup 1: id").hex().substr(0, 16)};
}

}  // namespace

SecretKey read_key_file(const std::filesystem::path& file)
{
    const auto refuse = [&](std::string_view why) {
        return StoreRefused(StoreRefusal::backup_key_unfit, fmt::format("The key file {} {}", file.string(), why));
    };
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) throw refuse("is not there. Make one with: openssl rand -hex 32");
    if (!S_ISREG(status.st_mode)) throw refuse("is not a file.");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        throw refuse("may be read by others than its owner. Change that with: chmod 600");
    const auto key = Hash::from_hex(trim(read_file(file, key_file_bytes_max)));
    if (!key) throw refuse("does not hold 64 hexadecimal digits, as openssl rand -hex 32 prints.");
    return {*key};
}

Passphrase checked_passphrase(std::string_view text)
{
    if (text.size() < passphrase_bytes_min)
        throw StoreRefused(StoreRefusal::backup_key_unfit,
                           fmt::format("The passphrase for backups is shorter than {} bytes.", passphrase_bytes_min));
    return {std::string{text}};
}

std::optional<Keys> derive(const Secret& secret, std::string_view salt)
{
    if (const auto* key = std::get_if<SecretKey>(&secret)) return keys_of(key->bytes);
    if (const auto* words = std::get_if<Passphrase>(&secret)) return keys_of(stretched(words->text, salt));
    return std::nullopt;
}

std::string new_salt()
{
    if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
    std::string salt(salt_bytes, '\0');
    randombytes_buf(salt.data(), salt.size());
    return salt;
}

}  // namespace shouwen::vault
