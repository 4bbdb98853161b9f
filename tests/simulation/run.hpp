#pragma once

#include "simulation/act.hpp"
#include "simulation/coverage.hpp"

#include <functional>
#include <optional>
#include <ostream>
#include <string>

/// One seed is one run: the same in each process, whatever the machine does.
namespace shouwen::simulation {

constexpr std::size_t acts_of_a_run = 100;

struct Outcome {
    std::optional<std::string> fault;  ///< the invariant that does not hold; none: all is well
    std::size_t acts = 0;              ///< played until then
    std::uint64_t digest = 0;          ///< of everything that was asked of the store
};

/// @param story  gets a line an act; may be none
Outcome play(const Cast& cast, const std::vector<Act>& acts, Coverage& coverage, Defect defect = Defect::none,
             std::ostream* story = nullptr);
Outcome play(std::uint64_t seed, Coverage& coverage, Defect defect = Defect::none);
/// The same over SQLite in a folder of its own, with everything that `shouwen verify` looks at.
Outcome play_over_sqlite(std::uint64_t seed);

/// Leaves out acts, then what makes them difficult, as long as a fault stays.
std::vector<Act> shrunk(const Cast& cast, std::vector<Act> acts, Defect defect = Defect::none);

/// The shortest way to the fault of a seed, to be read: the invariant, the command that repeats it, a line an act.
std::string told(std::uint64_t seed, Defect defect = Defect::none);

struct Sweep {
    std::int64_t seeds = 0;
    std::int64_t acts = 0;
    std::optional<std::uint64_t> failed;  ///< the lowest seed that shows a fault
    Coverage coverage;
};
/// Plays the seeds `from`, `from + 1` … on so many threads; ends at the first fault. @param progress  told the seeds done
Sweep sweep(std::uint64_t from, std::int64_t count, int threads,
            const std::function<void(std::int64_t)>& progress = {});

/// What a sweep of thousands of seeds must have met and has not: commands, refusals, events, kinds of obligations and how
/// they ended, stages, troubles.
std::vector<std::string> never_met(const Coverage& coverage);

}  // namespace shouwen::simulation
