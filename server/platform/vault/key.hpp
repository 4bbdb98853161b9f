#pragma once

#include "base/hash.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// What encrypts backups. One secret, from which a key for each use is derived.
namespace shouwen::vault {

/// 32 random bytes.
struct SecretKey {
    Hash bytes;
};
/// Words; stretched by argon2id with the salt that stands in each manifest.
struct Passphrase {
    std::string text;
};
/// Nothing: backups are not encrypted.
using Secret = std::variant<std::monostate, SecretKey, Passphrase>;

/// A file with 64 hexadecimal digits, as `openssl rand -hex 32` prints, which only its owner may read.
/// @throws sql::StoreRefused `backup_key_unfit`
SecretKey read_key_file(const std::filesystem::path& file);
/// @throws sql::StoreRefused `backup_key_unfit` when it is shorter than 12 bytes
Passphrase checked_passphrase(std::string_view text);

constexpr std::size_t salt_bytes = 16;

struct Keys {
    Hash naming;     ///< names of chunks: without it nobody can tell whether a backup holds a text they know
    Hash sealing;    ///< contents of chunks
    Hash manifest;   ///< marks manifests as ours
    std::string id;  ///< 16 hexadecimal digits that tell keys apart and tell nothing about them
};

/// Takes 0.2 s and 64 MiB for a passphrase. @param salt  16 bytes; a key of a file does without it
/// @returns nothing without a secret
std::optional<Keys> derive(const Secret& secret, std::string_view salt);

/// 16 random bytes.
std::string new_salt();

}  // namespace shouwen::vault
