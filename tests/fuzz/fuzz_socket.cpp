// Frames of a WebSocket after a good handshake, over a real connection: the server answers, closes, or waits, and goes on
// serving others.

#include "base/text.hpp"
#include "fuzz/target.hpp"
#include "platform/http/http_test_client.hpp"

#include <atomic>
#include <memory>
#include <string>

using namespace shouwen;
using namespace shouwen::http;
using fuzz::require;

namespace {

constexpr std::size_t message_bytes_max = 4096;

/// A server that sends each text back.
class Echo {
public:
    Echo()
    {
        SocketRoute route;
        route.pattern = "/stream";
        route.message_bytes_max = message_bytes_max;
        route.queue_messages_max = 16;
        route.accept = [this](const std::shared_ptr<Request>&, const auto& decide) {
            SocketEvents events;
            const auto socket = std::make_shared<std::shared_ptr<Socket>>();
            events.on_open = [this, socket](std::shared_ptr<Socket> opened) {
                ++open_;
                *socket = std::move(opened);
            };
            events.on_text = [socket](std::string_view text) {
                require(text.size() <= message_bytes_max && is_utf8(text));
                (*socket)->send(std::string{text});
            };
            events.on_close = [this, socket] {
                --open_;
                socket->reset();
            };
            decide(std::move(events), {});
        };
        ServerOptions options;
        options.listen = "127.0.0.1:0";
        options.loops = 1;
        options.pool_threads = 1;
        Route alive{Method::get, "/alive",
                    [](const std::shared_ptr<Request>&, const Reply& reply) { reply({.body = "{}"}); }};
        server_ = make_server(options, {std::move(alive)}, {std::move(route)});
        server_->start();
    }

    std::uint16_t port() const { return server_->port(); }

private:
    std::unique_ptr<Server> server_;
    std::atomic<int> open_ = 0;
};

/// What the server sends is never masked, and its frames are whole.
void check_frames(std::string_view frames)
{
    while (frames.size() >= 2) {
        const auto first = static_cast<unsigned char>(frames[0]);
        std::size_t length = static_cast<unsigned char>(frames[1]);
        require(length < 128 && (first & 0x70) == 0);
        std::size_t head = 2;
        if (length == 126) {
            if (frames.size() < 4) return;
            length = static_cast<std::size_t>(static_cast<unsigned char>(frames[2])) << 8 |
                     static_cast<unsigned char>(frames[3]);
            head = 4;
        }
        require(length != 127 && length <= message_bytes_max);
        if (frames.size() < head + length) return;
        frames.remove_prefix(head + length);
    }
}

}  // namespace

FUZZ_TARGET(fuzz_socket)
{
    static Echo server;
    testing::Peer peer{server.port()};
    require(
        peer.send("GET /stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
    // First the handshake: a server that closes on bad frames may take back what was not read yet.
    require(peer.receive().starts_with("HTTP/1.1 101"));
    peer.send(bytes);
    peer.end_sending();
    check_frames(peer.receive_all());
}
