#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace shouwen::vault {

/// How much of the machine the work may take: after each step it rests as long as the step took, times `rests`.
struct Pace {
    double rests = 1;
    /// Called after each step, for progress and for stopping: what it throws ends the work.
    std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_total)> on_step = {};
};

/// Counts what was done and rests after each megabyte.
class Steps {
public:
    /// @param pace  outlives it
    explicit Steps(const Pace& pace) : pace_(pace) {}
    /// @param total  0: not known
    void done(std::uint64_t bytes, std::uint64_t total = 0);

private:
    using Stopwatch = std::chrono::steady_clock;  // measures how long a step takes, never what time it is

    const Pace& pace_;
    std::uint64_t done_ = 0;
    std::uint64_t since_rest_ = 0;
    Stopwatch::time_point began_ = Stopwatch::now();
};

}  // namespace shouwen::vault
