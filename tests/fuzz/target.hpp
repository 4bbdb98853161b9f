#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

/// What reads bytes from outside, tried with any bytes. One file a target: `FUZZ_TARGET(name) { … bytes … }`. With libFuzzer
/// each is a program of its own; without it one program gives every target the inputs of its corpus.
namespace shouwen::fuzz {

struct Target {
    const char* name;
    void (*run)(std::string_view bytes);
};

inline std::vector<Target>& targets()
{
    static std::vector<Target> all;
    return all;
}

struct Registration {
    Registration(const char* name, void (*run)(std::string_view)) { targets().push_back({name, run}); }
};

/// What must hold of every input.
inline void require(bool holds)
{
    if (!holds) std::abort();
}

}  // namespace shouwen::fuzz

#define FUZZ_TARGET(name)                                                    \
    static void name(std::string_view bytes);                                \
    static const shouwen::fuzz::Registration name##_registered{#name, name}; \
    static void name([[maybe_unused]] std::string_view bytes)
