#include "platform/http/static_files.hpp"
#include "platform/http/http_test_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace shouwen::http;
using namespace shouwen::http::testing;
using ::testing::HasSubstr;

namespace {

class StaticFilesTest : public ::testing::Test {
protected:
    std::uint16_t start()
    {
        folder_.write("web/index.html", "<p>workbench");
        folder_.write("web/portal.html", "<p>portal");
        folder_.write("web/assets/app-1a2b.js", "let a");
        folder_.write("web/assets/app-1a2b.js.gz", "as gzip");
        folder_.write("web/assets/app-1a2b.js.br", "as brotli");
        folder_.write("web/assets/lonely.css.gz", "no original");
        folder_.write("web/.env", "secret");
        folder_.write("outside", "secret");
        ServerOptions options;
        options.listen = "127.0.0.1:0";
        options.web_root = folder_.path / "web";
        Route route;
        route.method = Method::get;
        route.pattern = "/api/v1/a";
        route.handler = [](std::shared_ptr<Request>, Reply reply) { reply({}); };
        server_ = make_server(options, {route}, {});
        server_->start();
        return server_->port();
    }
    TemporaryFolder folder_;
    std::unique_ptr<Server> server_;
};

}  // namespace

TEST_F(StaticFilesTest, GiveThePageForEveryPathOfTheApp)
{
    const auto port = start();
    struct {
        const char* path;
        int status;
        const char* body;
    } cases[] = {
        {"/", 200, "<p>workbench"},           {"/tickets/7", 200, "<p>workbench"},
        {"/p/7", 200, "<p>portal"},           {"/portal", 200, "<p>portal"},
        {"/portal/form", 200, "<p>portal"},   {"/portal.html", 200, "<p>portal"},
        {"/absent.js", 404, nullptr},         {"/api", 404, nullptr},
        {"/api/v1/absent", 404, nullptr},     {"/.env", 404, nullptr},
        {"/assets/lonely.css", 404, nullptr}, {"/..%2foutside", 400, nullptr},
        {"/%2e%2e/outside", 400, nullptr},    {"//outside", 200, "<p>workbench"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.path);
        const auto answer = get(port, c.path);
        EXPECT_EQ(status_of(answer), c.status);
        if (c.body)
            EXPECT_EQ(body_of(answer), c.body);
        else
            EXPECT_EQ(field_of(answer, "Content-Type"), "application/problem+json");
    }
}

TEST_F(StaticFilesTest, SayHowLongTheyMayBeKept)
{
    const auto port = start();
    const auto page = get(port, "/");
    EXPECT_EQ(field_of(page, "Cache-Control"), "no-cache");
    EXPECT_EQ(field_of(page, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_THAT(field_of(page, "Content-Security-Policy"), HasSubstr("default-src 'self'"));
    EXPECT_EQ(field_of(get(port, "/assets/app-1a2b.js"), "Cache-Control"), "public, max-age=31536000, immutable");

    const auto etag = field_of(page, "ETag");
    const auto again = get(port, "/", "If-None-Match: W/\"other\", " + etag + "\r\n");
    EXPECT_EQ(status_of(again), 304);
    EXPECT_EQ(body_of(again), "");
    EXPECT_EQ(field_of(again, "ETag"), etag);
    EXPECT_EQ(status_of(get(port, "/", "If-None-Match: \"other\"\r\n")), 200);
}

TEST_F(StaticFilesTest, ComeInTheBestCodingThatIsAccepted)
{
    const auto port = start();
    struct {
        const char* accept;
        const char* body;
        const char* coding;
    } cases[] = {
        {"", "let a", ""},
        {"Accept-Encoding: gzip, deflate, br\r\n", "as brotli", "br"},
        {"Accept-Encoding: gzip\r\n", "as gzip", "gzip"},
        {"Accept-Encoding: br;q=0, gzip;q=0.5\r\n", "as gzip", "gzip"},
        {"Accept-Encoding: identity\r\n", "let a", ""},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.accept);
        const auto answer = get(port, "/assets/app-1a2b.js", c.accept);
        EXPECT_EQ(body_of(answer), c.body);
        EXPECT_EQ(field_of(answer, "Content-Encoding"), c.coding);
        EXPECT_EQ(field_of(answer, "Vary"), "Accept-Encoding");
        EXPECT_EQ(field_of(answer, "Content-Type"), "text/javascript; charset=utf-8");
    }
}

TEST_F(StaticFilesTest, AreOnlyRead)
{
    Peer peer(start());
    peer.send("POST / HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = peer.receive();
    EXPECT_EQ(status_of(answer), 405);
    EXPECT_EQ(field_of(answer, "Allow"), "GET, HEAD");
}
