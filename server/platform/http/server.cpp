#include "platform/http/loop.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>

namespace shouwen::http {
namespace {

using asio::ip::tcp;

tcp::endpoint parse_endpoint(const std::string& listen)
{
    const auto colon = listen.rfind(':');
    std::string address = listen.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    boost::system::error_code error;
    const auto parsed = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
    const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
    const bool digits = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
    if (error || !digits || std::stoi(port) > 65535)
        throw std::runtime_error("cannot listen on \"" + listen + "\": expected ADDRESS:PORT, as 127.0.0.1:8080");
    return {parsed, static_cast<std::uint16_t>(std::stoi(port))};
}

/// SO_REUSEPORT would silently share the port with a second server of the same user: so ask for it alone first.
void ensure_free(const tcp::endpoint& endpoint)
{
    if (endpoint.port() == 0) return;
    asio::io_context io;
    tcp::acceptor probe(io, endpoint.protocol());
    probe.set_option(asio::socket_base::reuse_address(true));
    probe.bind(endpoint);
    probe.listen();
}

class LoopServer final : public Server {
public:
    LoopServer(ServerOptions options, std::vector<Route> routes, std::vector<SocketRoute> sockets)
        : site_(std::make_shared<Site>(std::move(options), std::move(routes), std::move(sockets)))
    {
    }
    ~LoopServer() override { stop(Duration{0}); }

    void start() override
    {
        tcp::endpoint endpoint = parse_endpoint(site_->options().listen);
        try {
            ensure_free(endpoint);
            for (unsigned i = 0; i < std::max(1U, site_->options().loops); ++i) {
                auto loop = std::make_shared<Loop>(site_);
                loop->bind(endpoint);
                endpoint = loop->endpoint();  // the first bind turns port 0 into a real one
                loops_.push_back(std::move(loop));
            }
        } catch (const std::exception& error) {
            loops_.clear();
            throw std::runtime_error("cannot listen on " + site_->options().listen + ": " + error.what());
        }
        port_ = endpoint.port();
        for (auto& loop : loops_) loop->start();
    }

    void drain() override
    {
        for (auto& loop : loops_) loop->begin_drain();
    }

    void stop(Duration grace) override
    {
        for (auto& loop : loops_) loop->begin_stop();
        site_->wait_until_unused(grace);
        for (auto& loop : loops_) loop->abort();
        loops_.clear();
        site_->pool().stop();
    }

    std::uint16_t port() const override { return port_; }

private:
    std::shared_ptr<Site> site_;
    std::vector<std::shared_ptr<Loop>> loops_;
    std::uint16_t port_ = 0;
};

}  // namespace

std::unique_ptr<Server> make_server(ServerOptions options, std::vector<Route> routes, std::vector<SocketRoute> sockets)
{
    return std::make_unique<LoopServer>(std::move(options), std::move(routes), std::move(sockets));
}

}  // namespace shouwen::http
