#include "app/verify.hpp"
#include "scenario/centre.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace shouwen::scenario {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(E5_UnansweredRequest, IsWarnedTwiceThenBreachedThenClimbsTheChain)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    centre.advance(1h - 1ms);
    EXPECT_THAT(centre.notices("supervisor1", request.id), IsEmpty());
    centre.advance(1ms);
    EXPECT_THAT(centre.notices("supervisor1", request.id), ElementsAre("warned"));
    centre.advance(36min);
    EXPECT_THAT(centre.notices("supervisor1", request.id), ElementsAre("warned", "warned"));
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets", {{"view", "overdue"}}).count(), 0U);
    centre.advance(24min);
    EXPECT_THAT(centre.notices("supervisor1", request.id), ElementsAre("warned", "warned", "breached"));
    EXPECT_EQ(centre.obligation(request.id, "respond").at("breached_at").as_string(), to_rfc3339(monday_9h + 2h));
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets", {{"view", "overdue"}}).count(), 1U);
    EXPECT_THAT(centre.notices("manager1", request.id), IsEmpty());
    centre.advance(30min);
    EXPECT_THAT(centre.notices("manager1", request.id), ElementsAre("chain"));
    EXPECT_THAT(centre.notices("leader1", request.id), IsEmpty());
    centre.advance(30min);
    EXPECT_THAT(centre.notices("leader1", request.id), ElementsAre("chain"));
    centre.advance(240h);  // nothing further, ever
    EXPECT_EQ(centre.notices("supervisor1", request.id).size(), 3U);
    EXPECT_EQ(centre.notices("manager1", request.id).size(), 1U);
    EXPECT_EQ(centre.notices("leader1", request.id).size(), 1U);
    // Late is late, and still welcome.
    EXPECT_EQ(centre.command("agent1", request.id, "respond", fields({{"content", "抱歉久等"}})).status, 200);
    const auto respond = centre.obligation(request.id, "respond");
    EXPECT_FALSE(respond.at("met_at").is_null());
    EXPECT_EQ(respond.at("breached_at").as_string(), to_rfc3339(monday_9h + 2h));
}

TEST(E5_Downtime, CatchesUpOnceAndInOrder)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    centre.stop();
    centre.clock().advance(30h);
    centre.start();
    centre.settle();
    EXPECT_THAT(centre.notices("supervisor1", request.id), ElementsAre("warned", "warned", "breached"));
    EXPECT_THAT(centre.notices("manager1", request.id), ElementsAre("chain"));
    EXPECT_EQ(centre.obligation(request.id, "respond").at("breached_at").as_string(), to_rfc3339(monday_9h + 2h));
    centre.restart();
    centre.settle();
    EXPECT_EQ(centre.notices("supervisor1", request.id).size(), 3U);
}

TEST(E5_ClockJump, BackTellsNothingTwice)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    centre.advance(1h);
    centre.clock().set(monday_9h);
    centre.settle();
    centre.advance(1h);
    EXPECT_THAT(centre.notices("supervisor1", request.id), ElementsAre("warned"));
}

TEST(E5_ClockJump, BackBehindABreachDoesNotUndoIt)
{
    const struct {
        const char* name;
        const char* command;
        std::string body;
    } cases[] = {{"met", "respond", fields({{"content", "您好"}})},
                 {"made more urgent", "regrade", fields({{"grade", "L2"}, {"reason", "影响多户"}})}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Centre centre{monday_9h};
        const auto request = centre.web_request();
        centre.advance(2h);
        centre.clock().set(monday_9h + 5min);
        ASSERT_EQ(centre.command("agent1", request.id, c.command, c.body).status, 200);
        EXPECT_EQ(centre.obligation(request.id, "respond").at("breached_at").as_string(), to_rfc3339(monday_9h + 2h));
        centre.clock().set(monday_9h + 3h);
        centre.settle();
        const auto notices = centre.get("supervisor1", "/api/v1/notices", {{"limit", "200"}});
        EXPECT_EQ(std::ranges::count_if(notices.body.at("items").as_array(),
                                        [](const auto& notice) {
                                            return notice.at("kind").as_string() == "breached" &&
                                                   notice.at("obligation_kind").as_string() == "respond";
                                        }),
                  1);
    }
}

