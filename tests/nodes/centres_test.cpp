#include "app/verify.hpp"
#include "nodes/waiting.hpp"
#include "platform/postgres/server_fixture.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

// Two nodes on one database, each the whole server: what is done on the one holds on the other.

namespace shouwen::nodes {
namespace {

using namespace std::chrono_literals;
using scenario::Centre;
using scenario::fields;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

/// A page that stands open on a node.
class Page final : public http::Socket {
public:
    static std::shared_ptr<Page> open(Centre& node, std::string_view who)
    {
        auto page = std::make_shared<Page>();
        auto request = std::make_shared<http::Request>();
        request->path = "/api/v1/stream";
        request->headers.emplace_back("cookie", node.session(who).cookie);
        const auto routes = node.app().socket_routes();
        routes.front().accept(request, [&](std::optional<http::SocketEvents> events, const http::Response&) {
            if (!events) throw std::logic_error("the stream refuses");
            page->events_ = std::move(*events);
        });
        page->events_.on_open(page);
        return page;
    }
    bool send(std::string text) override
    {
        const std::lock_guard lock{mutex_};
        told_.push_back(std::move(text));
        changed_.notify_all();
        return true;
    }
    void close(std::uint16_t code, std::string) override
    {
        const std::lock_guard lock{mutex_};
        closed_with_ = code;
        changed_.notify_all();
    }
    bool is_told(const std::string& part)
    {
        return waits([&] {
            return std::ranges::any_of(told_, [&](const auto& text) { return text.find(part) != std::string::npos; });
        });
    }
    bool is_closed_with(int code)
    {
        return waits([&] { return closed_with_ == code; });
    }
    std::vector<std::string> told()
    {
        const std::lock_guard lock{mutex_};
        return told_;
    }

private:
    bool waits(const std::function<bool()>& condition)
    {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, patience, condition);
    }
    http::SocketEvents events_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> told_;
    int closed_with_ = 0;
};

/// Two nodes; the second one's sign-ins take place at the first.
struct Nodes : testing::Test {
    Centre a{scenario::monday_9h};
    Centre b{a};

