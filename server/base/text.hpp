#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace shouwen {

/// Strict UTF-8: no surrogates, no overlong forms, nothing past U+10FFFF.
bool is_utf8(std::string_view text);
/// Of valid UTF-8: what people would call the number of characters, near enough for limits.
std::size_t code_point_count(std::string_view text);
/// The first `count` code points of valid UTF-8.
std::string_view first_code_points(std::string_view text, std::size_t count);
/// Without white space at both ends: ASCII's, U+00A0, U+3000 (ideographic), U+FEFF.
std::string_view trim(std::string_view text);

/// What a text of one line may not contain, and one of several lines.
enum class LineBreaks { refused, allowed };
/// @returns whether there is a control character (C0, DEL, C1); tabs and line breaks only where these are refused.
bool has_control(std::string_view text, LineBreaks line_breaks);

/// A telephone number (电话号码) in the one form in which numbers are stored and compared.
struct Phone {
    /// Digits only. Chinese numbers without the country: mobile `13800006621`, landline with area code `02161234567`;
    /// others with `00` and the country: `0085221234567`.
    std::string digits;
    std::string extension;  ///< digits, or empty

    bool operator==(const Phone&) const = default;
};

/// Reads what people type: full-width digits, spaces, hyphens, brackets, `+86`, `0086`, `转`, `ext.`, `#`.
/// @returns nothing unless 3 to 15 digits remain and nothing else is there; at most 8 digits of extension.
std::optional<Phone> normalise_phone(std::string_view text);

/// `138****6621`; a number of fewer than 7 digits shows its last two only.
std::string mask_phone(std::string_view digits);
/// `张*`, `欧阳**`: the first character, for a known double surname the first two; one star for each other.
std::string mask_name(std::string_view name);
/// `z***@example.com`; what is no address is hidden wholly.
std::string mask_email(std::string_view email);
/// All but the last `shown` characters as stars, at least half of the text hidden: accounts, addresses.
std::string mask_tail(std::string_view text, std::size_t shown = 4);

/// The digits from the last to the first, so that an index finds a number by its tail.
std::string reversed_digits(std::string_view text);

}  // namespace shouwen
