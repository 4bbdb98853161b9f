#include "base/hash.hpp"

#include "base/result.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace shouwen;

TEST(Hash, IsBlake2b256)
{
    // From the reference implementation (b2sum -l 256).
    EXPECT_EQ(hash_of("").hex(), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    EXPECT_EQ(hash_of("abc").hex(), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(Hash, IsTheSamePieceByPiece)
{
    const std::string text(5000, 'x');
    Hasher hasher;
    for (std::size_t at = 0; at < text.size(); at += 7) hasher.update(std::string_view{text}.substr(at, 7));
    EXPECT_EQ(hasher.finish(), hash_of(text));
    EXPECT_THROW(hasher.update("more"), BrokenInvariant);
    EXPECT_FALSE(hash_of("a") == hash_of("b"));
}

TEST(Hash, IsReadAsItIsWritten)
{
    const Hash hash = hash_of("首问");
    EXPECT_EQ(Hash::from_hex(hash.hex()), hash);
    EXPECT_EQ(Hash::from_raw(hash.raw()), hash);
    EXPECT_FALSE(Hash::from_hex("00"));
    EXPECT_FALSE(Hash::from_hex(std::string(63, '0') + "g"));
    EXPECT_FALSE(Hash::from_raw("short"));
}

TEST(Hash, WithAKeyDependsOnTheKey)
{
    const std::string key(32, 'k');
    EXPECT_FALSE(mac_of(key, "text") == hash_of("text"));
    EXPECT_FALSE(mac_of(key, "text") == mac_of(std::string(32, 'l'), "text"));
    EXPECT_THROW(mac_of("short", "text"), BrokenInvariant);
}

TEST(Secrets, AreUrlSafeAndDiffer)
{
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string secret = new_secret();
        EXPECT_EQ(secret.size(), 22u);
        EXPECT_EQ(secret.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                  std::string::npos);
        EXPECT_TRUE(is_secret_text(secret));
        EXPECT_TRUE(seen.insert(secret).second);
    }
    EXPECT_FALSE(is_secret_text("abc"));
    EXPECT_FALSE(is_secret_text("+++++++++++++++++++++A"));
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}
