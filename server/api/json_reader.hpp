#pragma once

#include "base/field_error.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::api {

/// Lengths count code points; a text that is only white space counts as empty.
struct TextLimits {
    std::size_t min = 1;
    std::size_t max = 200;
};

/// A JSON document read from a request body.
class JsonBody {
public:
    /// Strict JSON of at most 32 levels in valid UTF-8 without unpaired surrogates. @returns nothing when it is not; `why` tells where.
    static std::optional<JsonBody> parse(std::string_view text, std::string& why);
    ~JsonBody();
    JsonBody(JsonBody&&) noexcept;
    const boost::json::value& value() const;

private:
    JsonBody();
    std::unique_ptr<boost::json::value> value_;
};

/// Reads the members of one JSON object into types that cannot be wrong and collects every error with its pointer.
/// Unknown members are errors. What a failed reading returns is a harmless placeholder: look at `errors` before using it.
class ObjectReader {
public:
    ObjectReader(const boost::json::value& value, std::string pointer, FieldErrors& errors);
    /// Reports members that nobody asked for.
    ~ObjectReader();
    ObjectReader(const ObjectReader&) = delete;
    ObjectReader& operator=(const ObjectReader&) = delete;

    bool has(std::string_view name);  ///< present and not null
    std::string text(std::string_view name, TextLimits limits);
    std::string optional_text(std::string_view name, TextLimits limits);  ///< empty when absent
    bool boolean(std::string_view name);
    std::optional<bool> optional_boolean(std::string_view name);
    std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max);
    std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t min, std::int64_t max);
    double number(std::string_view name, double min, double max);
    Instant instant(std::string_view name);
    std::optional<Instant> optional_instant(std::string_view name);

    template <class IdType>
    IdType id(std::string_view name)
    {
        return IdType{id_value(name, true)};
    }
    template <class IdType>
    IdType optional_id(std::string_view name)
    {
        return IdType{id_value(name, false)};
    }
    template <NamedEnum E>
    E choice(std::string_view name)
    {
        return read_choice<E>(name, true).value_or(E{});
    }
    template <NamedEnum E>
    std::optional<E> optional_choice(std::string_view name)
    {
        return read_choice<E>(name, false);
    }
    /// Reads a nested object when present. @returns whether it was.
    bool object(std::string_view name, const std::function<void(ObjectReader&)>& read);
    bool required_object(std::string_view name, const std::function<void(ObjectReader&)>& read);
    /// Visits an array's elements with their pointers.
    bool array(std::string_view name, std::size_t max,
               const std::function<void(const boost::json::value&, const std::string& pointer)>& read);
    /// Visits all members as objects or values of any name (a map).
    void each_member(
        const std::function<void(std::string_view name, const boost::json::value&, const std::string& pointer)>& read);
    std::vector<std::string> texts(std::string_view name, std::size_t max, TextLimits limits);
    /// The raw member, or null; counts as asked for.
    const boost::json::value* member(std::string_view name);
    void fail(std::string_view name, std::string code, std::string expected = {});
    /// For reading an array's objects: `ObjectReader{item, pointer, reader.errors()}`.
    FieldErrors& errors() { return errors_; }
    /// An error found elsewhere, its pointer already whole.
    void add(FieldError error) { errors_.push_back(std::move(error)); }
    std::string pointer_to(std::string_view name) const;

private:
    template <NamedEnum E>
    std::optional<E> read_choice(std::string_view name, bool required)
    {
        const auto word = word_of(name, required);
        if (!word) return std::nullopt;
        const auto found = parse_name<E>(*word);
        if (!found) {
            std::string expected;
            for (const E each : all_of<E>()) (expected += expected.empty() ? "" : ", ") += name_of(each);
            fail(name, "not_a_choice", expected);
        }
        return found;
    }
    std::int64_t id_value(std::string_view name, bool required);
    std::optional<std::string_view> word_of(std::string_view name, bool required);
    const boost::json::value* required_member(std::string_view name);

    const boost::json::object* object_ = nullptr;
    std::string pointer_;
    FieldErrors& errors_;
    std::set<std::string, std::less<>> asked_;
    bool all_asked_ = false;
};

/// Checks a text for the rules all texts obey: no NUL, no control characters but tab and line breaks, length in code points.
/// @returns the error code, or nothing.
std::optional<std::string> text_fault(std::string_view text, TextLimits limits, std::string& expected);

/// Writes a JSON value (for storing a document as it came).
std::string to_json(const boost::json::value& value);

}  // namespace shouwen::api
