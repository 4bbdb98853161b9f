#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace shouwen {
namespace {

struct Decoded {
    std::uint32_t code = 0;
    std::size_t length = 0;  // 0: not UTF-8
};

/// The lead byte tells the length and the bounds of the second byte; these rule out overlong forms and surrogates.
Decoded decode(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    if (lead < 0xC2 || lead > 0xF4) return {};
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size() < length) return {};
    const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(1) < low || byte(1) > high) return {};
    std::uint32_t code = lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        code = code << 6 | (byte(i) & 0x3Fu);
    }
    return {code, length};
}

constexpr bool is_continuation(char c)
{
    return (static_cast<std::uint8_t>(c) & 0xC0) == 0x80;
}

bool is_space(std::uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0xA0 || code == 0x3000 || code == 0xFEFF;
}

std::string stars(std::size_t count)
{
    return std::string(count, '*');
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// Takes a telephone number apart, character by character.
class PhoneReader {
public:
    /// @returns whether the whole text is one number, perhaps with an extension.
    bool read(std::string_view text)
    {
        for (text = trim(text); !text.empty();) {
            if (begins_extension(text)) {
                if (in_extension_ || digits.empty()) return false;
                in_extension_ = true;
                continue;
            }
            const auto [code, length] = decode(text);
            if (length == 0 || !take(code)) return false;
            text.remove_prefix(length);
        }
        return !in_extension_ || !extension.empty();
    }
    std::string digits;
    std::string extension;
    bool has_plus = false;

private:
    static bool begins_extension(std::string_view& text)
    {
        for (const std::string_view mark :
             {"转分机", "转", "轉", "分机", "分機", "ext.", "ext", "Ext.", "Ext", "EXT", "x", "#", ","})
            if (text.starts_with(mark)) {
                text.remove_prefix(mark.size());
                return true;
            }
        return false;
    }
    bool take(std::uint32_t code)
    {
        if (code >= 0xFF10 && code <= 0xFF19) code -= 0xFF10 - '0';
        if (code >= '0' && code <= '9') {
            (in_extension_ ? extension : digits) += static_cast<char>(code);
            return true;
        }
        if (code == '+' || code == 0xFF0B) {
            if (has_plus || !digits.empty()) return false;
            return has_plus = true;
        }
        // Brackets, hyphens, dots and dashes of all widths only please the eye.
        constexpr std::array<std::uint32_t, 13> decoration{'-',    '(',    ')',    '.',    '/',    ':',   0xFF08,
                                                           0xFF09, 0xFF0D, 0x2010, 0x2013, 0x2014, 0xFF1A};
        return is_space(code) || std::ranges::find(decoration, code) != decoration.end();
    }
    bool in_extension_ = false;
};

bool is_mobile(std::string_view digits)
{
    return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

/// Removes the country's number from a Chinese one; a landline gets the 0 of its area code back.
void strip_china(std::string& digits, bool has_plus)
{
    if (has_plus) digits.insert(0, "00");
    // Without + or 00, 86 is the country only before a whole mobile number.
    const bool bare = digits.size() == 13 && digits.starts_with("86") && is_mobile(std::string_view{digits}.substr(2));
    if (!digits.starts_with("0086") && !bare) {
        // 0138… is how some switches dial a mobile of another town.
        if (digits.size() == 12 && digits[0] == '0' && is_mobile(std::string_view{digits}.substr(1)))
            digits.erase(0, 1);
        return;
    }
    digits.erase(0, bare ? 2 : 4);
    const bool service_number = digits.starts_with("400") || digits.starts_with("800");
    if (is_mobile(digits) || digits.starts_with('0') || service_number || digits.size() < 9) return;
    digits.insert(0, 1, '0');
}

constexpr std::array<std::string_view, 20> double_surnames{"欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛",
                                                           "司徒", "东方", "東方", "尉迟", "尉遲", "公孙", "公孫",
                                                           "慕容", "令狐", "皇甫", "夏侯", "端木", "百里"};

}  // namespace

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        const auto length = decode(text).length;
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::size_t code_point_count(std::string_view text)
{
    return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, is_continuation));
}

std::string_view first_code_points(std::string_view text, std::size_t count)
{
    for (std::size_t i = 0; i < text.size(); ++i)
        if (!is_continuation(text[i]) && count-- == 0) return text.substr(0, i);
    return text;
}

std::string_view trim(std::string_view text)
{
    while (!text.empty()) {
        const auto [code, length] = decode(text);
        if (length == 0 || !is_space(code)) break;
        text.remove_prefix(length);
    }
    while (!text.empty()) {
        std::size_t at = text.size() - 1;
        while (at > 0 && is_continuation(text[at])) --at;
        const auto [code, length] = decode(text.substr(at));
        if (length != text.size() - at || !is_space(code)) break;
        text.remove_suffix(length);
    }
    return text;
}

bool has_control(std::string_view text, LineBreaks line_breaks)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<std::uint8_t>(text[i]);
        const bool layout = c == '\n' || c == '\r' || c == '\t';
        if (layout && line_breaks == LineBreaks::allowed) continue;
        if (c < 0x20 || c == 0x7F) return true;
        if (c == 0xC2 && i + 1 < text.size() && static_cast<std::uint8_t>(text[i + 1]) < 0xA0) return true;
    }
    return false;
}

std::optional<Phone> normalise_phone(std::string_view text)
{
    constexpr std::size_t digits_min = 3;
    constexpr std::size_t digits_max = 15;
    constexpr std::size_t extension_max = 8;
    PhoneReader reader;
    if (!reader.read(text) || reader.digits.empty()) return std::nullopt;
    strip_china(reader.digits, reader.has_plus);
    const std::size_t prefix = reader.digits.starts_with("00") ? 2 : 0;
    const std::size_t count = reader.digits.size() - prefix;
    if (count < digits_min || count > digits_max || reader.extension.size() > extension_max) return std::nullopt;
    return Phone{std::move(reader.digits), std::move(reader.extension)};
}

std::string mask_phone(std::string_view digits)
{
    constexpr std::size_t head = 3;
    constexpr std::size_t tail = 4;
    if (digits.size() < head + tail) return mask_tail(digits, 2);
    if (digits.size() < 11) return stars(digits.size() - tail) + std::string{digits.substr(digits.size() - tail)};
    return std::string{digits.substr(0, head)} + stars(digits.size() - head - tail) +
           std::string{digits.substr(digits.size() - tail)};
}

std::string mask_name(std::string_view name)
{
    name = trim(name);
    const std::size_t count = code_point_count(name);
    if (count <= 1) return stars(count);
    const auto surname = first_code_points(name, 2);
    const bool is_double = count > 2 && std::ranges::find(double_surnames, surname) != double_surnames.end();
    const std::size_t shown = is_double ? 2 : 1;
    return std::string{first_code_points(name, shown)} + stars(count - shown);
}

std::string mask_email(std::string_view email)
{
    const auto sign = email.rfind('@');
    if (sign == std::string_view::npos || sign == 0 || sign + 1 == email.size())
        return email.empty() ? std::string{} : stars(3);
    return std::string{first_code_points(email, 1)} + "***" + std::string{email.substr(sign)};
}

std::string mask_tail(std::string_view text, std::size_t shown)
{
    const std::size_t count = code_point_count(text);
    const std::size_t hidden = count - std::min(shown, count / 2);
    return stars(hidden) + std::string{text.substr(first_code_points(text, hidden).size())};
}

std::string reversed_digits(std::string_view text)
{
    std::string digits;
    std::copy_if(text.rbegin(), text.rend(), std::back_inserter(digits), is_digit);
    return digits;
}

}  // namespace shouwen
