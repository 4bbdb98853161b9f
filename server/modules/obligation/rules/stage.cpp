#include "modules/obligation/rules/stage.hpp"

namespace shouwen::obligation {
namespace {

/// A share of the time between start and limit: of the working time when the limit counts working time.
Instant share_of(const Watched& watched, const policy::Policy& policy, int percent)
{
    if (!watched.limit || watched.limit->kind == LimitKind::natural_time)
        return watched.starts_at + (watched.due_at - watched.starts_at) * percent / 100;
    const Calendar& calendar = policy.calendar(watched.calendar);
    const Duration whole = calendar.working_time_between(watched.starts_at, watched.due_at);
    return calendar.add_working_time(watched.starts_at, whole * percent / 100).value_or(watched.due_at);
}

}  // namespace

std::optional<Stage> next_stage(const Watched& watched, const policy::Policy& policy, int chain_length)
{
    const auto& warnings = policy.document().warnings_percent;
    const auto next_warning = static_cast<std::size_t>(watched.warnings_count);
    if (!watched.breached && next_warning < warnings.size())
        return Stage{StageKind::warning, watched.warnings_count, share_of(watched, policy, warnings[next_warning])};
    if (!watched.breached) return Stage{StageKind::breach, 0, watched.due_at};
    if (watched.chain_step >= chain_length) return std::nullopt;
    return Stage{StageKind::chain, watched.chain_step,
                 watched.due_at + policy.chain_interval() * (watched.chain_step + 1)};
}

Watched after(Watched watched, const Stage& stage)
{
    switch (stage.kind) {
        case StageKind::warning: ++watched.warnings_count; break;
        case StageKind::breach: watched.breached = true; break;
        case StageKind::chain: ++watched.chain_step; break;
    }
    return watched;
}

Watched moved(Watched watched, std::optional<Limit> limit, Instant due_at)
{
    watched.limit = limit;
    watched.due_at = due_at;
    return watched;
}

}  // namespace shouwen::obligation
