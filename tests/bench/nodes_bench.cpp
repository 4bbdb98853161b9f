// Three nodes on one PostgreSQL whose commits are on disk: a million obligations due at one moment, and what it costs that
// each transaction tells the others of its changes.
//   nodes_bench [OBLIGATIONS]
#include "nodes/due_obligations.hpp"
#include "platform/postgres/server_fixture.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

namespace {

using namespace shouwen;
using Steady = std::chrono::steady_clock;

constexpr int nodes_count = 3;
constexpr int batch = 500;

double seconds_since(Steady::time_point began)
{
    return std::chrono::duration<double>(Steady::now() - began).count();
}

void fire_all(postgres::TemporaryServer& server, int count)
{
    const auto url = server.fresh_database();
    std::vector<std::unique_ptr<nodes::DueNode>> all;
    for (int i = 0; i < nodes_count; ++i) all.push_back(std::make_unique<nodes::DueNode>(url));
    {
        postgres::PgConnection filler{url, std::chrono::hours{1}};
        nodes::fill(filler, count);
    }
    std::atomic<int> fired{0};
    std::vector<int> shares(nodes_count, 0);
    const auto began = Steady::now();
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < nodes_count; ++i)
            threads.emplace_back([&, i] {
                auto& share = shares[static_cast<std::size_t>(i)];
                while (fired < count) {
                    const int now = all[static_cast<std::size_t>(i)]->tick(batch);
                    fired += now;
                    share += now;
                }
            });
    }
    const double took = seconds_since(began);
    const auto after = nodes::tally(all[0]->store());
    fmt::print(
        "{{\"what\": \"{} obligations due at once, {} nodes\", \"lost\": {}, \"doubled\": {}, \"last one late by s\": {:.1f}, "
        "\"per s\": {:.0f}, \"shares\": [{}, {}, {}]}}\n",
        count, nodes_count, count - after.breached, after.told - after.tickets, took, count / took, shares[0],
        shares[1], shares[2]);
    all.clear();
    server.drop(url);
}

void commit_with_news(postgres::TemporaryServer& server, bool announces)
{
    constexpr int clients = 24;
    constexpr auto length = std::chrono::seconds{5};
    static constexpr sql::Statement insert{"insert", "INSERT INTO search_queue (kind, ref_id) VALUES ('ticket', $1)"};
    const auto url = server.fresh_database();
    std::vector<std::unique_ptr<sql::Store>> stores;
    for (int i = 0; i < nodes_count; ++i) {
        stores.push_back(postgres::open_postgres({.url = url}));
        stores.back()->join({"", "bench"});
    }
    std::atomic<std::int64_t> written{0};
    {
        const auto until = Steady::now() + length;
        std::vector<std::jthread> threads;
        for (int i = 0; i < clients; ++i)
            threads.emplace_back([&, i] {
                auto& store = *stores[static_cast<std::size_t>(i % nodes_count)];
                for (std::int64_t k = 0; Steady::now() < until; ++k, ++written)
                    store.write([&](sql::Connection& db) {
                        db.execute_later(insert, k);
                        if (announces) db.announce("ticket", fmt::format("{} 1 respond 0 0 0 0", k));
                    });
            });
    }
    std::uint64_t commits = 0;
    for (const auto& store : stores) commits += store->figures().commits_count;
    fmt::print(
        "{{\"what\": \"durable writes of {} clients at {} nodes, {}\", \"writes per s\": {:.0f}, \"commits per s\": {:.0f}}}\n",
        clients, nodes_count, announces ? "each announced" : "nothing announced",
        static_cast<double>(written) / length.count(), static_cast<double>(commits) / length.count());
    stores.clear();
    server.drop(url);
}

}  // namespace

int main(int argc, char** argv)
{
    if (!postgres::TemporaryServer::is_installed()) {
        fmt::print("PostgreSQL is not installed\n");
        return 0;
    }
    const auto server = postgres::TemporaryServer::durable();
    commit_with_news(*server, false);
    commit_with_news(*server, true);
    fire_all(*server, argc > 1 ? std::atoi(argv[1]) : 1'000'000);
    return 0;
}
