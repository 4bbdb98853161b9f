#pragma once

#include "base/limit.hpp"
#include "platform/json/json_writer.hpp"

#include <boost/describe/members.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

/// Structs described with Boost.Describe, written as JSON objects and read back. For what the program itself stored: what
/// does not fit is a fault, not a user's error.
namespace shouwen {

/// A limit is stored as its text.
inline std::string to_stored_text(const Limit& limit)
{
    return to_string(limit);
}
inline void from_stored_text(std::string_view text, Limit& limit)
{
    const auto read = parse_limit(text);
    if (!read) throw std::runtime_error("stored limit is not one");
    limit = *read;
}

}  // namespace shouwen

namespace shouwen::described {

struct StoredFormFault : std::runtime_error {
    using std::runtime_error::runtime_error;
};

template <class T>
concept Struct = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;

template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// A member named like a keyword carries an underscore that is no part of its name.
constexpr std::string_view member_name(const char* name)
{
    std::string_view text{name};
    if (text.ends_with('_')) text.remove_suffix(1);
    return text;
}

template <class T>
void write(JsonWriter& out, const T& value)
{
    if constexpr (Struct<T>) {
        out.begin_object();
        boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_any_access>>([&](auto d) {
            out.key(member_name(d.name));
            write(out, value.*d.pointer);
        });
        out.end_object();
    } else if constexpr (is_vector<T>) {
        out.begin_array();
        for (const auto& each : value) write(out, each);
        out.end_array();
    } else if constexpr (is_optional<T>) {
        if (value)
            write(out, *value);
        else
            out.value(nullptr);
    } else if constexpr (requires { to_stored_text(value); }) {
        out.value(to_stored_text(value));
    } else {
        out.value(value);
    }
}

template <class T>
std::string to_json(const T& value)
{
    JsonWriter out;
    write(out, value);
    return out.take();
}

template <class T>
void read(const boost::json::value& from, T& into)
{
    if constexpr (Struct<T>) {
        const auto& object = from.as_object();
        boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_any_access>>([&](auto d) {
            // A member that a later version added keeps its default.
            if (const auto* member = object.if_contains(member_name(d.name))) read(*member, into.*d.pointer);
        });
    } else if constexpr (is_vector<T>) {
        into.clear();
        for (const auto& each : from.as_array()) read(each, into.emplace_back());
    } else if constexpr (is_optional<T>) {
        if (from.is_null())
            into.reset();
        else
            read(from, into.emplace());
    } else if constexpr (is_id<T>) {
        if (from.is_null()) {
            into = T{};
            return;
        }
        const auto id = T::parse(from.as_string());
        if (!id) throw StoredFormFault("stored id is not one");
        into = *id;
    } else if constexpr (std::is_same_v<T, Instant>) {
        const auto at = parse_rfc3339(from.as_string());
        if (!at) throw StoredFormFault("stored instant is not one");
        into = *at;
    } else if constexpr (requires { from_stored_text(std::string_view{}, into); }) {
        from_stored_text(from.as_string(), into);
    } else if constexpr (NamedEnum<T>) {
        const auto word = parse_name<T>(from.as_string());
        if (!word) throw StoredFormFault("stored word is unknown: " + std::string{std::string_view{from.as_string()}});
        into = *word;
    } else if constexpr (std::is_same_v<T, bool>) {
        into = from.as_bool();
    } else if constexpr (std::is_integral_v<T>) {
        into = from.to_number<T>();
    } else if constexpr (std::is_same_v<T, double>) {
        into = from.to_number<double>();
    } else {
        static_assert(std::is_same_v<T, std::string>, "a type that has no stored form");
        if (from.is_null())
            into.clear();
        else
            into = std::string{std::string_view{from.as_string()}};
    }
}

}  // namespace shouwen::described
