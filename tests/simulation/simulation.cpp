#include "simulation/run.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iostream>
#include <string_view>
#include <thread>

// simulation [--seeds N] [--from S]: plays N runs (10,000) from seed S (1) on, on every core. Ends at the first fault, tells
// the shortest way to it and how to repeat it.

namespace {

using namespace shouwen::simulation;

std::int64_t number(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size() || value < 0) {
        std::cerr << "simulation: expected a number, found " << text << "\n";
        std::exit(2);
    }
    return value;
}

/// From so many seeds on everything must have been met.
constexpr std::int64_t seeds_that_meet_all = 2'000;

}  // namespace

int main(int count, char** arguments)
{
    std::int64_t seeds = 10'000, from = 1;
    for (int i = 1; i < count; i += 2) {
        const std::string_view name = arguments[i];
        if (i + 1 == count || (name != "--seeds" && name != "--from")) {
            std::cerr << "usage: simulation [--seeds N] [--from S]\n";
            return 2;
        }
        (name == "--seeds" ? seeds : from) = number(arguments[i + 1]);
    }
    const int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const auto done = sweep(static_cast<std::uint64_t>(from), seeds, threads,
                            [](std::int64_t so_far) { std::cerr << fmt::format("\r{} seeds", so_far) << std::flush; });
    if (seeds >= 1'000) std::cerr << "\n";
    std::cout << fmt::format("{} seeds from {}, {} acts, {} kinds of things met\n", done.seeds, from, done.acts,
                             done.coverage.counts().size());
    if (done.failed) {
        std::cout << told(*done.failed);
        return 1;
    }
    if (seeds < seeds_that_meet_all) return 0;
    const auto missing = never_met(done.coverage);
    for (const auto& each : missing) std::cout << "never met: " << each << "\n";
    return missing.empty() ? 0 : 1;
}
