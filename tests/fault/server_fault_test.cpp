#include "platform/http/http_test_client.hpp"
#include "scenario/centre.hpp"
#include "server_process.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <thread>

// The real program, killed with -9 while clients write: nothing that was acknowledged is lost, nothing happens twice.

namespace shouwen::fault {
namespace {

using http::testing::body_of;
using http::testing::Peer;
using http::testing::status_of;

constexpr int clients = 4;

/// One write that a client sent: what it was, so that it can be sent again, and what came back.
struct Attempt {
    std::string path;
    std::string body;
    std::string key;
    std::string ticket;         ///< of a command; of a creation once it is acknowledged
    std::int64_t version = 0;   ///< the ticket's after it, once it is acknowledged
    std::int64_t if_match = 0;  ///< 0: a creation
    bool acknowledged = false;
};

/// Counts acknowledgements, so that the test waits for a state and not for a time.
class Progress {
public:
    void add()
    {
        {
            const std::lock_guard lock{mutex_};
            ++count_;
        }
        changed_.notify_all();
    }
    /// @returns false when nothing comes for so long that the server must be stuck
    bool reaches(int count)
    {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, std::chrono::seconds{20}, [&] { return count_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

class Client {
public:
    Client(int number, std::string token) : number_(number), token_(std::move(token)) {}

    /// Writes until the server goes away.
    void work(std::uint16_t port, Progress& progress)
    {
        Peer peer{port};
        for (;;) {
            attempts.push_back(next());
            if (!send(peer, attempts.back())) return;
            progress.add();
        }
    }
    /// Sends what was left unanswered once more, with the same key.
    void repeat_unanswered(std::uint16_t port)
    {
        Peer peer{port};
        for (auto& attempt : attempts)
            if (!attempt.acknowledged) EXPECT_TRUE(send(peer, attempt)) << attempt.path;
    }

    std::vector<Attempt> attempts;

private:
    Attempt next()
    {
        const auto key = fmt::format("client-{}-{}", number_, ++count_);
        const bool has_ticket = !attempts.empty() && attempts.back().acknowledged && !attempts.back().ticket.empty();
        if (has_ticket && count_ % 3 != 0) {
            const auto& before = attempts.back();
            return {"/api/v1/tickets/" + before.ticket + "/commands/reply",
                    R"({"content":"已安排"})",
                    key,
                    before.ticket,
                    0,
                    before.version};
        }
        return {"/api/v1/tickets",
                fmt::format(R"({{"channel":"phone","customer":{{"name":"张伟"}},"subject":"{}","content":"补开发票"}})",
                            key),
                key,
                {}};
    }
    bool send(Peer& peer, Attempt& attempt)
    {
        const auto version = attempt.if_match ? fmt::format("If-Match: \"{}\"\r\n", attempt.if_match) : std::string{};
        const auto request = fmt::format(
            "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n"
            "Idempotency-Key: {}\r\n{}Content-Length: {}\r\n\r\n{}",
            attempt.path, token_, attempt.key, version, attempt.body.size(), attempt.body);
        if (!peer.send(request)) return false;
        const auto answer = peer.receive();
        if (answer.empty()) return false;
        EXPECT_EQ(status_of(answer), attempt.if_match ? 200 : 201) << answer;
        const auto ticket = boost::json::parse(body_of(answer));
        attempt.ticket = std::string{ticket.at("id").as_string()};
        attempt.version = ticket.at("version").as_int64();
        attempt.acknowledged = true;
        return true;
    }

    int number_;
    int count_ = 0;
    std::string token_;
};

/// A store with an organisation, closed, and a token by which programs may write to it.
struct Prepared {
    scenario::Centre centre{std::chrono::floor<Duration>(SystemClock{}.now())};
    std::string token;
    Prepared()
    {
        const auto issued = centre.post(
            "manager1", "/api/v1/tokens",
            R"({"name":"load","scopes":["ticket_create","ticket_respond","ticket_act","ticket_read_all"]})");
        token = issued.at("/token");
        centre.stop();
    }
};

int rounds_of_run()
{
    const char* given = std::getenv("TEST_KILL_ROUNDS");
    return given ? std::atoi(given) : 20;
}

std::uint64_t seed_of_run()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

/// @returns what the ticket's version is now; 0 when there is no such ticket
std::int64_t version_of(Peer& peer, const std::string& token, const std::string& ticket)
{
    peer.send(
        fmt::format("GET /api/v1/tickets/{} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", ticket, token));
    const auto answer = peer.receive();
    return status_of(answer) == 200 ? boost::json::parse(body_of(answer)).at("version").as_int64() : 0;
}

TEST(Invariant_9, NoAcknowledgedWriteIsLostWhenTheServerIsKilled)
{
    Prepared prepared;
    const auto store = prepared.centre.store_path();
    const auto log = store.parent_path() / "server.log";
    const auto seed = seed_of_run();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    std::vector<Client> all;
    for (int i = 0; i < clients; ++i) all.emplace_back(i, prepared.token);
    std::vector<std::size_t> looked_at(clients, 0);
    std::vector<std::chrono::milliseconds> starts;

    for (int round = 0; round < rounds_of_run(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        {
            ServerProcess server{store, log};
            Progress progress;
            std::vector<std::jthread> threads;
            for (auto& client : all) threads.emplace_back([&, port = server.port()] { client.work(port, progress); });
            EXPECT_TRUE(progress.reaches(1 + static_cast<int>(random() % 120)));
            server.kill();
            EXPECT_EQ(server.wait(), -SIGKILL);
        }
        const auto before = std::chrono::steady_clock::now();
        ServerProcess again{store, log};
        while (status_of(http::testing::get(again.port(), "/readyz")) != 200)
            if (std::chrono::steady_clock::now() - before > std::chrono::seconds{20}) FAIL() << "never ready";
        starts.push_back(
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - before));
        Peer peer{again.port()};
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto& attempts = all[i].attempts;
            for (std::size_t at = looked_at[i]; at < attempts.size(); ++at) {
                const auto& last = attempts[at];
                if (!last.acknowledged) continue;
                // A command that was sent and not answered may have been carried out or not.
                EXPECT_GE(version_of(peer, prepared.token, last.ticket), last.version)
                    << last.key << " was acknowledged";
            }
            looked_at[i] = attempts.size();
        }
        for (auto& client : all) client.repeat_unanswered(again.port());
        again.ask_to_leave();
        EXPECT_EQ(again.wait(), 0);
    }
    const auto [status, report] = run_program({"verify", "--store", "sqlite:" + store.string()});
    EXPECT_EQ(status, 0) << report;
    std::ranges::sort(starts);
    EXPECT_LT(starts.at(starts.size() / 2), std::chrono::seconds{2}) << "ready again, in the median";

    // Each creation made one ticket and each command one version, however often it was sent.
    std::map<std::string, std::int64_t> expected;
    for (const auto& client : all)
        for (const auto& attempt : client.attempts)
            expected[attempt.ticket] = std::max(expected[attempt.ticket], attempt.version);
    prepared.centre.start();
    for (const auto& [ticket, version] : expected) EXPECT_EQ(prepared.centre.version_of(ticket), version) << ticket;
    std::int64_t stored = 0;
    constexpr sql::Statement count{"test.count", "SELECT COUNT(*) FROM ticket"};
    prepared.centre.app().store().read([&](sql::Connection& db) {
        stored = db.first(count, [](const sql::Row& row) { return row.integer(0); }).value();
    });
    EXPECT_EQ(stored, static_cast<std::int64_t>(expected.size()));
    RecordProperty("tickets", static_cast<int>(stored));
    std::cout << stored << " tickets, " << starts.size() << " kills, ready again in "
              << starts.at(starts.size() / 2).count() << " ms (median)\n";
}

}  // namespace
}  // namespace shouwen::fault
