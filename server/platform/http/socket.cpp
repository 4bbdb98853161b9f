#include "platform/http/socket.hpp"

#include "platform/log/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>
#include <map>
#include <mutex>
#include <vector>

namespace shouwen::http {
namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr auto no_throw = asio::as_tuple(TaskToken{});
constexpr std::chrono::seconds close_time_max{5};
/// What the system holds back for a reader that does not read, beside our own queue; left to itself it takes megabytes.
constexpr int send_buffer_bytes = 64 << 10;
/// Messages that one peer may send within a second; whoever sends more is no person and no page of ours.
constexpr int messages_per_second_max = 200;

class WebSocket final : public Socket, public Connection, public std::enable_shared_from_this<WebSocket> {
public:
    WebSocket(std::shared_ptr<Loop> loop, TcpSocket socket, const SocketRoute& route, SocketEvents events)
        : loop_(std::move(loop)),
          stream_(std::move(socket)),
          events_(std::move(events)),
          queue_max_(route.queue_messages_max)
    {
        error_code ignored;
        stream_->next_layer().set_option(asio::socket_base::send_buffer_size(send_buffer_bytes), ignored);
        stream_->read_message_max(route.message_bytes_max);
        stream_->auto_fragment(false);
        websocket::stream_base::timeout limits;
        limits.handshake_timeout = close_time_max;
        limits.idle_timeout = loop_->site().limits().socket_ping_every * 2;
        limits.keep_alive_pings = true;  // after half of it
        stream_->set_option(limits);
    }

    static Task<void> run(std::shared_ptr<WebSocket> self, std::shared_ptr<Request> request);

    using Text = std::shared_ptr<const std::string>;

    bool send(std::string text) override;
    enum class Queued { no, behind_others, first };
    /// @returns `first`: whoever queued it starts the writing, on the loop's thread
    Queued queue(Text text);
    static void start_writing(std::shared_ptr<WebSocket> self);
    const std::shared_ptr<Loop>& loop() const { return loop_; }
    void close(std::uint16_t code, std::string reason) override;

    void tick(SteadyTime at) override;
    void begin_stop() override { begin_close(websocket::close_code::service_restart, "the server stops"); }
    void abort() override;

private:
    static Task<void> write_queue(std::shared_ptr<WebSocket> self);
    static Task<void> send_close(std::shared_ptr<WebSocket> self, websocket::close_reason reason);
    void begin_close(std::uint16_t code, std::string_view reason);
    Task<void> read_all();
    bool is_flooding();

    std::shared_ptr<Loop> loop_;
    /// Gone when the connection has ended, while its owner may hold the socket for long: its timers would keep the loop.
    std::optional<websocket::stream<TcpSocket>> stream_;
    SocketEvents events_;
    std::size_t queue_max_;
    bool closing_ = false;  ///< on the loop's thread
    SteadyTime deadline_ = SteadyTime::max();
    SteadyTime counted_since_;
    int counted_ = 0;

    std::mutex mutex_;  // guards what follows
    std::deque<Text> queue_;
    bool writing_ = false;
    bool closed_ = false;
};

WebSocket::Queued WebSocket::queue(Text text)
{
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return Queued::no;
        if (queue_.size() < queue_max_) {
            queue_.push_back(std::move(text));
            return std::exchange(writing_, true) ? Queued::behind_others : Queued::first;
        }
        closed_ = true;
        // The message under way stays: the stream is reading from it.
        if (queue_.size() > 1) queue_.erase(queue_.begin() + 1, queue_.end());
    }
    loop_->post([self = shared_from_this()] {
        log::info("socket_too_slow", {{"waiting", static_cast<std::int64_t>(self->queue_max_)}});
        self->begin_close(websocket::close_code::try_again_later, "too slow");
    });
    return Queued::no;
}

bool WebSocket::send(std::string text)
{
    const auto queued = queue(std::make_shared<const std::string>(std::move(text)));
    if (queued == Queued::first) loop_->post([self = shared_from_this()] { start_writing(self); });
    return queued != Queued::no;
}

void WebSocket::start_writing(std::shared_ptr<WebSocket> self)
{
    asio::co_spawn(self->loop_->executor(), write_queue(self), asio::detached);
}

void WebSocket::close(std::uint16_t code, std::string reason)
{
    loop_->post([self = shared_from_this(), code, reason = std::move(reason)] { self->begin_close(code, reason); });
}

void WebSocket::begin_close(std::uint16_t code, std::string_view reason)
{
    if (std::exchange(closing_, true)) return;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    deadline_ = steady_now() + close_time_max;
    const websocket::close_reason why(static_cast<websocket::close_code>(code),
                                      beast::string_view(reason.data(), std::min<std::size_t>(reason.size(), 120)));
    asio::co_spawn(loop_->executor(), send_close(shared_from_this(), why), asio::detached);
}

Task<void> WebSocket::send_close(std::shared_ptr<WebSocket> self, websocket::close_reason reason)
{
    co_await self->stream_->async_close(reason, no_throw);
}

void WebSocket::tick(SteadyTime at)
{
    if (at >= deadline_) abort();
}