TEST(E5_Regrading, ToAMilderGradeDoesNotUndoABreach)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    const auto regrade = [&](const char* grade) {
        return centre.command("agent1", request.id, "regrade", fields({{"grade", grade}, {"reason", "误判"}}));
    };
    ASSERT_EQ(regrade("L1").status, 200);
    centre.advance(5min);
    const auto breached_at = centre.obligation(request.id, "respond").at("breached_at");
    EXPECT_EQ(breached_at.as_string(), to_rfc3339(monday_9h + 1min));
    const auto milder = regrade("L3");
    ASSERT_EQ(milder.status, 200) << milder.text;
    EXPECT_THAT(milder.at("/flags"), HasSubstr("overdue"));
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets", {{"view", "overdue"}}).count(), 1U);
    EXPECT_EQ(centre.obligation(request.id, "respond").at("due_at").as_string(), to_rfc3339(monday_9h + 2h));
    EXPECT_EQ(centre.obligation(request.id, "respond").at("breached_at"), breached_at);
    ASSERT_EQ(centre.command("agent1", request.id, "respond", fields({{"content", "您好"}})).status, 200);
    EXPECT_EQ(centre.obligation(request.id, "respond").at("breached_at"), breached_at);
    EXPECT_TRUE(app::check_store(centre.app().store()).findings.empty());
}

TEST(A1_ClockSetBack, LeavesATicketsTimeWhereItsLastEventIs)
{
    Centre centre{monday_9h};
    const auto id = centre.call();
    centre.advance(5min);
    ASSERT_EQ(centre.command("agent1", id, "note", fields({{"content", "已核实"}})).status, 200);
    centre.clock().set(monday_9h - 24h);
    ASSERT_EQ(centre.command("supervisor1", id, "cancel", fields({{"reason", "重复来电"}})).status, 200);
    const auto tenure = centre.get("agent1", "/api/v1/tickets/" + id + "/tenures");
    EXPECT_EQ(tenure.at("/items/0/from"), to_rfc3339(monday_9h));
    EXPECT_EQ(tenure.at("/items/0/to"), to_rfc3339(monday_9h + 5min));
    EXPECT_TRUE(app::check_store(centre.app().store()).findings.empty());
}

TEST(A1_ClockSetBack, NeitherHoldsUpNoticesNorLetsABreachPassUnseen)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    centre.clock().set(monday_9h + 50min);
    // The answer was owed within 30 minutes: that is over at the ticket's time, and not yet by the clock that goes back.
    ASSERT_EQ(centre.command("agent1", request.id, "regrade", R"({"grade":"L2","reason":"改级"})").status, 200);
    centre.clock().set(monday_9h);
    ASSERT_EQ(centre.command("agent1", request.id, "respond", fields({{"content", "您好"}})).status, 200);
    centre.settle();
    EXPECT_EQ(std::ranges::count(centre.notices("supervisor1", request.id), "breached"), 1);
    EXPECT_TRUE(app::check_store(centre.app().store()).findings.empty());
}

TEST(E5_LateCommand, MeetsWhatWasBreachedAMomentBefore)
{
    // The tick has not run: the command itself must see that the limit is over.
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    centre.clock().advance(2h);
    EXPECT_EQ(centre.command("agent1", request.id, "respond", fields({{"content", "您好"}})).status, 200);
    EXPECT_EQ(centre.obligation(request.id, "respond").at("breached_at").as_string(), to_rfc3339(monday_9h + 2h));
    centre.settle();
    EXPECT_THAT(centre.notices("supervisor1", request.id), ElementsAre("warned", "warned", "breached"));
}

