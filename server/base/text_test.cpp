#include "base/text.hpp"

#include <gtest/gtest.h>

using namespace shouwen;

TEST(Text, IsStrictUtf8)
{
    for (const std::string_view good :
         {"", "abc", "首问", "é", "\xF0\xA0\x80\x80", "\xF4\x8F\xBF\xBF", "\xEE\x80\x80", "\xED\x9F\xBF"})
        EXPECT_TRUE(is_utf8(good)) << good;
    for (const std::string_view bad :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xE4\xB8", "a\xFF", "\xE4\x28\x80", "\xF0\xA0\x80"})
        EXPECT_FALSE(is_utf8(bad));
}

TEST(Text, IsCountedAndCutInCodePoints)
{
    EXPECT_EQ(code_point_count("首问ab\xF0\xA0\x80\x80"), 5u);
    EXPECT_EQ(first_code_points("首问ab", 3), "首问a");
    EXPECT_EQ(first_code_points("首问", 9), "首问");
    EXPECT_EQ(first_code_points("首问", 0), "");
}

TEST(Text, IsTrimmedOfAllWhiteSpace)
{
    EXPECT_EQ(trim(" \t\u3000首 问\u3000\u00A0\r\n"), "首 问");
    EXPECT_EQ(trim("\u3000\uFEFF "), "");
    EXPECT_EQ(trim("\x80"), "\x80");
}

TEST(Text, WithControlCharactersIsFound)
{
    EXPECT_FALSE(has_control("首问\n次行\t", LineBreaks::allowed));
    EXPECT_TRUE(has_control("首问\n次行", LineBreaks::refused));
    EXPECT_TRUE(has_control(std::string_view{"a\0b", 3}, LineBreaks::allowed));
    EXPECT_TRUE(has_control("a\x7F", LineBreaks::allowed));
    EXPECT_TRUE(has_control("a\u0085b", LineBreaks::allowed));
    EXPECT_FALSE(has_control("°é", LineBreaks::refused));
}

TEST(Phones, AreBroughtToOneForm)
{
    struct {
        const char* typed;
        const char* digits;
        const char* extension;
    } cases[] = {
        {"13800006621", "13800006621", ""},
        {"+86 138 0000 6621", "13800006621", ""},
        {"0086-138-0000-6621", "13800006621", ""},
        {"8613800006621", "13800006621", ""},
        {"013800006621", "13800006621", ""},
        {"１３８００００６６２１", "13800006621", ""},
        {" （021）6123-4567 ", "02161234567", ""},
        {"+86 21 6123 4567", "02161234567", ""},
        {"0086 021 61234567", "02161234567", ""},
        {"0755-8888888转801", "07558888888", "801"},
        {"021-61234567 ext. 12", "02161234567", "12"},
        {"61234567#3", "61234567", "3"},
        {"400-820-1234", "4008201234", ""},
        {"+86 400 820 1234", "4008201234", ""},
        {"12345", "12345", ""},
        {"110", "110", ""},
        {"95588", "95588", ""},
        {"+852 2123 4567", "0085221234567", ""},
        {"00 886 2 1234 5678", "00886212345678", ""},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.typed);
        const auto phone = normalise_phone(c.typed);
        ASSERT_TRUE(phone);
        EXPECT_EQ(phone->digits, c.digits);
        EXPECT_EQ(phone->extension, c.extension);
        EXPECT_EQ(normalise_phone(phone->digits)->digits, c.digits) << "not stable";
    }
    for (const char* bad : {"", "12", "+", "abc", "1380000662a", "138+0000", "++8613800006621", "#12", "021-61234567转",
                            "1234567890123456", "02161234567转123456789", "13800006621转1转2", "电话13800006621"})
        EXPECT_FALSE(normalise_phone(bad)) << bad;
}

TEST(Masks, HideWhatIdentifies)
{
    EXPECT_EQ(mask_phone("13800006621"), "138****6621");
    EXPECT_EQ(mask_phone("02161234567"), "021****4567");
    EXPECT_EQ(mask_phone("61234567"), "****4567");
    EXPECT_EQ(mask_phone("95588"), "***88");
    EXPECT_EQ(mask_phone("110"), "**0");
    EXPECT_EQ(mask_name("张三"), "张*");
    EXPECT_EQ(mask_name(" 王小明 "), "王**");
    EXPECT_EQ(mask_name("欧阳修"), "欧阳*");
    EXPECT_EQ(mask_name("欧阳"), "欧*");
    EXPECT_EQ(mask_name("李"), "*");
    EXPECT_EQ(mask_name(""), "");
    EXPECT_EQ(mask_email("zhang@example.com"), "z***@example.com");
    EXPECT_EQ(mask_email("z@example.com"), "z***@example.com");
    EXPECT_EQ(mask_email("nobody"), "***");
    EXPECT_EQ(mask_email("@x"), "***");
    EXPECT_EQ(mask_tail("6222020200112233"), "************2233");
    EXPECT_EQ(mask_tail("幸福路12号", 4), "***12号");
    EXPECT_EQ(mask_tail("ab"), "*b");
    EXPECT_EQ(mask_tail("a"), "*");
    EXPECT_EQ(mask_tail(""), "");
}

TEST(Digits, AreReversedForTheirTail)
{
    EXPECT_EQ(reversed_digits("138-0000 6621"), "12660000831");
    EXPECT_EQ(reversed_digits("首问"), "");
}
