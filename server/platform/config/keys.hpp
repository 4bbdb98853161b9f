#pragma once

#include "platform/config/config.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace shouwen::config {

using Given = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

/// The forms in which values are written in the file, in the order of `Given`.
enum class Form { text, number, boolean, list };

struct Key {
    std::string_view name;  ///< `section.key`
    Form form;
    std::string_view expected;
    /// @returns false when the value is none of those expected. `Given` holds the key's form.
    bool (*set)(Config&, const Given&);
};

std::span<const Key> all_keys();

}  // namespace shouwen::config
