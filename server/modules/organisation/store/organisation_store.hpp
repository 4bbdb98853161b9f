#pragma once

#include "modules/organisation/rules/organisation.hpp"
#include "modules/organisation/rules/validate.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Reading and writing the organisation's rows. Everything takes a connection, so that it can be part of any transaction;
/// nothing is checked here that `rules/validate.hpp` checks.
namespace shouwen::organisation {

/// Announced with each change of the organisation; nothing more is said.
inline constexpr const char* organisation_topic = "organisation";
/// Announced with the id of whose sessions or tokens began or ended.
inline constexpr const char* sign_in_topic = "sign_in";

struct Loaded {
    std::int64_t version = 0;  ///< grows with every change
    OrganisationPtr organisation;
};
Loaded load(sql::Connection& db);
/// To be changed in this transaction: nobody else changes it before its end.
OrganisationPtr load_for_change(sql::Connection& db);
/// Marks the organisation as changed. The functions below do so themselves.
void bump_version(sql::Connection& db);

UnitId create_unit(sql::Connection& db, IdSource& ids, Instant now, const UnitDraft& unit);
void update_unit(sql::Connection& db, UnitId id, const UnitDraft& unit);
AreaId create_area(sql::Connection& db, IdSource& ids, Instant now, const AreaDraft& area);
void update_area(sql::Connection& db, AreaId id, const AreaDraft& area);
/// @param password_hash  of `hash_password`; `staff.password` is not looked at
StaffId create_staff(sql::Connection& db, IdSource& ids, Instant now, const NewStaff& staff,
                     std::string_view password_hash);
/// Replaces name, unit, language and all roles.
void update_staff(sql::Connection& db, StaffId id, const StaffChange& change);
/// Granting twice changes nothing.
void grant_role(sql::Connection& db, StaffId id, const RoleGrant& grant);
void set_disabled(sql::Connection& db, StaffId id, std::optional<Instant> disabled_at);
/// The person's own. Their sessions are the caller's next step: `end_all`.
void set_password(sql::Connection& db, StaffId id, std::string_view password_hash, Instant now);
/// One that somebody else was shown, to be replaced by its person until then. The same next step.
void set_one_time_password(sql::Connection& db, StaffId id, std::string_view password_hash, Instant until, Instant now);
/// The same password, hashed with today's parameters.
void replace_password_hash(sql::Connection& db, StaffId id, std::string_view password_hash);
/// Empty when there is no such person.
std::string password_hash_of(sql::Connection& db, StaffId id);

void save_role(sql::Connection& db, const Role& role);
/// Adds those of the ten default roles that are missing; leaves edited ones as they are.
void install_default_roles(sql::Connection& db);

/// Permissions as stored: names separated by a space. A name that this program does not know is skipped.
std::string to_column(Permissions permissions);
Permissions permissions_from_column(std::string_view column);

}  // namespace shouwen::organisation
