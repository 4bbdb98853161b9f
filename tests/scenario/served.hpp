#pragma once

#include "api/problem.hpp"
#include "platform/http/http_test_client.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace shouwen::scenario {

/// The same centre behind a real port.
class Served {
public:
    Served()
    {
        http::ServerOptions options;
        options.listen = "127.0.0.1:0";
        options.upload_dir = folder_.path();
        options.fault = [](int status, std::string_view code, const http::Request*) {
            auto response = api::respond({.code = std::string{code}}, api::Language::zh_cn);
            response.status = status;
            return response;
        };
        server_ = http::make_server(std::move(options), centre.routes(), centre.app().socket_routes());
        server_->start();
    }
    ~Served() { server_->stop(std::chrono::seconds{1}); }
    std::uint16_t port() const { return server_->port(); }

    std::string request(std::string_view who, const std::string& head, const std::string& body = "")
    {
        http::testing::Peer peer{port()};
        peer.send(text(who, head, body));
        return peer.receive();
    }
    std::string text(std::string_view who, const std::string& head, const std::string& body = "")
    {
        std::string fields = "Host: x\r\nContent-Type: application/json\r\n";
        if (!who.empty())
            fields +=
                fmt::format("Cookie: {}\r\nX-CSRF-Token: {}\r\n", centre.session(who).cookie, centre.session(who).csrf);
        return fmt::format("{} HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n{}", head, fields, body.size(), body);
    }

    Centre centre{monday_9h};

private:
    sqlite::TemporaryFolder folder_;
    std::unique_ptr<http::Server> server_;
};

}  // namespace shouwen::scenario
