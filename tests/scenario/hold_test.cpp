#include "app/holds.hpp"
#include "app/verify.hpp"
#include "platform/outgoing/receiver_for_tests.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

// What cannot be taken back stands still until somebody releases it: after a restore, on another database server, and when very
// many tickets are due to be filed at once.

namespace shouwen::scenario {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using outgoing::testing::Receiver;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const sql::Statement forget_timeline{"test.timeline", "UPDATE database_server SET timeline = timeline - 1"};
const sql::Statement forget_system{"test.system", "UPDATE database_server SET system = '7'"};
const sql::Statement count_attempts{"test.attempts", "SELECT sum(attempts) FROM outbox WHERE channel = 'webhook'"};

class Holds : public testing::Test {
protected:
    void given_webhook()
    {
        const auto made = centre.post(
            "admin", "/api/v1/webhooks",
            fmt::format(R"({{"name":"CRM","url":"{}","kinds":["ticket.received","ticket.ownership_taken"]}})",
                        receiver.url()));
        ASSERT_EQ(made.status, 201) << made.text;
    }
    std::vector<std::string> received()
    {
        std::vector<std::string> lines;
        for (const auto& each : receiver.received()) {
            const auto body = json::parse(each.body);
            lines.push_back(fmt::format("{} {}", std::string_view{body.at("data").at("number").as_string()},
                                        std::string_view{body.at("type").as_string()}));
        }
        return lines;
    }
    int told(std::string_view who, std::string_view kind)
    {
        int count = 0;
        const auto answer = centre.get(who, "/api/v1/notices");
        for (const auto& item : answer.body.at("items").as_array())
            count += item.at("kind").as_string() == kind ? 1 : 0;
        return count;
    }
    Answer open() { return centre.get("admin", "/api/v1/holds", {{"state", "open"}}); }
    Answer release(std::string_view who = "admin")
    {
        return centre.post(who, "/api/v1/holds/" + open().at("/items/0/id") + "/release", R"({"comment":"已核对"})");
    }
    std::int64_t attempts()
    {
        std::int64_t count = 0;
        centre.app().store().read([&](sql::Connection& db) {
            count = db.first(count_attempts, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
        });
        return count;
    }
    void set_limit(int most)
    {
        const auto current = centre.get("manager1", "/api/v1/policies/current");
        auto document = current.body.at("document");
        document.as_object()["confirm_filing_above"] = most;
        const auto changed = centre.put("manager1", "/api/v1/policies/current", json::serialize(document),
                                        {{"if-match", "\"" + current.at("/version") + "\""}});
        ASSERT_EQ(changed.status, 200) << changed.text;
    }
    std::vector<std::string> given_results(int count)
    {
        std::vector<std::string> ids;
        for (int i = 0; i < count; ++i) ids.push_back(centre.call_with_result());
        return ids;
    }
    int filed_of(const std::vector<std::string>& ids)
    {
        return static_cast<int>(std::ranges::count_if(ids, [&](const auto& id) {
            return centre.get("agent1", "/api/v1/tickets/" + id).at("/step") == "archived";
        }));
    }

    Receiver receiver;
    Centre centre;
};

TEST_F(Holds, R24_WhatWasRestoredSendsNothingOutsideUntilItIsReleased)
{
    given_webhook();
    app::hold_restored(centre.app().store(), "20260104T183000Z", monday_9h - 6h, centre.now());
    centre.restart();
    const auto first = centre.web_request();
    centre.command("agent1", first.id, "respond", fields({{"content", "您好"}}));
    const auto second = centre.web_request();
    centre.settle();
    for (int day = 0; day < 30; ++day) centre.advance(24h);
    EXPECT_THAT(received(), IsEmpty());
    EXPECT_EQ(attempts(), 0) << "nothing is counted, so nothing is given up";
    EXPECT_THAT(centre.notices("supervisor1", second.id), Contains("breached")) << "notices to staff go on";

    const auto health = centre.get("", "/readyz");
    EXPECT_EQ(health.at("/held/0/what"), "outgoing") << health.text;
    const auto metrics = centre.get("", "/metrics").text;
    EXPECT_THAT(metrics, HasSubstr("holds_open{what=\"outgoing\"} 1"));
    for (const auto* who : {"admin", "manager1"}) EXPECT_EQ(told(who, "outgoing_held"), 1) << who;
    EXPECT_EQ(told("supervisor1", "outgoing_held"), 0);
    const auto held = open();
    ASSERT_EQ(held.count(), 1U) << held.text;
    EXPECT_EQ(held.at("/items/0/cause"), "restored");
    EXPECT_EQ(held.at("/items/0/details/backup_made_at"), to_rfc3339(monday_9h - 6h));
    EXPECT_EQ(held.at("/items/0/since"), to_rfc3339(monday_9h));
    EXPECT_EQ(held.at("/items/0/waiting_count"), "3");
    EXPECT_EQ(held.at("/items/0/released_at"), "null");

    EXPECT_EQ(release("manager1").status, 200);
    centre.settle();
    const std::vector<std::string> in_order{first.number + " ticket.received", first.number + " ticket.ownership_taken",
                                            second.number + " ticket.received"};
    EXPECT_THAT(received(), testing::UnorderedElementsAreArray(in_order));
    const auto of_first = [&] {
        auto lines = received();
        std::erase_if(lines, [&](const auto& line) { return !line.starts_with(first.number); });
        return lines;
    }();
    EXPECT_THAT(of_first, ElementsAre(in_order[0], in_order[1]));
    centre.advance(24h);
    EXPECT_THAT(received(), SizeIs(3)) << "once";
    EXPECT_EQ(centre.get("", "/readyz").count("/held"), 0U);

    const auto history = centre.get("manager1", "/api/v1/holds");
    EXPECT_EQ(history.at("/items/0/released_by/name"), "赵敏") << history.text;
    EXPECT_EQ(history.at("/items/0/comment"), "已核对");
    EXPECT_EQ(history.at("/items/0/waiting_count"), "null");
    const auto audit = centre.get("auditor1", "/api/v1/audit").text;
    EXPECT_THAT(audit, HasSubstr("hold_placed"));
    EXPECT_THAT(audit, HasSubstr("hold_released"));
    EXPECT_TRUE(app::check_store(centre.app().store()).findings.empty());
}

TEST_F(Holds, AreReleasedOnceWithAReasonByWhoMay)
{
    app::hold_restored(centre.app().store(), "20260104T183000Z", monday_9h - 6h, centre.now());
    const auto path = "/api/v1/holds/" + open().at("/items/0/id") + "/release";
    for (const auto* who : {"agent1", "supervisor1", "auditor1", "merchant1_admin"}) {
        EXPECT_EQ(centre.get(who, "/api/v1/holds").status, 403) << who;
        EXPECT_EQ(centre.post(who, path, R"({"comment":"x"})").status, 403) << who;
    }
    EXPECT_EQ(centre.post("admin", path).status, 422);
    EXPECT_EQ(centre.post("admin", path, R"({"comment":"  "})").status, 422);
    EXPECT_EQ(centre.post("admin", path, R"({"comment":"已核对"})").status, 200);
    EXPECT_EQ(centre.post("admin", path, R"({"comment":"已核对"})").code(), "hold_released");
    EXPECT_EQ(centre.post("admin", "/api/v1/holds/0000000000001x/release", R"({"comment":"x"})").status, 404);
    EXPECT_EQ(centre.get("admin", "/api/v1/holds", {{"state", "held"}}).status, 400);
    EXPECT_EQ(open().count(), 0U);
    EXPECT_EQ(centre.get("admin", "/api/v1/holds", {{"state", "released"}}).count(), 1U);
}

TEST_F(Holds, AreListedAndReleasedOnTheCommandLine)
{
    given_webhook();
    app::hold_restored(centre.app().store(), "20260104T183000Z", monday_9h - 6h, centre.now());
    centre.web_request();
    centre.settle();
    std::ostringstream out;
    EXPECT_EQ(app::print_holds(centre.app().store(), out), 0);
    EXPECT_THAT(out.str(), HasSubstr("OPEN      outgoing (restored)"));
    EXPECT_THAT(out.str(), HasSubstr("1 wait"));
    EXPECT_EQ(app::release_hold_command(centre.app().store(), "nonsense", "ok", out), 1);
    EXPECT_EQ(app::release_hold_command(centre.app().store(), open().at("/items/0/id"), "by hand", out), 0);
    centre.settle();
    EXPECT_THAT(received(), SizeIs(1));
    EXPECT_EQ(centre.get("admin", "/api/v1/holds").at("/items/0/released_by"), "null");
}

TEST_F(Holds, F20_AnotherServerThanTheRowsWereWrittenOnHoldsWhatLeaves)
{
    if (centre.is_embedded()) GTEST_SKIP() << "an embedded store has no server";
    given_webhook();
    centre.web_request();
    centre.settle();
    EXPECT_THAT(received(), SizeIs(1)) << "the server that the store began on is nobody's surprise";
    EXPECT_EQ(open().count(), 0U);
    for (const auto& [change, cause] :
         {std::pair{&forget_timeline, "new_timeline"}, std::pair{&forget_system, "new_system"}}) {
        SCOPED_TRACE(cause);
        const auto before = received().size();
        centre.app().store().write([&](sql::Connection& db) { db.execute(*change); });
        // Already the transaction that would claim a message refuses, before anybody has placed a hold.
        centre.app().store().write([](sql::Connection& db) { EXPECT_FALSE(hold::may_leave(db)); });
        const auto request = centre.web_request();
        centre.settle();
        EXPECT_THAT(received(), SizeIs(before));
        EXPECT_EQ(open().at("/items/0/cause"), cause);
        EXPECT_EQ(told("admin", "outgoing_held"), cause == std::string_view{"new_timeline"} ? 1 : 2);
        centre.restart();
        centre.settle();
        EXPECT_EQ(open().count(), 1U) << "one for each change";
        EXPECT_EQ(release().status, 200);
        centre.settle();
        EXPECT_EQ(received().back(), request.number + " ticket.received");
        EXPECT_THAT(received(), SizeIs(before + 1));
    }
}

TEST_F(Holds, F33_VeryManyAreFiledOnlyWhenSomebodyConfirms)
{
    set_limit(3);
    const auto few = given_results(3);
    centre.advance(24h * 7);
    EXPECT_EQ(filed_of(few), 3) << "up to the limit nobody is asked";
    EXPECT_EQ(open().count(), 0U);

    const auto many = given_results(4);
    const auto other = centre.call_in_handling();
    const auto due = centre.obligation(many[0], "close_out").at("due_at");
    centre.advance(24h * 40);
    EXPECT_EQ(filed_of(many), 0);
    EXPECT_THAT(centre.notices("agent1", other), Contains("breached")) << "what else is due goes on";
    EXPECT_EQ(centre.notices("agent1", many[0]), centre.notices("agent1", many[1]));
    EXPECT_THAT(centre.notices("agent1", many[0]), testing::Not(Contains("breached"))) << "nobody is in default";
    const auto held = open();
    EXPECT_EQ(held.at("/items/0/what"), "automatic_filing") << held.text;
    EXPECT_EQ(held.at("/items/0/cause"), "many_due");
    EXPECT_EQ(held.at("/items/0/details/more_than"), "3");
    EXPECT_EQ(held.at("/items/0/waiting_count"), "4");
    EXPECT_EQ(told("admin", "filing_held"), 1);
    centre.advance(24h);
    EXPECT_EQ(filed_of(many), 0) << "however long";
    EXPECT_EQ(centre.app().tick(), 0) << "what waits keeps no tick busy";
    // A command on one of them goes the usual way, and does not file it first.
    EXPECT_EQ(centre.command("agent1", many[0], "note", fields({{"content", "看过"}})).status, 200);

    EXPECT_EQ(release().status, 200);
    centre.settle();
    EXPECT_EQ(filed_of(many), 4);
    EXPECT_EQ(centre.obligation(many[0], "close_out").at("due_at"), due);
    EXPECT_TRUE(centre.obligation(many[0], "close_out").at("breached_at").is_null());
    EXPECT_EQ(open().count(), 0U) << "what was due until the release is confirmed";

    const auto again = given_results(4);
    centre.advance(24h * 40);
    EXPECT_EQ(filed_of(again), 0) << "a new pile is asked for anew";
    EXPECT_EQ(open().count(), 1U);
    EXPECT_TRUE(app::check_store(centre.app().store()).findings.empty());
}

TEST_F(Holds, F33_AClockThatIsSetRightAgainHasFiledNothing)
{
    set_limit(1);
    const auto ids = given_results(2);
    const auto right = centre.now();
    centre.advance(24h * 40);
    EXPECT_EQ(open().count(), 1U);
    centre.clock().set(right + 1h);
    EXPECT_EQ(release().status, 200);
    centre.settle();
    EXPECT_EQ(filed_of(ids), 0) << "they are not due yet";
    set_limit(10);
    centre.advance(24h * 7);
    EXPECT_EQ(filed_of(ids), 2) << "in their time";
}

}  // namespace
}  // namespace shouwen::scenario
