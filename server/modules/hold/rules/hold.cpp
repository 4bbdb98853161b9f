#include "modules/hold/rules/hold.hpp"

namespace shouwen::hold {

std::optional<Cause> cause_of_change(const Server& before, const Server& now)
{
    if (before.system != now.system) return Cause::new_system;
    if (before.timeline != now.timeline) return Cause::new_timeline;
    return std::nullopt;
}

}  // namespace shouwen::hold