    /// What `b` answers, as soon as it is that.
    bool b_answers(int status, std::string_view who, const std::string& path)
    {
        return comes_true([&] { return b.get(who, path).status == status; });
    }
    static void cut_all_connections()
    {
        postgres::TemporaryServer::shared()->script(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = "
            "'client backend'");
    }
};

TEST_F(Nodes, AChangeOnOneIsPushedToThePagesOfTheOtherWhoMaySeeIt)
{
    const auto agent = Page::open(b, "agent1");
    const auto merchant = Page::open(b, "merchant1_agent");
    const auto other = a.web_request("二号店的事", "二号店");
    const auto own = a.web_request("一号店的事", "一号店");
    EXPECT_TRUE(agent->is_told(other.id));
    EXPECT_TRUE(merchant->is_told(own.id));
    EXPECT_THAT(merchant->told(), Each(Not(HasSubstr(other.id))));
    ASSERT_EQ(a.command("agent1", other.id, "respond", fields({{"content", "您好"}})).status, 200);
    EXPECT_TRUE(agent->is_told(R"("command":"respond")"));
}

TEST_F(Nodes, ANoticeThatOneStoresIsShownOnThePageOfTheOther)
{
    const auto page = Page::open(b, "agent1");
    const auto foreign = Page::open(b, "agent2");
    const auto ticket = a.call_in_handling();
    a.advance(30h);
    EXPECT_TRUE(page->is_told(R"("type":"notice")"));
    EXPECT_TRUE(page->is_told(R"("kind":"breached")"));
    EXPECT_TRUE(page->is_told(ticket));
    EXPECT_TRUE(foreign->is_told(R"("command":"obligation_due")"));
    EXPECT_THAT(foreign->told(), Each(Not(HasSubstr(R"("kind":"warned")"))));
}

TEST_F(Nodes, WhoSignsInOnOneIsSignedInOnTheOtherAtOnce)
{
    for (int i = 0; i < 20; ++i) {
        a.forget_session("agent1");
        const auto cookie = a.session("agent1").cookie;
        ASSERT_EQ(b.get("agent1", "/api/v1/staff/me").status, 200) << "no time was given to the news";
        ASSERT_EQ(b.post("agent1", "/api/v1/tickets",
                         R"({"channel":"phone","customer":{"name":"张伟"},"subject":"发票","content":"补开"})")
                      .status,
                  201)
            << "the page's CSRF token as well";
    }
    const auto issued = a.post("manager1", "/api/v1/tokens", R"({"name":"load","scopes":["ticket_read_all"]})");
    const auto by_token = b.ask("", http::Method::get, "/api/v1/tickets", "",
                                {.headers = {{"authorization", "Bearer " + issued.at("/token")}}});
    EXPECT_EQ(by_token.status, 200);
    EXPECT_EQ(b.ask("", http::Method::get, "/api/v1/tickets", "",
                    {.headers = {{"authorization", "Bearer swt_" + std::string(44, 'x')}}})
                  .status,
              401);
}

TEST_F(Nodes, WhoSignsOutOnOneIsSignedOutOnTheOther)
{
    const auto page = Page::open(b, "agent2");
    const auto kept = Page::open(b, "agent1");
    ASSERT_EQ(b.get("agent2", "/api/v1/staff/me").status, 200);
    ASSERT_EQ(a.del("agent2", "/api/v1/session").status, 204);
    EXPECT_TRUE(b_answers(401, "agent2", "/api/v1/staff/me"));
    EXPECT_TRUE(page->is_closed_with(4001));
    EXPECT_EQ(b.get("agent1", "/api/v1/staff/me").status, 200);
    EXPECT_FALSE(a.web_request().id.empty());
    EXPECT_TRUE(kept->is_told(R"("type":"ticket")")) << "others' pages stand";
}

TEST_F(Nodes, WhoIsSeenOnOneIsNotIdleOnTheOther)
{
    ASSERT_EQ(a.get("agent1", "/api/v1/staff/me").status, 200);
    const auto cookie = a.session("agent1").cookie;
    const auto ask = [&](Centre& node) {
        return node.ask("", http::Method::get, "/api/v1/staff/me", "", {.headers = {{"cookie", cookie}}}).status;
    };
    ASSERT_EQ(ask(b), 200);
    for (int hour = 0; hour < 6; ++hour) {
        a.clock().advance(59min);
        b.clock().advance(59min);
        ASSERT_EQ(ask(a), 200);
        a.app().store().write([](sql::Connection&) {});  // behind it in the queue: that it was seen is stored
    }
    EXPECT_EQ(ask(b), 200) << "for six hours nothing was asked of this node";
}

TEST_F(Nodes, RightsThatOneTakesAwayAreGoneOnTheOther)
{
    ASSERT_EQ(b.get("agent2", "/api/v1/tickets").status, 200);
    const auto page = Page::open(b, "agent2");
    ASSERT_EQ(a.post("admin", "/api/v1/staff/" + a.staff("agent2") + "/commands/disable").status, 200);
    EXPECT_TRUE(b_answers(401, "agent2", "/api/v1/tickets"));
    EXPECT_TRUE(page->is_closed_with(4001));

    ASSERT_EQ(b.get("inspector1", "/api/v1/policies/current").status, 200);
    ASSERT_EQ(a.put("admin", "/api/v1/roles/inspector", R"({"permissions":["ticket_read_all"]})").status, 200);
    EXPECT_TRUE(b_answers(403, "inspector1", "/api/v1/policies/current"));
}

TEST_F(Nodes, APolicyThatOneIsGivenIsInForceOnTheOther)
{
    const auto before = a.get("manager1", "/api/v1/policies/current");
    auto document = before.body.at("document");
    const auto put =
        a.put("manager1", "/api/v1/policies/current", boost::json::serialize(document), {{"if-match", "\"1\""}});
    ASSERT_EQ(put.status, 200) << put.text;
    EXPECT_TRUE(comes_true([&] { return b.app().policies().current()->version() == 2; }));
    EXPECT_EQ(
        b.put("manager1", "/api/v1/policies/current", boost::json::serialize(document), {{"if-match", "\"1\""}}).status,
        412)
        << "written over a version that was not the last one";
}

TEST_F(Nodes, F19_ANodeWhoseListenerWasCutOffCatchesUp)
{
    const auto page = Page::open(b, "agent1");
    ASSERT_EQ(b.get("agent2", "/api/v1/tickets").status, 200);
    cut_all_connections();
    // Whether the listener is back before or after this: in the end the other knows.
    ASSERT_EQ(a.post("admin", "/api/v1/staff/" + a.staff("agent2") + "/commands/disable").status, 200);
    EXPECT_TRUE(b_answers(401, "agent2", "/api/v1/tickets"));
    EXPECT_TRUE(page->is_closed_with(1012)) << "nobody knows what it was not told: it is to come again";
    EXPECT_TRUE(comes_true([&] {
        b.app().store().feed().repair();
        return !b.app().is_behind();
    }));
    const auto again = Page::open(b, "agent1");
    const auto request = a.web_request();
    EXPECT_TRUE(again->is_told(request.id));
}

TEST_F(Nodes, F35_NodesWhoseClocksDifferDoNothingTwiceAndKeepTheOrder)
{
    b.clock().advance(5s);
    const auto request = a.web_request();
    ASSERT_EQ(b.command("agent1", request.id, "respond", fields({{"content", "您好"}})).status, 200);
    ASSERT_EQ(a.command("agent1", request.id, "note", fields({{"content", "已去电"}})).status, 200);
    std::vector<std::string> at;
    const auto events = a.get("agent1", "/api/v1/tickets/" + request.id + "/events");
    for (const auto& event : events.body.at("items").as_array()) at.emplace_back(event.at("at").as_string());
    EXPECT_TRUE(std::ranges::is_sorted(at)) << "what happened later is not said to have happened earlier";

    for (int hour = 0; hour < 40; ++hour) {
        a.clock().advance(1h);
        b.clock().advance(1h);
        std::jthread one{[&] { a.settle(); }};
        std::jthread two{[&] { b.settle(); }};
    }
    std::set<std::string> breached;
    const auto notices = a.get("agent1", "/api/v1/notices", {{"limit", "200"}});
    for (const auto& each : notices.body.at("items").as_array()) {
        if (each.at("kind") != "breached") continue;
        const auto which =
            boost::json::serialize(each.at("obligation_kind")) + boost::json::serialize(each.at("due_at"));
        EXPECT_TRUE(breached.insert(which).second) << "told twice: " << each;
    }
    EXPECT_FALSE(breached.empty());
    const auto checked = app::check_store(a.app().store());
    for (const auto& finding : checked.findings) ADD_FAILURE() << finding.invariant << " " << finding.text;
}

TEST_F(Nodes, AKeyThatReachesBothAtTheSameMomentIsCarriedOutOnce)
{
    const std::string body = R"({"channel":"phone","customer":{"name":"张伟"},"subject":"发票","content":"补开"})";
    a.session("agent1");
    std::set<std::string> made;
    for (int round = 0; round < 20; ++round) {
        const http::Fields key{{"idempotency-key", fmt::format("round-{}", round)}};
        scenario::Answer answers[2];
        {
            std::jthread one{[&] { answers[0] = a.post("agent1", "/api/v1/tickets", body, key); }};
            std::jthread two{[&] { answers[1] = b.post("agent1", "/api/v1/tickets", body, key); }};
        }
        ASSERT_EQ(answers[0].status, 201) << answers[0].text;
        ASSERT_EQ(answers[1].status, 201) << answers[1].text;
        EXPECT_EQ(answers[0].id(), answers[1].id());
        made.insert(answers[0].id());
    }
    EXPECT_EQ(made.size(), 20U);
    EXPECT_EQ(a.get("supervisor1", "/api/v1/tickets", {{"view", "all"}}).count(), 20U);
}

TEST_F(Nodes, CommandsTicksAndIndexersOfBothLeaveAStoreInWhichAllHolds)
{
    a.session("agent1");
    a.session("agent2");
    const auto work = [](Centre& node, std::string_view who) {
        for (int i = 0; i < 25; ++i) {
            const auto request = node.web_request();
            node.command(who, request.id, "respond", fields({{"content", "您好"}}));
            node.clock().advance(7min);
            node.settle();
        }
    };
    {
        std::jthread one{[&] { work(a, "agent1"); }};
        std::jthread two{[&] { work(b, "agent2"); }};
    }
    b.clock().set(a.now());
    EXPECT_TRUE(comes_true([&] { return a.app().settle() + b.app().settle() == 0; }));
    const auto checked = app::check_store(a.app().store());
    for (const auto& finding : checked.findings) ADD_FAILURE() << finding.invariant << " " << finding.text;
    EXPECT_EQ(checked.tickets, 50);
    EXPECT_EQ(b.get("supervisor1", "/api/v1/search", {{"q", "电梯"}, {"limit", "100"}}).count(), 50U);
}

}  // namespace
}  // namespace shouwen::nodes
