#pragma once

#include "base/words.hpp"
#include "modules/policy/rules/policy.hpp"

#include <optional>
#include <string>

/// What happens to an obligation while nobody meets it: warnings before its limit, the breach at it, then the escalation
/// chain, a step each interval.
namespace shouwen::obligation {

BOOST_DEFINE_ENUM_CLASS(StageKind, warning, breach, chain)

struct Stage {
    StageKind kind = StageKind::warning;
    int index = 0;  ///< which warning or which step of the chain, from 0
    Instant at;     ///< when it is due, whenever it is noticed
    bool operator==(const Stage&) const = default;
};

/// An open obligation as far as the clock cares.
struct Watched {
    Instant starts_at;
    Instant due_at;
    std::optional<Limit> limit;
    std::string calendar;
    int warnings_count = 0;
    bool breached = false;
    int chain_step = 0;
};

/// The stage that comes next; none once the chain is at its end.
/// @param chain_length  steps above the debtor, the one that is told of the breach itself left out
std::optional<Stage> next_stage(const Watched& watched, const policy::Policy& policy, int chain_length);

/// `watched` after the stage.
Watched after(Watched watched, const Stage& stage);

/// `watched` with another limit: regraded, or a pause has ended. What was told stays told: a later limit takes no breach
/// back, and neither a warning nor a breach comes twice.
Watched moved(Watched watched, std::optional<Limit> limit, Instant due_at);

}  // namespace shouwen::obligation
