#include "app/verify.hpp"
#include "platform/sqlite/connection.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// What is on record, and that it stays so.

namespace shouwen::scenario {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string contacts_of(const std::string& ticket)
{
    return "/api/v1/tickets/" + ticket + "/contacts";
}

/// `direction content` of each, in their order.
std::vector<std::string> contacts(Centre& centre, const std::string& ticket)
{
    std::vector<std::string> found;
    const auto answer = centre.get("agent1", contacts_of(ticket));
    for (std::size_t i = 0; i < answer.count(); ++i) {
        const auto item = "/items/" + std::to_string(i);
        found.push_back(answer.at(item + "/direction") + " " + answer.at(item + "/content"));
    }
    return found;
}

TEST(B16_WorkRecord, IsEachContactInAndOutAndNothingElse)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L3");
    centre.advance(5min);
    ASSERT_EQ(centre.command("agent1", id, "reply", fields({{"content", "已派师傅"}})).status, 200);
    ASSERT_EQ(centre.command("agent1", id, "note", fields({{"content", "此户已报修两次"}})).status, 200);
    EXPECT_THAT(contacts(centre, id), ElementsAre("in 想补开上月的发票", "out 已派师傅"));
    const auto answer = centre.get("agent1", contacts_of(id));
    EXPECT_EQ(answer.at("/items/0/channel"), "phone");
    EXPECT_EQ(answer.at("/items/0/started_at"), to_rfc3339(monday_9h));
    EXPECT_EQ(answer.at("/items/1/started_at"), to_rfc3339(monday_9h + 5min));
    EXPECT_EQ(answer.at("/items/1/staff/name"), "王芳");
    EXPECT_THAT(answer.text, Not(HasSubstr("此户已报修两次")));
}

TEST(B16_WorkRecord, OfACallThatTheSystemDidNotCarryIsWrittenByHand)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L3");
    const auto made = centre.post("agent1", contacts_of(id),
                                  fields({{"channel", "phone"},
                                          {"direction", "out"},
                                          {"started_at", to_rfc3339(monday_9h + 1min)},
                                          {"ended_at", to_rfc3339(monday_9h + 4min)},
                                          {"content", "回访客户，确认上门时间"},
                                          {"result", "约在下午三点"}}));
    ASSERT_EQ(made.status, 201) << made.text;
    // It is there for everybody who sees the ticket, also after a restart and when the ticket is filed.
    ASSERT_EQ(centre.command("agent1", id, "resolve_at_first_contact", result_text()).status, 200);
    ASSERT_EQ(centre.command("agent1", id, "rate", R"({"score":5})").status, 200);
    ASSERT_EQ(centre.command("agent1", id, "archive").status, 200);
    centre.restart();
    for (const auto* who : {"agent1", "agent2", "supervisor1", "inspector1"}) {
        SCOPED_TRACE(who);
        const auto answer = centre.get(who, contacts_of(id));
        ASSERT_EQ(answer.count(), 3U) << answer.text;
        const std::string item = answer.at("/items/1/id") == made.id() ? "/items/1" : "/items/2";
        EXPECT_EQ(answer.at(item + "/channel"), "phone");
        EXPECT_EQ(answer.at(item + "/direction"), "out");
        EXPECT_EQ(answer.at(item + "/started_at"), to_rfc3339(monday_9h + 1min));
        EXPECT_EQ(answer.at(item + "/ended_at"), to_rfc3339(monday_9h + 4min));
        EXPECT_EQ(answer.at(item + "/content"), "回访客户，确认上门时间");
        EXPECT_EQ(answer.at(item + "/result"), "约在下午三点");
        EXPECT_EQ(answer.at(item + "/staff/name"), "王芳");
    }
    const auto closed =
        centre.post("agent1", contacts_of(id),
                    fields({{"channel", "phone"}, {"direction", "in"}, {"started_at", to_rfc3339(monday_9h)}}));
    EXPECT_EQ(closed.code(), "ticket_closed");
}

TEST(B16_WorkRecord, TellsWhatIsWrongWithIt)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L3");
    const struct {
        const char* name;
        std::string body;
        const char* pointer;
        const char* code;
    } cases[] = {
        {"ended before it began",
         fields({{"channel", "phone"},
                 {"direction", "out"},
                 {"started_at", to_rfc3339(monday_9h)},
                 {"ended_at", to_rfc3339(monday_9h - 1min)}}),
         "/ended_at", "ends_before_start"},
        {"no channel", fields({{"direction", "out"}, {"started_at", to_rfc3339(monday_9h)}}), "/channel", "required"},
        {"a channel that is none",
         fields({{"channel", "pigeon"}, {"direction", "out"}, {"started_at", to_rfc3339(monday_9h)}}), "/channel",
         "not_a_choice"},
        {"no time", fields({{"channel", "phone"}, {"direction", "out"}}), "/started_at", "required"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto refused = centre.post("agent1", contacts_of(id), c.body);
        EXPECT_EQ(refused.status, 422) << refused.text;
        EXPECT_EQ(refused.at("/errors/0/pointer"), c.pointer);
        EXPECT_EQ(refused.at("/errors/0/code"), c.code);
    }
    EXPECT_EQ(contacts(centre, id).size(), 1U);
}

