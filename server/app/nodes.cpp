#include "app/nodes.hpp"

#include "platform/postgres/node_list.hpp"

#include <fmt/format.h>

#include <ostream>

namespace shouwen::app {
namespace {

constexpr fmt::string_view line = "{:>4}  {:<8} {:<22} {:<8} {:>6}  {:<24}  {}\n";

}  // namespace

void print_nodes(sql::Store& store, std::ostream& out)
{
    if (store.dialect() == sql::Dialect::sqlite) {
        out << "An embedded store has one process.\n";
        return;
    }
    std::vector<postgres::Node> nodes;
    store.read([&](sql::Connection& db) { nodes = postgres::list_nodes(db); });
    out << fmt::format(fmt::runtime(line), "node", "state", "address", "version", "schema", "started", "last seen");
    for (const auto& node : nodes)
        out << fmt::format(fmt::runtime(line), node.number,
                           node.left_at     ? "left"
                           : node.is_silent ? "silent"
                                            : "at work",
                           node.address.empty() ? "(a tool)" : node.address, node.version, node.schema,
                           to_rfc3339(node.started_at), to_rfc3339(node.seen_at));
}

}  // namespace shouwen::app
