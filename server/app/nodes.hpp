#pragma once

#include "platform/sql/sql.hpp"

#include <iosfwd>

namespace shouwen::app {

/// The processes that work on the database, or did: one line each, with times in UTC.
void print_nodes(sql::Store& store, std::ostream& out);

}  // namespace shouwen::app
