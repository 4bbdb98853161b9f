#pragma once

#include "modules/improvement/rules/improvement.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "platform/sql/sql.hpp"

#include <functional>

/// The rows of improvement items, and the tick that reminds of them: what time does to an obligation, it does to them.
namespace shouwen::improvement {

void insert(sql::Connection& db, const Improvement& item, const policy::Policy& policy);
/// Writes the item as it is now, with its last two rounds.
void update(sql::Connection& db, const Improvement& item, const policy::Policy& policy);
/// Until the end of the transaction nobody else writes it.
std::optional<Improvement> find_for_change(sql::Connection& db, ImprovementId id);
std::optional<Improvement> find(sql::Connection& db, ImprovementId id);

/// Whose items somebody may see.
struct Fence {
    bool all = false;           ///< within the merchant, if there is one
    UnitId merchant = {};       ///< none: the platform
    std::vector<UnitId> units;  ///< these units' items; empty where `all` says it
    StaffId staff;              ///< and those that this person owns, checks or has made
};
struct Filter {
    StaffId owner = {};
    UnitId unit = {};
    TicketId ticket = {};
    std::optional<State> state = {};
    std::optional<Instant> overdue_at = {};  ///< only what is open and was due by then
};
struct Page {
    std::vector<Improvement> items;
    std::string next_cursor;  ///< empty on the last page
};
/// By what is due next; ended ones with the time at which they were due. @throws std::invalid_argument for a foreign cursor
Page list(sql::Connection& db, const Fence& fence, const Filter& filter, int limit, const std::string& cursor = {});

/// What the tick needs of others.
struct Surroundings {
    std::function<policy::PolicyPtr()> policy;
    std::function<organisation::OrganisationPtr()> organisation;
    /// A notice to a person; to nobody: a line of the log.
    std::function<void(sql::Connection&, StaffId, std::string_view kind, const Improvement&, Instant)> tell;
};
/// Fires at most `batch` stages that are due. @returns how many
int tick(sql::Connection& db, const Surroundings& surroundings, Instant now, int batch);
std::optional<Instant> next_at(sql::Connection& db);

/// The greatest id in use; ids go on after it.
std::int64_t greatest_id(sql::Connection& db);

}  // namespace shouwen::improvement
