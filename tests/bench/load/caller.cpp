#include "bench/load/caller.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <fmt/format.h>

namespace shouwen::load {

namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;

namespace {

constexpr std::chrono::seconds patience{30};

std::string host_of(const asio::ip::tcp::endpoint& server)
{
    return fmt::format("{}:{}", server.address().to_string(), server.port());
}

}  // namespace

asio::awaitable<Answer> Caller::get(std::string target, const Session& session)
{
    return ask(false, std::move(target), {}, session, std::nullopt);
}

asio::awaitable<Answer> Caller::post(std::string target, std::string body, const Session& session,
                                     std::optional<std::int64_t> version)
{
    return ask(true, std::move(target), std::move(body), session, version);
}

asio::awaitable<Answer> Caller::ask(bool is_post, std::string target, std::string body, const Session& session,
                                    std::optional<std::int64_t> version)
{
    http::request<http::string_body> request{is_post ? http::verb::post : http::verb::get, "/api/v1" + target, 11};
    request.set(http::field::host, host_of(server_));
    if (!session.cookie.empty()) request.set(http::field::cookie, session.cookie);
    if (is_post) {
        request.set(http::field::content_type, "application/json");
        if (!session.csrf.empty()) request.set("X-CSRF-Token", session.csrf);
        if (version) request.set(http::field::if_match, fmt::format("\"{}\"", *version));
        request.body() = std::move(body);
        request.prepare_payload();
    }
    try {
        stream_.expires_after(patience);
        if (!stream_.socket().is_open()) {
            co_await stream_.async_connect(server_, use_awaitable);
            stream_.socket().set_option(asio::ip::tcp::no_delay{true});
        }
        co_await http::async_write(stream_, request, use_awaitable);
        http::response<http::string_body> response;
        co_await http::async_read(stream_, buffer_, response, use_awaitable);
        Answer answer{static_cast<int>(response.result_int()), std::move(response.body()), {}};
        if (const auto cookie = response.find(http::field::set_cookie); cookie != response.end())
            answer.cookie = std::string{cookie->value().substr(0, cookie->value().find(';'))};
        if (!response.keep_alive()) stream_.socket().close();
        co_return answer;
    } catch (const boost::system::system_error&) {
        boost::system::error_code ignored;
        stream_.socket().close(ignored);
        buffer_.clear();
        co_return Answer{};
    }
}

asio::awaitable<Session> sign_in(Caller& caller, std::string login, std::string password)
{
    boost::json::object wanted;
    wanted["login"] = login;
    wanted["password"] = password;
    std::string target = "/session";
    std::string body = boost::json::serialize(wanted);
    const Session nobody;
    const auto answer = co_await caller.post(std::move(target), std::move(body), nobody);
    if (answer.status >= 300 || answer.status == 0)
        throw std::runtime_error(fmt::format("{} cannot sign in: {} {}", login, answer.status, answer.body));
    co_return Session{answer.cookie, std::string{answer.json().at("csrf_token").as_string()}};
}

asio::awaitable<void> subscribe(asio::ip::tcp::endpoint server, const Session& session, std::function<void()> on_open,
                                std::function<void(std::string_view)> on_text)
{
    beast::websocket::stream<beast::tcp_stream> socket{co_await asio::this_coro::executor};
    co_await beast::get_lowest_layer(socket).async_connect(server, use_awaitable);
    socket.set_option(beast::websocket::stream_base::decorator(
        [&](beast::websocket::request_type& request) { request.set(http::field::cookie, session.cookie); }));
    const std::string host = host_of(server);
    const std::string target = "/api/v1/stream";
    co_await socket.async_handshake(host, target, use_awaitable);
    beast::flat_buffer buffer;
    for (bool opened = false;; buffer.clear()) {
        co_await socket.async_read(buffer, use_awaitable);
        const std::string_view text{static_cast<const char*>(buffer.data().data()), buffer.size()};
        if (opened) {
            on_text(text);
        } else {
            opened = true;
            on_open();
        }
    }
}

}  // namespace shouwen::load
