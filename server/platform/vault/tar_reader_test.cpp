#include "platform/vault/tar_reader.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace shouwen::vault {
namespace {

std::string header(const std::string& path, char type, std::size_t size)
{
    std::string block(512, '\0');
    std::memcpy(block.data(), path.data(), path.size());
    const auto octal = fmt::format("{:011o}", size);
    std::memcpy(block.data() + 124, octal.data(), octal.size());
    block[156] = type;
    std::memcpy(block.data() + 257, "ustar", 5);
    std::memset(block.data() + 148, ' ', 8);
    std::size_t sum = 0;
    for (const char c : block) sum += static_cast<unsigned char>(c);
    const auto text = fmt::format("{:06o}", sum);
    std::memcpy(block.data() + 148, text.data(), text.size());
    block[154] = '\0';
    return block;
}

std::string file(const std::string& path, const std::string& content)
{
    auto bytes = header(path, '0', content.size()) + content;
    bytes.resize((bytes.size() + 511) / 512 * 512);
    return bytes;
}

/// What it saw, when it got the archive in pieces of `length`.
std::vector<std::string> seen(const std::string& archive, std::size_t length, bool* complete = nullptr)
{
    std::vector<std::string> lines;
    std::string content;
    TarReader reader{
        {.begin = [&](const auto&) { content.clear(); },
         .data = [&](std::string_view bytes) { content += bytes; },
         .end =
             [&](const auto& member) { lines.push_back(fmt::format("{} {} {}", member.type, member.path, content)); }}};
    for (std::size_t at = 0; at < archive.size(); at += length)
        reader.add(std::string_view{archive}.substr(at, length));
    if (complete) *complete = reader.is_complete();
    return lines;
}

TEST(TarReader, GivesTheSameInWhateverPiecesItComes)
{
    const auto archive = file("PG_VERSION", "15\n") + header("base/", '5', 0) + file("base/1", std::string(512, 'x')) +
                         file("empty", "") + file("global/2", std::string(1'300, 'y')) + std::string(1'024, '\0');
    const std::vector<std::string> expected{"0 PG_VERSION 15\n", "5 base/ ", "0 base/1 " + std::string(512, 'x'),
                                            "0 empty ", "0 global/2 " + std::string(1'300, 'y')};
    for (const std::size_t length : {1U, 7U, 511U, 512U, 513U, 100'000U}) {
        SCOPED_TRACE(length);
        bool complete = false;
        EXPECT_EQ(seen(archive, length, &complete), expected);
        EXPECT_TRUE(complete);
    }
}

TEST(TarReader, NoticesWhatIsCutShortAndWhatIsNoTar)
{
    const auto archive = file("a", "content");
    bool complete = true;
    seen(archive, 100, &complete);
    EXPECT_FALSE(complete);
    EXPECT_THROW(seen(std::string(512, 'x'), 100), std::runtime_error);
    auto changed = archive;
    changed[3] = 'z';
    EXPECT_THROW(seen(changed, 100), std::runtime_error);
}

}  // namespace
}  // namespace shouwen::vault
