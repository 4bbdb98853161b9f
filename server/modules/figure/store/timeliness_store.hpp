#pragma once

#include "modules/figure/rules/timeliness.hpp"
#include "platform/sql/sql.hpp"

#include <vector>

/// Reads the obligations' rows, which their own module writes.
namespace shouwen::figure {

/// What began from `from` until before `to`. Costs by the obligations of the period.
/// @param merchant  only of tickets of this merchant; none: of all
/// @param now  open ones past their limit count as late, also when the tick has not been there yet
std::vector<Slice> slices(sql::Connection& db, Instant from, Instant to, UnitId merchant, Instant now);

}  // namespace shouwen::figure
