#pragma once

#include "base/id.hpp"
#include "base/names.hpp"
#include "base/tokens.hpp"

#include <boost/describe/enum.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Searching tickets, customers and articles: which words have to be there, and who may find what.
namespace shouwen::search {

BOOST_DEFINE_ENUM_CLASS(SearchKind, ticket, customer, article)

/// Words that a document carries beside its text, to say who may find it. Letters and digits only.
std::string unit_word(UnitId unit);          ///< owns it, has it in its queue, or works on a slip of it
std::string merchant_word(UnitId merchant);  ///< whose matter it is
std::string staff_word(StaffId staff);       ///< owns it
std::string kind_word(SearchKind kind);

/// Who asks, as words: of each group the document must carry at least one. No group: everything may be found. An empty
/// group: nothing may.
struct SearchScope {
    std::vector<std::vector<std::string>> groups;
};

/// The words that a person typed, cut to what a search may cost.
std::vector<QueryToken> words_of(std::string_view query);

/// For SQLite's FTS5 (columns title, tokens, scope). Empty: nothing can be found.
std::string fts5_query(std::span<const QueryToken> words, const SearchScope& scope, std::span<const SearchKind> kinds);

/// For PostgreSQL; the scope's words carry a leading `=` there, as there is one vector for all.
std::string tsquery(std::span<const QueryToken> words, const SearchScope& scope, std::span<const SearchKind> kinds);

/// How many of the words the title has: such hits come first among the newest. @param title  as indexed
int title_score(std::string_view title, std::span<const QueryToken> words);

}  // namespace shouwen::search
