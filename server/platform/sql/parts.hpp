#pragma once

#include "platform/sql/sql.hpp"

/// Where a database divides its great tables, they are divided by the month (UTC) in which a ticket was opened: an id begins
/// with its time, so all that belongs to a ticket lies in one part.
namespace shouwen::sql {

/// Sees that every divided table has a part for each month that the period touches. May be called by several processes at
/// once. A month of which rows lie already in the part for all other times (`…_other`) gets none, and a line in the log.
/// @returns how many parts were made: none where nothing is divided
int make_parts(Store& store, Instant from, Instant until);

}  // namespace shouwen::sql
