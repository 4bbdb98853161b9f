#include "simulation/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace shouwen::simulation {
namespace {

/// Under sanitizers a few; `./dev test` plays thousands with the program of the release build.
constexpr std::int64_t seeds_of_a_test = 150;

TEST(Simulation_Invariants_1_to_9, HoldForMadeUpLives)
{
    const auto done = sweep(1, seeds_of_a_test, 1);
    EXPECT_EQ(done.seeds, seeds_of_a_test);
    if (done.failed) FAIL() << told(*done.failed);
}

TEST(Simulation, OfOneSeedIsTheSameEachTime)
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Coverage ignored;
        const auto first = play(seed, ignored);
        EXPECT_EQ(first.digest, play(seed, ignored).digest) << seed;
        EXPECT_NE(first.digest, play(seed + 1, ignored).digest) << seed;
    }
}

TEST(Simulation, OverSqliteAsksAndGetsTheSame)
{
    // So the store in memory is as good as a real one: every statement with its parameters and the count of its rows is equal.
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        Coverage ignored;
        const auto stored = play_over_sqlite(seed);
        EXPECT_EQ(stored.fault, std::nullopt);
        EXPECT_EQ(stored.digest, play(seed, ignored).digest);
    }
}

class SimulationOf : public testing::TestWithParam<Defect> {};

TEST_P(SimulationOf, ABrokenRuleIsFoundSoonAndToldShortly)
{
    constexpr std::uint64_t seeds_max = 40;
    constexpr std::size_t acts_max = 12;
    for (std::uint64_t seed = 1; seed <= seeds_max; ++seed) {
        Coverage ignored;
        const Cast cast = cast_of(seed);
        auto acts = acts_of(seed, cast, acts_of_a_run);
        const auto outcome = play(cast, acts, ignored, GetParam());
        if (!outcome.fault) continue;
        acts.resize(outcome.acts);
        const auto few = shrunk(cast, std::move(acts), GetParam());
        EXPECT_LE(few.size(), acts_max) << told(seed, GetParam());
        EXPECT_TRUE(play(cast, few, ignored, GetParam()).fault);
        EXPECT_EQ(play(cast, few, ignored).fault, std::nullopt) << "the fault is the defect's";
        return;
    }
    FAIL() << "not found in " << seeds_max << " seeds";
}

std::vector<Defect> defects()
{
    auto all = all_of<Defect>();
    std::erase(all, Defect::none);
    return all;
}

INSTANTIATE_TEST_SUITE_P(EachDefect, SimulationOf, testing::ValuesIn(defects()),
                         [](const auto& each) { return std::string{name_of(each.param)}; });

}  // namespace
}  // namespace shouwen::simulation
