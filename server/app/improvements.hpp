#pragma once

#include "modules/improvement/edge/improvement_routes.hpp"

/// Improvement items with the notices that go with them.
namespace shouwen::app {

/// A stage of the item is due: `warned`, `breached` or `chain`; to nobody: a line of the log.
void remind_of_improvement(sql::Connection& db, StaffId staff, std::string_view stage,
                           const improvement::Improvement& item, Instant now);
/// Somebody has an item now, to work on, to check or to know of.
void tell_of_improvement(sql::Connection& db, StaffId staff, std::string_view kind,
                         const improvement::Improvement& item, Instant now);

}  // namespace shouwen::app