TEST(E7_Urgent, IsKnownToTheSupervisorAndAsksForProgressEveryQuarter)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L1");
    centre.settle();
    EXPECT_THAT(centre.notices("supervisor1", id), Contains("escalated"));
    EXPECT_EQ(centre.obligation(id, "tell_progress").at("due_at").as_string(), to_rfc3339(monday_9h + 15min));
    centre.advance(10min);
    EXPECT_EQ(centre.command("agent1", id, "tell_progress", fields({{"content", "抢修中"}})).status, 200);
    EXPECT_EQ(centre.obligation(id, "tell_progress").at("due_at").as_string(), to_rfc3339(monday_9h + 25min));
    centre.advance(15min);
    EXPECT_THAT(centre.notices("agent1", id), Contains("breached"));
    EXPECT_THAT(centre.notices("supervisor1", id), Contains("breached"));
}

TEST(D11_SilentCustomer, IsFiledByThePolicyAfterThreeWorkingDays)
{
    Centre centre{monday_9h};
    const auto id = centre.call_with_result();
    centre.advance(72h - 1ms);
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + id).at("/step"), "feedback");
    centre.advance(1ms);
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + id).at("/step"), "archived");
    const auto close_out = centre.obligation(id, "close_out");
    EXPECT_EQ(close_out.at("cause").as_string(), "customer_silent");
    EXPECT_TRUE(close_out.at("breached_at").is_null());
    const auto events = centre.get("agent1", "/api/v1/tickets/" + id + "/events");
    const auto last = "/items/" + std::to_string(events.count() - 1);
    EXPECT_EQ(events.at(last + "/type"), "archived");
    EXPECT_EQ(events.at(last + "/data/cause"), "policy");
    EXPECT_EQ(events.at(last + "/actor"), "null");
}

TEST(D11_SilentCustomer, WhoseRecordIsIncompleteIsToldOfAndFiledWhenItIsMended)
{
    Centre centre{monday_9h};
    const auto created = centre.post(
        "agent1", "/api/v1/tickets",
        R"({"channel":"counter","customer":{"name":"路人"},"subject":"失物","content":"丢了伞","class":"help"})");
    const auto id = created.id();
    ASSERT_EQ(centre.command("agent1", id, "resolve_at_first_contact", result_text()).status, 200);
    centre.advance(72h);
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + id).at("/step"), "feedback");
    const auto told = [&](std::string_view who) { return centre.get(who, "/api/v1/notices").body.at("items").at(0); };
    for (const auto* who : {"agent1", "supervisor1"}) {
        SCOPED_TRACE(who);
        const auto notice = told(who);
        EXPECT_EQ(notice.at("kind").as_string(), "breached");
        EXPECT_EQ(notice.at("obligation_kind").as_string(), "close_out");
        EXPECT_EQ(notice.at("refusal").as_string(), "record_incomplete");
        EXPECT_EQ(boost::json::serialize(notice.at("missing")), R"(["contact"])");
    }
    // However long nobody mends it: it is owed, seen as overdue, and nobody is told the same again.
    centre.advance(240h);
    EXPECT_TRUE(centre.obligation(id, "close_out").at("met_at").is_null());
    EXPECT_TRUE(centre.obligation(id, "close_out").at("cancelled_at").is_null());
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets", {{"view", "overdue"}}).count(), 1U);
    EXPECT_EQ(std::ranges::count(centre.notices("agent1", id), "breached"), 1);
    EXPECT_EQ(std::ranges::count(centre.notices("leader1", id), "chain"), 1);

    // The customer's file gets a number: the next time the policy tries, the ticket is filed.
    const auto customer = "/api/v1/customers/" + created.at("/customer/id");
    const auto file = centre.get("agent1", customer);
    const auto mended = centre.put("agent1", customer, R"({"name":"路人","phone":"13700000000"})",
                                   {{"if-match", "\"" + file.at("/version") + "\""}});
    ASSERT_EQ(mended.status, 200) << mended.text;
    centre.advance(30min);
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + id).at("/step"), "archived");
    const auto close_out = centre.obligation(id, "close_out");
    EXPECT_EQ(close_out.at("cause").as_string(), "customer_silent");
    EXPECT_EQ(close_out.at("breached_at").as_string(), to_rfc3339(monday_9h + 72h));
    EXPECT_TRUE(app::check_store(centre.app().store()).findings.empty());
}

