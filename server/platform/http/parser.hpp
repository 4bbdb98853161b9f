#pragma once

#include "platform/http/fault.hpp"
#include "platform/http/http.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace shouwen::http {

/// Where the bytes of a body go while they arrive.
class BodySink {
public:
    virtual ~BodySink() = default;
    virtual void take(std::string_view bytes) = 0;
};

/// Reads one request from bytes, without any socket. Strict: what two readers could understand differently is refused.
class RequestParser {
public:
    explicit RequestParser(std::size_t header_bytes_max);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// Begins with the next request.
    void reset();

    struct Step {
        std::size_t used = 0;
        std::optional<Fault> fault;  ///< after it the connection cannot be used further
    };
    /// Takes what it can of `bytes`; what is not used must be offered again, with more behind it. Stops at the header's
    /// end; `begin_body` lets it go on. @throws what the sink throws
    Step put(std::string_view bytes);

    bool header_done() const;
    bool done() const;

    /// After the header. @param sink  lives until `done`; more than `bytes_max` is a fault
    void begin_body(BodySink& sink, std::uint64_t bytes_max);

    /// With method and headers; path, query and the rest are the caller's to fill in.
    Request& request();
    std::shared_ptr<Request> take_request();
    const std::string& target() const;
    bool knows_method() const;  ///< false for methods that no route can have (OPTIONS, TRACE, …)
    bool keep_alive() const;
    bool wants_upgrade() const;  ///< to a WebSocket
    bool has_body() const;
    std::optional<std::uint64_t> content_length() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shouwen::http
