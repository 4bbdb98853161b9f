#include "platform/http/http_test_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace shouwen;
using namespace shouwen::http;
using namespace shouwen::http::testing;
using ::testing::HasSubstr;

namespace {

struct Frame {
    int opcode = -1;  ///< -1: the server closed
    std::string payload;

    int close_code() const
    {
        return payload.size() < 2
                   ? 0
                   : (static_cast<unsigned char>(payload[0]) << 8) | static_cast<unsigned char>(payload[1]);
    }
};
constexpr int text_frame = 1, binary_frame = 2, close_frame = 8, ping_frame = 9, pong_frame = 10;

/// The client's side of RFC 6455, just enough, so that a test decides about every frame.
class SocketPeer {
public:
    explicit SocketPeer(std::uint16_t port, const std::string& path = "/stream") : peer_(port)
    {
        peer_.send("GET " + path +
                   " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: session=abc\r\n\r\n");
        handshake = peer_.receive();
    }

    void send(int opcode, std::string_view payload)
    {
        std::string frame{static_cast<char>(0x80 | opcode)};
        if (payload.size() < 126) {
            frame += static_cast<char>(0x80 | payload.size());
        } else {
            const bool medium = payload.size() <= 0xFFFF;
            frame += static_cast<char>(0x80 | (medium ? 126 : 127));
            for (int shift = medium ? 8 : 56; shift >= 0; shift -= 8)
                frame += static_cast<char>((payload.size() >> shift) & 0xFF);
        }
        frame.append(4, '\0');  // a mask of zeros leaves the payload as it is
        frame += payload;
        peer_.send(frame);
    }

    Frame receive()
    {
        const auto head = peer_.receive_exactly(2);
        if (head.empty()) return {};
        std::size_t length = static_cast<unsigned char>(head[1]) & 0x7FU;
        const std::size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (more > 0) {
            length = 0;
            for (const char c : peer_.receive_exactly(more)) length = length << 8 | static_cast<unsigned char>(c);
        }
        return {head[0] & 0x0F, length == 0 ? std::string() : peer_.receive_exactly(length)};
    }

    /// The second half of the closing handshake: what a browser does.
    void answer_close(const Frame& frame)
    {
        send(close_frame, frame.payload);
        end();
    }
    void end() { peer_.end_sending(); }

    std::string handshake;

private:
    Peer peer_;
};

class SocketTest : public ::testing::Test {
protected:
    /// Echoes; keeps the socket for the test.
    std::uint16_t start()
    {
        SocketRoute route;
        route.pattern = "/stream";
        route.message_bytes_max = 1000;
        route.queue_messages_max = 4;
        route.accept = [this](std::shared_ptr<Request> request,
                              std::function<void(std::optional<SocketEvents>, Response)> decide) {
            if (request->cookie("session") != "abc" || request->query_value("refuse")) {
                Response refusal;
                refusal.status = 401;
                return decide(std::nullopt, refusal);
            }
            SocketEvents events;
            events.on_open = [this](std::shared_ptr<Socket> socket) {
                const std::lock_guard lock(mutex_);
                socket_ = std::move(socket);
                changed_.notify_all();
            };
            events.on_text = [this](std::string_view text) {
                if (text == "throw") throw std::runtime_error("handler");
                const std::lock_guard lock(mutex_);
                socket_->send("echo " + std::string(text));
            };
            events.on_close = [this] {
                const std::lock_guard lock(mutex_);
                ++closed_;
                changed_.notify_all();
            };
            // Decided on another thread, as after a look into the store.
            std::thread([decide, events] { decide(events, {}); }).join();
        };
        options_.listen = "127.0.0.1:0";
        server_ = make_server(options_, {}, {route});
        server_->start();
        return server_->port();
    }
    std::shared_ptr<Socket> opened()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return socket_ != nullptr; });
        return socket_;
    }
    void wait_until_closed()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return closed_ == 1; });
    }

    ServerOptions options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::shared_ptr<Socket> socket_;
    int closed_ = 0;
    std::unique_ptr<Server> server_;
};

}  // namespace

