#include "modules/obligation/rules/telling.hpp"

#include <set>

namespace shouwen::obligation {

std::vector<std::pair<StaffId, std::string_view>> told_of(const Stage& stage, std::vector<StaffId> debtors,
                                                          const std::vector<std::vector<StaffId>>& chain)
{
    std::vector<std::pair<StaffId, std::string_view>> told;
    std::set<StaffId> known;
    const auto tell = [&](const std::vector<StaffId>& whom, std::string_view kind) {
        for (const StaffId each : whom)
            if (known.insert(each).second) told.emplace_back(each, kind);
    };
    // A queue without a head is its superiors' care: a warning that reaches nobody is none.
    if (debtors.empty() && !chain.empty()) debtors = chain.front();
    switch (stage.kind) {
        case StageKind::warning: tell(debtors, "warned"); break;
        case StageKind::breach:
            tell(debtors, "breached");
            if (!chain.empty()) tell(chain.front(), "breached");
            // A breach that reaches nobody is still told, so that it is on record that it took place.
            if (told.empty()) tell({StaffId{}}, "breached");
            break;
        case StageKind::chain: tell(chain.at(static_cast<std::size_t>(stage.index) + 1), "chain"); break;
    }
    return told;
}

}  // namespace shouwen::obligation
