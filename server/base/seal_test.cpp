#include "base/seal.hpp"

#include <gtest/gtest.h>

namespace shouwen {
namespace {

TEST(Seal, OpensWithItsKeyOnly)
{
    const Hash key = hash_of("key");
    for (const std::string text : {"", "x", "短信验证码 1234"}) {
        SCOPED_TRACE(text);
        const auto sealed = seal(key, text);
        EXPECT_EQ(unseal(key, sealed), text);
        EXPECT_EQ(unseal(hash_of("another"), sealed), std::nullopt);
        if (text.size() > 4) EXPECT_EQ(sealed.find(text), std::string::npos);
    }
}

TEST(Seal, NoticesEachChangedByte)
{
    const Hash key = hash_of("key");
    const auto sealed = seal(key, "text");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_EQ(unseal(key, changed), std::nullopt) << i;
        EXPECT_EQ(unseal(key, sealed.substr(0, i)), std::nullopt) << i;
    }
}

TEST(Seal, TellsNothingOfTextsThatBeginAlike)
{
    const Hash key = hash_of("key");
    // Another nonce for another text: else the difference of two would show.
    EXPECT_NE(seal(key, "text one").substr(0, 24), seal(key, "text two").substr(0, 24));
}

}  // namespace
}  // namespace shouwen
