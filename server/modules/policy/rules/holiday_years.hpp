#pragma once

#include "base/holidays.hpp"

namespace shouwen::policy {

/// The years whose public holidays should be known by now and are not: this year, and from November on the next one,
/// whose list is announced in autumn. Until it is there, working time of that year follows the weekdays alone.
/// @param today  in the organisation's zone
std::vector<int> missing_years(const Holidays& holidays, LocalDate today);

}  // namespace shouwen::policy
