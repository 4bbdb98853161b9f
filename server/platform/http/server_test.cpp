#include "platform/http/http_test_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

using namespace shouwen;
using namespace shouwen::http;
using namespace shouwen::http::testing;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

namespace {

/// Replies that a test gives when it likes.
class Held {
public:
    Handler handler()
    {
        return [this](std::shared_ptr<Request>, Reply reply) {
            const std::lock_guard lock(mutex_);
            replies_.push_back(std::move(reply));
            arrived_.notify_all();
        };
    }
    Reply take()
    {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [this] { return !replies_.empty(); });
        Reply reply = std::move(replies_.front());
        replies_.erase(replies_.begin());
        return reply;
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<Reply> replies_;
};

Response text(std::string body, int status = 200)
{
    Response response;
    response.status = status;
    response.content_type = "text/plain";
    response.body = std::move(body);
    return response;
}

Handler answering(std::string body)
{
    return [body](std::shared_ptr<Request>, Reply reply) { reply(text(body)); };
}

/// What the server understood, one line each.
void describe(std::shared_ptr<Request> request, Reply reply)
{
    std::ostringstream out;
    out << "path=" << request->path << "\n";
    for (const auto& param : request->params) out << "param=" << param << "\n";
    for (const auto& [name, value] : request->query) out << name << "=" << value << "\n";
    out << "remote=" << request->remote_address << "\ncookie=" << request->cookie("session")
        << "\nbody=" << request->body;
    reply(text(out.str()));
}

class ServerTest : public ::testing::Test {
protected:
    std::uint16_t start()
    {
        options_.listen = "127.0.0.1:0";
        options_.upload_dir = folder_.path;
        server_ = make_server(options_, routes_, sockets_);
        server_->start();
        return server_->port();
    }
    void route(Method method, std::string pattern, Handler handler, Lane lane = Lane::loop, Body body = Body::none,
               std::uint64_t max = 1 << 20)
    {
        routes_.push_back({method, std::move(pattern), std::move(handler), lane, body, max});
    }

    TemporaryFolder folder_;
    ServerOptions options_;
    std::vector<Route> routes_;
    std::vector<SocketRoute> sockets_;
    Held held_;
    std::unique_ptr<Server> server_;
};

}  // namespace

TEST_F(ServerTest, TakesPathsQueriesAndCookiesApart)
{
    route(Method::get, "/api/v1/tickets/{id}/events/{seq}", describe);
    const auto answer =
        get(start(), "/api/v1/tickets/a%2Fb/events/%E9%A6%96?q=a+b&q=%E9%97%AE&empty", "Cookie: a=1; session=xyz\r\n");
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_EQ(
        body_of(answer),
        "path=/api/v1/tickets/a/b/events/首\nparam=a/b\nparam=首\nq=a b\nq=问\nempty=\nremote=127.0.0.1\ncookie=xyz\nbody=");
}

