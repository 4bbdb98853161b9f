#include "platform/http/loop.hpp"

#include "platform/clock/clock.hpp"
#include "platform/http/session.hpp"
#include "platform/http/wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>

namespace shouwen::http {
namespace {

constexpr auto no_throw = asio::as_tuple(TaskToken{});

/// Time limits are kept to within a quarter, so a tick may be rare.
std::chrono::milliseconds tick_period(const Limits& limits)
{
    const auto shortest = std::min({limits.header_time_max, limits.body_time_max, limits.idle_time_max});
    return std::clamp(shortest / 4, Duration{2}, Duration{250});
}

}  // namespace

Loop::Loop(std::shared_ptr<Site> site) : site_(std::move(site)), work_(io_.get_executor()), acceptor_(io_), ticker_(io_)
{
}

void Loop::bind(const asio::ip::tcp::endpoint& endpoint)
{
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    const int on = 1;
    if (::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
        throw std::runtime_error("the system has no SO_REUSEPORT");
    acceptor_.bind(endpoint);
    acceptor_.listen(4096);
}

void Loop::start()
{
    date_ = http_date(SystemClock{}.now());
    thread_ = std::thread([self = shared_from_this()] { self->run(); });
    thread_id_ = thread_.get_id();
    asio::co_spawn(io_, accept_all(), asio::detached);
    asio::co_spawn(io_, tick_until_stopped(), asio::detached);
}

void Loop::run()
{
    io_.run();
    const std::lock_guard lock(post_mutex_);
    ended_ = true;
    io_.restart();
    io_.poll();  // what was posted last; nothing can follow it
}

void Loop::post(std::function<void()> job)
{
    const std::lock_guard lock(post_mutex_);
    if (!ended_) asio::post(io_, std::move(job));
}

void Loop::begin_drain()
{
    post([this] { draining_ = true; });
}

void Loop::begin_stop()
{
    post([this] {
        stopping_ = true;
        // Who has connected is served, though nobody has looked yet: closing would break off what they have sent.
        boost::system::error_code ignored;
        acceptor_.non_blocking(true, ignored);
        for (;;) {
            TcpSocket socket(io_);
            boost::system::error_code none_left;
            acceptor_.accept(socket, none_left);
            if (none_left) break;
            start_session(shared_from_this(), std::move(socket));
        }
        acceptor_.close(ignored);
        for (Connection* connection : std::vector(connections_.begin(), connections_.end())) connection->begin_stop();
    });
}

void Loop::abort()
{
    post([this] {
        aborting_ = true;
        stopping_ = true;
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        ticker_.cancel();
        for (Connection* connection : std::vector(connections_.begin(), connections_.end())) connection->abort();
        work_.reset();
    });
    if (thread_.joinable()) thread_.join();
}

void Loop::add(Connection& connection)
{
    connections_.insert(&connection);
    ++site_->connections;
}

void Loop::remove(Connection& connection)
{
    if (connections_.erase(&connection) > 0) site_->connection_ended();
}

Task<void> Loop::accept_all()
{
    while (!stopping_) {
        auto [error, socket] = co_await acceptor_.async_accept(io_, no_throw);
        if (stopping_) break;
        if (error) {
            // Usually out of file descriptors: give connections the time to end instead of spinning.
            decltype(ticker_) pause(io_, std::chrono::milliseconds(50));
            co_await pause.async_wait(no_throw);
            continue;
        }
        start_session(shared_from_this(), std::move(socket));
    }
}

Task<void> Loop::tick_until_stopped()
{
    const auto period = tick_period(site_->limits());
    while (!aborting_) {
        ticker_.expires_after(period);
        co_await ticker_.async_wait(no_throw);
        date_ = http_date(SystemClock{}.now());
        const auto now = steady_now();
        for (Connection* connection : std::vector(connections_.begin(), connections_.end())) connection->tick(now);
    }
}

}  // namespace shouwen::http
