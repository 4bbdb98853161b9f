#include "platform/outgoing/client.hpp"
#include "platform/outgoing/receiver_for_tests.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <semaphore>

namespace shouwen::outgoing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Receiver;
using ::testing::SizeIs;

/// As tests and closed networks have it: loopback and every port, without TLS.
Guard open_guard()
{
    return {.allowed = {AddressRange::parse("127.0.0.0/8").value()}, .plain_http = true, .ports = {{1, 65'535}}};
}
/// Everything is let through but the addresses: they alone are on trial.
Guard closed_guard()
{
    return {.plain_http = true, .ports = {{1, 65'535}}};
}

Reply asked(Client& client, Request request)
{
    std::promise<Reply> answered;
    client.post(std::move(request), [&](Reply reply) { answered.set_value(std::move(reply)); });
    return answered.get_future().get();
}

TEST(Address, IsPublicOnlyWhereTheWorldIs)
{
    for (const auto* open : {"1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.255.255",
                             "172.32.0.0", "192.167.0.1", "223.255.255.255", "2606:4700::1111", "2400:3200::1"})
        EXPECT_TRUE(is_public(Address::parse(open).value())) << open;
    for (const auto* closed : {"0.0.0.0",
                               "0.1.2.3",
                               "10.0.0.1",
                               "10.255.255.255",
                               "100.64.0.0",
                               "100.100.100.200",
                               "100.127.255.255",
                               "127.0.0.1",
                               "127.255.255.254",
                               "169.254.169.254",
                               "172.16.0.1",
                               "172.31.255.255",
                               "192.0.0.192",
                               "192.0.2.1",
                               "192.88.99.1",
                               "192.168.1.1",
                               "198.18.0.1",
                               "198.19.255.255",
                               "198.51.100.1",
                               "203.0.113.1",
                               "224.0.0.1",
                               "239.255.255.255",
                               "240.0.0.1",
                               "255.255.255.255",
                               "168.63.129.16",
                               "::",
                               "::1",
                               "::127.0.0.1",
                               "::ffff:127.0.0.1",
                               "::ffff:8.8.8.8",
                               "64:ff9b::7f00:1",
                               "64:ff9b:1::1",
                               "100::1",
                               "2001::1",
                               "2001:db8::1",
                               "2002:7f00:1::",
                               "3fff::1",
                               "5f00::1",
                               "fc00::1",
                               "fd00:ec2::254",
                               "fe80::1",
                               "fec0::1",
                               "ff02::1"})
        EXPECT_FALSE(is_public(Address::parse(closed).value())) << closed;
}

TEST(Address, RangesHoldWhatTheySay)
{
    const auto in = [](const char* range, const char* address) {
        return AddressRange::parse(range).value().contains(Address::parse(address).value());
    };
    EXPECT_TRUE(in("10.1.0.0/16", "10.1.255.255"));
    EXPECT_FALSE(in("10.1.0.0/16", "10.2.0.0"));
    EXPECT_TRUE(in("10.1.2.3", "10.1.2.3"));
    EXPECT_FALSE(in("10.1.2.3", "10.1.2.2"));
    EXPECT_TRUE(in("0.0.0.0/0", "8.8.8.8"));
    EXPECT_TRUE(in("fd00::/8", "fdff::1"));
    EXPECT_FALSE(in("127.0.0.0/8", "::ffff:127.0.0.1")) << "no way in by another family";
    EXPECT_TRUE(in("10.0.0.0/9", "10.127.0.1"));
    EXPECT_FALSE(in("10.0.0.0/9", "10.128.0.1"));
    for (const auto* none : {"", "10", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "::/129", "example"})
        EXPECT_FALSE(AddressRange::parse(none)) << none;
}

TEST(OutgoingUrl, SaysWhatIsWrongWithIt)
{
    const Guard guard;
    const struct {
        const char* url;
        UrlFault fault;
    } cases[] = {{"", UrlFault::not_a_url},
                 {"example.com", UrlFault::not_a_url},
                 {"http://example.com/", UrlFault::not_https},
                 {"ftp://example.com/", UrlFault::not_https},
                 {"javascript:alert(1)", UrlFault::not_a_url},
                 {"https://user@example.com/", UrlFault::credentials_in_url},
                 {"https://user:secret@example.com/", UrlFault::credentials_in_url},
                 {"https://example.com:8443/", UrlFault::port_refused},
                 {"https://example.com:0/", UrlFault::port_refused},
                 {"https://example.com:99999/", UrlFault::not_a_url},
                 {"https://example.com/a b", UrlFault::not_a_url},
                 {"https://exa\\mple.com/", UrlFault::not_a_url},
                 {"https://10.0.0.1/", UrlFault::address_refused},
                 {"https://[::1]/", UrlFault::address_refused},
                 {"https://2130706433/", UrlFault::address_refused}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.url);
        const auto url = parse_url(c.url, guard);
        ASSERT_FALSE(url) << url->text;
        EXPECT_EQ(name_of(url.error()), name_of(c.fault));
    }
    const auto good = parse_url("HTTPS://Hooks.Example.com/in?to=a%20b#top", guard);
    ASSERT_TRUE(good);
    EXPECT_EQ(good->text, "https://Hooks.Example.com/in?to=a%20b");
    EXPECT_EQ(good->port, 443);
    const auto chinese = parse_url("https://例子.中国/钩子", guard);
    ASSERT_TRUE(chinese);
    EXPECT_EQ(chinese->host, "xn--fsqu00a.xn--fiqs8s");
}

/// Every way that we know of to write loopback, a closed network or a cloud's own service, and some to confuse parsers.
std::vector<std::string> spellings()
{
    std::vector<std::string> hosts{
        "127.0.0.1", "127.1", "127.0.1", "127.00.00.01", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1",
        "0X7F.0X0.0X0.0X1", "0x7f.0x1", "017700000001", "0177.1", "0177.0.0.1", "0177.0.0.01", "00000177.0.0.1",
        "127.0.0.1.", "127.1.", "127.127.127.127", "127.0.0.2", "127.255.255.255", "0", "0.0.0.0", "0.0", "0x0", "00",
        "0.0.0.1", "0.1.2.3", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::0.0.0.1]", "[::127.0.0.1]",
        "[::7f00:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::FFFF:127.0.0.1]",
        "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
        "[2002:7f00:0001::1]", "[2001:0:7f00:1::]", "[2001:db8::1]", "[fe80::1]", "[fe80::1%25lo]", "[fe80::1%25eth0]",
        "[::1%25lo]", "[fc00::1]", "[fd00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff01::1]", "[ff02::1]", "[100::1]",
        "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "localhost", "LOCALHOST", "LocalHost", "localhost.",
        "a.localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "loopback.example",
        "127.0.0.1.example", "1.0.0.127.example", "10.0.0.1", "10.1", "0xa.1", "012.1", "167772161", "172.16.0.1",
        "172.31.255.254", "2886729729", "192.168.0.1", "192.168.1", "3232235521", "0xc0.0xa8.0.1", "169.254.169.254",
        "169.254.43518", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.169.254.", "100.64.0.1",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.88.99.1", "198.18.0.1", "224.0.0.1", "239.255.255.250",
        "255.255.255.255", "240.0.0.1", "4294967295", "0xffffffff", "metadata.google.internal", "metadata",
        // Digits and dots of other scripts, which become our own when a name is converted.
        "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "①②⑦.⓪.⓪.①", "１２７。１", "ｌｏｃａｌｈｏｓｔ",
        "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "[::１]", "0x７f.1",
        // Escapes, names beside the name, and what ends where.
        "%31%32%37.0.0.1", "127%2e0%2e0%2e1", "127.0.0.1%00.example.com", "127.0.0.1%20", "127.0.0.1%0d%0a",
        "example.com@127.0.0.1", "example.com:443@127.0.0.1", "127.0.0.1@example.com", "user:pass@127.0.0.1",
        "@127.0.0.1", ":@127.0.0.1", "example.com%40127.0.0.1", "127.0.0.1\\@example.com", "example.com\\@127.0.0.1",
        "127.0.0.1#@example.com", "127.0.0.1?@example.com", "127.0.0.1;example.com", "127.0.0.1,example.com",
        "127.0.0.1\texample.com", "127.0.0.1\nexample.com", "127.0.0.1\r\nHost: x", " 127.0.0.1", "127 .0.0.1",
        "-127.0.0.1", "+127.0.0.1", "127.0.0.1_", "127..0.0.1", ".127.0.0.1", "127.0.0.256", "127.0.0.0x1", "0x",
        "256.256.256.256", "[127.0.0.1]", "[localhost]", "[::1", "::1", "[]", "[::1]]", "[[::1]]", "[v1.127]"};
    return hosts;
}

/// However an inner address is written, and if the whole name service were the attacker's: nobody is ever connected to.
TEST(OutgoingGuard, F46_NoSpellingReachesAClosedAddress)
{
    Receiver trap;
    std::atomic<int> looked_up{0};
    Client client{closed_guard(), [&](const std::string&) {
                      ++looked_up;
                      return std::vector{Address::parse("127.0.0.1").value()};
                  }};
    std::vector<std::string> urls;
    for (const auto& host : spellings())
        for (const auto* scheme : {"http", "https"})
            urls.push_back(fmt::format("{}://{}:{}/", scheme, host, trap.port()));
    for (const auto* prefix :
         {"http:", "http:/", "http:///", "http:\\\\", "//", "", "http://http://", "HtTp://", " http://"})
        urls.push_back(fmt::format("{}127.0.0.1:{}/", prefix, trap.port()));
    for (const auto* scheme : {"file", "gopher", "dict", "ftp",  "ftps", "sftp", "scp", "ldap", "smb", "smtp",  "imap",
                               "pop3", "telnet", "tftp", "rtsp", "mqtt", "ws",   "wss", "data", "jar", "netdoc"})
        urls.push_back(fmt::format("{}://127.0.0.1:{}/", scheme, trap.port()));
    ASSERT_GE(urls.size(), 300U);

    std::counting_semaphore<> answered{0};
    std::vector<Reply> replies(urls.size());
    for (std::size_t i = 0; i < urls.size(); ++i)
        client.post({.url = urls[i]}, [&, i](Reply reply) {
            replies[i] = std::move(reply);
            answered.release();
        });
    for (std::size_t i = 0; i < urls.size(); ++i) answered.acquire();
    for (std::size_t i = 0; i < urls.size(); ++i) {
        EXPECT_TRUE(replies[i].fault == Fault::address_refused || replies[i].fault == Fault::not_a_url)
            << urls[i] << " " << name_of(replies[i].fault) << " " << replies[i].detail;
        EXPECT_EQ(replies[i].status, 0) << urls[i];
    }
    EXPECT_EQ(trap.connections(), 0);
    EXPECT_GT(looked_up, 20) << "the trap must have been tempting";
}

TEST(OutgoingGuard, F46_ANameIsResolvedOnceAndConnectedToWhereItLed)
{
    Receiver receiver;
    int looked_up = 0;
    // The machine itself knows this name as 127.0.0.1; what counts is the one answer that was checked.
    Client client{open_guard(), [&](const std::string& host) {
                      ++looked_up;
                      EXPECT_EQ(host, "localhost");
                      return std::vector{Address::parse("127.0.0.2").value()};
                  }};
    const auto reply = asked(client, {.url = fmt::format("http://localhost:{}/in", receiver.port()), .body = "{}"});
    EXPECT_EQ(reply.status, 200) << reply.detail;
    EXPECT_EQ(looked_up, 1);
    ASSERT_THAT(receiver.received(), SizeIs(1));
    EXPECT_EQ(receiver.received()[0].local_address, "127.0.0.2");
    EXPECT_THAT(receiver.received()[0].headers.at("host"), HasSubstr("localhost"));
}

TEST(OutgoingGuard, F46_ANameThatChangesItsMindIsAskedAndCheckedEachTime)
{
    Receiver receiver;
    std::atomic<int> looked_up{0};
    auto guard = open_guard();
    guard.allowed = {AddressRange::parse("127.0.0.2").value()};
    Client client{guard, [&](const std::string&) {
                      return std::vector{Address::parse(looked_up++ == 0 ? "127.0.0.2" : "127.0.0.1").value()};
                  }};
    const auto url = fmt::format("http://rebinds.example:{}/", receiver.port());
    EXPECT_EQ(asked(client, {.url = url}).status, 200);
    EXPECT_EQ(asked(client, {.url = url}).fault, Fault::address_refused);
    EXPECT_THAT(receiver.received(), SizeIs(1));
}

TEST(OutgoingGuard, F46_OneClosedAddressAmongOpenOnesClosesTheName)
{
    Receiver trap;
    Client client{closed_guard(), [](const std::string&) {
                      return std::vector{Address::parse("93.184.216.34").value(), Address::parse("127.0.0.1").value()};
                  }};
    const auto reply = asked(client, {.url = fmt::format("http://mixed.example:{}/", trap.port())});
    EXPECT_EQ(reply.fault, Fault::address_refused);
    EXPECT_THAT(reply.detail, HasSubstr("127.0.0.1"));
    EXPECT_EQ(trap.connections(), 0);
}

TEST(OutgoingClient, SendsTheBodyAndItsHeadersAsTheyAre)
{
    Receiver receiver;
    Client client{open_guard()};
    const std::string body = "{\"名\":\"a\"}\n";
    const auto reply =
        asked(client, {.url = receiver.url("/in?x=1"), .headers = {{"webhook-id", "msg_1"}}, .body = body});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "ok");
    ASSERT_THAT(receiver.received(), SizeIs(1));
    const auto got = receiver.received()[0];
    EXPECT_EQ(got.path, "/in?x=1");
    EXPECT_EQ(got.body, body);
    EXPECT_EQ(got.headers.at("webhook-id"), "msg_1");
    EXPECT_FALSE(got.headers.contains("expect"));
}

TEST(OutgoingClient, F47_TakesEachAnswerForWhatItIs)
{
    Receiver elsewhere;
    Receiver receiver{[&](const Receiver::Received& request) {
        if (request.path == "/500") return Receiver::status("500 Oops", "", "broken");
        if (request.path == "/410") return Receiver::status("410 Gone");
        if (request.path == "/301") return Receiver::status("301 Moved", "Location: " + elsewhere.url() + "\r\n");
        if (request.path == "/503") return Receiver::status("503 Busy", "Retry-After: 120\r\n");
        if (request.path == "/huge")
            return Receiver::Answer{"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n", 104'857'600};
        if (request.path == "/headers") return Receiver::Answer{"HTTP/1.1 200 OK\r\nx: ", 10 << 20};
        if (request.path == "/garbage") return Receiver::Answer{"hello?\r\n\r\n", 1};
        if (request.path == "/hang") return Receiver::Answer{.hangs = true};
        return Receiver::Answer{};
    }};
    Client client{open_guard()};
    const auto reply = [&](const char* path) {
        return asked(client, {.url = receiver.url(path), .timeout = std::string_view{path} == "/hang" ? 300ms : 15s});
    };
    EXPECT_EQ(reply("/500").status, 500);
    EXPECT_EQ(reply("/500").body, "broken");
    EXPECT_EQ(reply("/410").status, 410);
    EXPECT_EQ(reply("/301").status, 301);
    EXPECT_EQ(elsewhere.connections(), 0) << "nobody is sent on";
    EXPECT_EQ(reply("/503").retry_after, 2min);
    const auto huge = reply("/huge");
    EXPECT_EQ(huge.status, 200);
    EXPECT_TRUE(huge.is_cut);
    EXPECT_EQ(huge.body.size(), 64U << 10);
    EXPECT_EQ(reply("/headers").fault, Fault::broken_answer);
    EXPECT_EQ(reply("/garbage").fault, Fault::broken_answer);
    EXPECT_EQ(reply("/hang").fault, Fault::timed_out);
}

TEST(OutgoingClient, F47_OneThatHangsHoldsUpNoOther)
{
    Receiver hanging{[](const auto&) { return Receiver::Answer{.hangs = true}; }};
    Receiver quick;
    Client client{open_guard()};
    std::atomic<int> ended{0};
    for (int i = 0; i < 40; ++i) client.post({.url = hanging.url()}, [&](Reply) { ++ended; });
    hanging.wait_for(40);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(asked(client, {.url = quick.url()}).status, 200);
    EXPECT_EQ(ended, 0);
}

TEST(OutgoingClient, F46_ASlowNameServiceHoldsUpNoOther)
{
    Receiver quick;
    std::promise<void> go_on;
    const auto gate = go_on.get_future().share();
    Client client{open_guard(), [gate](const std::string& host) {
                      if (host == "slow.example") gate.wait();
                      return host == "unknown.example" ? std::vector<Address>{}
                                                       : std::vector{Address::parse("127.0.0.1").value()};
                  }};
    std::promise<Reply> late;
    client.post({.url = "http://slow.example/", .timeout = 200ms},
                [&](Reply reply) { late.set_value(std::move(reply)); });
    EXPECT_EQ(asked(client, {.url = fmt::format("http://quick.example:{}/", quick.port())}).status, 200);
    EXPECT_EQ(asked(client, {.url = "http://unknown.example/"}).fault, Fault::name_unknown);
    EXPECT_EQ(late.get_future().get().fault, Fault::timed_out);
    go_on.set_value();
}

TEST(OutgoingClient, NothingListeningAndNoTlsAreToldApart)
{
    std::uint16_t free_port = 0;
    {
        const Receiver gone;
        free_port = gone.port();
    }
    Receiver plain;
    Client client{open_guard()};
    EXPECT_EQ(asked(client, {.url = fmt::format("http://127.0.0.1:{}/", free_port)}).fault, Fault::unreachable);
    EXPECT_EQ(asked(client, {.url = fmt::format("https://127.0.0.1:{}/", plain.port()), .timeout = 2s}).status, 0);
}

TEST(OutgoingClient, EndsWhatIsUnderWayWhenItGoes)
{
    Receiver hanging{[](const auto&) { return Receiver::Answer{.hangs = true}; }};
    std::atomic<int> stopped{0};
    {
        Client client{open_guard()};
        for (int i = 0; i < 3; ++i)
            client.post({.url = hanging.url()}, [&](Reply reply) { stopped += reply.fault == Fault::stopped ? 1 : 0; });
        hanging.wait_for(1);
    }
    EXPECT_EQ(stopped, 3);
}

TEST(OutgoingClient, AsksNoProxyOfTheEnvironment)
{
    Receiver proxy;
    Receiver receiver;
    ::setenv("http_proxy", proxy.url().c_str(), 1);
    ::setenv("ALL_PROXY", proxy.url().c_str(), 1);
    Client client{open_guard()};
    EXPECT_EQ(asked(client, {.url = receiver.url()}).status, 200);
    ::unsetenv("http_proxy");
    ::unsetenv("ALL_PROXY");
    EXPECT_EQ(proxy.connections(), 0);
}

}  // namespace
}  // namespace shouwen::outgoing