TEST_F(ServerTest, TellsAnAbsentPathFromAnotherMethod)
{
    route(Method::get, "/a/{id}", answering("param"));
    route(Method::put, "/a/{id}", answering("put"));
    route(Method::get, "/a/fixed", answering("fixed"));
    const auto port = start();
    EXPECT_EQ(body_of(get(port, "/a/fixed")), "fixed");
    EXPECT_EQ(body_of(get(port, "/a/other")), "param");
    EXPECT_EQ(status_of(get(port, "/a/")), 404);
    EXPECT_EQ(status_of(get(port, "/b")), 404);
    Peer peer(port);
    peer.send("PUT /a/fixed HTTP/1.1\r\nHost: x\r\n\r\nDELETE /a/1 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(body_of(peer.receive()), "put");
    const auto refused = peer.receive();
    EXPECT_EQ(status_of(refused), 405);
    EXPECT_EQ(field_of(refused, "Allow"), "GET, HEAD, PUT");
}

TEST_F(ServerTest, AnswersHeadLikeGetWithoutTheBody)
{
    route(Method::get, "/a", answering("hello"));
    Peer peer(start());
    peer.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto head = peer.receive(true);
    EXPECT_EQ(field_of(head, "Content-Length"), "5");
    EXPECT_EQ(body_of(peer.receive()), "hello");
}

TEST_F(ServerTest, RefusesWhatIsMalformed)
{
    route(Method::get, "/a", answering("a"));
    route(Method::post, "/memory", describe, Lane::loop, Body::memory, 1000);
    route(Method::post, "/none", answering("none"));
    options_.limits.header_bytes_max = 2000;
    const auto port = start();
    const std::string host = "Host: x\r\n";
    struct {
        const char* name;
        std::string request;
        int status;
    } cases[] = {
        {"no version", "GET /a\r\n\r\n", 400},
        {"version 0.9", "GET /a HTTP/0.9\r\n" + host + "\r\n", 505},
        {"version 2.0", "GET /a HTTP/2.0\r\n" + host + "\r\n", 505},
        {"unknown method", "BREW /a HTTP/1.1\r\n" + host + "\r\n", 501},
        {"trace", "TRACE /a HTTP/1.1\r\n" + host + "\r\n", 501},
        {"method with a bad character", "G(T /a HTTP/1.1\r\n" + host + "\r\n", 400},
        {"control characters", "\x16\x03\x01\x02\x00\r\n\r\n", 400},
        {"no host", "GET /a HTTP/1.1\r\n\r\n", 400},
        {"two hosts", "GET /a HTTP/1.1\r\n" + host + host + "\r\n", 400},
        {"HTTP/1.0 without host", "GET /a HTTP/1.0\r\n\r\n", 200},
        {"field without colon", "GET /a HTTP/1.1\r\nHost x\r\n\r\n", 400},
        {"space before the colon", "GET /a HTTP/1.1\r\nHost : x\r\n\r\n", 400},
        {"bare line feeds", "GET /a HTTP/1.1\nHost: x\n\n", 505},
        {"length and chunked",
         "POST /memory HTTP/1.1\r\n" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"chunked and length",
         "POST /memory HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
        {"two lengths", "POST /memory HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
        {"negative length", "POST /memory HTTP/1.1\r\n" + host + "Content-Length: -3\r\n\r\nabc", 400},
        {"length of 30 digits",
         "POST /memory HTTP/1.1\r\n" + host + "Content-Length: 999999999999999999999999999999\r\n\r\n", 400},
        {"other coding", "POST /memory HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
        {"obscured coding", "POST /memory HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
        {"chunk size is no number", "POST /memory HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
         400},
        {"chunk size overflows",
         "POST /memory HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400},
        {"chunk beyond the limit", "POST /memory HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n",
         413},
        {"chunks beyond the limit",
         "POST /memory HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n3e8\r\n", 413},
        {"chunk line without end",
         "POST /memory HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(100'000, 'x'), 400},
        {"body of 50 MB",
         "POST /memory HTTP/1.1\r\n" + host + "Content-Length: 52428800\r\n\r\n" + std::string(52'428'800, 'x'), 413},
        {"body where none is taken", "POST /none HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", 413},
        {"unknown expectation", "POST /memory HTTP/1.1\r\n" + host + "Expect: miracles\r\nContent-Length: 3\r\n\r\nabc",
         417},
        {"long field", "GET /a HTTP/1.1\r\n" + host + "A: " + std::string(3000, 'a') + "\r\n\r\n", 431},
        {"long target", "GET /" + std::string(3000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 431},
        {"encoded NUL", "GET /a%00 HTTP/1.1\r\n" + host + "\r\n", 400},
        {"encoded line end", "GET /a%0d%0a HTTP/1.1\r\n" + host + "\r\n", 400},
        {"broken escape", "GET /a%zz HTTP/1.1\r\n" + host + "\r\n", 400},
        {"not UTF-8", "GET /a%ff HTTP/1.1\r\n" + host + "\r\n", 400},
        {"over-long UTF-8", "GET /%c0%ae%c0%ae/a HTTP/1.1\r\n" + host + "\r\n", 400},
        {"dots", "GET /../etc/passwd HTTP/1.1\r\n" + host + "\r\n", 400},
        {"encoded dots", "GET /%2e%2e/etc/passwd HTTP/1.1\r\n" + host + "\r\n", 400},
        {"backslashes", "GET /..\\..\\etc HTTP/1.1\r\n" + host + "\r\n", 400},
        {"encoded backslashes", "GET /..%5cetc HTTP/1.1\r\n" + host + "\r\n", 400},
        {"absolute form", "GET http://x/a HTTP/1.1\r\n" + host + "\r\n", 200},
        {"absolute form of a file", "GET file:///a HTTP/1.1\r\n" + host + "\r\n", 400},
        {"no slash", "GET a HTTP/1.1\r\n" + host + "\r\n", 400},
        {"asterisk", "GET * HTTP/1.1\r\n" + host + "\r\n", 400},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Peer peer(port);
        peer.send(c.request);
        const auto answer = peer.receive();
        EXPECT_EQ(status_of(answer), c.status) << answer;
        if (c.status >= 400) {
            EXPECT_NE(field_of(answer, "X-Request-Id"), "");
            EXPECT_THAT(body_of(answer), HasSubstr("\"status\":" + std::to_string(c.status)));
        }
    }
    std::string nul = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
    nul[5] = '\0';
    Peer peer(port);
    peer.send(nul);
    EXPECT_EQ(status_of(peer.receive()), 400);
}

TEST_F(ServerTest, ClosesAfterWhatCannotBeReadFurther)
{
    route(Method::post, "/memory", describe, Lane::loop, Body::memory);
    Peer peer(start());
    peer.send(
        "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = peer.receive();
    EXPECT_EQ(status_of(answer), 400);
    EXPECT_EQ(field_of(answer, "Connection"), "close");
    peer.end_sending();
    EXPECT_TRUE(peer.is_closed_by_server());
}

TEST_F(ServerTest, ForgetsAConnectionThatBreaksOffInTheMiddle)
{
    route(Method::post, "/memory", answering("whole"), Lane::loop, Body::memory);
    const auto port = start();
    for (const char* part : {"", "P", "POST /memory HTTP/1.1\r\nHo",
                             "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"}) {
        SCOPED_TRACE(part);
        Peer peer(port);
        peer.send(part);
        peer.end_sending();
        EXPECT_TRUE(peer.is_closed_by_server());
    }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder)
{
    route(Method::get, "/n/{n}", [](std::shared_ptr<Request> request, Reply reply) {
        // Every third is answered later, from another thread.
        if (request->params[0].back() % 3 == 0)
            std::thread([request, reply] { reply(text(request->params[0])); }).detach();
        else
            reply(text(request->params[0]));
    });
    Peer peer(start());
    std::string all;
    for (int i = 0; i < 200; ++i) all += "GET /n/" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    peer.send(all);
    for (int i = 0; i < 200; ++i) ASSERT_EQ(body_of(peer.receive()), std::to_string(i));
}

TEST_F(ServerTest, ReadsBodiesByLengthAndInChunksAlsoByteByByte)
{
    route(
        Method::post, "/memory", [](std::shared_ptr<Request> request, Reply reply) { reply(text(request->body)); },
        Lane::loop, Body::memory, 100);
    Peer peer(start());
    const std::string length = "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
    const std::string chunks =
        "POST /memory HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nHost: trailer\r\n\r\n";
    for (const auto& request : {length, chunks}) {
        peer.send(request);
        EXPECT_EQ(body_of(peer.receive()), "hello");
        for (const char c : request) peer.send({&c, 1});
        EXPECT_EQ(body_of(peer.receive()), "hello");
    }
    peer.send("POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(status_of(peer.receive()), 200);
}

TEST_F(ServerTest, AsksForTheBodyWhenTheClientWaitsForThat)
{
    route(
        Method::post, "/memory", [](std::shared_ptr<Request> request, Reply reply) { reply(text(request->body)); },
        Lane::loop, Body::memory, 100);
    const auto port = start();
    Peer peer(port);
    peer.send("POST /memory HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(peer.receive(), "HTTP/1.1 100 Continue\r\n\r\n");
    peer.send("ab");
    EXPECT_EQ(body_of(peer.receive()), "ab");
    Peer large(port);
    large.send("POST /memory HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
    EXPECT_EQ(status_of(large.receive()), 413);
}

TEST_F(ServerTest, WritesUploadsToDiskWithTheirHashAndRemovesThemUnlessMoved)
{
    std::string seen;
    route(
        Method::post, "/keep/{name}",
        [&](std::shared_ptr<Request> request, Reply reply) {
            std::filesystem::rename(request->upload->path, folder_.path / request->params[0]);
            reply(text(request->upload->blake2b_hex + " " + std::to_string(request->upload->size_bytes)));
        },
        Lane::pool, Body::disk, 10 << 20);
    route(
        Method::post, "/look", [](std::shared_ptr<Request>, Reply reply) { reply(text("seen")); }, Lane::loop,
        Body::disk, 10);
    const auto port = start();
    Peer peer(port);
    peer.send("POST /keep/a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    EXPECT_EQ(body_of(peer.receive()), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319 3");
    const std::string large(3 << 20, 'z');
    peer.send("POST /keep/b HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" +
              large);
    EXPECT_THAT(body_of(peer.receive()), HasSubstr(" 3145728"));
    peer.send("POST /look HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    EXPECT_EQ(body_of(peer.receive()), "seen");
    peer.send("POST /look HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(body_of(peer.receive()), "seen");
    peer.send(
        "POST /look HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n6\r\nabcdef\r\n0\r\n\r\n");
    EXPECT_EQ(status_of(peer.receive()), 413);
    server_->stop(Duration{5000});
    std::vector<std::string> left;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path))
        left.push_back(entry.path().filename().string());
    EXPECT_THAT(left, ::testing::UnorderedElementsAre("a", "b"));
}

TEST_F(ServerTest, CutsOffWhoIsTooSlow)
{
    route(Method::post, "/memory", answering("read"), Lane::loop, Body::memory);
    route(Method::get, "/a", answering("a"));
    options_.limits.header_time_max = options_.limits.body_time_max = options_.limits.idle_time_max = Duration{60};
    const auto port = start();
    Peer header(port);
    header.send("GET /a HTT");
    EXPECT_EQ(status_of(header.receive()), 408);
    Peer body(port);
    body.send("POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na");
    EXPECT_EQ(status_of(body.receive()), 408);
    Peer idle(port);
    idle.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_of(idle.receive()), 200);
    EXPECT_TRUE(idle.is_closed_by_server());
}

TEST_F(ServerTest, CutsOffWhoKeepsAddingHeaderFields)
{
    route(Method::get, "/a", answering("a"));
    options_.limits.header_bytes_max = 1000;
    Peer peer(start());
    peer.send("GET /a HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 1000; ++i) peer.send("A: b\r\n");
    EXPECT_EQ(status_of(peer.receive()), 431);
}

TEST_F(ServerTest, RefusesConnectionsBeyondItsNumber)
{
    route(Method::get, "/a", answering("a"));
    options_.limits.connections_max = 1;
    options_.loops = 1;
    const auto port = start();
    Peer first(port);
    first.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_of(first.receive()), 200);
    Peer second(port);
    const auto answer = second.receive();
    EXPECT_EQ(status_of(answer), 503);
    EXPECT_NE(field_of(answer, "Retry-After"), "");
    second.end_sending();
    EXPECT_TRUE(second.is_closed_by_server());
    first.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_of(first.receive()), 200);
}

TEST_F(ServerTest, TellsAFaultWhenTheHandlerThrowsOrForgets)
{
    route(Method::get, "/throws", [](std::shared_ptr<Request>, Reply) { throw std::runtime_error("secret"); });
    route(
        Method::get, "/throws-in-pool", [](std::shared_ptr<Request>, Reply) { throw std::runtime_error("secret"); },
        Lane::pool);
    route(Method::get, "/forgets", [](std::shared_ptr<Request>, Reply) {});
    route(Method::get, "/later", held_.handler());
    route(Method::get, "/twice",
          [](std::shared_ptr<Request>, Reply reply) { reply(text("first")), reply(text("second")); });
    const auto port = start();
    for (const char* path : {"/throws", "/throws-in-pool", "/forgets"}) {
        SCOPED_TRACE(path);
        const auto answer = get(port, path);
        EXPECT_EQ(status_of(answer), 500);
        EXPECT_THAT(body_of(answer), Not(HasSubstr("secret")));
    }
    Peer peer(port);
    peer.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    held_.take() = nullptr;
    EXPECT_EQ(status_of(peer.receive()), 500);
    EXPECT_EQ(body_of(get(port, "/twice")), "first");
}

TEST_F(ServerTest, RefusesWhenThePoolIsFull)
{
    std::promise<void> go;
    const std::shared_future<void> wait = go.get_future().share();
    std::atomic<int> running = 0;
    route(
        Method::get, "/slow",
        [&, wait](std::shared_ptr<Request>, Reply reply) { ++running, wait.wait(), reply(text("done")); }, Lane::pool);
    options_.pool_threads = 1;
    options_.limits.pool_queue_max = 1;
    options_.loops = 1;
    const auto port = start();
    const std::string request = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
    Peer first(port), second(port), third(port);
    first.send(request);
    while (running == 0) std::this_thread::yield();
    second.send(request);
    third.send(request);
    // Which of the two is read first is the kernel's choice; the other must be refused while the pool is still busy.
    std::atomic<int> refused = 0;
    const auto read = [&](Peer& peer) {
        const auto answer = peer.receive();
        if (status_of(answer) != 503) return;
        EXPECT_EQ(field_of(answer, "Retry-After"), "1");
        if (++refused == 1) go.set_value();
    };
    std::thread reader([&] { read(second); });
    read(third);
    reader.join();
    EXPECT_EQ(refused, 1);
    EXPECT_EQ(body_of(first.receive()), "done");
}

TEST_F(ServerTest, SaysWhatKeepsBrowsersSafe)
{
    route(Method::get, "/api/v1/a", [](std::shared_ptr<Request>, Reply reply) {
        Response response;
        response.headers.emplace_back("X-Typed", "a\r\nSet-Cookie: stolen=1");
        reply(response);
    });
    route(Method::get, "/page", [](std::shared_ptr<Request>, Reply reply) {
        Response response;
        response.content_type = "text/html; charset=utf-8";
        reply(response);
    });
    const auto port = start();
    const auto api = get(port, "/api/v1/a");
    EXPECT_EQ(field_of(api, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(field_of(api, "Cache-Control"), "no-store");
    EXPECT_EQ(field_of(api, "X-Request-Id").size(), 16U);
    EXPECT_EQ(field_of(api, "Set-Cookie"), "");
    EXPECT_EQ(field_of(api, "Strict-Transport-Security"), "");
    EXPECT_THAT(field_of(api, "Date"), HasSubstr(" GMT"));
    const auto page = get(port, "/page");
    EXPECT_THAT(field_of(page, "Content-Security-Policy"), HasSubstr("object-src 'none'"));
    EXPECT_NE(field_of(page, "Referrer-Policy"), "");
}

TEST_F(ServerTest, BelievesForwardedAddressesOnlyFromItsProxies)
{
    route(Method::get, "/a",
          [](std::shared_ptr<Request> request, Reply reply) { reply(text(request->remote_address)); });
    const std::string forwarded = "X-Forwarded-For: 10.9.9.9, 203.0.113.7, 10.0.0.1\r\n";
    EXPECT_EQ(body_of(get(start(), "/a", forwarded)), "127.0.0.1");
    server_.reset();
    options_.trusted_proxies = {"127.0.0.1", "10.0.0.1"};
    const auto port = start();
    EXPECT_EQ(body_of(get(port, "/a", forwarded)), "203.0.113.7");
    EXPECT_EQ(body_of(get(port, "/a", "X-Forwarded-For: <b>1</b>\r\n")), "127.0.0.1");
}

TEST_F(ServerTest, TellsTheObserverOfEveryAnswer)
{
    std::mutex mutex;
    std::vector<std::string> seen;
    options_.observer = [&](const Request&, std::string_view pattern, const Response& response, Duration) {
        const std::lock_guard lock(mutex);
        seen.push_back(std::string(pattern) + " " + std::to_string(response.status));
    };
    route(Method::get, "/a/{id}", answering("a"));
    const auto port = start();
    get(port, "/a/1");
    get(port, "/b");
    get(port, "/%00");
    server_->stop(Duration{5000});
    EXPECT_THAT(seen, ::testing::UnorderedElementsAre("/a/{id} 200", " 404", " 400"));
}

TEST_F(ServerTest, SendsFilesInPieces)
{
    const std::string content(5 << 20, 'f');
    const auto file = folder_.write("large", content);
    route(Method::get, "/file", [file](std::shared_ptr<Request>, Reply reply) {
        Response response;
        response.content_type = "application/octet-stream";
        response.file = file;
        reply(response);
    });
    route(Method::get, "/gone", [](std::shared_ptr<Request>, Reply reply) {
        Response response;
        response.file = "/nowhere/at/all";
        reply(response);
    });
    const auto port = start();
    Peer peer(port);
    peer.send(
        "GET /file HTTP/1.1\r\nHost: x\r\n\r\nHEAD /file HTTP/1.1\r\nHost: x\r\n\r\nGET /gone HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(body_of(peer.receive()) == content);
    EXPECT_EQ(field_of(peer.receive(true), "Content-Length"), std::to_string(content.size()));
    EXPECT_EQ(status_of(peer.receive()), 500);
}

TEST_F(ServerTest, CompressesLongAnswersForWhoAsks)
{
    Response large;
    large.body = "[" + std::string(10'000, '1') + "]";
    route(Method::get, "/large", [large](std::shared_ptr<Request>, Reply reply) { reply(large); });
    const auto port = start();
    const auto plain = get(port, "/large");
    EXPECT_EQ(body_of(plain), large.body);
    EXPECT_EQ(body_of(get(port, "/large", "Accept-Encoding: br, gzip;q=0\r\n")), large.body);
    const auto small = get(port, "/large", "Accept-Encoding: br, gzip\r\n");
    EXPECT_EQ(field_of(small, "Content-Encoding"), "gzip");
    EXPECT_LT(body_of(small).size(), 500U);
    EXPECT_THAT(body_of(small), StartsWith("\x1f\x8b"));
}

TEST_F(ServerTest, AnswersWhatIsUnderWayWhenItStops)
{
    route(Method::get, "/later", held_.handler());
    const auto port = start();
    Peer busy(port);
    busy.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    Reply reply = held_.take();
    Peer idle(port);
    idle.send("GET /absent HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_of(idle.receive()), 404);

    std::thread stopping([&] { server_->stop(Duration{20'000}); });
    EXPECT_TRUE(idle.is_closed_by_server());
    reply(text("still here"));
    const auto answer = busy.receive();
    EXPECT_EQ(body_of(answer), "still here");
    EXPECT_EQ(field_of(answer, "Connection"), "close");
    busy.end_sending();
    EXPECT_TRUE(busy.is_closed_by_server());
    stopping.join();
}

TEST_F(ServerTest, F2_WhoHasConnectedIsServedWhenItStops)
{
    options_.limits.last_chance = Duration{20'000};
    route(Method::get, "/later", held_.handler());
    route(Method::get, "/a", answering("a"));
    const auto port = start();
    Peer busy(port);
    busy.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    Reply reply = held_.take();
    Peer early(port);
    std::thread stopping([&] { server_->stop(Duration{20'000}); });
    while (Peer(port, Peer::IfAbsent::allow).is_connected()) continue;
    early.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = early.receive();
    EXPECT_EQ(body_of(answer), "a");
    EXPECT_EQ(field_of(answer, "Connection"), "close");
    reply(text("still here"));
    EXPECT_EQ(body_of(busy.receive()), "still here");
    early.end_sending();
    busy.end_sending();
    stopping.join();
}

TEST_F(ServerTest, F2_EachAnswerEndsItsConnectionWhileItDrains)
{
    route(Method::get, "/a", answering("a"));
    const auto port = start();
    EXPECT_EQ(field_of(get(port, "/a"), "Connection"), "");
    server_->drain();
    std::string answer;
    do answer = get(port, "/a");
    while (field_of(answer, "Connection") != "close");
    EXPECT_EQ(body_of(answer), "a") << "all the same";
}

TEST_F(ServerTest, EndsAfterTheGraceAndSurvivesALateReply)
{
    route(Method::get, "/later", held_.handler());
    Peer busy(start());
    busy.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    Reply reply = held_.take();
    server_->stop(Duration{20});
    EXPECT_TRUE(busy.is_closed_by_server());
    reply(text("too late"));
    server_.reset();
    reply(text("far too late"));
}

TEST_F(ServerTest, RefusesToStartOnAPortInUse)
{
    const auto port = start();
    ServerOptions second;
    second.listen = "127.0.0.1:" + std::to_string(port);
    try {
        make_server(second, {}, {})->start();
        FAIL() << "two servers on one port";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr(second.listen));
    }
    for (const char* bad : {"", "8080", "nowhere:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:8o"}) {
        second.listen = bad;
        EXPECT_THROW(make_server(second, {}, {})->start(), std::runtime_error) << bad;
    }
}
