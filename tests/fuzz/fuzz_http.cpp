// The way of a request from bytes to a decision, without sockets: the parser and the decisions are those of the server.

#include "base/text.hpp"
#include "fuzz/target.hpp"
#include "platform/http/site.hpp"
#include "platform/http/wire.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace shouwen;
using fuzz::require;
using namespace shouwen::http;

namespace {

constexpr std::uint64_t body_bytes_max = 100;

Site& site()
{
    static Site instance = [] {
        ServerOptions options;
        options.pool_threads = 0;
        options.trusted_proxies = {"127.0.0.1", "10.0.0.1"};
        Route read{Method::get, "/api/v1/tickets/{id}", {}, Lane::loop, Body::none};
        Route write{Method::post,  "/api/v1/tickets/{id}/commands/{command}", {}, Lane::loop, Body::memory,
                    body_bytes_max};
        SocketRoute socket;
        socket.pattern = "/api/v1/stream";
        return Site(options, {read, write}, {socket});
    }();
    return instance;
}

struct Collected final : BodySink {
    void take(std::string_view bytes) override { text += bytes; }
    std::string text;
};

void check(const Request& request, const Plan& plan)
{
    require(is_utf8(request.path) && request.path.starts_with('/'));
    require((request.path + '/').find("/../") == std::string::npos && request.path.find('\0') == std::string::npos);
    require((plan.route != nullptr) + (plan.socket != nullptr) + plan.answer.has_value() == 1);
    for (const auto& [name, value] : request.headers)
        require(value.find_first_of("\r\n") == std::string::npos && !name.empty());
    if (plan.answer) {
        std::string head;
        write_head(head, *plan.answer, plan.answer->body.size(), {});
        require(head.find("\r\n\r\n") == head.size() - 4);
    }
}

/// Everything the server would accept, until it would close. @param piece  how many bytes arrive at once
std::vector<std::string> accepted(std::string_view bytes, std::size_t piece)
{
    constexpr std::size_t header_bytes_max = 512;
    RequestParser parser(header_bytes_max);
    std::vector<std::string> requests;
    std::optional<Plan> plan;
    Collected body;
    std::size_t begin = 0;
    std::size_t arrived = 0;
    const auto start_over = [&] {
        parser.reset();
        plan.reset();
        body.text.clear();
    };
    for (;;) {
        const auto step = parser.put(bytes.substr(begin, arrived - begin));
        require(step.used <= arrived - begin);
        begin += step.used;
        if (step.fault) {
            require(step.fault->status >= 400 && step.fault->status < 600);
            return requests;
        }
        if (!plan && parser.header_done()) {
            plan = site().plan(parser, "127.0.0.1");
            if (!plan->answer || plan->answer->status != 400) check(parser.request(), *plan);
            if (parser.has_body()) {
                const auto length = parser.content_length();
                if (plan->body_bytes_max == 0 || (length && *length > plan->body_bytes_max)) return requests;
                parser.begin_body(body, plan->body_bytes_max);
                continue;
            }
        }
        if (plan && parser.done()) {
            require(body.text.size() <= body_bytes_max);
            requests.push_back(parser.request().path + '\n' + body.text);
            if (!parser.keep_alive() || plan->socket) return requests;
            start_over();
            continue;
        }
        if (arrived == bytes.size()) return requests;
        arrived = std::min(bytes.size(), arrived + piece);
    }
}

}  // namespace

FUZZ_TARGET(fuzz_http)
{
    // However the network cuts the bytes, the same requests are understood: else something could be smuggled in between.
    require(accepted(bytes, bytes.size() + 1) == accepted(bytes, 1));
}
