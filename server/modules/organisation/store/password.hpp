#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Passwords by argon2id, of the class that is recommended where many people sign in within the same minute
/// (OWASP: 19 MiB, 2 passes). About 20 ms each: never on an event loop.
namespace shouwen::organisation {

inline constexpr unsigned long long password_passes = 2;
inline constexpr std::size_t password_memory_bytes = std::size_t{19} << 20;

/// A text that holds algorithm, parameters, salt and hash. @throws std::runtime_error without memory for it.
std::string hash_password(std::string_view password);
bool verify_password(const std::string& hash, std::string_view password);
/// Was it made with other parameters than today's?
bool is_outdated(const std::string& hash);

/// A password to be read out and typed once: four groups of four letters and digits, none of which look alike; 79 random
/// bits. It hashes like any other.
std::string new_one_time_password();

}  // namespace shouwen::organisation
