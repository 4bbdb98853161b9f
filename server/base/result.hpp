#pragma once

#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

namespace shouwen {

/// Marks the error side of a Result when T and E could be confused.
template <class E>
struct Unexpected {
    E error;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

/// A value or the reason why there is none. Member names are those of C++23's std::expected, so that it can go later.
/// @tparam E  what the user can cause; faults of the world are exceptions.
template <class T, class E>
class [[nodiscard]] Result {
public:
    using value_type = T;
    using error_type = E;

    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(E error)
        requires(!std::is_same_v<T, E>)
        : held_(std::in_place_index<1>, std::move(error))
    {
    }
    template <class F>
        requires std::is_constructible_v<E, F>
    Result(Unexpected<F> unexpected) : held_(std::in_place_index<1>, E(std::move(unexpected.error)))
    {
    }

    bool has_value() const { return held_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    /// @throws std::logic_error when there is none: a programming error.
    T& value() & { return check(), std::get<0>(held_); }
    const T& value() const& { return check(), std::get<0>(held_); }
    T&& value() && { return check(), std::get<0>(std::move(held_)); }

    T& operator*() & { return *std::get_if<0>(&held_); }
    const T& operator*() const& { return *std::get_if<0>(&held_); }
    T&& operator*() && { return std::move(*std::get_if<0>(&held_)); }
    T* operator->() { return std::get_if<0>(&held_); }
    const T* operator->() const { return std::get_if<0>(&held_); }

    const E& error() const& { return std::get<1>(held_); }
    E&& error() && { return std::get<1>(std::move(held_)); }

    template <class U>
    T value_or(U&& other) const&
    {
        return has_value() ? **this : static_cast<T>(std::forward<U>(other));
    }

private:
    void check() const
    {
        if (!has_value()) throw std::logic_error("Result holds an error, not a value");
    }

    std::variant<T, E> held_;
};

/// The result of an act that yields nothing but may be refused.
struct Done {};

/// A broken invariant: rolls back and is logged with its place; never caught where it cannot be cured.
struct BrokenInvariant : std::logic_error {
    using std::logic_error::logic_error;
};

/// States what must hold; assertions stay on in release builds.
inline void ensure(bool holds, const char* what)
{
    if (!holds) throw BrokenInvariant(what);
}

}  // namespace shouwen
