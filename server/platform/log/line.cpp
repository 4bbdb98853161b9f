#include "platform/log/line.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace shouwen::log {
namespace {

constexpr std::size_t machine_bytes_max = 300;

bool is_plain(std::string_view text)
{
    for (const char c : text)
        if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F || c == '"' || c == '\\' ||
            c == '=')
            return false;
    return !text.empty();
}

/// In quotes, with the escapes of JSON, which logfmt's readers understand too.
void append_quoted(std::string& out, std::string_view text)
{
    // What is no UTF-8, or could steer a terminal, is shown byte by byte.
    const bool readable = is_utf8(text) && !has_control(text, LineBreaks::allowed);
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out += '\\', out += c;
        else if (c == '\n')
            out += "\\n";
        else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !readable))
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
        else
            out += c;
    }
    out += '"';
}

void append_text(std::string& out, Format format, std::string_view text)
{
    if (format == Format::logfmt && is_plain(text))
        out += text;
    else
        append_quoted(out, text);
}

void append_value(std::string& out, Format format, const Value& value)
{
    switch (value.kind()) {
        case Value::Kind::integer: fmt::format_to(std::back_inserter(out), "{}", value.integer()); break;
        case Value::Kind::real: fmt::format_to(std::back_inserter(out), "{:.6g}", value.real()); break;
        case Value::Kind::id: append_text(out, format, encode_id(value.integer())); break;
        case Value::Kind::instant: append_text(out, format, to_rfc3339(from_ms(value.integer()))); break;
        case Value::Kind::duration: append_text(out, format, to_iso_duration(Duration{value.integer()})); break;
        case Value::Kind::word: append_text(out, format, value.text()); break;
        case Value::Kind::machine: append_text(out, format, value.text().substr(0, machine_bytes_max)); break;
    }
}

}  // namespace

std::string format_line(Format format, Instant at, Level level, std::string_view event, std::span<const Field> fields)
{
    const bool json = format == Format::json;
    std::string out;
    const auto begin_field = [&](std::string_view name) {
        if (json)
            fmt::format_to(std::back_inserter(out), "{}\"{}\":", out.empty() ? "{" : ",", name);
        else
            fmt::format_to(std::back_inserter(out), "{}{}=", out.empty() ? "" : " ", name);
    };
    begin_field("time");
    append_text(out, format, to_rfc3339(at));
    begin_field("level");
    append_text(out, format, name_of(level));
    begin_field("event");
    append_text(out, format, event);
    for (const auto& field : fields) {
        begin_field(field.name.text);
        append_value(out, format, field.value);
    }
    if (json) out += '}';
    return out;
}

}  // namespace shouwen::log
