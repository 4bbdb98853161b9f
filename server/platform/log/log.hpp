#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"

#include <boost/describe/enum.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>

/// One line an event: UTC time, level, event, fields. What people have typed cannot get in: a value is a number, an id,
/// an enumerator, a moment or a literal of the program; anything else does not compile. `Machine` is the one door for
/// texts that the machine made, and easy to find in a review.
namespace shouwen::log {

BOOST_DEFINE_ENUM_CLASS(Level, debug, info, warning, error)
BOOST_DEFINE_ENUM_CLASS(Format, logfmt, json)

/// A text that the machine made: what an exception says, a file's path, a peer's address, a request's id. Cut at 300
/// bytes. Never what a person has typed.
struct Machine {
    std::string_view text;
};

/// A literal of the program.
struct Word {
    template <std::size_t N>
    consteval Word(const char (&literal)[N]) : text(literal, N - 1)
    {
    }
    std::string_view text;
};

class Value {
public:
    template <std::size_t N>
    consteval Value(const char (&literal)[N]) : kind_(Kind::word), text_(literal, N - 1)
    {
    }
    template <std::integral T>
        requires(!std::same_as<T, bool> && !std::same_as<T, char>)
    constexpr Value(T number) : kind_(Kind::integer), integer_(static_cast<std::int64_t>(number))
    {
    }
    template <std::same_as<bool> T>
    constexpr Value(T yes) : kind_(Kind::word), text_(yes ? "true" : "false")
    {
    }
    template <std::same_as<double> T>
    constexpr Value(T number) : kind_(Kind::real), real_(number)
    {
    }
    template <class Tag>
    constexpr Value(Id<Tag> id) : kind_(Kind::id), integer_(id.value)
    {
    }
    template <NamedEnum E>
    Value(E value) : kind_(Kind::word), text_(name_of(value))
    {
    }
    constexpr Value(Instant at) : kind_(Kind::instant), integer_(at.time_since_epoch().count()) {}
    constexpr Value(Duration duration) : kind_(Kind::duration), integer_(duration.count()) {}
    constexpr Value(Machine machine) : kind_(Kind::machine), text_(machine.text) {}

    enum class Kind { word, integer, real, id, instant, duration, machine };
    constexpr Kind kind() const { return kind_; }
    constexpr std::int64_t integer() const { return integer_; }
    constexpr double real() const { return real_; }
    constexpr std::string_view text() const { return text_; }

private:
    Kind kind_;
    std::int64_t integer_ = 0;
    double real_ = 0;
    std::string_view text_;
};

struct Field {
    Word name;
    Value value;
};
using Fields = std::initializer_list<Field>;

/// `log::info("ticket_created", {{"ticket", id}, {"took", took}})`. Thread-safe; below the level they cost a comparison.
void debug(Word event, Fields fields = {});
void info(Word event, Fields fields = {});
void warning(Word event, Fields fields = {});
void error(Word event, Fields fields = {});

/// Where lines go, each with its line end.
using Sink = std::function<void(std::string_view line)>;

/// Until it is called: level info, logfmt, standard error. What is logged through spdlog itself comes in the same form,
/// as event `note`. @param sink  instead of standard error; called by one thread at a time
void configure(Level level, Format format, Sink sink = {});

}  // namespace shouwen::log
