#include "platform/json/json_writer.hpp"

#include <array>
#include <charconv>

namespace shouwen {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

void escape_into(std::string& out, std::string_view text)
{
    std::size_t plain_from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain_from, i - plain_from);
        plain_from = i + 1;
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                out += "\\u00";
                out += hex[c >> 4];
                out += hex[c & 15];
        }
    }
    out.append(text, plain_from);
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name)
{
    separate();
    out_ += '"';
    out_ += name;  // our own words: nothing to escape
    out_ += "\":";
    fresh_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text)
{
    separate();
    out_ += '"';
    escape_into(out_, text);
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::value(double number)
{
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    return raw({digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
}

JsonWriter& JsonWriter::value(Instant at)
{
    return value(to_rfc3339(at));
}

JsonWriter& JsonWriter::integer(std::int64_t number)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    return raw({digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
}

}  // namespace shouwen
