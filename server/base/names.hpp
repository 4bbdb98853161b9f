#pragma once

#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

namespace shouwen {

/// An enum whose enumerators' spelling is the word used in JSON, SQL and texts (declare it with BOOST_DEFINE_ENUM_CLASS
/// or BOOST_DESCRIBE_ENUM). One search finds all places.
template <class E>
concept NamedEnum = std::is_enum_v<E> && boost::describe::has_describe_enumerators<E>::value;

/// Defines and describes an enum of more than the 52 values that BOOST_DEFINE_ENUM_CLASS can count. `LIST(X)` is a macro that
/// says `X(E, value)` for each.
#define SHOUWEN_ENUMERATOR(E, value) value,
#define SHOUWEN_DEFINE_LONG_ENUM_CLASS(E, LIST) \
    enum class E { LIST(SHOUWEN_ENUMERATOR) };  \
    BOOST_DESCRIBE_ENUM_BEGIN(E) LIST(BOOST_DESCRIBE_ENUM_ENTRY) BOOST_DESCRIBE_ENUM_END(E)

/// The enumerator's own spelling; an enumerator that ends in `_` (a C++ keyword otherwise) loses the underscore.
template <NamedEnum E>
std::string_view name_of(E value)
{
    std::string_view name;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
        if (d.value == value) name = d.name;
    });
    if (!name.empty() && name.back() == '_') name.remove_suffix(1);
    return name;
}

template <NamedEnum E>
std::optional<E> parse_name(std::string_view text)
{
    std::optional<E> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
        std::string_view name = d.name;
        if (name.back() == '_') name.remove_suffix(1);
        if (name == text) found = d.value;
    });
    return found;
}

template <NamedEnum E>
std::vector<E> all_of()
{
    std::vector<E> values;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) { values.push_back(d.value); });
    return values;
}

}  // namespace shouwen
