// Three nodes on one PostgreSQL whose commits are on disk: a million obligations due at one moment, as many due one after the
// other over some minutes, and what it costs that each transaction tells the others of its changes.
//   nodes_bench [OBLIGATIONS] [MINUTES]
#include "nodes/due_obligations.hpp"
#include "platform/postgres/server_fixture.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// Obligations fall due at a steady rate; each node looks once a second, as the server does, and goes on while there is more.
void fire_in_turn(postgres::TemporaryServer& server, int count, std::chrono::minutes length)
{
    constexpr auto period = std::chrono::seconds{1};
    const auto url = server.fresh_database();
    std::vector<std::unique_ptr<nodes::DueNode>> all;
    for (int i = 0; i < nodes_count; ++i) all.push_back(std::make_unique<nodes::DueNode>(url));
    {
        postgres::PgConnection filler{url, std::chrono::hours{1}};
        nodes::fill(filler, count, length);
    }
    std::atomic<int> fired{0};
    std::vector<Steady::duration> longest(nodes_count);
    const auto began = Steady::now();
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < nodes_count; ++i)
            threads.emplace_back([&, i] {
                for (auto next = began; fired < count; next += period) {
                    std::this_thread::sleep_until(next);
                    for (int now = batch; now == batch;) {
                        const auto at = Steady::now();
                        now = all[static_cast<std::size_t>(i)]->tick(
                            batch, nodes::due_at + std::chrono::duration_cast<std::chrono::milliseconds>(at - began));
                        fired += now;
                        auto& mine = longest[static_cast<std::size_t>(i)];
                        mine = std::max(mine, Steady::now() - at);
                    }
                }
            });
    }
    const auto after = nodes::tally(all[0]->store());
    fmt::print(
        "{{\"what\": \"{} obligations due over {} min, {} nodes\", \"lost\": {}, \"doubled\": {}, \"late by ms, p50\": {}, "
        "\"p99\": {}, \"longest\": {}, \"longest transaction ms\": {:.0f}}}\n",
        count, length.count(), nodes_count, count - after.breached, after.told - after.tickets, after.late_p50_ms,
        after.late_p99_ms, after.late_most_ms,
        std::chrono::duration<double, std::milli>(*std::ranges::max_element(longest)).count());
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
    const int count = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    fire_in_turn(*server, count, std::chrono::minutes{argc > 2 ? std::atoi(argv[2]) : 5});
    fire_all(*server, count);
    return 0;
}
