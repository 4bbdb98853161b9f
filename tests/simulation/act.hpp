#pragma once

#include "base/instant.hpp"
#include "base/names.hpp"
#include "simulation/unreliable_store.hpp"

#include <array>
#include <cstdint>
#include <vector>

/// What happens in a simulated centre, as plain numbers: so that it can be repeated, and shortened when it shows a fault.
namespace shouwen::simulation {

/// - pass: time passes and the obligations' clock ticks; - intake: somebody calls, writes or comes; - staff, customer: one
///   command; - race: two people act upon what both have seen, in one commit; - dispatch: the outbox is sent;
/// - jump: the clock is set forth or back; - downtime: the process is away for a while; - absence: somebody leaves or comes
///   back; - policy: another version; - file: the customer's file is mended.
BOOST_DEFINE_ENUM_CLASS(ActKind, pass, intake, staff, customer, race, dispatch, jump, downtime, absence, policy, file)
constexpr std::size_t act_kinds = 11;

struct Act {
    ActKind kind = ActKind::pass;
    Trouble trouble = Trouble::none;
    bool repeated = false;  ///< the answer gets lost, and whoever asked asks again
    std::uint32_t ticket = 0, who = 0, what = 0, detail = 0;
    Duration time{};

    bool operator==(const Act&) const = default;
};

/// Who plays and how rough it gets.
struct Cast {
    std::uint64_t seed = 0;
    Instant start{};
    std::array<std::uint32_t, act_kinds> weights{};
    std::uint32_t tempers = 0;          ///< four bits a customer
    std::uint32_t shifts = 0;           ///< two bits a person
    std::uint32_t trouble_percent = 0;  ///< of the writes
    std::uint32_t eagerness = 0;        ///< of eight commands so many are possible ones
    std::uint32_t flaky_percent = 0;    ///< of the sendings to the outside
    int tick_batch = 500;
    bool exact = true;  ///< ticks at each moment at which something is due, or only now and then
    std::size_t policy = 0;
    std::size_t tickets_max = 0;
};

Cast cast_of(std::uint64_t seed);
std::vector<Act> acts_of(std::uint64_t seed, const Cast& cast, std::size_t count);

}  // namespace shouwen::simulation
