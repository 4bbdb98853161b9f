#include "platform/http/http_test_client.hpp"
#include "platform/postgres/server_fixture.hpp"
#include "scenario/centre.hpp"
#include "server_process.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

// Three real processes on one PostgreSQL, of which one is suspended or asked to leave, or whose database is restarted, while
// clients write to all: each request is answered in the end, and nothing is lost or happens twice.

namespace shouwen::fault {
namespace {

using http::testing::body_of;
using http::testing::Peer;
using http::testing::status_of;

constexpr auto patience = std::chrono::seconds{60};  // of a test that would otherwise wait for ever

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
    int count() const
    {
        const std::lock_guard lock{mutex_};
        return count_;
    }
    bool reaches(int count)
    {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, patience, [&] { return count_ >= count; });
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

/// Makes tickets and replies to them, at one node; when that does not answer, the same request with the same key at the next.
class Client {
public:
    Client(int number, std::string token, std::vector<std::uint16_t> ports)
        : number_(number),
          at_(static_cast<std::size_t>(number) % ports.size()),
          token_(std::move(token)),
          ports_(std::move(ports))
    {
    }
    void work(const std::atomic<bool>& is_over, Progress& progress)
    {
        while (!is_over) {
            const auto ticket =
                insist("/api/v1/tickets",
                       R"({"channel":"phone","customer":{"name":"张伟"},"subject":"发票","content":"补开"})", 0);
            if (!ticket) return;
            const std::string id{ticket->at("id").as_string()};
            const auto version = ticket->at("version").as_int64();
            versions[id] = version;
            progress.add();
            const auto after = insist("/api/v1/tickets/" + id + "/commands/reply", R"({"content":"已安排"})", version);
            if (!after) return;
            versions[id] = after->at("version").as_int64();
            progress.add();
        }
    }
    std::map<std::string, std::int64_t> versions;
    int turned_away_count = 0;  ///< answers of 5xx, and nobody there
    int broken_count = 0;       ///< of these: sent to somebody, who did not answer

private:
    std::optional<boost::json::value> insist(const std::string& path, const std::string& body, std::int64_t if_match)
    {
        const auto key = fmt::format("client-{}-{}", number_, ++count_);
        const auto version = if_match ? fmt::format("If-Match: \"{}\"\r\n", if_match) : std::string{};
        const auto request = fmt::format(
            "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n"
            "Idempotency-Key: {}\r\n{}Connection: close\r\nContent-Length: {}\r\n\r\n{}",
            path, token_, key, version, body.size(), body);
        const auto until = std::chrono::steady_clock::now() + patience;
        while (std::chrono::steady_clock::now() < until) {
            std::string answer;
            Peer peer{ports_[at_], Peer::IfAbsent::allow};
            if (peer.is_connected()) {
                if (peer.send(request)) answer = peer.receive();
                if (answer.empty() || status_of(answer) >= 500) ++broken_count;
            }
            const int status = answer.empty() ? 0 : status_of(answer);
            if (status == 200 || status == 201) return boost::json::parse(body_of(answer));
            if (status != 0 && status < 500) {
                ADD_FAILURE() << answer;
                return std::nullopt;
            }
            ++turned_away_count;
            at_ = (at_ + 1) % ports_.size();
            std::this_thread::yield();
        }
        ADD_FAILURE() << "no node answers " << path;
        return std::nullopt;
    }

