#include "random_life.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

// Random commands by random people at random times, through the real rules and an in-memory fold.

namespace shouwen::ticket {
namespace {

std::uint64_t seed_of_run()
{
    if (const char* given = std::getenv("TEST_SEED")) return std::strtoull(given, nullptr, 10);
    return std::random_device{}();
}

int commands_of_run()
{
    if (const char* given = std::getenv("TEST_COMMANDS")) return std::atoi(given);
    return 20'000;
}

/// Plays the acts and says which invariant broke, if any.
std::optional<std::string> first_fault(const std::vector<RandomAct>& acts, Tally& tally)
{
    RandomTicket life;
    for (std::size_t i = 0; i < acts.size(); ++i) {
        try {
            life.play(acts[i], tally);
        } catch (const std::exception& fault) {
            return "after act " + std::to_string(i) + ": threw " + fault.what();
        }
        if (auto fault = life.fault()) return "after act " + std::to_string(i) + ": " + *fault;
    }
    return std::nullopt;
}

/// Leaves out acts as long as the fault stays: first large pieces, then single ones.
std::vector<RandomAct> shrunk(std::vector<RandomAct> acts)
{
    Tally ignored;
    for (std::size_t piece = acts.size() / 2; piece > 0; piece /= 2)
        for (std::size_t at = 0; at + piece <= acts.size();) {
            auto fewer = acts;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                        fewer.begin() + static_cast<std::ptrdiff_t>(at + piece));
            if (first_fault(fewer, ignored))
                acts = std::move(fewer);
            else
                at += piece;
        }
    return acts;
}

TEST(Invariants_1_to_6, HoldForRandomCommandsByRandomPeopleAtRandomTimes)
{
    const auto seed = seed_of_run();
    std::mt19937_64 random{seed};
    Tally tally;
    for (int played = 0; played < commands_of_run();) {
        std::vector<RandomAct> acts;
        const int length = 10 + static_cast<int>(random() % 90);
        for (int i = 0; i < length; ++i) acts.push_back(random_act(random));
        played += length;
        const auto fault = first_fault(acts, tally);
        if (!fault) continue;
        const auto few = shrunk(acts);
        Tally ignored;
        std::string story;
        for (const auto& act : few) story += "\n  " + describe(act);
        FAIL() << "TEST_SEED=" << seed << ": " << first_fault(few, ignored).value_or(*fault) << story;
    }
    // A run in which hardly anything happens shows nothing.
    EXPECT_GT(tally.accepted, commands_of_run() / 10) << "seed " << seed;
    EXPECT_GT(tally.archived, 20) << "seed " << seed;
    EXPECT_GT(tally.reworked, 20) << "seed " << seed;
    EXPECT_GT(tally.reopened, 10) << "seed " << seed;
    EXPECT_GT(tally.cancelled, 5) << "seed " << seed;
    EXPECT_GT(tally.transferred, 20) << "seed " << seed;
    EXPECT_GT(tally.rejected, 10) << "seed " << seed;
    EXPECT_GT(tally.confirmed, 5) << "seed " << seed;
    EXPECT_GT(tally.handed_over, 10) << "seed " << seed;
    EXPECT_GT(tally.asked_for_time, 1) << "seed " << seed;
    EXPECT_GT(tally.granted_time, 1) << "seed " << seed;
    EXPECT_GT(tally.ruled_for_owner, 0) << "seed " << seed;
    EXPECT_GT(tally.revisited, 0) << "seed " << seed;
}

}  // namespace
}  // namespace shouwen::ticket
