#pragma once

#include "base/instant.hpp"
#include "platform/http/http.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace shouwen::http {

/// What the server adds to a handler's response.
struct Envelope {
    std::string_view date;        ///< as `http_date` writes it
    std::string_view request_id;  ///< empty when the request was not even read
    bool api = false;             ///< answers of the API are never stored
    bool keep_alive = true;
    bool keep_alive_said = false;  ///< an HTTP/1.0 client must be told
    bool hsts = false;
};

/// Appends status line and header fields. Control characters in a handler's fields become spaces: no second header
/// can be smuggled in by what somebody typed.
void write_head(std::string& out, const Response& response, std::uint64_t content_length, const Envelope& envelope);

/// `Sun, 22 Nov 2026 02:00:00 GMT`
std::string http_date(Instant at);

}  // namespace shouwen::http