    const int number_;
    std::size_t at_;
    int count_ = 0;
    const std::string token_;
    const std::vector<std::uint16_t> ports_;
};

class NodesFault : public testing::Test {
protected:
    void SetUp() override
    {
        if (!postgres::TemporaryServer::is_installed()) GTEST_SKIP() << "PostgreSQL is not installed";
        ::setenv("SHOUWEN_TEST_STORE", "postgres", 1);
        centre_ = std::make_unique<scenario::Centre>(std::chrono::floor<Duration>(SystemClock{}.now()));
        ::unsetenv("SHOUWEN_TEST_STORE");
        token_ =
            centre_
                ->post("manager1", "/api/v1/tokens",
                       R"({"name":"load","scopes":["ticket_create","ticket_respond","ticket_act","ticket_read_all"]})")
                .at("/token");
        store_ = centre_->store_name();
        for (int i = 0; i < 3; ++i) start();
    }
    void start(const std::vector<std::string>& more = {})
    {
        auto arguments = more;
        arguments.insert(arguments.end(), {"--config", config()});
        nodes_.push_back(std::make_unique<ServerProcess>(store_, folder_ / "server.log", arguments));
    }
    std::string config()
    {
        const auto path = folder_ / "shouwen.toml";
        std::ofstream{path} << fmt::format("[data]\ndir = \"{}\"\n", (folder_ / "data").string());
        return path.string();
    }
    std::vector<std::uint16_t> ports() const
    {
        std::vector<std::uint16_t> ports;
        for (const auto& node : nodes_) ports.push_back(node->port());
        return ports;
    }
    /// Six clients at work while `trouble` takes its course. @returns how often somebody was there and did not do it
    int under_load(const std::function<void(Progress&)>& trouble)
    {
        std::vector<Client> clients;
        for (int i = 0; i < 6; ++i) clients.emplace_back(i, token_, ports());
        Progress progress;
        {
            std::atomic<bool> is_over{false};
            std::vector<std::jthread> threads;
            for (auto& client : clients) threads.emplace_back([&] { client.work(is_over, progress); });
            EXPECT_TRUE(progress.reaches(60));
            trouble(progress);
            EXPECT_TRUE(progress.reaches(progress.count() + 60));
            is_over = true;
        }
        int turned_away = 0;
        int broken = 0;
        std::map<std::string, std::int64_t> expected;
        for (const auto& client : clients) {
            turned_away += client.turned_away_count;
            broken += client.broken_count;
            expected.insert(client.versions.begin(), client.versions.end());
        }
        check(expected);
        std::cout << progress.count() << " requests; turned away " << turned_away << " times, broken off " << broken
                  << "\n";
        return broken;
    }
    /// Each creation made one ticket, each command one version; and all invariants hold.
    void check(const std::map<std::string, std::int64_t>& expected)
    {
        std::int64_t stored = 0;
        constexpr sql::Statement count{"test.count", "SELECT COUNT(*) FROM ticket"};
        centre_->app().store().read([&](sql::Connection& db) {
            stored = db.first(count, [](const sql::Row& row) { return row.integer(0); }).value();
        });
        EXPECT_EQ(stored, static_cast<std::int64_t>(expected.size()));
        for (const auto& [ticket, version] : expected) EXPECT_EQ(centre_->version_of(ticket), version) << ticket;
        const auto [status, report] = run_program({"verify", "--store", store_});
        EXPECT_EQ(status, 0) << report;
    }

    sqlite::TemporaryFolder folder_;
    std::unique_ptr<scenario::Centre> centre_;
    std::string token_;
    std::string store_;
    std::vector<std::unique_ptr<ServerProcess>> nodes_;
};

TEST_F(NodesFault, F19_ARestartOfPostgresUnderLoadLosesNothingAndRepeatsNothing)
{
    under_load([](Progress& progress) {
        for (const char* how : {"fast", "immediate"}) {
            postgres::TemporaryServer::shared()->restart(how);
            EXPECT_TRUE(progress.reaches(progress.count() + 60)) << how;
        }
    });
}

TEST_F(NodesFault, F31_ANodeThatIsSuspendedAndWakesSettlesNothingOfOthers)
{
    under_load([this](Progress& progress) {
        for (int round = 0; round < 3; ++round) {
            nodes_[0]->pause();
            // Two thirds of the clients go on, also past what the sleeper holds, which the database takes from it.
            EXPECT_TRUE(progress.reaches(progress.count() + 60));
            nodes_[0]->go_on();
            EXPECT_TRUE(progress.reaches(progress.count() + 30));
        }
    });
}

TEST_F(NodesFault, F2_ANodeThatIsAskedToLeaveUnderLoadAnswersWhoIsThere)
{
    const int broken = under_load([this](Progress& progress) {
        nodes_[1]->ask_to_leave();
        EXPECT_EQ(nodes_[1]->wait(), 0);
        EXPECT_TRUE(progress.reaches(progress.count() + 60));
    });
    EXPECT_EQ(broken, 0) << "turned away by a closed port and in no other way";
}

TEST_F(NodesFault, F57_ListsWhoIsAtWorkAndWhoHasLeft)
{
    nodes_[2]->ask_to_leave();
    EXPECT_EQ(nodes_[2]->wait(), 0);
    const auto [status, list] = run_program({"nodes", "--store", store_});
    EXPECT_EQ(status, 0) << list;
    EXPECT_THAT(list, testing::HasSubstr("at work"));
    EXPECT_THAT(list, testing::HasSubstr("left"));
    EXPECT_THAT(list, testing::HasSubstr("127.0.0.1"));
}

}  // namespace
}  // namespace shouwen::fault
