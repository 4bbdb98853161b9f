#include "platform/http/site.hpp"

#include "platform/http/gzip.hpp"
#include "platform/http/target.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sodium/core.h>
#include <sodium/randombytes.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace shouwen::http {
namespace {

constexpr std::size_t compress_from_bytes = 2048;

/// @returns the address as the system writes it, or nothing when it is none
std::optional<std::string> canonical_address(std::string_view text)
{
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    const std::string address(text);
    std::array<unsigned char, 16> bytes{};
    for (const int family : {AF_INET, AF_INET6}) {
        if (inet_pton(family, address.c_str(), bytes.data()) != 1) continue;
        std::array<char, INET6_ADDRSTRLEN> written{};
        inet_ntop(family, bytes.data(), written.data(), written.size());
        return written.data();
    }
    return std::nullopt;
}

Response default_fault(int status, std::string_view code, const Request*)
{
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = fmt::format(R"({{"type":"about:blank","title":"{0}","status":{1},"code":"{0}"}})", code, status);
    return response;
}

}  // namespace

Site::Site(ServerOptions options, std::vector<Route> routes, std::vector<SocketRoute> sockets)
    : options_(std::move(options)),
      routes_(std::move(routes)),
      sockets_(std::move(sockets)),
      pool_(options_.pool_threads, options_.limits.pool_queue_max, options_.limits.pool_wait_max)
{
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
    if (!options_.fault) options_.fault = default_fault;
    for (std::size_t i = 0; i < routes_.size(); ++i) router_.add(routes_[i].method, routes_[i].pattern, i);
    for (std::size_t i = 0; i < sockets_.size(); ++i) socket_router_.add(Method::get, sockets_[i].pattern, i);
    if (!options_.web_root.empty()) files_ = StaticFiles(options_.web_root);
    for (auto& proxy : options_.trusted_proxies) {
        const auto address = canonical_address(proxy);
        if (!address) throw std::runtime_error("not an IP address of a proxy: " + proxy);
        proxy = *address;
    }
    randombytes_buf(&request_seed_, sizeof request_seed_);
}

std::string Site::next_request_id()
{
    // An odd factor permutes the 64-bit numbers: ids of one run never repeat, and do not tell how many there were.
    return fmt::format(
        "{:016x}", (request_count_.fetch_add(1, std::memory_order_relaxed) + request_seed_) * 0x9E3779B97F4A7C15ULL);
}

void Site::connection_ended()
{
    const std::lock_guard lock(unused_mutex_);
    if (--connections == 0) unused_.notify_all();
}

void Site::wait_until_unused(Duration grace)
{
    std::unique_lock lock(unused_mutex_);
    unused_.wait_for(lock, grace, [this] { return connections == 0; });
}

bool Site::is_trusted(std::string_view address) const
{
    return std::ranges::find(options_.trusted_proxies, address) != options_.trusted_proxies.end();
}

std::string Site::remote_address(const Request& request, const std::string& peer) const
{
    if (options_.trusted_proxies.empty() || !is_trusted(peer)) return peer;
    // Each proxy appends whom it saw: from the right, the first that is not ours is the client.
    std::string last = peer;
    for (auto field = request.headers.rbegin(); field != request.headers.rend(); ++field) {
        if (field->first != "x-forwarded-for") continue;
        std::string_view rest = field->second;
        while (!rest.empty()) {
            const auto comma = rest.rfind(',');
            const auto address = canonical_address(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
            rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
            if (!address) return last;
            last = *address;
            if (!is_trusted(last)) return last;
        }
    }
    return last;
}

Response Site::refuse(Fault fault, const Request* request) const
{
    Response response = options_.fault(fault.status, fault.code, request);
    response.status = fault.status;
    if (fault.status == 503) response.headers.emplace_back("Retry-After", "1");
    if (fault.status == 426) response.headers.emplace_back("Upgrade", "websocket");
    return response;
}

Plan Site::plan(RequestParser& parser, const std::string& peer_address)
{
    Request& request = parser.request();
    request.id = next_request_id();
    request.remote_address = remote_address(request, peer_address);
    Plan plan;
    auto target = parse_target(parser.target());
    if (!target) {
        plan.answer = refuse(fault::malformed, &request);
        return plan;
    }
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    if (!parser.knows_method()) {
        plan.answer = refuse(fault::unknown_method, &request);
        return plan;
    }

    if (auto match = socket_router_.match(request.method, target->segments); match.kind == Router::Match::Kind::found) {
        plan.socket = &sockets_[match.route];
        plan.pattern = plan.socket->pattern;
        request.params = std::move(match.params);
        if (parser.wants_upgrade() && request.method == Method::get) return plan;
        plan.socket = nullptr;
        plan.answer = refuse(fault::upgrade_required, &request);
        return plan;
    }

    auto match = router_.match(request.method, target->segments);
    if (match.kind == Router::Match::Kind::found) {
        plan.route = &routes_[match.route];
        plan.pattern = plan.route->pattern;
        plan.body_bytes_max = plan.route->body == Body::none ? 0 : plan.route->body_bytes_max;
        request.params = std::move(match.params);
        return plan;
    }
    if (match.kind == Router::Match::Kind::other_method) {
        plan.answer = refuse(fault::other_method, &request);
        plan.answer->headers.emplace_back("Allow", match.allow);
        return plan;
    }
    if (auto file = files_.find(request)) {
        if (request.method == Method::get || request.method == Method::head) {
            plan.answer = std::move(file->response);
            plan.answer_body = file->body;
        } else {
            plan.answer = refuse(fault::other_method, &request);
            plan.answer->headers.emplace_back("Allow", "GET, HEAD");
        }
        return plan;
    }
    plan.answer = refuse(fault::unknown, &request);
    return plan;
}

void Site::compress(const Request& request, Response& response) const
{
    if (response.body.size() < compress_from_bytes || response.file) return;
    if (response.content_type.find("json") == std::string::npos && !response.content_type.starts_with("text/")) return;
    if (!accepts_encoding(request.header("accept-encoding"), "gzip")) return;
    for (const auto& [name, value] : response.headers)
        if (name == "Content-Encoding") return;
    response.body = gzip(response.body);
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.headers.emplace_back("Vary", "Accept-Encoding");
}

}  // namespace shouwen::http
