#include "simulation/run.hpp"

#include "app/verify.hpp"
#include "modules/ticket/edge/ticket_commands.hpp"
#include "platform/sqlite/store_fixture.hpp"
#include "simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <sstream>
#include <thread>

namespace shouwen::simulation {
namespace {

Outcome play_in(World& world, const std::vector<Act>& acts)
{
    Outcome outcome;
    for (const auto& act : acts) {
        ++outcome.acts;
        outcome.fault = world.play(act);
        if (outcome.fault) break;
    }
    if (!outcome.fault) outcome.fault = world.finish();
    outcome.digest = world.digest();
    return outcome;
}

}  // namespace

Outcome play(const Cast& cast, const std::vector<Act>& acts, Coverage& coverage, Defect defect, std::ostream* story)
{
    MemoryStore store;
    World world{cast, store, &store, defect, coverage, story};
    return play_in(world, acts);
}

Outcome play(std::uint64_t seed, Coverage& coverage, Defect defect)
{
    const Cast cast = cast_of(seed);
    return play(cast, acts_of(seed, cast, acts_of_a_run), coverage, defect);
}

Outcome play_over_sqlite(std::uint64_t seed)
{
    const sqlite::TemporaryFolder folder;
    const auto store = sqlite::open_sqlite({.path = folder / "shouwen.db", .use = sqlite::Use::filling});
    sql::migrate(*store, Instant{});
    Coverage ignored;
    const Cast cast = cast_of(seed);
    World world{cast, *store, nullptr, Defect::none, ignored, nullptr};
    auto outcome = play_in(world, acts_of(seed, cast, acts_of_a_run));
    if (outcome.fault) return outcome;
    const auto checked = app::check_store(*store);
    for (const auto& finding : checked.findings)
        // The simulated centre has neither files of customers nor an index.
        if (finding.invariant != "customer" && finding.invariant != "search")
            outcome.fault = finding.invariant + ": " + finding.text + " (" + finding.ticket + ")";
    return outcome;
}

std::vector<Act> shrunk(const Cast& cast, std::vector<Act> acts, Defect defect)
{
    const auto fails = [&](const std::vector<Act>& fewer) {
        Coverage ignored;
        return play(cast, fewer, ignored, defect).fault.has_value();
    };
    for (bool smaller = true; smaller;) {
        smaller = false;
        for (std::size_t piece = std::max<std::size_t>(acts.size() / 2, 1); piece > 0; piece /= 2)
            for (std::size_t at = 0; at + piece <= acts.size();) {
                auto fewer = acts;
                fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                            fewer.begin() + static_cast<std::ptrdiff_t>(at + piece));
                if (fails(fewer)) {
                    acts = std::move(fewer);
                    smaller = true;
                } else {
                    at += piece;
                }
            }
        for (std::size_t i = 0; i < acts.size(); ++i) {
            const auto plainer = [&](auto change) {
                auto tried = acts;
                change(tried[i]);
                if (tried[i] == acts[i] || !fails(tried)) return;
                acts = std::move(tried);
                smaller = true;
            };
            plainer([](Act& act) { act.trouble = Trouble::none; });
            plainer([](Act& act) { act.repeated = false; });
            plainer([](Act& act) { act.time = {}; });
            plainer([](Act& act) { act.detail = 0; });
        }
    }
    return acts;
}

std::string told(std::uint64_t seed, Defect defect)
{
    const Cast cast = cast_of(seed);
    Coverage ignored;
    auto acts = acts_of(seed, cast, acts_of_a_run);
    const auto outcome = play(cast, acts, ignored, defect);
    if (!outcome.fault) return fmt::format("seed {}: all is well\n", seed);
    acts.resize(outcome.acts);
    const auto few = shrunk(cast, acts, defect);
    std::ostringstream story;
    const auto again = play(cast, few, ignored, defect, &story);
    return fmt::format(
        "seed {}: {}\nRepeat it: ./dev simulate --from {} --seeds 1\nShortened from {} acts to {}: {}\n{}", seed,
        *outcome.fault, seed, acts.size(), few.size(), again.fault.value_or("nothing"), story.str());
}

Sweep sweep(std::uint64_t from, std::int64_t count, int threads, const std::function<void(std::int64_t)>& progress)
{
    Sweep sweep;
    std::mutex mutex;
    std::atomic<std::int64_t> next{0};
    std::atomic<bool> failed{false};
    const auto work = [&] {
        Coverage coverage;
        std::int64_t acts = 0, seeds = 0;
        for (std::int64_t i = next++; i < count && !failed; i = next++) {
            const auto seed = from + static_cast<std::uint64_t>(i);
            const auto outcome = play(seed, coverage);
            acts += static_cast<std::int64_t>(outcome.acts);
            ++seeds;
            if (progress && i % 1000 == 999) progress(i + 1);
            if (!outcome.fault) continue;
            failed = true;
            const std::lock_guard lock{mutex};
            sweep.failed = std::min(sweep.failed.value_or(seed), seed);
        }
        const std::lock_guard lock{mutex};
        sweep.coverage.add(coverage);
        sweep.acts += acts;
        sweep.seeds += seeds;
    };
    std::vector<std::jthread> workers;
    for (int i = 1; i < threads; ++i) workers.emplace_back(work);
    work();
    workers.clear();
    return sweep;
}

std::vector<std::string> never_met(const Coverage& coverage)
{
    std::vector<std::string> missing;
    const auto expect = [&](std::string_view what, std::string_view which) {
        if (coverage.of(what, which) == 0) missing.push_back(fmt::format("{} {}", what, which));
    };
    expect("accepted", "receive");
    expect("accepted", "message");
    expect("accepted", "add_attachment");
    for (const auto& form : ticket::command_forms()) expect("accepted", form.name);
    for (const auto& form : ticket::slip_command_forms()) expect("accepted", form.name);
    for (const auto* event : ticket::event_names) expect("event", event);
    for (const auto refusal : all_of<ticket::Refusal>()) {
        // The door refuses the one before the rules are asked; the other only stands behind a result, which keeps all promises.
        // A slip that is not there is the door's to refuse as well.
        if (refusal == ticket::Refusal::not_permitted || refusal == ticket::Refusal::promise_open ||
            refusal == ticket::Refusal::slip_unknown)
            continue;
        expect("refused", name_of(refusal));
    }
    for (const auto* why : {"not_found", "not_permitted", "version_stale"}) expect("denied", why);
    for (const auto kind : all_of<ObligationKind>())
        for (const auto* end : {"opened", "met", "met_late", "cancelled"}) expect(end, name_of(kind));
    for (const auto* topic : {"warned", "breached", "chain"}) {
        expect("fired", topic);
        expect("told", topic);
    }
    for (const auto* topic :
         {"escalated", "assigned", "rated_low", "slip_issued", "slip_appointed", "slip_rejected", "ruling_needed",
          "ruled", "slip_proposed", "extension_asked", "extension_decided", "slip_completed", "slip_returned",
          "slip_withdrawn", "hand_over_offered", "hand_over_accepted", "hand_over_declined", "hand_over_withdrawn"})
        expect("told", topic);
    for (const auto trouble : {Trouble::crash, Trouble::lost_commit, Trouble::run_twice})
        expect("trouble", name_of(trouble));
    return missing;
}

}  // namespace shouwen::simulation