void WebSocket::abort()
{
    error_code ignored;
    stream_->next_layer().close(ignored);
}

Task<void> WebSocket::write_queue(std::shared_ptr<WebSocket> self)
{
    auto& s = *self;
    for (;;) {
        Text front;
        {
            const std::lock_guard lock(s.mutex_);
            if (s.queue_.empty() || !s.stream_) {
                s.queue_.clear();
                s.writing_ = false;
                co_return;
            }
            front = s.queue_.front();
        }
        const auto [error, count] = co_await s.stream_->async_write(asio::buffer(*front), no_throw);
        const std::lock_guard lock(s.mutex_);
        s.queue_.pop_front();
        if (error || s.closed_) s.queue_.clear();
    }
}

/// Counts a message that came. On the loop's thread.
bool WebSocket::is_flooding()
{
    const auto now = steady_now();
    if (now - counted_since_ >= std::chrono::seconds{1}) {
        counted_since_ = now;
        counted_ = 0;
    }
    return ++counted_ > messages_per_second_max;
}

Task<void> WebSocket::read_all()
{
    beast::flat_buffer buffer;
    for (;;) {
        const auto [error, count] = co_await stream_->async_read(buffer, no_throw);
        if (error) co_return;
        if (is_flooding()) {
            log::warning("socket_flooded");
            begin_close(websocket::close_code::policy_error, "too many messages");
        } else if (!stream_->got_text()) {
            begin_close(websocket::close_code::unknown_data, "text only");
        } else if (!closing_) {
            try {
                events_.on_text({static_cast<const char*>(buffer.data().data()), buffer.size()});
            } catch (const std::exception& fault) {
                log::error("socket_handler_failed", {{"what", log::Machine{fault.what()}}});
                begin_close(websocket::close_code::internal_error, "");
            }
        }
        buffer.consume(buffer.size());
    }
}

Task<void> WebSocket::run(std::shared_ptr<WebSocket> self, std::shared_ptr<Request> request)
{
    auto& s = *self;
    beast::http::request<beast::http::empty_body> handshake;
    handshake.method(beast::http::verb::get);
    handshake.target("/");
    handshake.version(11);
    for (const auto& [name, value] : request->headers) handshake.insert(name, value);
    const std::string id = std::move(request->id);
    request.reset();
    s.stream_->set_option(websocket::stream_base::decorator(
        [id](websocket::response_type& response) { response.set("X-Request-Id", id); }));

    const auto [error] = co_await s.stream_->async_accept(handshake, no_throw);
    if (!error) {
        try {
            if (s.loop_->stopping())
                s.begin_stop();
            else if (s.events_.on_open)
                s.events_.on_open(self);
            co_await s.read_all();
        } catch (const std::exception&) {
            s.begin_close(websocket::close_code::internal_error, "");
        }
    }
    {
        const std::lock_guard lock(s.mutex_);
        s.closed_ = true;
    }
    s.closing_ = true;
    s.loop_->remove(s);
    s.abort();
    s.stream_.reset();  // whoever waits on it is told so
    try {
        if (!error && s.events_.on_close) s.events_.on_close();
    } catch (const std::exception&) {
        // The owner's own trouble; the connection is gone all the same.
    }
    s.events_ = {};  // they usually hold the socket, which would keep itself alive
}

}  // namespace

namespace {

/// Of one loop, those whose writing is to be started; a few at a time, as others wait for the loop too.
void start_writing(const std::shared_ptr<Loop>& loop, std::shared_ptr<std::vector<std::shared_ptr<WebSocket>>> sockets,
                   std::size_t first)
{
    constexpr std::size_t at_once = 64;
    loop->post([loop, sockets = std::move(sockets), first] {
        const auto last = std::min(first + at_once, sockets->size());
        for (auto i = first; i < last; ++i) WebSocket::start_writing((*sockets)[i]);
        if (last < sockets->size()) start_writing(loop, sockets, last);
    });
}

}  // namespace

void send_to_all(std::span<const std::shared_ptr<Socket>> sockets, std::string text)
{
    const auto shared = std::make_shared<const std::string>(std::move(text));
    std::map<std::shared_ptr<Loop>, std::shared_ptr<std::vector<std::shared_ptr<WebSocket>>>> to_start;
    for (const auto& socket : sockets) {
        auto own = std::dynamic_pointer_cast<WebSocket>(socket);
        if (!own) {
            socket->send(*shared);
        } else if (own->queue(shared) == WebSocket::Queued::first) {
            auto& list = to_start[own->loop()];
            if (!list) list = std::make_shared<std::vector<std::shared_ptr<WebSocket>>>();
            list->push_back(std::move(own));
        }
    }
    for (auto& [loop, list] : to_start) start_writing(loop, std::move(list), 0);
}

void start_socket(std::shared_ptr<Loop> loop, TcpSocket socket, const SocketRoute& route,
                  std::shared_ptr<Request> request, SocketEvents events)
{
    auto connection = std::make_shared<WebSocket>(loop, std::move(socket), route, std::move(events));
    loop->add(*connection);
    asio::co_spawn(loop->executor(), WebSocket::run(connection, std::move(request)), asio::detached);
}

}  // namespace shouwen::http
