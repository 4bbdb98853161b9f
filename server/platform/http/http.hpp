#pragma once

#include "base/instant.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// HTTP as the modules see it: no socket, no parser. The server behind it is platform/http/server.
namespace shouwen::http {

enum class Method { get, head, post, put, patch, delete_ };

using Fields = std::vector<std::pair<std::string, std::string>>;

/// A body that was written to disk while it arrived.
struct Upload {
    std::filesystem::path path;  ///< a temporary file; whoever wants to keep it moves it away
    std::uint64_t size_bytes = 0;
    std::string blake2b_hex;  ///< 256-bit BLAKE2b of the content, 64 hex digits
};

struct Request {
    Method method = Method::get;
    std::string path;                 ///< decoded, without the query
    Fields query;                     ///< decoded, in order, repeated names kept
    Fields headers;                   ///< names in lower case
    std::string body;                 ///< for routes whose body is taken into memory
    std::optional<Upload> upload;     ///< for routes whose body goes to disk
    std::vector<std::string> params;  ///< what stood at the `{…}` of the route's pattern, in order, decoded
    std::string remote_address;       ///< the peer, or what a configured proxy says it is
    std::string id;                   ///< of this request, also sent as X-Request-Id

    /// Empty when absent. @param name  in lower case
    std::string_view header(std::string_view name) const;
    std::optional<std::string_view> query_value(std::string_view name) const;
    std::string_view cookie(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    Fields headers;
    std::optional<std::filesystem::path> file;  ///< sent instead of `body`
};

/// Answers once, from any thread; the answer travels to the connection's own thread. Dropping it unanswered sends a 500.
using Reply = std::function<void(Response)>;
using Handler = std::function<void(std::shared_ptr<Request>, Reply)>;

/// Where a handler may take its time.
enum class Lane {
    loop,  ///< on the connection's event loop: only what is done within microseconds or hands itself on (writes)
    pool   ///< on a bounded pool of threads: searches, exports, password hashing
};

enum class Body { none, memory, disk };

struct Route {
    Method method;
    std::string pattern;  ///< `/api/v1/tickets/{id}/commands/{command}`
    Handler handler;
    Lane lane = Lane::loop;
    Body body = Body::none;
    std::uint64_t body_bytes_max = 1 << 20;
};

/// An open WebSocket, as its owner sees it. Thread-safe.
class Socket {
public:
    virtual ~Socket() = default;
    /// Queues a text message; @returns false when it is closed or its queue is full (it is then closed with 1013).
    virtual bool send(std::string text) = 0;
    virtual void close(std::uint16_t code, std::string reason) = 0;
};

/// The same text to many at once, as if by `Socket::send` one after the other, at a fraction of its cost: the caller only
/// queues, the text is kept once.
void send_to_all(std::span<const std::shared_ptr<Socket>> sockets, std::string text);

struct SocketEvents {
    std::function<void(std::shared_ptr<Socket>)> on_open;
    std::function<void(std::string_view text)> on_text;
    std::function<void()> on_close;
};

/// Decides on an upgrade: events to follow, or the response that refuses it.
using SocketAccept =
    std::function<void(std::shared_ptr<Request>, std::function<void(std::optional<SocketEvents>, Response)>)>;

struct SocketRoute {
    std::string pattern;
    SocketAccept accept;
    Lane lane = Lane::loop;  ///< where `accept` runs
    std::size_t message_bytes_max = 64 << 10;
    std::size_t queue_messages_max = 256;
};

struct Limits {
    std::size_t header_bytes_max = 16 << 10;
    Duration header_time_max{10'000};
    Duration body_time_max{60'000};
    Duration idle_time_max{75'000};
    Duration last_chance{1'000};  ///< how long a new connection may take to send something, once the server stops
    Duration socket_ping_every{30'000};  ///< a WebSocket that stays silent for twice as long is closed
    std::size_t connections_max = 20'000;
    std::size_t pool_queue_max = 1'000;
    Duration pool_wait_max{5'000};  ///< whoever has waited longer for the pool is refused
};

/// Turns a fault of the transport (no such route, too large, too slow, overload, a handler that threw) into the body sent.
using FaultResponse = std::function<Response(int status, std::string_view code, const Request*)>;

/// Called after each response, for log and metrics. `pattern` is empty when no route matched.
using Observer = std::function<void(const Request&, std::string_view pattern, const Response&, Duration took)>;

struct ServerOptions {
    std::string listen = "127.0.0.1:8080";
    unsigned loops = 2;  ///< event loops, each a thread with an acceptor of its own (SO_REUSEPORT)
    unsigned pool_threads = 2;
    Limits limits;
    /// Static files, held in memory with their .gz and .br. Unknown paths without an extension get the entry page:
    /// portal.html below /p/ and /portal when there is one, otherwise index.html.
    std::filesystem::path web_root;
    bool hsts = false;                         ///< only behind TLS
    std::filesystem::path upload_dir;          ///< for Body::disk
    std::vector<std::string> trusted_proxies;  ///< IP addresses whose X-Forwarded-For is believed
    FaultResponse fault;
    Observer observer;
};

class Server {
public:
    virtual ~Server() = default;
    /// Binds and serves; returns at once. @throws std::runtime_error naming the address when it cannot be bound.
    virtual void start() = 0;
    /// The end is near, though everything goes on: each answer ends its connection, so that who comes next looks for another
    /// server.
    virtual void drain() = 0;
    /// No new connections; answers what is under way and who has connected already, at most `grace`; sockets are closed with
    /// 1012, upon which they come again, elsewhere. Blocks.
    virtual void stop(Duration grace) = 0;
    virtual std::uint16_t port() const = 0;
};

std::unique_ptr<Server> make_server(ServerOptions options, std::vector<Route> routes, std::vector<SocketRoute> sockets);

}  // namespace shouwen::http
