#include "nodes/due_obligations.hpp"
#include "platform/postgres/server_fixture.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace shouwen::nodes {
namespace {

TEST(F31_Due, OfThreeNodesThatTickAtTheSameTimeEachObligationIsFiredOnce)
{
    if (!postgres::TemporaryServer::is_installed()) GTEST_SKIP() << "PostgreSQL is not installed";
    constexpr int count = 6'000;
    const postgres::TemporaryDatabase database{*postgres::TemporaryServer::shared()};
    std::vector<std::unique_ptr<DueNode>> nodes;
    for (int i = 0; i < 3; ++i) nodes.push_back(std::make_unique<DueNode>(database.url()));
    nodes[0]->store().write([](sql::Connection& db) { fill(db, count); });
    std::atomic<int> fired{0};
    std::atomic<int> at_work{0};
    {
        std::vector<std::jthread> threads;
        for (auto& node : nodes)
            threads.emplace_back([&] {
                int mine = 0;
                // Small batches, so that they meet often. What another holds may come back, should it fail: so until all are done.
                while (fired < count) {
                    const int now = node->tick(7);
                    fired += now;
                    mine += now;
                }
                if (mine > 0) ++at_work;
            });
    }
    EXPECT_EQ(fired, count);
    EXPECT_EQ(at_work, 3);
    EXPECT_EQ(nodes[0]->tick(500), 0);
    const auto after = tally(nodes[1]->store());
    EXPECT_EQ(after.breached, count);
    EXPECT_EQ(after.tickets, count);
    EXPECT_EQ(after.told, count) << "nobody is told twice";
}

}  // namespace
}  // namespace shouwen::nodes
