#include "modules/search/rules/query.hpp"

#include <algorithm>

namespace shouwen::search {
namespace {

constexpr std::size_t words_max = 16;
constexpr std::size_t query_bytes_max = 400;

/// A word goes into a query text only when it can mean nothing else there.
bool is_plain(std::string_view word)
{
    return !word.empty() && std::ranges::all_of(word, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    });
}

/// `("a" OR "b")`, each word written by `write`; nothing when there is no plain word.
template <class Write>
std::string any_of(std::span<const std::string> words, std::string_view separator, Write write)
{
    std::string text;
    for (const auto& word : words) {
        if (!is_plain(word)) continue;
        text += text.empty() ? "(" : separator;
        text += write(word);
    }
    return text.empty() ? text : text + ")";
}

/// The scope's groups and the kinds, each as an alternative. @returns false when nothing may be found
template <class Write>
bool append_scope(std::string& text, const SearchScope& scope, std::span<const SearchKind> kinds, std::string_view join,
                  std::string_view separator, Write write)
{
    std::vector<std::string> kind_words;
    for (const auto kind : kinds) kind_words.push_back(kind_word(kind));
    auto groups = scope.groups;
    groups.push_back(std::move(kind_words));
    for (const auto& group : groups) {
        const auto alternatives = any_of(group, separator, write);
        if (alternatives.empty()) return false;
        text.append(join).append(alternatives);
    }
    return true;
}

}  // namespace

std::string unit_word(UnitId unit)
{
    return "u" + unit.text();
}

std::string merchant_word(UnitId merchant)
{
    return "m" + merchant.text();
}

std::string staff_word(StaffId staff)
{
    return "s" + staff.text();
}

std::string kind_word(SearchKind kind)
{
    return "k" + std::string{name_of(kind)};
}

std::vector<QueryToken> words_of(std::string_view query)
{
    auto cut = query.substr(0, query_bytes_max);
    // Not through the middle of a character.
    while (cut.size() < query.size() && !cut.empty() && (static_cast<unsigned char>(query[cut.size()]) & 0xC0) == 0x80)
        cut.remove_suffix(1);
    auto words = query_tokens(cut);
    std::erase_if(words, [](const QueryToken& word) { return !is_plain(word.text); });
    if (words.size() > words_max) words.resize(words_max);
    return words;
}

std::string fts5_query(std::span<const QueryToken> words, const SearchScope& scope, std::span<const SearchKind> kinds)
{
    std::string text;
    for (const auto& word : words) {
        if (!is_plain(word.text)) continue;
        text += text.empty() ? "{title tokens} : (" : " AND ";
        text += '"' + word.text + '"';
        if (word.prefix) text += " *";
    }
    if (text.empty()) return text;
    text += ")";
    const bool possible = append_scope(text, scope, kinds, " AND scope : ", " OR ",
                                       [](const std::string& word) { return '"' + word + '"'; });
    return possible ? text : std::string{};
}

std::string tsquery(std::span<const QueryToken> words, const SearchScope& scope, std::span<const SearchKind> kinds)
{
    std::string text;
    for (const auto& word : words) {
        if (!is_plain(word.text)) continue;
        if (!text.empty()) text += " & ";
        text += "'" + word.text + "'";
        if (word.prefix) text += ":*";
    }
    if (text.empty()) return text;
    const bool possible =
        append_scope(text, scope, kinds, " & ", " | ", [](const std::string& word) { return "'=" + word + "'"; });
    return possible ? text : std::string{};
}

int title_score(std::string_view title, std::span<const QueryToken> words)
{
    int score = 0;
    for (const auto& word : words) {
        bool found = false;
        for (auto rest = title; !rest.empty() && !found;) {
            const auto token = rest.substr(0, rest.find(' '));
            found = word.prefix ? token.starts_with(word.text) : token == word.text;
            rest.remove_prefix(std::min(token.size() + 1, rest.size()));
        }
        score += found ? 1 : 0;
    }
    return score;
}

}  // namespace shouwen::search
