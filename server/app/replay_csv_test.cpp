#include "app/replay_csv.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace shouwen::app {
namespace {

/// Rows as `a|b`, faults as `!line text`. @param piece  bytes a read gives
std::vector<std::string> read_all(const std::string& text, std::size_t piece = 3)
{
    std::size_t at = 0;
    CsvReader reader{[&](std::span<char> into) {
        const std::size_t count = std::min({piece, into.size(), text.size() - at});
        std::copy_n(text.data() + at, count, into.data());
        at += count;
        return count;
    }};
    std::vector<std::string> out;
    while (const auto row = reader.next()) {
        if (!*row) {
            out.push_back("!" + std::to_string(row->error().line) + " " + row->error().what);
            continue;
        }
        std::string joined = std::to_string((*row)->line) + ":";
        for (const auto& field : (*row)->fields) joined += field + "|";
        out.push_back(joined + ((*row)->has_line_end ? "" : "~"));
    }
    return out;
}

TEST(Csv, ReadsWhatRfc4180Allows)
{
    struct {
        const char* name;
        std::string given;
        std::vector<std::string> then;
    } cases[] = {
        {"empty file", "", {}},
        {"line feeds", "a,b\nc,d\n", {"1:a|b|", "2:c|d|"}},
        {"carriage returns and no last line end", "a,b\r\nc,d", {"1:a|b|", "2:c|d|~"}},
        {"quotes, commas and lines within quotes", "\"a \"\"x\"\"\",\"b,\nc\"\nd,\n", {"1:a \"x\"|b,\nc|", "3:d||"}},
        {"empty line is one empty field", "a\n\nb\n", {"1:a|", "2:|", "3:b|"}},
        {"UTF-8 across reads", "温,é\n", {"1:温|é|"}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        for (const std::size_t piece : {1u, 3u, 1000u}) EXPECT_EQ(read_all(c.given, piece), c.then);
    }
}

TEST(Csv, TellsFaultsWithTheirLineAndGoesOnAfterThem)
{
    struct {
        const char* name;
        std::string given;
        std::string fault;
        std::string next;
    } cases[] = {
        {"quote within a field", "x\na\"b,c\nd\n", "!2 a quote within a field", "3:d|"},
        {"text after the quote", "x\n\"a\"b,c\nd\n", "!2 text after a closing quote", "3:d|"},
        {"lone carriage return", "x\na\rb\nd\n", "!2 a carriage return within a line", "3:d|"},
        {"NUL", std::string("x\na,b\0\nd\n", 9), "!2 column 2 holds a NUL", "3:d|"},
        {"invalid UTF-8", "x\n\xff\nd\n", "!2 column 1 is no valid UTF-8", "3:d|"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto rows = read_all(c.given);
        ASSERT_EQ(rows.size(), 3U);
        EXPECT_EQ(rows[0], "1:x|");
        EXPECT_EQ(rows[1].substr(0, c.fault.size()), c.fault);
        EXPECT_EQ(rows[2], c.next);
    }
}

TEST(Csv, AQuoteThatIsNeverClosedEndsAtTheFileOrTheLimit)
{
    EXPECT_EQ(read_all("a\n\"b\nc").back(), "!2 the file ends within a quoted field; expected a closing quote");
    const auto rows = read_all("\"" + std::string(2 * CsvReader::row_bytes_max, 'x') + "\nb\n", 1000);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1], "2:b|");
}

}  // namespace
}  // namespace shouwen::app
