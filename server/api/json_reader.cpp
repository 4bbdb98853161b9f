#include "api/json_reader.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace shouwen::api {
namespace json = boost::json;
namespace {

std::string escape_pointer(std::string_view name)
{
    std::string text;
    for (const char c : name) {
        if (c == '~')
            text += "~0";
        else if (c == '/')
            text += "~1";
        else
            text += c;
    }
    return text;
}

std::size_t code_points(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_blank(std::string_view text)
{
    constexpr std::string_view ideographic_space = "\u3000";
    while (!text.empty()) {
        if (text[0] == ' ' || text[0] == '\t' || text[0] == '\n' || text[0] == '\r')
            text.remove_prefix(1);
        else if (text.starts_with(ideographic_space))
            text.remove_prefix(ideographic_space.size());
        else
            return false;
    }
    return true;
}

bool is_bad_control(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7f;
}

}  // namespace

std::optional<std::string> text_fault(std::string_view text, TextLimits limits, std::string& expected)
{
    if (std::ranges::any_of(text, is_bad_control)) return "control_character";
    if (limits.min > 0 && is_blank(text)) return "required";
    const std::size_t length = code_points(text);
    if (length < limits.min) return expected = std::to_string(limits.min), "too_short";
    if (length > limits.max) return expected = std::to_string(limits.max), "too_long";
    return std::nullopt;
}

std::string to_json(const json::value& value)
{
    return json::serialize(value);
}

JsonBody::JsonBody() = default;
JsonBody::~JsonBody() = default;
JsonBody::JsonBody(JsonBody&&) noexcept = default;

const json::value& JsonBody::value() const
{
    return *value_;
}

std::optional<JsonBody> JsonBody::parse(std::string_view text, std::string& why)
{
    json::stream_parser parser;
    json::error_code fault;
    const std::size_t used = parser.write_some(text.data(), text.size(), fault);
    if (!fault && used == text.size()) parser.finish(fault);
    if (!fault && used < text.size()) fault = json::make_error_code(json::error::extra_data);
    if (fault) {
        const auto line = 1 + std::ranges::count(text.substr(0, used), '\n');
        const auto line_start = text.substr(0, used).rfind('\n');
        const auto column = 1 + used - (line_start == std::string_view::npos ? 0 : line_start + 1);
        why = fmt::format("line {}, column {}: {}", line, column, fault.message());
        return std::nullopt;
    }
    JsonBody body;
    body.value_ = std::make_unique<json::value>(parser.release());
    return body;
}

ObjectReader::ObjectReader(const json::value& value, std::string pointer, FieldErrors& errors)
    : object_(value.if_object()), pointer_(std::move(pointer)), errors_(errors)
{
    if (!object_) errors_.push_back({pointer_, "wrong_type", "object"});
}

ObjectReader::~ObjectReader()
{
    if (!object_ || all_asked_) return;
    for (const auto& member : *object_)
        if (!asked_.contains(std::string_view{member.key()}))
            errors_.push_back({pointer_to(member.key()), "unknown_field", {}});
}

std::string ObjectReader::pointer_to(std::string_view name) const
{
    return pointer_ + "/" + escape_pointer(name);
}

void ObjectReader::fail(std::string_view name, std::string code, std::string expected)
{
    errors_.push_back({pointer_to(name), std::move(code), std::move(expected)});
}

const json::value* ObjectReader::member(std::string_view name)
{
    asked_.emplace(name);
    if (!object_) return nullptr;
    const auto* found = object_->if_contains(name);
    return found && !found->is_null() ? found : nullptr;
}

bool ObjectReader::has(std::string_view name)
{
    return member(name) != nullptr;
}

const json::value* ObjectReader::required_member(std::string_view name)
{
    const auto* found = member(name);
    if (!found && object_) fail(name, "required");
    return found;
}

std::string ObjectReader::text(std::string_view name, TextLimits limits)
{
    const auto* found = required_member(name);
    if (!found) return {};
    return optional_text(name, limits);
}

std::string ObjectReader::optional_text(std::string_view name, TextLimits limits)
{
    const auto* found = member(name);
    if (!found) return {};
    const auto* string = found->if_string();
    if (!string) return fail(name, "wrong_type", "string"), std::string{};
    const std::string_view view{*string};
    std::string expected;
    if (const auto fault = text_fault(view, limits, expected)) {
        fail(name, *fault, expected);
        return {};
    }
    return std::string{view};
}

std::optional<bool> ObjectReader::optional_boolean(std::string_view name)
{
    const auto* found = member(name);
    if (!found) return std::nullopt;
    if (const auto* flag = found->if_bool()) return *flag;
    fail(name, "wrong_type", "boolean");
    return std::nullopt;
}

bool ObjectReader::boolean(std::string_view name)
{
    return required_member(name) ? optional_boolean(name).value_or(false) : false;
}

std::optional<std::int64_t> ObjectReader::optional_integer(std::string_view name, std::int64_t min, std::int64_t max)
{
    const auto* found = member(name);
    if (!found) return std::nullopt;
    const auto* number = found->if_int64();
    if (!number) return fail(name, "wrong_type", "integer"), std::nullopt;
    if (*number < min || *number > max)
        return fail(name, "out_of_range", fmt::format("{}..{}", min, max)), std::nullopt;
    return *number;
}

std::int64_t ObjectReader::integer(std::string_view name, std::int64_t min, std::int64_t max)
{
    return required_member(name) ? optional_integer(name, min, max).value_or(min) : min;
}

double ObjectReader::number(std::string_view name, double min, double max)
{
    const auto* found = required_member(name);
    if (!found) return min;
    if (!found->is_number()) return fail(name, "wrong_type", "number"), min;
    const double value = found->to_number<double>();
    if (!std::isfinite(value) || value < min || value > max)
        return fail(name, "out_of_range", fmt::format("{}..{}", min, max)), min;
    return value;
}

std::optional<Instant> ObjectReader::optional_instant(std::string_view name)
{
    const auto word = word_of(name, false);
    if (!word) return std::nullopt;
    const auto at = parse_rfc3339(*word);
    if (!at) fail(name, "not_an_instant", "2026-11-22T02:00:00Z");
    return at;
}

Instant ObjectReader::instant(std::string_view name)
{
    return required_member(name) ? optional_instant(name).value_or(Instant{}) : Instant{};
}

std::optional<std::string_view> ObjectReader::word_of(std::string_view name, bool required)
{
    const auto* found = required ? required_member(name) : member(name);
    if (!found) return std::nullopt;
    const auto* string = found->if_string();
    if (!string) return fail(name, "wrong_type", "string"), std::nullopt;
    return std::string_view{*string};
}

std::int64_t ObjectReader::id_value(std::string_view name, bool required)
{
    const auto word = word_of(name, required);
    if (!word) return 0;
    // What a form sends for "nothing chosen".
    if (word->empty() && required) return fail(name, "required"), 0;
    const auto value = decode_id(*word);
    if (!value || *value <= 0) return fail(name, "not_an_id"), 0;
    return *value;
}

bool ObjectReader::object(std::string_view name, const std::function<void(ObjectReader&)>& read)
{
    const auto* found = member(name);
    if (!found) return false;
    ObjectReader nested{*found, pointer_to(name), errors_};
    if (nested.object_) read(nested);
    return true;
}

bool ObjectReader::required_object(std::string_view name, const std::function<void(ObjectReader&)>& read)
{
    return required_member(name) && object(name, read);
}

bool ObjectReader::array(std::string_view name, std::size_t max,
                         const std::function<void(const json::value&, const std::string& pointer)>& read)
{
    const auto* found = member(name);
    if (!found) return false;
    const auto* items = found->if_array();
    if (!items) return fail(name, "wrong_type", "array"), false;
    if (items->size() > max) return fail(name, "too_many", std::to_string(max)), false;
    for (std::size_t i = 0; i < items->size(); ++i) read((*items)[i], fmt::format("{}/{}", pointer_to(name), i));
    return true;
}

void ObjectReader::each_member(
    const std::function<void(std::string_view name, const json::value&, const std::string& pointer)>& read)
{
    all_asked_ = true;
    if (!object_) return;
    for (const auto& each : *object_) read(each.key(), each.value(), pointer_to(each.key()));
}

std::vector<std::string> ObjectReader::texts(std::string_view name, std::size_t max, TextLimits limits)
{
    std::vector<std::string> all;
    array(name, max, [&](const json::value& item, const std::string& pointer) {
        const auto* string = item.if_string();
        std::string expected;
        if (!string)
            errors_.push_back({pointer, "wrong_type", "string"});
        else if (const auto fault = text_fault(*string, limits, expected))
            errors_.push_back({pointer, *fault, expected});
        else
            all.emplace_back(*string);
    });
    return all;
}

}  // namespace shouwen::api
