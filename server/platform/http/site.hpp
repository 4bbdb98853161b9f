#pragma once

#include "platform/http/fault.hpp"
#include "platform/http/http.hpp"
#include "platform/http/parser.hpp"
#include "platform/http/pool.hpp"
#include "platform/http/router.hpp"
#include "platform/http/static_files.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::http {

/// What is to be done with a request whose header has been read: exactly one of route, socket and answer.
struct Plan {
    const Route* route = nullptr;
    const SocketRoute* socket = nullptr;
    std::optional<Response> answer;
    std::string_view answer_body;  ///< instead of `answer->body` for static files
    std::string_view pattern;      ///< empty when no route matched
    std::uint64_t body_bytes_max = 0;
};

/// Everything of the server that is the same for all connections and needs no socket. Immutable after construction
/// but for counters, so shared by all threads.
class Site {
public:
    Site(ServerOptions options, std::vector<Route> routes, std::vector<SocketRoute> sockets);

    /// Fills in path, query, params, remote address and id of the parser's request, then decides.
    Plan plan(RequestParser& parser, const std::string& peer_address);
    /// The response to a fault, by the application's words.
    Response refuse(Fault fault, const Request* request) const;
    /// Compresses what is worth it when the client asked for it.
    void compress(const Request& request, Response& response) const;
    std::string next_request_id();

    const ServerOptions& options() const { return options_; }
    const Limits& limits() const { return options_.limits; }
    Pool& pool() { return pool_; }

    std::atomic<std::size_t> connections = 0;
    void connection_ended();
    /// Waits until no connection is left, at most `grace`.
    void wait_until_unused(Duration grace);

private:
    std::string remote_address(const Request& request, const std::string& peer) const;
    bool is_trusted(std::string_view address) const;

    ServerOptions options_;
    std::vector<Route> routes_;
    std::vector<SocketRoute> sockets_;
    Router router_;
    Router socket_router_;
    StaticFiles files_;
    Pool pool_;
    std::mutex unused_mutex_;
    std::condition_variable unused_;
    std::atomic<std::uint64_t> request_count_ = 0;
    std::uint64_t request_seed_ = 0;
};

}  // namespace shouwen::http
