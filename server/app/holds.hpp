#pragma once

#include "modules/hold/store/holds.hpp"

#include <iosfwd>
#include <string>

/// Holds with what belongs to them in other modules: the audit log, and what goes on after a release.
namespace shouwen::app {

/// @param details  a JSON object
hold::HoldId place_hold(sql::Connection& db, hold::Effect what, hold::Cause cause, const std::string& details,
                        Instant now);
/// The store is a copy of an earlier moment: what was sent since then is unsent in it.
void hold_restored(sql::Store& store, const std::string& backup, Instant made_at, Instant now);
/// @param by  none: on the command line  @returns nothing when there is no such open hold
std::optional<hold::Hold> release_hold(sql::Connection& db, hold::HoldId id, StaffId by, std::string_view comment,
                                       Instant now);
/// How much stands still because of a hold, counted to ten thousand.
std::int64_t waiting_count(sql::Connection& db, hold::Effect what, Instant now);

/// `shouwen holds` and `shouwen release-hold`. @returns the exit code
int print_holds(sql::Store& store, std::ostream& out);
int release_hold_command(sql::Store& store, std::string_view id, std::string_view comment, std::ostream& out);

}  // namespace shouwen::app
