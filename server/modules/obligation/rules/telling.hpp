#pragma once

#include "base/id.hpp"
#include "modules/obligation/rules/stage.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace shouwen::obligation {

/// Who is told of a stage, each once, and by which kind of notice: the debtors are warned; of a breach they and those right above
/// them hear; then one step of the chain after the other. A breach that reaches nobody is told to nobody in particular.
/// @param chain  above the debtor, nearest first
std::vector<std::pair<StaffId, std::string_view>> told_of(const Stage& stage, std::vector<StaffId> debtors,
                                                          const std::vector<std::vector<StaffId>>& chain);

}  // namespace shouwen::obligation