TEST(B16_WorkRecord, IsWrittenByWhoWorksOnTheTicket)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L3");
    const auto body = fields({{"channel", "phone"}, {"direction", "out"}, {"started_at", to_rfc3339(monday_9h)}});
    EXPECT_EQ(centre.post("inspector1", contacts_of(id), body).status, 403);
    EXPECT_EQ(centre.post("merchant1_agent", contacts_of(id), body).status, 404);
    EXPECT_EQ(centre.post("", contacts_of(id), body).status, 401);
    EXPECT_EQ(contacts(centre, id).size(), 1U);
    EXPECT_EQ(centre.post("agent2", contacts_of(id), body).status, 201);
}

TEST(D2_Record, ThatIsIncompleteIsSeenUntilItIsMendedAndIsNotFiled)
{
    Centre centre{monday_9h};
    const auto created = centre.post(
        "agent1", "/api/v1/tickets",
        R"({"channel":"counter","customer":{"name":"路人"},"subject":"噪音","content":"楼上装修","class":"complaint"})");
    const auto id = created.id();
    const auto path = "/api/v1/tickets/" + id;
    EXPECT_EQ(created.at("/missing"), R"(["contact","demand"])");
    const auto act = [&](std::string_view name, const std::string& body) {
        const auto answer = centre.command("agent1", id, name, body);
        EXPECT_EQ(answer.status, 200) << name << answer.text;
        return answer;
    };
    act("classify", classification("L3", "complaint"));
    act("propose_solution",
        fields({{"solution", "劝停"}, {"steps", "上门"}, {"expected_at", to_rfc3339(monday_9h + 4h)}}));
    act("record_agreement", R"({"agreed":true})");
    act("finish_implementation", fields({{"summary", "已劝停"}}));
    act("give_result", result_text());
    act("rate", R"({"score":5})");
    // In lists as well, and whoever asks: also a supervisor does not file it with a hole.
    EXPECT_THAT(centre.get("agent2", "/api/v1/tickets").at("/items/0/flags"), HasSubstr("incomplete"));
    EXPECT_EQ(centre.command("agent1", id, "archive").code(), "record_incomplete");
    EXPECT_EQ(centre.command("supervisor1", id, "archive", fields({{"reason", "客户失联"}})).code(),
              "record_incomplete");

    const auto half = act("amend", fields({{"demand", "夜间不要施工"}}));
    EXPECT_EQ(half.at("/missing"), R"(["contact"])");
    EXPECT_EQ(centre.command("agent1", id, "archive").at("/errors/0/pointer"), "/contact");
    const auto customer = "/api/v1/customers/" + created.at("/customer/id");
    const auto mended = centre.put("agent1", customer, R"({"name":"路人","phone":"13700000000"})",
                                   {{"if-match", "\"" + centre.get("agent1", customer).at("/version") + "\""}});
    ASSERT_EQ(mended.status, 200) << mended.text;
    const auto whole = centre.get("agent1", path);
    EXPECT_EQ(whole.at("/missing"), "[]");
    EXPECT_THAT(whole.at("/flags"), Not(HasSubstr("incomplete")));
    EXPECT_THAT(centre.get("agent2", "/api/v1/tickets").at("/items/0/flags"), Not(HasSubstr("incomplete")));
    EXPECT_EQ(act("archive", "{}").at("/step"), "archived");
}

TEST(D3_Classes, HaveATreeOfTheirOwn)
{
    Centre centre{monday_9h};
    const auto form = centre.get("", "/api/v1/public/form");
    std::map<std::string, std::vector<std::string>> trees;
    for (const auto& category : form.body.at("categories").as_array())
        trees[std::string{category.at("class").as_string()}].emplace_back(category.at("code").as_string());
    EXPECT_EQ(trees.size(), 6U);
    for (const auto* each : {"consultation", "suggestion", "complaint", "help", "repair", "business"})
        EXPECT_FALSE(trees[each].empty()) << each;
    EXPECT_THAT(trees["repair"], testing::Contains("elevator"));
    EXPECT_THAT(trees["complaint"], Not(testing::Contains("elevator")));

    // Where the policy insists, a category of another class's tree is refused at intake, in triage and when it is amended.
    const auto current = centre.get("manager1", "/api/v1/policies/current");
    auto document = current.body.at("document");
    document.as_object()["strict_categories"] = true;
    ASSERT_EQ(centre
                  .put("manager1", "/api/v1/policies/current", boost::json::serialize(document),
                       {{"if-match", "\"" + current.at("/version") + "\""}})
                  .status,
              200);
    const auto refused_as = [&](const Answer& answer) {
        EXPECT_EQ(answer.status, 422) << answer.text;
        EXPECT_EQ(answer.at("/errors/0/pointer"), "/category");
        return answer.code();
    };
    EXPECT_EQ(
        refused_as(centre.post(
            "agent1", "/api/v1/tickets",
            R"({"channel":"phone","customer":{"name":"x"},"subject":"x","content":"x","class":"complaint","category":"elevator"})")),
        "category_unknown");
    const auto id = centre.call("agent1", "repair");
    const auto classify = [&](const char* category) {
        return centre.command(
            "agent1", id, "classify",
            fmt::format(R"({{"class":"repair","category":"{}","grade":"L3","complexity":"simple","in_scope":true}})",
                        category));
    };
    EXPECT_EQ(refused_as(classify("noise")), "category_unknown");
    EXPECT_EQ(classify("elevator").status, 200);
    EXPECT_EQ(refused_as(centre.command("agent1", id, "amend", fields({{"category", "noise"}}))), "category_unknown");
    EXPECT_EQ(centre.command("agent1", id, "amend", fields({{"category", "water_power"}})).at("/category"),
              "water_power");
}

