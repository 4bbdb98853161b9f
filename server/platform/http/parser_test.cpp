#include "platform/http/parser.hpp"

#include <gtest/gtest.h>

using namespace shouwen::http;

namespace {

struct Collected final : BodySink {
    void take(std::string_view bytes) override { text += bytes; }
    std::string text;
};

}  // namespace

TEST(RequestParser, UnderstandsTheSameHoweverTheBytesAreCut)
{
    const std::string_view request =
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n00\r\nTrailer: x\r\n\r\n";
    const std::string_view empty = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    for (const auto bytes : {request, empty}) {
        for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
            SCOPED_TRACE(piece);
            RequestParser parser(1000);
            Collected body;
            std::size_t begin = 0;
            for (std::size_t arrived = 0; arrived < bytes.size();) {
                arrived = std::min(bytes.size(), arrived + piece);
                for (bool more = true; more && !parser.done();) {
                    const bool had_header = parser.header_done();
                    const auto step = parser.put(bytes.substr(begin, arrived - begin));
                    ASSERT_FALSE(step.fault);
                    begin += step.used;
                    more = !had_header && parser.header_done();
                    if (more) parser.begin_body(body, 10);
                }
            }
            EXPECT_TRUE(parser.done());
            EXPECT_EQ(begin, bytes.size());
            EXPECT_EQ(body.text, bytes == request ? "abc" : "");
            EXPECT_EQ(parser.request().headers.size(), 2U) << "trailers are not believed";
        }
    }
}
