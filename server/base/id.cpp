#include "base/id.hpp"

#include <algorithm>
#include <array>

namespace shouwen {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr int letters = 13;
constexpr int bits_a_letter = 5;
constexpr int counter_bits = 13;
constexpr int node_bits = 8;

}  // namespace

std::string encode_id(std::int64_t value)
{
    std::string text(letters, '0');
    auto rest = static_cast<std::uint64_t>(value);
    for (int i = letters - 1; i >= 0; --i, rest >>= bits_a_letter)
        text[static_cast<std::size_t>(i)] = alphabet[rest & 31];
    return text;
}

std::optional<std::int64_t> decode_id(std::string_view text)
{
    if (text.size() != letters) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        const auto digit = alphabet.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        value = value << bits_a_letter | digit;
    }
    // 13 letters hold 65 bits: the first one must leave the sign and the bit past it alone.
    if (alphabet.find(text[0]) > 7) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::int64_t first_id_at(Instant at)
{
    return to_ms(at) << (counter_bits + node_bits);
}

Instant made_at(std::int64_t id)
{
    return from_ms(id >> (counter_bits + node_bits));
}

void IdSource::continue_after(std::int64_t last)
{
    const std::int64_t counter = last >> node_bits;
    std::int64_t seen = last_.load();
    while (seen < counter && !last_.compare_exchange_weak(seen, counter)) {}
}

std::int64_t IdSource::next_value(Instant now)
{
    const std::int64_t wanted = to_ms(now) << counter_bits;
    std::int64_t seen = last_.load();
    std::int64_t counter = 0;
    do {
        counter = std::max(seen + 1, wanted);
    } while (!last_.compare_exchange_weak(seen, counter));
    return counter << node_bits | node_;
}

}  // namespace shouwen