TEST(E12_Verify, NamesTheTicketAndTheEventThatWasChanged)
{
    Centre centre{monday_9h};
    if (!centre.is_embedded()) GTEST_SKIP() << "what is harmed is the file";
    const auto harmed = centre.call_with_result("agent1");
    centre.call_with_result("agent2");
    centre.settle();
    const auto number = centre.get("agent1", "/api/v1/tickets/" + harmed).at("/number");
    EXPECT_THAT(app::check_store(centre.app().store()).findings, IsEmpty());
    centre.stop();
    {
        sqlite::SqliteConnection db{centre.store_path(), sqlite::Access::read_write, 1024};
        db.run_script(fmt::format(
            "UPDATE ticket_event SET data = replace(data, '已办结', '已拒绝') WHERE type = 'resolved_at_first_contact' AND ticket_id = {}",
            TicketId::parse(harmed)->value));
    }
    centre.start();
    const auto checked = app::check_store(centre.app().store());
    ASSERT_FALSE(checked.findings.empty());
    EXPECT_EQ(checked.findings[0].invariant, "5");
    for (const auto& finding : checked.findings) EXPECT_EQ(finding.ticket, number) << finding.text;
    const auto events = centre.get("agent1", "/api/v1/tickets/" + harmed + "/events");
    std::size_t changed = 0;
    for (std::size_t i = 0; i < events.count(); ++i)
        if (events.at(fmt::format("/items/{}/type", i)) == "resolved_at_first_contact") changed = i + 1;
    EXPECT_EQ(checked.findings[0].text, fmt::format("event {}: its hash does not fit what is stored", changed));
}

TEST(E6_Drafts, SurviveARestartWordForWord)
{
    Centre centre{monday_9h};
    const auto id = centre.call();
    const auto typed = fields({{"kind", "reply"}, {"content", "您好，师傅已经"}});
    ASSERT_EQ(centre.put("agent1", "/api/v1/drafts/" + id, typed).status, 200);
    centre.restart();
    const auto drafts = centre.get("agent1", "/api/v1/drafts");
    ASSERT_EQ(drafts.count(), 1U);
    EXPECT_EQ(drafts.at("/items/0/content"), "您好，师傅已经");
    EXPECT_EQ(drafts.at("/items/0/ticket_id"), id);
    EXPECT_EQ(centre.get("agent2", "/api/v1/drafts").count(), 0U);
}

TEST(Restart, KeepsWhenASessionWasLastUsed)
{
    Centre centre{monday_9h};
    const auto cookie = centre.session("agent1").cookie;
    const auto me = [&] {
        return centre.ask("", http::Method::get, "/api/v1/staff/me", "", {.headers = {{"cookie", cookie}}}).status;
    };
    // Less than what is saved by itself, so that only an orderly end can know.
    centre.advance(50s);
    ASSERT_EQ(me(), 200);
    centre.restart();
    centre.advance(4h - 1s);
    EXPECT_EQ(me(), 200) << "used four hours ago, not longer";
}

TEST(Restart, HandsOutNoIdTwiceThoughTheClockWentBack)
{
    Centre centre{monday_9h};
    const auto customer = [&] {
        const auto made = centre.post("agent1", "/api/v1/customers", R"({"name":"林静"})");
        EXPECT_EQ(made.status, 201) << made.text;
        return made.id();
    };
    const auto script = [&] {
        const auto made = centre.post("manager1", "/api/v1/scripts", fields({{"title", "开场"}, {"body", "您好"}}));
        EXPECT_EQ(made.status, 201) << made.text;
        return made.id();
    };
    centre.call();
    for (const auto& make : {std::function<std::string()>{customer}, std::function<std::string()>{script}}) {
        const auto before = make();
        centre.stop();
        centre.clock().set(centre.now() - 24h);
        centre.start();
        EXPECT_GT(make(), before);
    }
}

}  // namespace
}  // namespace shouwen::scenario