TEST(D11_SilentCustomer, WhoWroteIsAnsweredBeforeTheTicketIsFiled)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    const auto act = [&](std::string_view name, const std::string& body) {
        const auto answer = centre.command("agent1", request.id, name, body);
        EXPECT_EQ(answer.status, 200) << name << answer.text;
    };
    act("respond", fields({{"content", "您好"}}));
    act("classify", classification("L3"));
    act("resolve_at_first_contact", result_text());
    centre.advance(71h);
    ASSERT_EQ(centre.customer_post(request.number, request.secret, "messages", R"({"content":"门还是关不上"})").status,
              200);
    centre.advance(10h);
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + request.id).at("/step"), "feedback");
    act("reply", fields({{"content", "今天再派人"}}));
    // Waited for anew, as long as after the result.
    centre.advance(71h);
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + request.id).at("/step"), "feedback");
    centre.advance(120h);
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + request.id).at("/step"), "archived");
}

TEST(E5_Waiting, PausesTheLimitAndTheCustomerEndsIt)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    centre.command("agent1", request.id, "respond", fields({{"content", "您好"}}));
    centre.command("agent1", request.id, "classify", classification("L2"));
    centre.advance(30min);
    EXPECT_THAT(centre.command("agent1", request.id, "wait_for_customer", fields({{"reason", "等照片"}})).at("/flags"),
                HasSubstr("waiting"));
    centre.advance(5h);
    EXPECT_TRUE(centre.obligation(request.id, "plan").at("breached_at").is_null());
    EXPECT_EQ(centre.customer_post(request.number, request.secret, "messages", R"({"content":"照片已发"})").status,
              200);
    EXPECT_EQ(centre.obligation(request.id, "plan").at("due_at").as_string(), to_rfc3339(monday_9h + 7h));
}

TEST(E5_Explanation, CountsSpansThatAddUpToTheLimit)
{
    Centre centre{monday_9h + 4 * 24h + 8h};  // Friday 17:00
    const auto id = centre.call_with_result();
    const auto close_out = centre.obligation(id, "close_out");
    const auto explained =
        centre.get("agent1", "/api/v1/obligations/" + std::string{close_out.at("id").as_string()} + "/explanation");
    ASSERT_EQ(explained.status, 200) << explained.text;
    EXPECT_EQ(explained.at("/limit"), "P3WD");
    EXPECT_EQ(explained.at("/obligation/id"), close_out.at("id").as_string());
    const auto& spans = explained.body.at("spans").as_array();
    ASSERT_FALSE(spans.empty());
    Duration counted{};
    auto expected_from = std::string{close_out.at("starts_at").as_string()};
    bool weekend = false;
    for (const auto& span : spans) {
        const std::string from{span.at("from").as_string()};
        const std::string to{span.at("to").as_string()};
        EXPECT_EQ(from, expected_from) << "no gaps";
        if (span.at("counted").as_bool()) counted += *parse_rfc3339(to) - *parse_rfc3339(from);
        weekend = weekend || span.at("reason").as_string() == "weekend";
        expected_from = to;
    }
    EXPECT_EQ(expected_from, close_out.at("due_at").as_string());
    EXPECT_TRUE(weekend);
    EXPECT_EQ(counted, 3 * (7h + 30min));  // Friday 17-18, two whole days, and Wednesday until 17, lunch apart
}

