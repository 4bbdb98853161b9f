#pragma once

#include "api/language.hpp"
#include "base/field_error.hpp"
#include "platform/http/http.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shouwen::api {

/// Why a request was not carried out (RFC 9457). The code is stable; status and texts come from the one table.
struct Problem {
    std::string code;
    FieldErrors errors = {};
    std::vector<std::pair<std::string, std::string>> fill = {};  ///< what stands for `{name}` in the text
    http::Fields headers = {};
    std::string members = {};  ///< further JSON members, written: `"version":5`
};

struct ProblemText {
    std::string_view code;
    int status;
    std::string_view zh_cn, zh_tw, en;
};

/// Every code there is, in the order of the table.
std::span<const ProblemText> problem_texts();
/// Every code of a single field.
std::span<const ProblemText> field_texts();

int status_of(std::string_view code);
/// The text in the reader's language. A code without a text is a programming error found by a test; it reads as the code.
std::string detail_of(const Problem& problem, Language language);

http::Response respond(const Problem& problem, Language language);

}  // namespace shouwen::api
