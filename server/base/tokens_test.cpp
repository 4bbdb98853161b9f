#include "base/tokens.hpp"

#include "base/shared_data_for_tests.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace shouwen;

namespace {

using Tokens = std::set<std::string, std::less<>>;

Tokens tokens_of(std::string_view text)
{
    std::istringstream in{index_tokens(text)};
    Tokens tokens;
    for (std::string token; in >> token;) tokens.insert(token);
    return tokens;
}

bool finds(std::string_view query, const Tokens& tokens)
{
    for (const auto& wanted : query_tokens(query)) {
        const auto found = tokens.lower_bound(wanted.text);
        if (found == tokens.end()) return false;
        if (wanted.prefix ? !found->starts_with(wanted.text) : *found != wanted.text) return false;
    }
    return true;
}

bool finds(std::string_view query, std::string_view text)
{
    return finds(query, tokens_of(text));
}

const std::vector<std::string> parts_of_sentences[] = {
    {"客户", "业主", "顾客张先生", "一位老人", "租户", "會員", "商家客服", "小区居民", "游客"},
    {"来电反映", "投诉", "咨询", "在微信上要求", "第三次催办", "現場反映", "写信表扬", "建议", "请求协助处理"},
    {"空调不制冷", "物业乱收费", "电梯困人无人应答", "退款迟迟不到账", "商品质量有问题", "停车场收费标准",
     "会员积分被清零", "快遞丟失", "营业员服务态度恶劣", "预付卡无法使用", "路面积水", "夜间施工噪音扰民"},
};

/// All combinations: 9 x 9 x 12 sentences.
std::vector<std::string> sentences()
{
    std::vector<std::string> all{""};
    for (const auto& parts : parts_of_sentences) {
        std::vector<std::string> longer;
        for (const auto& begin : all)
            for (const auto& part : parts) longer.push_back(begin + part);
        all = std::move(longer);
    }
    return all;
}

std::string unzipped(const std::filesystem::path& file)
{
    std::string text;
    gzFile in = gzopen(file.c_str(), "rb");
    char buffer[65536];
    for (int read = 0; in && (read = gzread(in, buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(read));
    if (in) gzclose(in);
    return text;
}

std::vector<std::string> lines_of(const std::string& text)
{
    std::istringstream in{text};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST(SearchTokens, FindAcrossScriptsWidthsAndCases)
{
    struct {
        const char* query;
        const char* text;
        bool then;
    } cases[] = {
        {"訴求", "客户的诉求已经登记", true},
        {"诉求", "客戶的訴求已經登記", true},
        {"工單", "工单号", true},
        {"工单", "請查詢工單", true},
        {"客诉", "这个客诉单没人处理", true},
        {"refund", "要求 REFUND 全款", true},
        {"REF", "refund", true},
        {"ｒｅｆｕｎｄ", "refund", true},
        {"iPhone 15", "买的iPhone15坏了", false},  // letters and digits without a space are one word
        {"iphone15", "买的iPhone15坏了", true},
        {"SW20261123", "工单SW20261123-0001已归档", true},
        {"0001", "工单SW20261123-0001已归档", true},
        {"example.com", "发到 zhang@example.com 了", true},
        {"3.5", "屏幕3.5寸", true},
        {"退", "他要退货", true},
        {"单", "查询订单。", true},
        {"退款申请", "申请退款", true},
        {"营业员", "营业员工不在", true},
        {"退款", "退货", false},
        {"投诉 空调", "投诉：空调坏了", true},
        {"投诉 冰箱", "投诉：空调坏了", false},
        {"𠮷野家", "在𠮷野家吃饭", true},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(std::string{c.query} + " in " + c.text);
        EXPECT_EQ(finds(c.query, c.text), c.then);
    }
}

TEST(SearchTokens, HoldLettersAndDigitsOnly)
{
    EXPECT_EQ(index_tokens(""), "");
    EXPECT_EQ(index_tokens("，。！？ …—\n\t\"'*()"), "");
    EXPECT_EQ(index_tokens("a* OR \"b\" NEAR(c)"), "a or b near c");
    EXPECT_EQ(index_tokens("\xFF\x80 ok"), "ok");
    EXPECT_TRUE(query_tokens("*\"-").empty());
    EXPECT_EQ(fold("ＡＢＣ　訴求①"), "abc 诉求1");
}

TEST(SearchTokens, OfAQueryAreExactButForTheLastAndSingleCharacters)
{
    EXPECT_EQ(query_tokens("refund phone"), (std::vector<QueryToken>{{"refund", false}, {"phone", true}}));
    EXPECT_EQ(query_tokens("退款 投诉"), (std::vector<QueryToken>{{"退款", false}, {"投诉", true}}));
    EXPECT_EQ(query_tokens("退 款 abc"), (std::vector<QueryToken>{{"退", true}, {"款", true}, {"abc", true}}));
}

TEST(SearchTokens, FindEveryPieceOfOurSentences)
{
    const auto texts = sentences();
    ASSERT_EQ(texts.size(), 972u);
    std::size_t index_bytes = 0;
    std::size_t text_bytes = 0;
    for (std::size_t i = 0; i < texts.size(); i += 3) {
        const auto tokens = tokens_of(texts[i]);
        index_bytes += index_tokens(texts[i]).size();
        text_bytes += texts[i].size();
        const std::size_t characters = texts[i].size() / 3;  // three bytes each
        for (std::size_t length = 1; length <= 4; ++length)
            for (std::size_t at = 0; at + length <= characters; ++at)
                EXPECT_TRUE(finds(std::string_view{texts[i]}.substr(at * 3, length * 3), tokens))
                    << texts[i] << ' ' << at << ' ' << length;
    }
    EXPECT_LT(index_bytes, 3 * text_bytes);
}

TEST(SearchTokens, FindEveryDictionaryWordInRealComplaints)
{
    const auto reviews = shared_data() / "zh-complaint-reviews" / "reviews.csv.gz";
    const auto phrases = shared_data() / "zh-hans-hant" / "STPhrases.txt.gz";
    if (!std::filesystem::exists(reviews) || !std::filesystem::exists(phrases))
        GTEST_SKIP() << "not beside this checkout";
    Tokens dictionary;
    for (const auto& line : lines_of(unzipped(phrases)))
        if (line.find('\t') == 6) dictionary.insert(line.substr(0, 6));
    ASSERT_GT(dictionary.size(), 10000u);
    std::size_t words = 0;
    std::size_t found = 0;
    const auto texts = lines_of(unzipped(reviews));
    for (std::size_t i = 1; i < texts.size() && i <= 300; ++i) {
        const auto tokens = tokens_of(texts[i]);
        for (std::size_t at = 0; at + 6 <= texts[i].size(); ++at) {
            const auto word = std::string_view{texts[i]}.substr(at, 6);
            if (!dictionary.contains(word)) continue;
            ++words;
            found += finds(word, tokens);
        }
    }
    EXPECT_GT(words, 1000u);
    EXPECT_EQ(found, words);
    std::cout << "recall: " << found << " of " << words << " occurrences of two-character words\n";
}
