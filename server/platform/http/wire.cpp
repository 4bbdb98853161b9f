#include "platform/http/wire.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <iterator>

namespace shouwen::http {
namespace {

std::string_view reason_of(int status)
{
    switch (status) {
        case 100: return "Continue";
        case 101: return "Switching Protocols";
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 422: return "Unprocessable Content";
        case 426: return "Upgrade Required";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        case 505: return "HTTP Version Not Supported";
        case 507: return "Insufficient Storage";
        default: return "Status";
    }
}

// Styles are set by the component library at run time, hence 'unsafe-inline' for them alone.
constexpr std::string_view content_security_policy =
    "Content-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'\r\n";

void append_clean(std::string& out, std::string_view text)
{
    for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
}

bool has_field(const Response& response, std::string_view lower)
{
    for (const auto& [name, value] : response.headers) {
        if (name.size() != lower.size()) continue;
        bool same = true;
        for (std::size_t i = 0; i < lower.size() && same; ++i)
            same = (static_cast<unsigned char>(name[i]) | 0x20) == static_cast<unsigned char>(lower[i]);
        if (same) return true;
    }
    return false;
}

}  // namespace

void write_head(std::string& out, const Response& response, std::uint64_t content_length, const Envelope& envelope)
{
    const auto to = std::back_inserter(out);
    fmt::format_to(to, "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_of(response.status), envelope.date);
    const bool no_content = response.status == 204 || response.status == 304 || response.status / 100 == 1;
    if (!no_content) {
        fmt::format_to(to, "Content-Length: {}\r\n", content_length);
        if (!response.content_type.empty()) {
            out += "Content-Type: ";
            append_clean(out, response.content_type);
            out += "\r\n";
        }
    }
    if (!envelope.request_id.empty()) fmt::format_to(to, "X-Request-Id: {}\r\n", envelope.request_id);
    out += "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n";
    if (envelope.hsts) out += "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";
    if (response.content_type.starts_with("text/html") && !has_field(response, "content-security-policy"))
        out += content_security_policy;
    if (envelope.api && !has_field(response, "cache-control")) out += "Cache-Control: no-store\r\n";
    for (const auto& [name, value] : response.headers) {
        append_clean(out, name);
        out += ": ";
        append_clean(out, value);
        out += "\r\n";
    }
    if (!envelope.keep_alive)
        out += "Connection: close\r\n";
    else if (envelope.keep_alive_said)
        out += "Connection: keep-alive\r\n";
    out += "\r\n";
}

std::string http_date(Instant at)
{
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday{day}.c_encoding()],
                       static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

}  // namespace shouwen::http