TEST_F(SocketTest, CarriesTextBothWaysAndClosesCleanly)
{
    SocketPeer peer(start());
    EXPECT_EQ(status_of(peer.handshake), 101);
    EXPECT_THAT(peer.handshake, HasSubstr("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    EXPECT_NE(field_of(peer.handshake, "X-Request-Id"), "");
    peer.send(text_frame, "首问");
    EXPECT_EQ(peer.receive().payload, "echo 首问");
    peer.send(ping_frame, "hello");
    const auto pong = peer.receive();
    EXPECT_EQ(pong.opcode, pong_frame);
    EXPECT_EQ(pong.payload, "hello");
    opened()->send("pushed");
    EXPECT_EQ(peer.receive().payload, "pushed");
    peer.send(close_frame, "\x03\xe8");
    EXPECT_EQ(peer.receive().close_code(), 1000);
    peer.end();
    wait_until_closed();
    EXPECT_FALSE(opened()->send("too late"));
}

TEST_F(SocketTest, IsRefusedByItsOwner)
{
    const auto port = start();
    EXPECT_EQ(status_of(SocketPeer(port, "/stream?refuse").handshake), 401);
    const auto plain = get(port, "/stream");
    EXPECT_EQ(status_of(plain), 426);
    EXPECT_EQ(field_of(plain, "Upgrade"), "websocket");
    EXPECT_EQ(status_of(SocketPeer(port, "/other").handshake), 404);
}

TEST_F(SocketTest, IsClosedForWhatItMayNotSend)
{
    struct {
        const char* name;
        int opcode;
        std::string payload;
        int code;
    } cases[] = {
        {"too large", text_frame, std::string(1001, 'x'), 1009},
        {"not UTF-8", text_frame, "\xff\xfe", 1007},
        {"binary", binary_frame, "abc", 1003},
        {"reserved opcode", 5, "abc", 1002},
        {"handler throws", text_frame, "throw", 1011},
    };
    const auto port = start();
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        SocketPeer peer(port);
        peer.send(c.opcode, c.payload);
        const auto frame = peer.receive();
        EXPECT_EQ(frame.opcode, close_frame);
        EXPECT_EQ(frame.close_code(), c.code);
    }
}

TEST_F(SocketTest, IsClosedWhenItsReaderIsTooSlow)
{
    SocketPeer peer(start());
    const auto socket = opened();
    const std::string large(1 << 20, 'x');
    int accepted = 0;
    while (accepted < 1000 && socket->send(large)) ++accepted;
    EXPECT_LT(accepted, 1000);
    EXPECT_FALSE(socket->send("more"));
    // What was under way comes whole, the rest of the queue does not.
    Frame frame = peer.receive();
    while (frame.opcode == text_frame) frame = peer.receive();
    EXPECT_EQ(frame.opcode, close_frame);
    EXPECT_EQ(frame.close_code(), 1013);
    peer.answer_close(frame);
    wait_until_closed();
}

TEST_F(SocketTest, IsPingedAndGivenUpWhenItStaysSilent)
{
    options_.limits.socket_ping_every = Duration{50};
    SocketPeer peer(start());
    EXPECT_EQ(peer.receive().opcode, ping_frame);
    wait_until_closed();
}

TEST_F(SocketTest, IsClosedByItsOwnerAndWhenTheServerStops)
{
    const auto port = start();
    {
        SocketPeer peer(port);
        opened()->close(4001, "signed out");
        const auto frame = peer.receive();
        EXPECT_EQ(frame.close_code(), 4001);
        EXPECT_EQ(frame.payload.substr(2), "signed out");
        peer.answer_close(frame);
        wait_until_closed();
    }
    SocketPeer peer(port);
    peer.send(text_frame, "a");
    EXPECT_EQ(peer.receive().payload, "echo a");
    std::thread stopping([&] { server_->stop(Duration{20'000}); });
    const auto frame = peer.receive();
    EXPECT_EQ(frame.close_code(), 1012);
    peer.answer_close(frame);
    stopping.join();
    EXPECT_EQ(closed_, 2);
    EXPECT_FALSE(socket_->send("too late"));
}

TEST_F(SocketTest, EndsWithTheServerEvenIfThePeerDoesNotAnswer)
{
    SocketPeer peer(start());
    opened();
    server_->stop(Duration{10});
    EXPECT_EQ(closed_, 1);
    server_.reset();
    EXPECT_FALSE(socket_->send("too late"));
}
