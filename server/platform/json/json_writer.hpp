#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shouwen {

/// Writes JSON straight into a string: a fifth of the cost of building a document first. The caller keeps the nesting.
class JsonWriter {
public:
    JsonWriter& begin_object() { return separate(), out_ += '{', fresh_ = true, *this; }
    JsonWriter& end_object() { return out_ += '}', fresh_ = false, *this; }
    JsonWriter& begin_array() { return separate(), out_ += '[', fresh_ = true, *this; }
    JsonWriter& end_array() { return out_ += ']', fresh_ = false, *this; }

    JsonWriter& key(std::string_view name);
    JsonWriter& value(std::string_view text);
    JsonWriter& value(const std::string& text) { return value(std::string_view{text}); }
    JsonWriter& value(const char* text) { return value(std::string_view{text}); }
    JsonWriter& value(std::integral auto number)
        requires(!std::same_as<decltype(number), bool>)
    {
        return integer(static_cast<std::int64_t>(number));
    }
    JsonWriter& value(std::same_as<bool> auto flag) { return raw(flag ? "true" : "false"); }
    JsonWriter& value(double number);
    JsonWriter& value(std::nullptr_t) { return raw("null"); }
    JsonWriter& value(Instant at);
    JsonWriter& value(LocalDate date) { return value(to_string(date)); }
    template <class Tag>
    JsonWriter& value(Id<Tag> id)
    {
        return id ? value(encode_id(id.value)) : value(nullptr);
    }
    template <NamedEnum E>
    JsonWriter& value(E word)
    {
        return value(name_of(word));
    }
    template <class T>
    JsonWriter& value(const std::optional<T>& maybe)
    {
        return maybe ? value(*maybe) : value(nullptr);
    }
    /// JSON that is already written.
    JsonWriter& raw(std::string_view json) { return separate(), out_ += json, *this; }

    template <class T>
    JsonWriter& member(std::string_view name, const T& v)
    {
        return key(name).value(v);
    }
    /// `null` for an empty text.
    JsonWriter& text_or_null(std::string_view name, std::string_view text)
    {
        return text.empty() ? key(name).value(nullptr) : key(name).value(text);
    }

    std::string take() { return std::move(out_); }
    const std::string& text() const { return out_; }
    void reserve(std::size_t size) { out_.reserve(size); }

private:
    JsonWriter& integer(std::int64_t number);
    void separate()
    {
        if (!fresh_) out_ += ',';
        fresh_ = false;
    }

    std::string out_;
    bool fresh_ = true;
};

}  // namespace shouwen
