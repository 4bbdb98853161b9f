#include "platform/http/session.hpp"

#include "platform/http/byte_buffer.hpp"
#include "platform/http/exchange.hpp"
#include "platform/http/parser.hpp"
#include "platform/http/socket.hpp"
#include "platform/http/upload.hpp"
#include "platform/http/wire.hpp"
#include "platform/log/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <system_error>

namespace shouwen::http {
namespace {

using boost::system::error_code;
using namespace std::chrono_literals;

constexpr auto no_throw = asio::as_tuple(TaskToken{});
constexpr std::size_t buffer_bytes = 4096;
constexpr std::size_t body_buffer_bytes = 64 << 10;
constexpr Duration linger_time{2000};
/// Slower uploads than this are cut off, however long they are allowed to be.
constexpr std::uint64_t upload_bytes_per_ms = 16;

void log_handler_fault(const Request& request, const std::string& pattern, const std::exception& error)
{
    log::error("handler_failed", {{"request", log::Machine{request.id}},
                                  {"route", log::Machine{pattern}},
                                  {"what", log::Machine{error.what()}}});
}

struct MemoryBody final : BodySink {
    explicit MemoryBody(std::string& target) : text(target) {}
    void take(std::string_view bytes) override { text += bytes; }
    std::string& text;
};

/// A file that is being sent.
class OpenFile {
public:
    explicit OpenFile(const std::filesystem::path& path) : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC))
    {
        struct stat about {};
        if (descriptor >= 0 && ::fstat(descriptor, &about) == 0) size_bytes = static_cast<std::uint64_t>(about.st_size);
    }
    ~OpenFile()
    {
        if (descriptor >= 0) ::close(descriptor);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    const int descriptor;
    std::uint64_t size_bytes = 0;
};

class Session final : public Connection, public std::enable_shared_from_this<Session> {
public:
    Session(std::shared_ptr<Loop> loop, TcpSocket socket)
        : loop_(std::move(loop)),
          site_(loop_->site()),
          socket_(std::move(socket)),
          parser_(site_.limits().header_bytes_max)
    {
    }

    static Task<void> run(std::shared_ptr<Session> self);

    void tick(SteadyTime at) override;
    void begin_stop() override;
    void abort() override;

private:
    enum class Next { request, close, linger, socket };
    enum class Phase { idle, header, body, answering, writing, lingering };

    Task<Next> serve_one();
    Task<std::optional<Next>> read_header();
    Task<std::optional<Fault>> read_body(const Plan& plan);
    Task<std::optional<Fault>> finish_upload();
    Task<std::size_t> read_more(std::size_t capacity_min, std::size_t capacity_max);
    Task<bool> write_all(std::string_view head, std::string_view body);
    Task<bool> send_file(const OpenFile& file);
    Task<Next> respond(Response response, std::string_view body, std::string_view pattern, bool keep_alive);
    Task<Next> refuse(Fault fault, std::string_view pattern);
    Task<std::optional<Exchange::Answer>> ask_handler(const Route& route);
    Task<std::optional<Exchange::Answer>> ask_socket(const SocketRoute& route);
    Task<void> linger();
    void set_deadline(Phase phase, Duration after) { phase_ = phase, deadline_ = steady_now() + after; }

