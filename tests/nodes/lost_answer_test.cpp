#include "platform/postgres/server_fixture.hpp"
#include "scenario/centre.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

// The connection to the database breaks after the commit took place and before its answer came.

namespace shouwen::nodes {
namespace {

using scenario::Centre;

/// Between a node and its database. Once armed, it lets one commit through, keeps its answer and breaks the connection.
class Proxy {
public:
    explicit Proxy(std::string socket_path) : socket_path_(std::move(socket_path))
    {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("no port for the proxy");
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread{[this] { accept_all(); }};
    }
    ~Proxy()
    {
        over_ = true;
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        ::close(listener_);
        for (auto& each : connections_) each.join();
    }
    int port() const { return port_; }
    /// The next commit's answer is lost; before it is committed or after.
    enum class Break { after, before };
    void arm(Break how) { armed_ = how == Break::after ? 1 : 2; }
    int broken_count() const { return broken_count_; }

private:
    void accept_all()
    {
        while (!over_) {
            const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0) return;
            connections_.emplace_back([this, client] { carry(client); });
        }
    }
    static bool send_all(int to, std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void carry(int client)
    {
        const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, socket_path_.c_str(), sizeof address.sun_path - 1);
        bool open = ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        char buffer[65536];
        while (open && !over_) {
            pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
            if (::poll(both, 2, 100) <= 0) continue;
            if (both[0].revents) {
                const auto length = ::recv(client, buffer, sizeof buffer, 0);
                const std::string_view bytes{buffer, static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
                open = length > 0;
                int armed = armed_;
                if (open && armed && bytes.find("COMMIT") != std::string_view::npos &&
                    armed_.compare_exchange_strong(armed, 0)) {
                    ++broken_count_;
                    // The server answers when it has committed; nobody gets that answer.
                    if (armed == 1 && send_all(server, bytes)) (void)::recv(server, buffer, sizeof buffer, 0);
                    open = false;
                } else if (open) {
                    open = send_all(server, bytes);
                }
            }
            if (open && both[1].revents) {
                const auto length = ::recv(server, buffer, sizeof buffer, 0);
                open = length > 0 && send_all(client, {buffer, static_cast<std::size_t>(length)});
            }
        }
        ::close(client);
        ::close(server);
    }

    const std::string socket_path_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> over_{false};
    std::atomic<int> armed_{0};
    std::atomic<int> broken_count_{0};
    std::thread acceptor_;
    std::vector<std::thread> connections_;  ///< of the acceptor's thread until it has ended
};

/// `postgresql:///NAME?host=FOLDER&user=postgres`
std::string part(const std::string& url, std::string_view after, char until)
{
    const auto from = url.find(after) + after.size();
    return url.substr(from, url.find(until, from) - from);
}

class LostAnswer : public testing::Test {
protected:
    scenario::Answer create(const std::string& key)
    {
        const std::string body = R"({"channel":"phone","customer":{"name":"张伟"},"subject":"发票","content":"补开"})";
        http::Fields headers;
        if (!key.empty()) headers.emplace_back("idempotency-key", key);
        return node.post("agent1", "/api/v1/tickets", body, headers);
    }
    std::size_t tickets() { return first.get("supervisor1", "/api/v1/tickets", {{"view", "all"}}).count(); }

    Centre first{scenario::monday_9h};
    const std::string url = first.store_name();
    Proxy proxy{part(url, "host=", '&') + "/.s.PGSQL.5432"};
    Centre node{first, fmt::format("postgresql://postgres@127.0.0.1:{}/{}", proxy.port(), part(url, "///", '?'))};
};

TEST_F(LostAnswer, F25_OfACommitThatTookPlaceIsFoundByTheKey)
{
    ASSERT_EQ(create("warm").status, 201);
    proxy.arm(Proxy::Break::after);
    const auto answer = create("lost");
    EXPECT_EQ(proxy.broken_count(), 1);
    EXPECT_EQ(answer.status, 201) << answer.text;
    EXPECT_EQ(tickets(), 2U);
    EXPECT_EQ(create("lost").id(), answer.id());
    EXPECT_EQ(tickets(), 2U);
}

TEST_F(LostAnswer, F19_OfACommitThatDidNotTakePlaceIsDoneAnew)
{
    ASSERT_EQ(create("warm").status, 201);
    proxy.arm(Proxy::Break::before);
    const auto answer = create("lost");
    EXPECT_EQ(proxy.broken_count(), 1);
    EXPECT_EQ(answer.status, 201) << answer.text;
    EXPECT_EQ(tickets(), 2U);
}

TEST_F(LostAnswer, F25_WithoutAKeyIsSaidToBeUnknownAndNeverDoneTwice)
{
    ASSERT_EQ(create("warm").status, 201);
    proxy.arm(Proxy::Break::after);
    EXPECT_EQ(create("").status, 500);
    EXPECT_EQ(tickets(), 2U) << "it took place";
}

}  // namespace
}  // namespace shouwen::nodes
