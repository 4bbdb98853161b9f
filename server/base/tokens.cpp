#include "base/tokens.hpp"

#include "base/result.hpp"

#include <opencc/SimpleConverter.hpp>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>

namespace shouwen {
namespace {

/// Traditional to Simplified, character by character: phrases would make the result depend on what stands beside.
class Simplified {
public:
    Simplified()
    {
        constexpr std::array<std::pair<UChar32, UChar32>, 2> ideographs{{{0x3400, 0x9FFF}, {0x20000, 0x323AF}}};
        icu::UnicodeString all;
        for (const auto& [first, last] : ideographs)
            for (UChar32 c = first; c <= last; ++c) all.append(c).append(UChar32{'\n'});
        std::string utf8;
        all.toUTF8String(utf8);
        const auto converted = icu::UnicodeString::fromUTF8(convert(utf8));
        // One character a line in both, so both are walked in step.
        std::int32_t at = 0;
        for (std::int32_t i = 0; i < all.length(); i = all.getChar32Limit(i + 1) + 1) {
            const UChar32 from = all.char32At(i);
            const UChar32 to = converted.char32At(at);
            if (from != to) table_.emplace(from, to);
            at = converted.indexOf(u'\n', at) + 1;
            ensure(at > 0, "the dictionary of Traditional characters has lost a line");
        }
    }
    UChar32 operator()(UChar32 c) const
    {
        if (c < 0x3400) return c;
        const auto found = table_.find(c);
        return found == table_.end() ? c : found->second;
    }

private:
    static std::string convert(const std::string& utf8)
    {
        try {
            return opencc::SimpleConverter{"t2s.json"}.Convert(utf8);
        } catch (const std::exception& fault) {
            throw std::runtime_error(
                std::string{
                    "the dictionary of Traditional and Simplified Chinese (OpenCC's t2s.json and what it names) "
                    "cannot be read: "} +
                fault.what() + " Install OpenCC's data files.");
        }
    }

    std::unordered_map<UChar32, UChar32> table_;
};

icu::UnicodeString folded(std::string_view text)
{
    static const Simplified simplified;
    UErrorCode status = U_ZERO_ERROR;
    const auto* normaliser = icu::Normalizer2::getNFKCCasefoldInstance(status);
    ensure(U_SUCCESS(status), "ICU has no NFKC_Casefold data");
    const auto raw = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
    const auto normal = normaliser->normalize(raw, status);
    icu::UnicodeString result;
    for (std::int32_t i = 0; i < normal.length(); i = normal.moveIndex32(i, 1))
        result.append(simplified(normal.char32At(i)));
    return result;
}

struct Word {
    std::u32string characters;
    bool chinese = false;          ///< ideographs or kana: written without spaces
    bool follows_chinese = false;  ///< directly behind another such word
};

/// ICU's word breaks with its dictionary of Chinese; one for each thread since it keeps a place in the text.
class Splitter {
public:
    Splitter()
    {
        UErrorCode status = U_ZERO_ERROR;
        breaks_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
        ensure(U_SUCCESS(status) && breaks_, "ICU has no word breaks");
    }

    std::vector<Word> words(std::string_view text)
    {
        const icu::UnicodeString line = folded(text);
        breaks_->setText(line);
        std::vector<Word> found;
        bool adjacent = false;
        for (auto from = breaks_->first(), to = breaks_->next(); to != icu::BreakIterator::DONE;
             from = to, to = breaks_->next()) {
            const auto kind = breaks_->getRuleStatus();
            const bool chinese = kind >= UBRK_WORD_KANA && kind < UBRK_WORD_IDEO_LIMIT;
            if (kind >= UBRK_WORD_NONE_LIMIT) add(line, from, to, {{}, chinese, chinese && adjacent}, found);
            adjacent = chinese;
        }
        breaks_->setText(empty_);  // it would point to what ends here
        return found;
    }

private:
    /// ICU keeps points and apostrophes within words (`a.com`, `3.5`); an index without them needs the parts.
    static void add(const icu::UnicodeString& line, std::int32_t from, std::int32_t to, Word word,
                    std::vector<Word>& found)
    {
        for (auto i = from; i < to; i = line.moveIndex32(i, 1)) {
            const UChar32 c = line.char32At(i);
            if (u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0) {
                word.characters += static_cast<char32_t>(c);
            } else if (!word.characters.empty()) {
                found.push_back(word);
                word.characters.clear();
            }
        }
        if (!word.characters.empty()) found.push_back(std::move(word));
    }

    std::unique_ptr<icu::BreakIterator> breaks_;
    icu::UnicodeString empty_;
};

std::vector<Word> words_of(std::string_view text)
{
    thread_local Splitter splitter;
    return splitter.words(text);
}

std::string utf8_of(std::u32string_view characters)
{
    std::string text;
    icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(characters.data()),
                                  static_cast<std::int32_t>(characters.size()))
        .toUTF8String(text);
    return text;
}

/// All pairs of neighbours in Chinese text, within words and across them: the dictionary cuts one text so and another
/// otherwise. And the last character of each run, which begins no pair.
std::vector<std::u32string> pairs_of(const std::vector<Word>& words)
{
    std::vector<std::u32string> pairs;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i].characters;
        if (!words[i].chinese) continue;
        if (words[i].follows_chinese) pairs.push_back({words[i - 1].characters.back(), word.front()});
        for (std::size_t j = 0; j + 1 < word.size(); ++j) pairs.push_back(word.substr(j, 2));
        if (i + 1 == words.size() || !words[i + 1].follows_chinese) pairs.push_back(word.substr(word.size() - 1));
    }
    return pairs;
}

}  // namespace

std::string fold(std::string_view text)
{
    std::string result;
    folded(text).toUTF8String(result);
    return result;
}

std::string index_tokens(std::string_view text)
{
    const auto words = words_of(text);
    std::unordered_set<std::u32string_view> present;
    std::u32string tokens;
    const auto append = [&](const std::u32string& token) {
        if (!tokens.empty()) tokens += U' ';
        tokens += token;
    };
    for (const auto& word : words) {
        present.insert(word.characters);
        append(word.characters);
    }
    const auto pairs = pairs_of(words);
    for (const auto& pair : pairs)
        if (present.insert(pair).second) append(pair);
    return utf8_of(tokens);
}

std::vector<QueryToken> query_tokens(std::string_view text)
{
    const auto words = words_of(text);
    const auto is_single = [&](std::size_t i) { return words[i].chinese && words[i].characters.size() == 1; };
    std::vector<QueryToken> tokens;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i].characters;
        const bool pairs_with_next =
            is_single(i) && i + 1 < words.size() && words[i + 1].follows_chinese && is_single(i + 1);
        const bool paired_before = is_single(i) && words[i].follows_chinese && is_single(i - 1);
        if (words[i].chinese && word.size() > 2) {
            // The text may have been cut elsewhere (营业|员工), but its pairs are always there.
            for (std::size_t j = 0; j + 1 < word.size(); ++j) tokens.push_back({utf8_of(word.substr(j, 2)), false});
        } else if (pairs_with_next) {
            // Characters that are no words by themselves (客诉).
            tokens.push_back({utf8_of(word + words[i + 1].characters), false});
        } else if (!paired_before) {
            tokens.push_back({utf8_of(word), is_single(i)});
        }
    }
    if (!tokens.empty()) tokens.back().prefix = true;
    return tokens;
}

void prepare_tokens()
{
    (void)index_tokens("首問");
}

}  // namespace shouwen
