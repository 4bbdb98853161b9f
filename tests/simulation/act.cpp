#include "simulation/act.hpp"

#include <numeric>
#include <random>

namespace shouwen::simulation {
namespace {

using namespace std::chrono_literals;

/// 2026-01-05, a Monday, 09:00 in Shanghai; and days around holidays, make-up days and the end of the year.
constexpr std::array<std::int64_t, 6> starts{1'767'574'800'000, 1'770'339'600'000, 1'771'203'600'000,
                                             1'775'005'200'000, 1'790'726'400'000, 1'798'675'200'000};
/// How much of a run is what, before each seed has its own taste.
constexpr std::array<std::uint32_t, act_kinds> usual{18, 7, 44, 14, 4, 6, 3, 2, 2, 1, 1};
/// How much time passes; mostly little.
constexpr std::array<Duration, 16> spans{0ms,   1ms,   3s, 20s, 1min, 4min, 10min, 15min,
                                         31min, 70min, 2h, 5h,  13h,  26h,  72h,   240h};

/// The engine's own numbers: the standard's distributions are not the same everywhere.
class Draws {
public:
    explicit Draws(std::uint64_t seed) : random_(seed) {}
    std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
    std::uint32_t any() { return static_cast<std::uint32_t>(random_() >> 32); }

private:
    std::mt19937_64 random_;
};

ActKind pick(Draws& draws, const std::array<std::uint32_t, act_kinds>& weights)
{
    auto left = draws.below(std::accumulate(weights.begin(), weights.end(), 0U));
    std::size_t kind = 0;
    while (left >= weights[kind]) left -= weights[kind++];
    return static_cast<ActKind>(kind);
}

}  // namespace

Cast cast_of(std::uint64_t seed)
{
    Draws draws{seed * 2 + 1};
    Cast cast;
    cast.seed = seed;
    cast.start = from_ms(starts[draws.below(starts.size())]) + 1min * draws.below(600);
    // Each seed likes some kinds more and some not at all: so the runs differ more than by chance alone.
    for (std::size_t i = 0; i < act_kinds; ++i) {
        constexpr std::array<std::uint32_t, 4> taste{0, 1, 1, 3};
        cast.weights[i] = usual[i] * (i < 4 ? std::max(1U, taste[draws.below(4)]) : taste[draws.below(4)]);
    }
    cast.tempers = draws.any();
    cast.shifts = draws.any();
    cast.trouble_percent = draws.below(3) ? draws.below(12) : 0;
    cast.eagerness = 4 + draws.below(5);
    cast.flaky_percent = draws.below(2) ? draws.below(60) : 0;
    cast.tick_batch = std::array{1, 2, 5, 500}[draws.below(4)];
    cast.exact = draws.below(3) != 0;
    cast.policy = draws.below(2) ? 0 : draws.below(4);
    cast.tickets_max = 1 + draws.below(5);
    return cast;
}

std::vector<Act> acts_of(std::uint64_t seed, const Cast& cast, std::size_t count)
{
    Draws draws{seed * 2};
    std::vector<Act> acts;
    acts.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Act act;
        act.kind = i == 0 ? ActKind::intake : pick(draws, cast.weights);
        if (draws.below(100) < cast.trouble_percent)
            act.trouble = std::array{Trouble::crash, Trouble::lost_commit, Trouble::run_twice}[draws.below(3)];
        act.repeated = draws.below(100) < cast.trouble_percent;
        act.ticket = draws.any();
        act.who = draws.any();
        act.what = draws.any();
        act.detail = draws.any();
        const bool is_long = act.kind == ActKind::pass || act.kind == ActKind::jump || act.kind == ActKind::downtime;
        const auto span = spans[draws.below(is_long ? static_cast<std::uint32_t>(spans.size()) : 6)];
        act.time = span + (span > 1s ? Duration{draws.below(60'000)} : 0ms);
        acts.push_back(act);
    }
    return acts;
}

}  // namespace shouwen::simulation
