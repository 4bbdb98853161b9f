#include "app/serve.hpp"

#include "api/problem.hpp"
#include "app/centre.hpp"
#include "platform/log/log.hpp"
#include "platform/sql/refused.hpp"

#include <atomic>
#include <csignal>
#include <ctime>
#include <iostream>
#include <unistd.h>

namespace shouwen::app {
namespace {

/// As the configuration has it, whose parser has seen that it is well formed.
outgoing::Guard guard_of(const config::Config::Webhook& config)
{
    outgoing::Guard guard{.plain_http = config.plain_http, .ports = {}};
    for (const auto& range : config.allow) guard.allowed.push_back(outgoing::AddressRange::parse(range).value());
    for (const auto& ports : config.ports) guard.ports.push_back(outgoing::parse_ports(ports).value());
    return guard;
}

constexpr Duration grace = std::chrono::seconds{10};
/// PostgreSQL answers within this or not at all; then the request is told so within 15 s.
constexpr Duration longest_statement = std::chrono::seconds{12};
/// A read of the embedded store that takes longer is a mistake, and holds up the cleaning of its log meanwhile.
constexpr Duration longest_read = std::chrono::minutes{5};

bool is_loopback(const std::string& listen)
{
    return listen.starts_with("127.") || listen.starts_with("localhost:") || listen.starts_with("[::1]:");
}

http::Response fault_response(int status, std::string_view code, const http::Request* request)
{
    // The transport's own words for what it met; all of them have a text.
    api::Problem problem{.code = std::string{code}};
    if (request) problem.fill.emplace_back("request", request->id);
    problem.fill.emplace_back("seconds", "1");
    const auto language = api::pick_language(request ? request->header("accept-language") : std::string_view{});
    auto response = api::respond(problem, language);
    response.status = status;
    if (status == 503) response.headers.emplace_back("Retry-After", "1");
    return response;
}

std::string_view method_name(http::Method method)
{
    switch (method) {
        case http::Method::get: return "GET";
        case http::Method::head: return "HEAD";
        case http::Method::post: return "POST";
        case http::Method::put: return "PUT";
        case http::Method::patch: return "PATCH";
        case http::Method::delete_: return "DELETE";
    }
    return "";
}

/// Blocks until the process is asked to leave. @pre the signals are blocked in all threads
void wait_for_signal(const sigset_t& signals)
{
    int signal = 0;
    sigwait(&signals, &signal);
}

/// Or until the time is over: whoever asks twice is in a hurry.
void wait_for_signal(const sigset_t& signals, Duration at_most)
{
    const timespec time{at_most.count() / 1'000, at_most.count() % 1'000 * 1'000'000};
    sigtimedwait(&signals, nullptr, &time);
}

}  // namespace

int serve(const ServeOptions& options, std::ostream& out)
{
    const auto& config = options.config;
    if (options.manual_from && !is_loopback(config.http.listen)) {
        std::cerr << "--clock manual is refused: " << config.http.listen
                  << " is not a loopback address, and anybody could move the time\n";
        return 2;
    }
    // Before any thread exists, so that all inherit it and only the wait below takes the signals.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    log::configure(config.log.level, config.log.format);
    SystemClock system;
    std::optional<ManualClock> manual;
    if (options.manual_from) manual.emplace(*options.manual_from);
    Clock& clock = manual ? static_cast<Clock&>(*manual) : system;

    CentreOptions centre_options{.store = options.store,
                                 .data_dir = options.data_dir,
                                 .time_zone = config.organisation.time_zone,
                                 .queue_max = config.store.queue_max,
                                 .cookie_secure = config.security.cookie_secure,
                                 .sessions = {config.security.session_idle, config.security.session_max},
                                 .outgoing = guard_of(config.webhook),
                                 .deliveries_kept = config.webhook.keep,
                                 .address = config.http.listen,
                                 .wal_bytes_max = static_cast<std::int64_t>(config.store.wal_mib_max) << 20,
                                 .statement_max = longest_statement,
                                 .read_max = longest_read,
                                 .backup = config.backup,
                                 .identity = {config.identity.url, config.identity.table, config.identity.timeout}};
    Centre centre{centre_options, clock};
    metrics::HttpRequests requests{centre.metrics()};
    centre.add_routes(manual ? &*manual : nullptr);
    std::filesystem::create_directories(options.data_dir / "uploads");

    http::ServerOptions server_options;
    server_options.listen = config.http.listen;
    server_options.loops = config.http.loops;
    // Requests wait there for the database, a reader's connection each.
    if (centre.store().dialect() == sql::Dialect::postgres) server_options.pool_threads = 8;
    server_options.web_root = config.http.web;
    server_options.upload_dir = options.data_dir / "uploads";
    server_options.trusted_proxies = config.http.trusted_proxies;
    server_options.fault = fault_response;
    server_options.observer = [&requests](const http::Request& request, std::string_view pattern,
                                          const http::Response& response, Duration took) {
        requests.observe(method_name(request.method), pattern, response.status,
                         static_cast<double>(took.count()) / 1000);
    };
    const auto server = http::make_server(std::move(server_options), centre.routes().take(), centre.socket_routes());
    std::atomic<bool> is_lost{false};
    centre.on_number_lost([&is_lost] {
        log::error(
            "number_lost",
            {{"what", log::Machine{"all connections to the database were lost, and another process took over the "
                                   "number of this one; it ends, to be started anew"}}});
        is_lost = true;
        ::kill(::getpid(), SIGTERM);
    });
    server->start();  // before anything is done by the clock: a port that is taken ends it
    centre.start_jobs();
    log::info("ready", {{"port", server->port()}, {"node", centre.node()}});
    out << "Shouwen listens on http://" << config.http.listen.substr(0, config.http.listen.rfind(':')) << ":"
        << server->port() << std::endl;

    wait_for_signal(signals);
    log::info("stopping");
    centre.begin_drain();
    if (config.http.drain > Duration{0} && !is_lost) {
        server->drain();
        wait_for_signal(signals, config.http.drain);
    }
    server->stop(grace);
    centre.stop_jobs();
    return is_lost ? 1 : 0;
}

}  // namespace shouwen::app
