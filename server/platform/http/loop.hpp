#pragma once

#include "platform/clock/steady.hpp"
#include "platform/http/site.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>

namespace shouwen::http {

namespace asio = boost::asio;

// Concrete executors: about a tenth faster than asio's any_io_executor.
using Executor = asio::io_context::executor_type;
using TcpSocket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
template <class T>
using Task = asio::awaitable<T, Executor>;
using TaskToken = asio::use_awaitable_t<Executor>;

/// A connection as its loop sees it. All calls come on the loop's thread.
class Connection {
public:
    virtual ~Connection() = default;
    /// Called a few times a second; cancels what has taken too long.
    virtual void tick(SteadyTime now) = 0;
    /// Finish what is under way, begin nothing new.
    virtual void begin_stop() = 0;
    /// End at once.
    virtual void abort() = 0;
};

/// One thread with its own io_context and acceptor: connections never change threads and need no locks.
class Loop : public std::enable_shared_from_this<Loop> {
public:
    explicit Loop(std::shared_ptr<Site> site);

    /// @param endpoint  several loops listen on the same one; the kernel spreads connections over them
    void bind(const asio::ip::tcp::endpoint& endpoint);
    asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }
    void start();
    /// Thread-safe, as are the next two.
    void begin_drain();
    void begin_stop();
    /// Ends all connections and joins the thread.
    void abort();

    /// Runs `job` on the loop's thread; drops it when the loop has ended. Thread-safe.
    void post(std::function<void()> job);
    bool is_this_thread() const { return std::this_thread::get_id() == thread_id_; }

    // For connections, on the loop's thread:
    Executor executor() { return io_.get_executor(); }
    Site& site() { return *site_; }
    std::string_view date() const { return date_; }
    bool stopping() const { return stopping_; }
    bool draining() const { return draining_ || stopping_; }
    void add(Connection& connection);
    void remove(Connection& connection);

private:
    Task<void> accept_all();
    Task<void> tick_until_stopped();
    void run();

    std::shared_ptr<Site> site_;
    asio::io_context io_{1};
    asio::executor_work_guard<Executor> work_;
    Acceptor acceptor_;
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>
        ticker_;
    std::unordered_set<Connection*> connections_;
    std::string date_;
    bool draining_ = false;
    bool stopping_ = false;
    bool aborting_ = false;
    std::thread thread_;
    std::thread::id thread_id_;
    std::mutex post_mutex_;
    bool ended_ = false;
};

}  // namespace shouwen::http
