// Comma-separated values: however the bytes arrive, the same rows; and what was read reads back.

#include "app/replay_csv.hpp"
#include "base/text.hpp"
#include "fuzz/target.hpp"

#include <algorithm>
#include <cstring>

using namespace shouwen;
using fuzz::require;

namespace {

struct Read {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::pair<std::int64_t, std::string>> faults;
    bool operator==(const Read&) const = default;
};

Read read(std::string_view bytes, std::size_t piece)
{
    app::CsvReader reader{[&](std::span<char> into) {
        const auto count = std::min({into.size(), piece, bytes.size()});
        std::memcpy(into.data(), bytes.data(), count);
        bytes.remove_prefix(count);
        return count;
    }};
    Read read;
    std::int64_t line = 0;
    while (const auto next = reader.next()) {
        const auto at = *next ? (*next)->line : next->error().line;
        require(at > line);
        line = at;
        if (*next) {
            require(!(*next)->fields.empty());
            for (const auto& field : (*next)->fields) require(is_utf8(field) && field.find('\0') == std::string::npos);
            read.rows.push_back((*next)->fields);
        } else {
            require(!next->error().what.empty());
            read.faults.emplace_back(at, next->error().what);
        }
    }
    return read;
}

std::string written(const Read& read)
{
    std::string text;
    for (const auto& row : read.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += i ? ",\"" : "\"";
            for (const char c : row[i]) (text += c) += c == '"' ? "\"" : "";
            text += '"';
        }
        text += "\r\n";
    }
    return text;
}

}  // namespace

FUZZ_TARGET(fuzz_csv)
{
    const auto whole = read(bytes, bytes.size() + 1);
    require(whole == read(bytes, 1));
    const auto again = read(written(whole), 7);
    require(again.faults.empty() && again.rows == whole.rows);
}
