#include "base/text.hpp"
#include "base/tokens.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>

using namespace shouwen;

namespace {

/// By the book, the slow way: decodes by length alone, encodes again and compares.
bool is_utf8_by_encoding(const std::string& text)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
        if (length == 0 || at + length > text.size()) return false;
        std::uint32_t code = length == 1 ? lead : lead & (0xFFu >> (length + 1));
        for (std::size_t i = 1; i < length; ++i) {
            const auto next = static_cast<unsigned char>(text[at + i]);
            if (next >> 6 != 2) return false;
            code = code << 6 | (next & 0x3Fu);
        }
        const std::size_t shortest = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        if (length != shortest || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
        at += length;
    }
    return true;
}

/// Bytes near the edges of what UTF-8 allows.
std::string awkward_bytes()
{
    const std::string bytes{"a\x7F\x80\x8F\x90\x9F\xA0\xBF\xC1\xC2\xDF\xE0\xE4\xED\xEF\xF0\xF3\xF4\xF5\xFF"};
    return *rc::gen::container<std::string>(rc::gen::elementOf(bytes));
}

std::string mixed_text()
{
    const std::vector<std::string> pieces{"退", "款", "投", "诉", "訴", "求", "客", "工", "单",
                                          "單", "营", "业", "员", "的", "了", "不", "a",  "B",
                                          "7",  "0",  " ",  "，", "-",  ".",  "ｂ", "é",  "\xF0\xA0\xAE\xB7",
                                          "の", "ッ"};
    std::string text;
    for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) text += piece;
    return text;
}

}  // namespace

TEST(TextProperties, Utf8IsWhatEncodesBackToTheSameBytes)
{
    EXPECT_TRUE(rc::check([] {
        const auto text = awkward_bytes();
        RC_ASSERT(is_utf8(text) == is_utf8_by_encoding(text));
        (void)trim(text);
        (void)mask_name(text);
        (void)mask_email(text);
        (void)normalise_phone(text);
        RC_ASSERT(is_utf8(index_tokens(text)));
    }));
}

TEST(TextProperties, MasksKeepTheLengthAndHideHalf)
{
    EXPECT_TRUE(rc::check([] {
        const auto text = mixed_text();
        const auto masked = mask_tail(text);
        RC_ASSERT(is_utf8(masked));
        RC_ASSERT(code_point_count(masked) == code_point_count(text));
        RC_ASSERT(static_cast<std::size_t>(std::ranges::count(masked, '*')) * 2 >= code_point_count(text));
        RC_ASSERT(code_point_count(first_code_points(text, 3)) == std::min<std::size_t>(3, code_point_count(text)));
    }));
}

TEST(TextProperties, ANormalPhoneNumberIsNormal)
{
    EXPECT_TRUE(rc::check([] {
        const std::string alphabet{"0123456789018600+-() "};
        const auto phone = normalise_phone(*rc::gen::container<std::string>(rc::gen::elementOf(alphabet)));
        RC_PRE(phone.has_value());
        RC_ASSERT(std::ranges::all_of(phone->digits, [](char c) { return c >= '0' && c <= '9'; }));
        RC_ASSERT(normalise_phone(phone->digits) == phone);
    }));
}

TEST(TextProperties, ChineseIsFoundWhereverItStands)
{
    EXPECT_TRUE(rc::check([] {
        const auto piece = *rc::gen::elementOf(
            std::vector<std::string>{"退款", "投诉", "訴求", "客诉", "营业员", "不退", "的", "工單", "单"});
        const auto text = mixed_text() + piece + mixed_text();
        std::istringstream in{index_tokens(text)};
        std::set<std::string> tokens;
        for (std::string token; in >> token;) tokens.insert(token);
        RC_LOG() << text << '\n';
        for (const auto& wanted : query_tokens(piece)) {
            const auto found = tokens.lower_bound(wanted.text);
            RC_ASSERT(found != tokens.end());
            RC_ASSERT((wanted.prefix ? found->starts_with(wanted.text) : *found == wanted.text));
        }
    }));
}
