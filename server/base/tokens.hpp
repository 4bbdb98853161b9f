#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shouwen {

/// The text as searching sees it: NFKC, lower case, Traditional characters as Simplified ones. Valid UTF-8 in and out;
/// what is not becomes U+FFFD.
std::string fold(std::string_view text);

/// What a full-text index stores of a text: tokens of letters and digits only, separated by one space. First the words in
/// their order; then, each once, the pairs of neighbouring Chinese characters that are no words and the last character
/// of each run, so that whatever stands in a text is found, however the dictionary cuts it. Thread-safe.
std::string index_tokens(std::string_view text);

/// Reads the dictionaries of OpenCC and ICU from the system now (some tens of milliseconds) rather than with the first
/// text. @throws std::runtime_error that names what is absent, so that a server that could not search does not start
void prepare_tokens();

struct QueryToken {
    std::string text;
    bool prefix = false;  ///< the beginning of a token is enough

    bool operator==(const QueryToken&) const = default;
};

/// What to look for, all of it: each Chinese text and each whole word finds the texts that contain it. Single characters,
/// and the last token because it may not be complete, match as prefixes.
std::vector<QueryToken> query_tokens(std::string_view text);

}  // namespace shouwen
