#include "modules/customer/rules/customer.hpp"

#include <gtest/gtest.h>

namespace shouwen::customer {
namespace {

const NewCustomer complete{.name = "林静怡",
                           .phone = "139 0000 4821",
                           .email = "lin@example.com",
                           .account_no = "QM-20881",
                           .address = "启明广场 3 号楼 1204"};

TEST(D2_Customer, EachFieldThatCannotBeRightIsToldWithItsPointer)
{
    const auto with = [](auto change) {
        NewCustomer customer = complete;
        change(customer);
        return check(customer, "/customer");
    };
    EXPECT_EQ(with([](NewCustomer&) {}), FieldErrors{});
    EXPECT_EQ(with([](NewCustomer& c) { c.name = " "; }), (FieldErrors{{"/customer/name", "required"}}));
    EXPECT_EQ(with([](NewCustomer& c) { c.name = std::string(101, 'x'); }),
              (FieldErrors{{"/customer/name", "too_long", "100"}}));
    EXPECT_EQ(with([](NewCustomer& c) { c.phone = "13a"; }), (FieldErrors{{"/customer/phone", "not_a_phone"}}));
    EXPECT_EQ(with([](NewCustomer& c) { c.email = "lin@"; }), (FieldErrors{{"/customer/email", "not_an_email"}}));
    EXPECT_EQ(with([](NewCustomer& c) { c.address = "a\nb"; }),
              (FieldErrors{{"/customer/address", "control_character"}}));
    EXPECT_EQ(with([](NewCustomer& c) { c.language = "fr"; }),
              (FieldErrors{{"/customer/language", "not_a_choice", "zh-CN, zh-TW, en"}}));
    EXPECT_EQ(with([](NewCustomer& c) {
                  c.phone = "12";
                  c.email = "x";
              }).size(),
              2u);
}

TEST(D2_Customer, OnlyAddressesThatCanBeWrittenToAreTaken)
{
    struct {
        const char* given;
        std::optional<std::string> normal;
    } cases[] = {{"Lin@Example.COM", "lin@example.com"},
                 {" a@b.cn ", "a@b.cn"},
                 {"王@例子.中国", "王@例子.中国"},
                 {"a@b", std::nullopt},
                 {"@b.cn", std::nullopt},
                 {"a@b@c.cn", std::nullopt},
                 {"a b@c.cn", std::nullopt},
                 {"a@.cn", std::nullopt},
                 {"a@b..cn", std::nullopt},
                 {"<a@b.cn>", std::nullopt}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.given);
        EXPECT_EQ(normal_email(c.given), c.normal);
    }
}

TEST(D2_Customer, KnowsWhatItsRecordLacks)
{
    EXPECT_EQ(known_fields({}), std::vector<std::string>{});
    EXPECT_EQ(known_fields({.name = "林", .email = "a@b.cn"}), (std::vector<std::string>{"name", "contact"}));
    EXPECT_EQ(known_fields({.name = "林", .phone = "13900004821", .address = "x"}),
              (std::vector<std::string>{"name", "contact", "address"}));
}

TEST(C6_Mask, ShowsNoMoreThanTheActorsSight)
{
    using organisation::Sight;
    const CustomerRow file{.name = "欧阳静",
                           .phone = "02161234567#801",
                           .email = "lin@example.com",
                           .account_no = "QM-20881",
                           .address = "南京市鼓楼区湖南路 3 号 1204"};
    const auto masked = shown(file, {Sight::masked, Sight::masked, Sight::masked, Sight::masked, Sight::masked});
    EXPECT_EQ(masked.name, "欧阳*");
    EXPECT_EQ(masked.phone, "021****4567#***");
    EXPECT_EQ(masked.email, "l***@example.com");
    EXPECT_EQ(masked.account_no, "****0881");
    EXPECT_EQ(masked.address, "南京市鼓楼区****");
    const auto hidden = shown(file, {Sight::hidden, Sight::hidden, Sight::hidden, Sight::hidden, Sight::hidden});
    EXPECT_EQ(hidden.name + hidden.phone + hidden.email + hidden.account_no + hidden.address, "");
    EXPECT_EQ(shown("phone", "13900004821", {.phone = Sight::masked}), "139****4821");
    EXPECT_EQ(shown("phone", "13900004821", {}), "");
}

TEST(C6_Mask, MaskedDigitsCannotBeGuessedOneByOne)
{
    using Match = PhoneQuery::Match;
    struct {
        const char* given;
        std::optional<Match> match;
    } cases[] = {{"21", std::nullopt},
                 {"821", Match::tail},
                 {"4821", Match::tail},
                 {"04821", Match::exact},
                 {"004821", Match::exact},
                 {"0004821", Match::tail},
                 {"+86 139-0000-4821", Match::tail},
                 {"abc", std::nullopt}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.given);
        const auto query = phone_query(c.given);
        EXPECT_EQ(query ? std::optional{query->match} : std::nullopt, c.match);
    }
}

}  // namespace
}  // namespace shouwen::customer
