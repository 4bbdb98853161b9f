#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/json.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace shouwen::load {

namespace asio = boost::asio;

struct Answer {
    int status = 0;  ///< 0: the connection was lost
    std::string body;
    std::string cookie;

    boost::json::value json() const { return boost::json::parse(body); }
};

/// Who asks: a browser with its cookie.
struct Session {
    std::string cookie;
    std::string csrf;
};

/// One kept connection to the server, one request at a time.
class Caller {
public:
    Caller(asio::any_io_executor executor, asio::ip::tcp::endpoint server)
        : stream_(std::move(executor)), server_(std::move(server))
    {
    }

    asio::awaitable<Answer> get(std::string target, const Session& session);
    /// @param version  of the ticket, for `If-Match`
    asio::awaitable<Answer> post(std::string target, std::string body, const Session& session,
                                 std::optional<std::int64_t> version = std::nullopt);

private:
    asio::awaitable<Answer> ask(bool is_post, std::string target, std::string body, const Session& session,
                                std::optional<std::int64_t> version);

    boost::beast::tcp_stream stream_;
    asio::ip::tcp::endpoint server_;
    boost::beast::flat_buffer buffer_;
};

/// Signs in. @throws std::runtime_error
asio::awaitable<Session> sign_in(Caller& caller, std::string login, std::string password);

/// Reads the stream of pushes until it ends. @param on_open  once the server has said hello
asio::awaitable<void> subscribe(asio::ip::tcp::endpoint server, const Session& session, std::function<void()> on_open,
                                std::function<void(std::string_view)> on_text);

}  // namespace shouwen::load
