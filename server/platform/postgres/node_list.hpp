#pragma once

#include "base/instant.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <string>
#include <vector>

namespace shouwen::postgres {

/// A process that works on the database, or did. Times are of the database's clock.
struct Node {
    int number;
    std::string address;  ///< where it listens; empty: a tool
    std::string version;  ///< of the program
    int schema;           ///< the newest migration that the program knows
    Instant started_at;
    Instant seen_at;
    std::optional<Instant> left_at;
    bool is_silent;  ///< has not said for half a minute that it is alive
};

/// By their numbers.
std::vector<Node> list_nodes(sql::Connection& db);

}  // namespace shouwen::postgres
