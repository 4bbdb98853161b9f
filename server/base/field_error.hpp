#pragma once

#include <string>
#include <vector>

namespace shouwen {

/// What is wrong with one field of an input.
struct FieldError {
    std::string pointer;  ///< JSON pointer (RFC 6901) into the input: `/customer/phone`
    std::string code;     ///< stable: `required`, `too_long`, `unknown_field` …; its text comes from the one table
    std::string expected = {};  ///< the limit or the list of choices, put into the text: `200`, `L1, L2, L3`

    bool operator==(const FieldError&) const = default;
};
using FieldErrors = std::vector<FieldError>;

}  // namespace shouwen
