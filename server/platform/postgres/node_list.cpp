#include "platform/postgres/node_list.hpp"

namespace shouwen::postgres {
namespace {

constexpr Duration silence_max = std::chrono::seconds{30};

const sql::Statement list_sql{"node.list",
                              "SELECT number, address, version, schema, started_at, seen_at, left_at, "
                              "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) FROM node ORDER BY number"};

}  // namespace

std::vector<Node> list_nodes(sql::Connection& db)
{
    std::vector<Node> nodes;
    db.each(list_sql, [&](const sql::Row& row) {
        nodes.push_back({static_cast<int>(row.integer(0)), row.string(1), row.string(2),
                         static_cast<int>(row.integer(3)), row.instant(4), row.instant(5), row.optional_instant(6),
                         row.instant(7) - row.instant(5) > silence_max});
    });
    return nodes;
}

}  // namespace shouwen::postgres
