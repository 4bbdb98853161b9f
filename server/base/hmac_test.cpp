#include "base/hmac.hpp"

#include "base/hash.hpp"

#include <gtest/gtest.h>

namespace shouwen {
namespace {

/// The second and sixth example of RFC 4231: a short key, and one longer than a block.
TEST(Hmac, GivesTheExamplesOfItsStandard)
{
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Base64, ComesBackAndKnowsWhatItIsNot)
{
    for (const auto* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
        EXPECT_EQ(from_base64(to_base64(text)), text);
    EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
    EXPECT_EQ(from_base64("Zm9vYg"), "foob");
    for (const auto* none : {"Z", "Zm9v!", "Zm 9v", "Zm9v\n", "_-_-"})
        EXPECT_EQ(from_base64(none), std::nullopt) << none;
}

}  // namespace
}  // namespace shouwen
