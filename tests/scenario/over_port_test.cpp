#include "scenario/served.hpp"

#include "platform/http/http_test_client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace shouwen::scenario {
namespace {

using namespace std::chrono_literals;
using http::testing::body_of;
using http::testing::Peer;
using http::testing::status_of;
using testing::HasSubstr;
using testing::Not;

/// What the stream pushes to one person.
class Stream {
public:
    Stream(Served& served, std::string_view who) : peer_(served.port())
    {
        peer_.send(fmt::format(
            "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {}\r\n\r\n",
            served.centre.session(who).cookie));
        handshake = peer_.receive();
    }
    std::string next()
    {
        const auto head = peer_.receive_exactly(2);
        if (head.size() < 2) return "";
        std::size_t length = static_cast<unsigned char>(head[1]) & 0x7FU;
        if (length == 126) {
            length = 0;
            for (const char c : peer_.receive_exactly(2)) length = length << 8 | static_cast<unsigned char>(c);
        }
        return length == 0 ? std::string{} : peer_.receive_exactly(length);
    }
    std::string handshake;

private:
    Peer peer_;
};

TEST(A3_OverPort, AWholeStoryTravelsOverHttp)
{
    Served served;
    const auto signed_in =
        served.request("", "POST /api/v1/session", fields({{"login", "agent1"}, {"password", Centre::password()}}));
    EXPECT_EQ(status_of(signed_in), 200);
    EXPECT_THAT(http::testing::field_of(signed_in, "Set-Cookie"), HasSubstr("HttpOnly"));
    const auto created =
        served.request("agent1", "POST /api/v1/tickets",
                       R"({"channel":"phone","customer":{"name":"张伟"},"subject":"发票","content":"补开"})");
    EXPECT_EQ(status_of(created), 201) << created;
    const auto ticket = boost::json::parse(body_of(created));
    const std::string id{ticket.at("id").as_string()};
    EXPECT_EQ(http::testing::field_of(created, "Location"), "/api/v1/tickets/" + id);
    EXPECT_EQ(status_of(served.request("agent1", "GET /api/v1/tickets/" + id)), 200);
    EXPECT_EQ(status_of(served.request("", "GET /api/v1/tickets/" + id)), 401);
    EXPECT_EQ(status_of(served.request("", "GET /api/v1/nowhere")), 404);
    EXPECT_EQ(status_of(served.request("", "GET /healthz")), 200);
}

TEST(A3_OverPort, OfManyAgentsAtTheSameMomentExactlyOneWins)
{
    Served served;
    const auto request = served.centre.web_request();
    const auto head = "POST /api/v1/tickets/" + request.id + "/commands/respond";
    constexpr int rounds = 8;
    std::vector<std::string> texts;
    for (int i = 0; i < rounds; ++i) {
        auto text = served.text(i % 2 ? "agent1" : "agent2", head, fields({{"content", "您好"}}));
        text.insert(text.find("\r\n") + 2, "If-Match: \"1\"\r\n");
        texts.push_back(std::move(text));
    }
    std::vector<int> statuses(rounds);
    {
        std::vector<std::jthread> agents;
        for (std::size_t i = 0; i < rounds; ++i)
            agents.emplace_back([&, i] {
                Peer peer{served.port()};
                peer.send(texts[i]);
                statuses[i] = status_of(peer.receive());
            });
    }
    EXPECT_EQ(std::ranges::count(statuses, 200), 1);
    EXPECT_EQ(std::ranges::count(statuses, 409), rounds - 1);
    EXPECT_EQ(served.centre.get("agent1", "/api/v1/tickets/" + request.id + "/tenures").count(), 1U);
}

TEST(C1_OverPort, ThePushTellsEachHouseItsOwnOnly)
{
    Served served;
    Stream platform{served, "agent1"};
    Stream first{served, "merchant1_agent"};
    EXPECT_THAT(platform.handshake, HasSubstr("101"));
    EXPECT_THAT(platform.next(), HasSubstr("hello"));
    EXPECT_THAT(first.next(), HasSubstr("hello"));
    const auto foreign = served.centre.web_request("二号店的事", "二号店");
    const auto own = served.centre.web_request("一号店的事", "一号店");
    EXPECT_THAT(platform.next(), HasSubstr(foreign.id));
    EXPECT_THAT(platform.next(), HasSubstr(own.id));
    // What comes first to the merchant is its own: the other was never sent.
    EXPECT_THAT(first.next(), HasSubstr(own.id));
}

TEST(A4_OverPort, SigningOutClosesNothingOfOthersAndDisablingClosesThePush)
{
    Served served;
    Stream stream{served, "agent2"};
    EXPECT_THAT(stream.next(), HasSubstr("hello"));
    EXPECT_EQ(
        served.centre.post("admin", "/api/v1/staff/" + served.centre.staff("agent2") + "/commands/disable").status,
        200);
    const auto closing = stream.next();
    ASSERT_GE(closing.size(), 2U);
    EXPECT_EQ((static_cast<unsigned char>(closing[0]) << 8) | static_cast<unsigned char>(closing[1]), 4001);
}

TEST(A4_OverPort, EndingASessionClosesItsPushAndNoOther)
{
    Served served;
    Stream here{served, "agent2"};
    EXPECT_THAT(here.next(), HasSubstr("hello"));
    served.centre.forget_session("agent2");
    Stream there{served, "agent2"};
    EXPECT_THAT(there.next(), HasSubstr("hello"));
    const auto path = "/api/v1/staff/" + served.centre.staff("agent2");
    EXPECT_EQ(served.centre.get("agent2", path + "/sessions").count(), 2U);
    EXPECT_EQ(served.centre.post("agent2", path + "/commands/end_other_sessions").status, 204);
    const auto closing = here.next();
    ASSERT_GE(closing.size(), 2U);
    EXPECT_EQ((static_cast<unsigned char>(closing[0]) << 8) | static_cast<unsigned char>(closing[1]), 4001);
    const auto request = served.centre.web_request();
    EXPECT_THAT(there.next(), HasSubstr(request.id));
}

TEST(BadInput_OverPort, ABodyOfFiftyMegabytesIsRefusedBeforeItIsSent)
{
    Served served;
    Peer peer{served.port()};
    peer.send(fmt::format(
        "POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nCookie: {}\r\nContent-Type: application/json\r\nContent-Length: 52428800\r\n\r\n{{",
        served.centre.session("agent1").cookie));
    const auto answer = peer.receive();
    EXPECT_EQ(status_of(answer), 413);
    EXPECT_THAT(answer, HasSubstr("too_large"));
    EXPECT_EQ(status_of(http::testing::get(served.port(), "/healthz")), 200);
}

TEST(BadInput_OverPort, ForeignSocketsAreRefused)
{
    Served served;
    Peer peer{served.port()};
    peer.send(
        "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    EXPECT_EQ(status_of(peer.receive()), 401);
}

}  // namespace
}  // namespace shouwen::scenario
