#include "platform/http/parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace shouwen::http {
namespace {

namespace beast = boost::beast::http;
using boost::system::error_code;
using BeastText = boost::beast::string_view;

constexpr std::size_t header_fields_max = 100;

std::string_view view(BeastText text)
{
    return {text.data(), text.size()};
}

bool equals_ignoring_case(std::string_view a, std::string_view lower)
{
    return std::ranges::equal(a, lower,
                              [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + ('a' - 'A') : x) == y; });
}

std::optional<Method> method_of(beast::verb verb)
{
    switch (verb) {
        case beast::verb::get: return Method::get;
        case beast::verb::head: return Method::head;
        case beast::verb::post: return Method::post;
        case beast::verb::put: return Method::put;
        case beast::verb::patch: return Method::patch;
        case beast::verb::delete_: return Method::delete_;
        default: return std::nullopt;
    }
}

class BeastParser final : public beast::basic_parser<true> {
public:
    explicit BeastParser(std::size_t header_bytes_max) : header_bytes_max_(header_bytes_max)
    {
        header_limit(static_cast<std::uint32_t>(header_bytes_max));
        body_limit(boost::none);
    }

    std::shared_ptr<Request> request = std::make_shared<Request>();
    std::string target;
    std::optional<Fault> fault;
    BodySink* sink = nullptr;
    std::uint64_t body_bytes_max = 0;
    bool knows_method = false;
    bool upgrade_to_websocket = false;

private:
    void refuse(Fault why, error_code& ec)
    {
        fault = why;
        ec = beast::error::bad_value;
    }

    void on_request_impl(beast::verb verb, BeastText, BeastText raw_target, int version, error_code&) override
    {
        const auto method = method_of(verb);
        knows_method = method.has_value();
        request->method = method.value_or(Method::get);
        target.assign(raw_target.data(), raw_target.size());
        http_1_1_ = version >= 11;
        bytes_ = target.size();
    }

    void on_field_impl(beast::field field, BeastText name, BeastText value, error_code& ec) override
    {
        if (header_done_) return;  // trailers say nothing that anyone here believes
        bytes_ += name.size() + value.size() + 4;
        if (bytes_ > header_bytes_max_ || request->headers.size() >= header_fields_max)
            return refuse(fault::header_too_large, ec);
        // Another coding before `chunked`, or chunked from an HTTP/1.0 client, is where readers begin to disagree.
        if (field == beast::field::transfer_encoding && (!http_1_1_ || !equals_ignoring_case(view(value), "chunked")))
            return refuse(fault::malformed, ec);
        if (field == beast::field::host && ++hosts_ > 1) return refuse(fault::malformed, ec);
        if (field == beast::field::upgrade) upgrade_to_websocket = equals_ignoring_case(view(value), "websocket");
        std::string key(name.data(), name.size());
        for (char& c : key)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
        request->headers.emplace_back(std::move(key), view(value));
    }

    void on_header_impl(error_code& ec) override
    {
        header_done_ = true;
        if (http_1_1_ && hosts_ == 0) refuse(fault::malformed, ec);
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}

    std::size_t take(BeastText bytes, error_code& ec)
    {
        if (bytes.size() > body_bytes_max) {
            refuse(fault::body_too_large, ec);
            return 0;
        }
        body_bytes_max -= bytes.size();
        sink->take(view(bytes));
        return bytes.size();
    }

    std::size_t on_body_impl(BeastText bytes, error_code& ec) override { return take(bytes, ec); }
    void on_chunk_header_impl(std::uint64_t size, BeastText, error_code& ec) override
    {
        if (size > body_bytes_max) refuse(fault::body_too_large, ec);
    }
    std::size_t on_chunk_body_impl(std::uint64_t, BeastText bytes, error_code& ec) override { return take(bytes, ec); }
    void on_finish_impl(error_code&) override {}
    void on_response_impl(int, BeastText, int, error_code&) override {}

    std::size_t header_bytes_max_;
    std::size_t bytes_ = 0;
    int hosts_ = 0;
    bool http_1_1_ = true;
    bool header_done_ = false;
};

Fault fault_of(const error_code& ec)
{
    if (ec == beast::error::header_limit) return fault::header_too_large;
    if (ec == beast::error::body_limit) return fault::body_too_large;
    if (ec == beast::error::bad_version) return fault::version;
    return fault::malformed;
}

}  // namespace

class RequestParser::Impl {
public:
    explicit Impl(std::size_t header_bytes_max) : header_bytes_max_(header_bytes_max) { reset(); }
    void reset()
    {
        parser.emplace(header_bytes_max_);
        started = false;
    }

    std::optional<BeastParser> parser;
    bool started = false;

private:
    std::size_t header_bytes_max_;
};

RequestParser::RequestParser(std::size_t header_bytes_max) : impl_(std::make_unique<Impl>(header_bytes_max))
{
}
RequestParser::~RequestParser() = default;

void RequestParser::reset()
{
    impl_->reset();
}

RequestParser::Step RequestParser::put(std::string_view bytes)
{
    Step step;
    if (!impl_->started) {
        // Empty lines before a request are passed over, as RFC 9112 §2.2 asks: some clients end a body with one.
        while (bytes.size() >= 2 && bytes.starts_with("\r\n")) {
            bytes.remove_prefix(2);
            step.used += 2;
        }
        if (bytes.empty() || bytes == "\r") return step;
        impl_->started = true;
    }
    error_code ec;
    auto& parser = *impl_->parser;
    if (parser.is_done()) return step;
    // Beast's parser insists on five bytes when it looks at the last chunk a second time; there are always so many to come.
    if (parser.is_header_done() && parser.chunked() && (bytes == "0\r\n" || bytes == "0\r\n\r")) return step;
    step.used += parser.put({bytes.data(), bytes.size()}, ec);
    if (parser.fault)
        step.fault = parser.fault;
    else if (ec && ec != beast::error::need_more)
        step.fault = fault_of(ec);
    return step;
}

bool RequestParser::header_done() const
{
    return impl_->parser->is_header_done();
}
bool RequestParser::done() const
{
    return impl_->parser->is_done();
}

void RequestParser::begin_body(BodySink& sink, std::uint64_t bytes_max)
{
    impl_->parser->sink = &sink;
    impl_->parser->body_bytes_max = bytes_max;
    impl_->parser->eager(true);
}

Request& RequestParser::request()
{
    return *impl_->parser->request;
}
std::shared_ptr<Request> RequestParser::take_request()
{
    return impl_->parser->request;
}
const std::string& RequestParser::target() const
{
    return impl_->parser->target;
}
bool RequestParser::knows_method() const
{
    return impl_->parser->knows_method;
}
bool RequestParser::keep_alive() const
{
    return impl_->parser->keep_alive();
}
bool RequestParser::wants_upgrade() const
{
    return impl_->parser->upgrade() && impl_->parser->upgrade_to_websocket;
}
bool RequestParser::has_body() const
{
    return !impl_->parser->is_done();
}
std::optional<std::uint64_t> RequestParser::content_length() const
{
    const auto length = impl_->parser->content_length();
    if (!length) return std::nullopt;
    return *length;
}

}  // namespace shouwen::http