    std::shared_ptr<Loop> loop_;
    Site& site_;
    TcpSocket socket_;
    RequestParser parser_;
    ByteBuffer buffer_;
    std::string head_;
    std::string peer_;
    std::shared_ptr<Exchange> exchange_;
    std::unique_ptr<UploadFile> upload_;
    SteadyTime started_;
    std::uint64_t served_count_ = 0;
    Phase phase_ = Phase::idle;
    SteadyTime deadline_ = SteadyTime::max();
    bool expired_ = false;
    bool aborted_ = false;
};

void Session::tick(SteadyTime at)
{
    if (at < deadline_) return;
    expired_ = true;
    deadline_ = SteadyTime::max();
    error_code ignored;
    socket_.cancel(ignored);
}

void Session::begin_stop()
{
    if (phase_ != Phase::idle) return;
    error_code ignored;
    if (served_count_ == 0 || socket_.available(ignored) > 0)
        set_deadline(Phase::idle, site_.limits().last_chance);
    else
        socket_.cancel(ignored);
}

void Session::abort()
{
    aborted_ = true;
    if (exchange_) exchange_->cancel();
    error_code ignored;
    socket_.close(ignored);
}

Task<void> Session::run(std::shared_ptr<Session> self)
{
    auto& s = *self;
    error_code error;
    s.peer_ = s.socket_.remote_endpoint(error).address().to_string(error);
    s.socket_.non_blocking(true, error);
    s.socket_.set_option(asio::ip::tcp::no_delay(true), error);

    Next next = Next::request;
    try {
        if (s.site_.connections > s.site_.limits().connections_max) next = co_await s.refuse(fault::overloaded, {});
        while (next == Next::request) next = co_await s.serve_one();
        if (next == Next::linger && !s.aborted_) co_await s.linger();
    } catch (const std::exception& fault) {
        // Out of memory or a broken invariant of the transport itself: this connection ends, the others go on.
        log::error("connection_failed", {{"what", log::Machine{fault.what()}}});
        next = Next::close;
    }
    if (next != Next::socket) s.socket_.close(error);
    s.loop_->remove(s);
}

/// @returns 0 when the peer is gone or the time is up (`expired_`)
Task<std::size_t> Session::read_more(std::size_t capacity_min, std::size_t capacity_max)
{
    const std::size_t room = buffer_.prepare(capacity_min, capacity_max);
    if (room == 0 || aborted_ || expired_) co_return 0;
    const auto [error, count] = co_await socket_.async_read_some(asio::buffer(buffer_.free_space(), room), no_throw);
    if (error) co_return 0;
    buffer_.commit(count);
    co_return count;
}

/// @returns what to do next when no request came, nothing when its header is complete
Task<std::optional<Session::Next>> Session::read_header()
{
    const auto& limits = site_.limits();
    parser_.reset();
    expired_ = false;
    set_deadline(Phase::idle, loop_->stopping() ? limits.last_chance : limits.idle_time_max);
    for (;;) {
        if (!buffer_.empty()) {
            if (phase_ == Phase::idle) {
                set_deadline(Phase::header, limits.header_time_max);
                started_ = steady_now();
            }
            const auto step = parser_.put(buffer_.bytes());
            buffer_.consume(step.used);
            if (step.fault) co_return co_await refuse(*step.fault, {});
            if (parser_.header_done()) co_return std::nullopt;
        }
        if (phase_ == Phase::idle && loop_->stopping() && served_count_ > 0) co_return Next::close;
        if (co_await read_more(buffer_bytes, limits.header_bytes_max + buffer_bytes) > 0) continue;
        if (phase_ == Phase::header && expired_) co_return co_await refuse(fault::too_slow, {});
        co_return Next::close;
    }
}

Task<Session::Next> Session::serve_one()
{
    if (auto next = co_await read_header()) co_return *next;
    Plan plan = site_.plan(parser_, peer_);
    Request& request = parser_.request();

    if (plan.answer) {
        // A body that nobody wants is not read: the connection ends with the answer.
        const bool keep_alive = parser_.keep_alive() && !parser_.has_body();
        co_return co_await respond(std::move(*plan.answer), plan.answer_body, plan.pattern, keep_alive);
    }
    // An empty upload is a file, too.
    if (parser_.has_body() || (plan.route && plan.route->body == Body::disk)) {
        if (auto fault = co_await read_body(plan)) co_return co_await refuse(*fault, plan.pattern);
        if (!parser_.done()) co_return Next::close;
    }

    phase_ = Phase::answering;
    deadline_ = SteadyTime::max();
    // Two statements: g++ 12 destroys the operands of a conditional with co_await twice.
    std::optional<Exchange::Answer> answer;
    if (plan.route)
        answer = co_await ask_handler(*plan.route);
    else
        answer = co_await ask_socket(*plan.socket);
    exchange_.reset();
    if (!answer) co_return Next::close;
    if (answer->socket) {
        if (!buffer_.empty()) co_return co_await refuse(fault::malformed, plan.pattern);
        loop_->remove(*this);
        start_socket(loop_, std::move(socket_), *plan.socket, parser_.take_request(), std::move(*answer->socket));
        co_return Next::socket;
    }
    if (answer->dropped) answer->response = site_.refuse(fault::internal, &request);
    site_.compress(request, answer->response);
    const Next next = co_await respond(std::move(answer->response), {}, plan.pattern, parser_.keep_alive());
    upload_.reset();
    buffer_.shrink(body_buffer_bytes / 2);
    co_return next;
}

Task<std::optional<Fault>> Session::read_body(const Plan& plan)
{
    const auto length = parser_.content_length();
    if (plan.body_bytes_max == 0 || (length && *length > plan.body_bytes_max)) co_return fault::body_too_large;
    Request& request = parser_.request();
    if (const auto expect = request.header("expect"); !expect.empty() && !parser_.done()) {
        if (expect != "100-continue" && expect != "100-Continue") co_return fault::expectation;
        if (buffer_.empty() && !co_await write_all("HTTP/1.1 100 Continue\r\n\r\n", {})) co_return std::nullopt;
    }

    const bool to_disk = plan.route->body == Body::disk;
    std::optional<MemoryBody> memory;
    try {
        if (to_disk)
            upload_ = std::make_unique<UploadFile>(site_.options().upload_dir);
        else
            memory.emplace(request.body);
        parser_.begin_body(to_disk ? static_cast<BodySink&>(*upload_) : *memory, plan.body_bytes_max);

        const SteadyTime begun = steady_now();
        std::uint64_t received = 0;
        set_deadline(Phase::body, site_.limits().body_time_max);
        while (!parser_.done()) {
            if (!buffer_.empty()) {
                const auto step = parser_.put(buffer_.bytes());
                buffer_.consume(step.used);
                if (step.fault) co_return step.fault;
                if (parser_.done()) break;
            }
            const auto count = co_await read_more(body_buffer_bytes, body_buffer_bytes);
            if (count == 0) {
                if (expired_) co_return fault::too_slow;
                // A full buffer of which nothing can be used is a chunk's line that never ends.
                if (!buffer_.empty() && buffer_.prepare(0, body_buffer_bytes) == 0) co_return fault::malformed;
                co_return std::nullopt;
            }
            received += count;
            if (to_disk) deadline_ = begun + site_.limits().body_time_max + Duration(received / upload_bytes_per_ms);
        }
    } catch (const std::system_error& error) {
        log::error("upload_failed", {{"request", log::Machine{request.id}}, {"what", log::Machine{error.what()}}});
        co_return error.code() == std::errc::no_space_on_device ? fault::storage_full : fault::internal;
    }
    if (to_disk) co_return co_await finish_upload();
    co_return std::nullopt;
}

Task<std::optional<Fault>> Session::finish_upload()
{
    phase_ = Phase::answering;
    deadline_ = SteadyTime::max();
    exchange_ = std::make_shared<Exchange>(loop_);
    auto slot = std::make_shared<ReplySlot>(exchange_);
    // It is brought to the disk however late: all of it has come.
    const auto finish = [slot, upload = upload_.get(), request = parser_.take_request(),
                         self = shared_from_this()](Turn) {
        try {
            request->upload = upload->finish();
            slot->answer({Response{}, std::nullopt, false});
        } catch (const std::exception& error) {
            log::error("upload_failed", {{"request", log::Machine{request->id}}, {"what", log::Machine{error.what()}}});
        }
    };
    if (!site_.pool().submit(finish)) co_return fault::overloaded;
    slot.reset();
    const auto answer = co_await exchange_->wait();
    if (!answer || answer->dropped) co_return fault::internal;
    co_return std::nullopt;
}

Task<std::optional<Exchange::Answer>> Session::ask_handler(const Route& route)
{
    exchange_ = std::make_shared<Exchange>(loop_);
    auto slot = std::make_shared<ReplySlot>(exchange_);
    Reply reply = [slot](Response response) { slot->answer({std::move(response), std::nullopt, false}); };
    slot.reset();
    // A handler that throws leaves its reply unused, and that becomes a 500.
    if (route.lane == Lane::loop) {
        try {
            route.handler(parser_.take_request(), std::move(reply));
        } catch (const std::exception& error) {
            log_handler_fault(parser_.request(), route.pattern, error);
        }
        reply = nullptr;
    } else {
        auto job = [this, &route, request = parser_.take_request(), reply = std::move(reply),
                    self = shared_from_this()](Turn turn) mutable {
            if (turn == Turn::too_late) return reply(site_.refuse(fault::overloaded, request.get()));
            try {
                route.handler(request, std::move(reply));
            } catch (const std::exception& error) {
                log_handler_fault(*request, route.pattern, error);
            }
        };
        if (!site_.pool().submit(std::move(job)))
            co_return Exchange::Answer{site_.refuse(fault::overloaded, &parser_.request()), std::nullopt, false};
    }
    co_return co_await exchange_->wait();
}

Task<std::optional<Exchange::Answer>> Session::ask_socket(const SocketRoute& route)
{
    exchange_ = std::make_shared<Exchange>(loop_);
    auto slot = std::make_shared<ReplySlot>(exchange_);
    Pool::Job ask = [this, &route, slot, request = parser_.take_request(), self = shared_from_this()](Turn turn) {
        if (turn == Turn::too_late)
            return slot->answer({site_.refuse(fault::overloaded, request.get()), std::nullopt, false});
        try {
            route.accept(request, [slot](std::optional<SocketEvents> events, Response response) {
                slot->answer({std::move(response), std::move(events), false});
            });
        } catch (const std::exception& error) {
            log_handler_fault(*request, route.pattern, error);
        }
    };
    slot.reset();
    if (route.lane == Lane::loop) {
        ask(Turn::in_time);
    } else if (!site_.pool().submit(ask)) {
        co_return Exchange::Answer{site_.refuse(fault::overloaded, &parser_.request()), std::nullopt, false};
    }
    ask = nullptr;  // it holds the slot, which answers when nobody else does
    co_return co_await exchange_->wait();
}

Task<Session::Next> Session::refuse(Fault fault, std::string_view pattern)
{
    Request& request = parser_.request();
    if (request.id.empty()) {
        request.id = site_.next_request_id();
        request.remote_address = peer_;
    }
    expired_ = false;
    co_return co_await respond(site_.refuse(fault, &request), {}, pattern, false);
}

Task<Session::Next> Session::respond(Response response, std::string_view shared_body, std::string_view pattern,
                                     bool keep_alive)
{
    const Request& request = parser_.request();
    std::optional<OpenFile> file;
    if (response.file) {
        file.emplace(*response.file);
        if (file->descriptor < 0) {
            file.reset();
            response = site_.refuse(fault::internal, &request);
        }
    }
    const std::string_view body = shared_body.empty() ? std::string_view(response.body) : shared_body;
    const bool bare = request.method == Method::head || response.status == 204 || response.status == 304;
    keep_alive = keep_alive && !loop_->draining();
    ++served_count_;

    Envelope envelope;
    envelope.date = loop_->date();
    envelope.request_id = request.id;
    envelope.api = request.path.starts_with("/api/");
    envelope.keep_alive = keep_alive;
    envelope.keep_alive_said = keep_alive && !request.header("connection").empty();
    envelope.hsts = site_.options().hsts;
    head_.clear();
    write_head(head_, response, file ? file->size_bytes : body.size(), envelope);

    bool sent = co_await write_all(head_, bare || file ? std::string_view{} : body);
    if (sent && file && !bare) sent = co_await send_file(*file);
    if (site_.options().observer)
        site_.options().observer(request, pattern, response,
                                 std::chrono::duration_cast<Duration>(steady_now() - started_));
    if (!sent) co_return Next::close;
    co_return keep_alive ? Next::request : Next::linger;
}

Task<bool> Session::write_all(std::string_view head, std::string_view body)
{
    // Tried at once: nearly always everything fits into the socket's buffer, and nothing needs to be waited for.
    for (;;) {
        const std::array<asio::const_buffer, 2> parts{asio::const_buffer(head.data(), head.size()),
                                                      asio::const_buffer(body.data(), body.size())};
        error_code error;
        const std::size_t sent = socket_.write_some(parts, error);
        if (error == asio::error::interrupted) continue;
        if (error && error != asio::error::would_block) co_return false;
        const std::size_t from_head = std::min(sent, head.size());
        head.remove_prefix(from_head);
        body.remove_prefix(sent - from_head);
        if (head.empty() && body.empty()) co_return true;
        set_deadline(Phase::writing, site_.limits().body_time_max);
        const auto [failed] = co_await socket_.async_wait(TcpSocket::wait_write, no_throw);
        if (failed || aborted_ || expired_) co_return false;
    }
}

Task<bool> Session::send_file(const OpenFile& file)
{
    constexpr std::size_t piece_bytes = 256 << 10;
    off_t offset = 0;
    while (static_cast<std::uint64_t>(offset) < file.size_bytes) {
        const ssize_t sent = ::sendfile(socket_.native_handle(), file.descriptor, &offset, piece_bytes);
        if (sent == 0) co_return false;  // the file has become shorter
        if (sent < 0 && errno != EAGAIN && errno != EINTR) co_return false;
        // Waited for after each piece, so that one large file does not hold up the loop.
        set_deadline(Phase::writing, site_.limits().body_time_max);
        const auto [failed] = co_await socket_.async_wait(TcpSocket::wait_write, no_throw);
        if (failed || aborted_ || expired_) co_return false;
    }
    co_return true;
}

/// Closing while the peer still sends would destroy the answer on its way: so take in what comes, for a moment.
Task<void> Session::linger()
{
    error_code error;
    socket_.shutdown(TcpSocket::shutdown_send, error);
    expired_ = false;
    set_deadline(Phase::lingering, linger_time);
    do {
        buffer_.consume(buffer_.bytes().size());
    } while (!error && co_await read_more(body_buffer_bytes, body_buffer_bytes) > 0);
}

}  // namespace

void start_session(std::shared_ptr<Loop> loop, TcpSocket socket)
{
    auto session = std::make_shared<Session>(loop, std::move(socket));
    loop->add(*session);
    asio::co_spawn(loop->executor(), Session::run(std::move(session)), asio::detached);
}

}  // namespace shouwen::http