TEST(E5_Explanation, OfANaturalLimitIsItsLength)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    const auto respond = centre.obligation(request.id, "respond");
    const auto explained =
        centre.get("agent1", "/api/v1/obligations/" + std::string{respond.at("id").as_string()} + "/explanation");
    EXPECT_EQ(explained.at("/limit"), "PT2H");
    ASSERT_EQ(explained.count("/spans"), 1U);
    EXPECT_EQ(explained.at("/spans/0/counted"), "true");
}

TEST(E5_ManualClock, MovesByTheRouteAndReturnsWhenAllIsDone)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    auto moved = centre.post("", "/api/v1/test/clock", R"({"advance":"PT2H"})");
    EXPECT_EQ(moved.status, 200);
    EXPECT_EQ(moved.at("/now"), to_rfc3339(monday_9h + 2h));
    EXPECT_THAT(centre.notices("supervisor1", request.id), ElementsAre("warned", "warned", "breached"));
    moved = centre.post("", "/api/v1/test/clock", R"({"now":"2026-01-06T01:00:00Z"})");
    EXPECT_EQ(centre.now(), monday_9h + 24h);
    EXPECT_EQ(centre.post("", "/api/v1/test/clock", R"({"advance":"soon"})").status, 422);
    EXPECT_EQ(centre.post("", "/api/v1/test/clock", "{}").status, 422);
}

TEST(E5_Policy, OfANewVersionHoldsForNewObligationsOnly)
{
    Centre centre{monday_9h};
    const auto before = centre.web_request("电梯停运");
    auto current = centre.get("manager1", "/api/v1/policies/current");
    ASSERT_EQ(current.status, 200) << current.text;
    auto document = current.body.at("document");
    for (auto& [kind, limits] : document.at("limits").as_object())
        if (kind == "respond") limits.as_object()["L3"] = "PT4H";
    const auto put = [&](std::string_view who, const boost::json::value& body, const std::string& version) {
        return centre.put(who, "/api/v1/policies/current", boost::json::serialize(body),
                          {{"if-match", "\"" + version + "\""}});
    };
    EXPECT_EQ(put("agent1", document, current.at("/version")).status, 403);
    const auto changed = put("manager1", document, current.at("/version"));
    ASSERT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(put("manager1", document, current.at("/version")).status, 412);
    const auto after = centre.web_request("水管漏水");
    EXPECT_EQ(centre.obligation(before.id, "respond").at("due_at").as_string(), to_rfc3339(monday_9h + 2h));
    EXPECT_EQ(centre.obligation(after.id, "respond").at("due_at").as_string(), to_rfc3339(monday_9h + 4h));

    document.as_object()["no_such_number"] = 1;
    const auto misspelt = put("manager1", document, changed.at("/version"));
    EXPECT_EQ(misspelt.status, 422);
    EXPECT_EQ(misspelt.at("/errors/0/pointer"), "/no_such_number");
    document.as_object().erase("no_such_number");
    document.as_object()["warnings_percent"] = boost::json::array{50, 80, 50};
    document.as_object()["chain_interval"] = "PT0S";
    document.as_object()["default_calendar"] = "gone";
    const auto refused = put("manager1", document, changed.at("/version"));
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.count("/errors"), 3U) << refused.text;
    EXPECT_EQ(centre.get("manager1", "/api/v1/policies/current").at("/version"), changed.at("/version"));
    EXPECT_EQ(centre.get("manager1", "/api/v1/policies").count(), 2U);
    // A restart keeps it.
    centre.restart();
    EXPECT_EQ(centre.get("manager1", "/api/v1/policies/current").at("/version"), changed.at("/version"));
}

TEST(E5_Readiness, TellsStoreAndScheduler)
{
    Centre centre{monday_9h};
    EXPECT_EQ(centre.get("", "/healthz").status, 200);
    centre.settle();
    EXPECT_EQ(centre.get("", "/readyz").status, 200);
    const auto metrics = centre.get("", "/metrics");
    EXPECT_EQ(metrics.status, 200);
    EXPECT_THAT(metrics.text, HasSubstr("store_commits"));
}

}  // namespace
}  // namespace shouwen::scenario
