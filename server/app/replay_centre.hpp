#pragma once

#include "app/centre.hpp"
#include "app/replay.hpp"

#include <map>
#include <string>
#include <vector>

namespace shouwen::app {

/// The centre that historic cases are played into: one unit a department with its agents, one area a neighbourhood, and
/// one customer file a neighbourhood, because the data names nobody.
struct HistoricCentre {
    std::map<std::string, UnitId, std::less<>> unit_of;
    std::map<std::string, std::vector<ticket::Giver>, std::less<>> agents_of;
    std::map<std::string, AreaId, std::less<>> area_of;
    std::map<std::string, CustomerId, std::less<>> customer_of;
};

/// Makes it in an empty store, in the transaction: people (all with this password), areas, customers, a calendar of Boston.
void make_historic_centre(sql::Connection& db, Centre& centre, const HistoricFile& file,
                          const std::string& password_hash, Instant now);
/// Finds again what was made. @pre the directory is up to date
HistoricCentre find_historic_centre(sql::Connection& db, Centre& centre, const HistoricFile& file);

}  // namespace shouwen::app
