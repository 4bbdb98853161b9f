#include "app/verify.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

// The way of a matter from receipt to the archive, and who is accountable on it.

namespace shouwen::scenario {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string path_of(const std::string& ticket, std::string_view part = "")
{
    return fmt::format("/api/v1/tickets/{}{}", ticket, part);
}

/// A ticket with people who act on it; each act is expected to be allowed.
struct Matter {
    Centre& centre;
    std::string id;

    Answer act(std::string_view name, const std::string& body = "{}", std::string_view who = "agent1") const
    {
        auto answer = centre.command(who, id, name, body);
        EXPECT_EQ(answer.status, 200) << name << ": " << answer.text;
        return answer;
    }
    Answer propose(const std::string& solution, Duration within = 4h) const
    {
        return act("propose_solution", fields({{"solution", solution},
                                               {"steps", "停梯、更换、试运行"},
                                               {"expected_at", to_rfc3339(centre.now() + within)}}));
    }
    std::string refusal(std::string_view name, const std::string& body = "{}", std::string_view who = "agent1") const
    {
        const auto answer = centre.command(who, id, name, body);
        EXPECT_GE(answer.status, 400) << name << ": " << answer.text;
        return answer.code();
    }
    std::string step() const { return centre.get("supervisor1", path_of(id)).at("/step"); }
};

TEST(A1_Ledger, HasNoGapFromTheFirstAnswerToTheArchiveAndTheServerProvesIt)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    const Matter matter{centre, request.id};
    centre.advance(3min);
    EXPECT_EQ(centre.get("agent1", path_of(request.id, "/tenures")).count(), 0U) << "nobody has answered yet";
    matter.act("respond", fields({{"content", "您好"}}));
    centre.advance(5min);
    matter.act("classify", classification("L3"));
    matter.act("resolve_at_first_contact", result_text());
    matter.act("rate", R"({"score":5})");
    centre.advance(1h);
    matter.act("archive");
    centre.advance(48h);
    matter.act("reopen", fields({{"reason", "再次发生"}}), "agent2");

    const auto tenures = centre.get("agent1", path_of(request.id, "/tenures"));
    ASSERT_EQ(tenures.count(), 2U);
    EXPECT_EQ(tenures.at("/items/0/cause"), "first_response");
    EXPECT_EQ(tenures.at("/items/0/from"), to_rfc3339(monday_9h + 3min));
    EXPECT_EQ(tenures.at("/items/0/to"), to_rfc3339(monday_9h + 68min));
    EXPECT_EQ(tenures.at("/items/1/cause"), "reopening");
    EXPECT_EQ(tenures.at("/items/1/from"), to_rfc3339(monday_9h + 68min + 48h));
    EXPECT_EQ(tenures.at("/items/1/to"), "null");
    centre.settle();
    const auto checked = app::check_store(centre.app().store());
    EXPECT_EQ(checked.tickets, 1);
    EXPECT_THAT(checked.findings, IsEmpty());
}

TEST(A2_Owner, IsWhoFirstAnswersByTheChannelsOwnRule)
{
    Centre centre{monday_9h};
    // Phone, counter, mail and fax: who takes it in.
    for (const auto* channel : {"phone", "counter", "email", "fax"}) {
        SCOPED_TRACE(channel);
        const auto made = centre.post(
            "agent2", "/api/v1/tickets",
            fmt::format(R"({{"channel":"{}","customer":{{"name":"张伟"}},"subject":"x","content":"x"}})", channel));
        EXPECT_EQ(made.at("/owner/name"), "李娜") << made.text;
        EXPECT_EQ(centre.get("agent2", path_of(made.id(), "/tenures")).at("/items/0/cause"), "receipt");
    }
    // Online: who first answers; neither what the customer writes nor what the system does is an answer.
    const auto request = centre.web_request();
    centre.customer_post(request.number, request.secret, "messages", R"({"content":"在吗"})");
    centre.advance(3h);
    EXPECT_EQ(centre.get("agent1", path_of(request.id)).at("/owner"), "null");
    EXPECT_EQ(centre.get("agent1", path_of(request.id)).at("/first_response_at"), "null");
    const Matter matter{centre, request.id};
    matter.act("regrade", fields({{"grade", "L2"}, {"reason", "久等"}}), "agent1");
    EXPECT_EQ(centre.get("agent1", path_of(request.id)).at("/owner"), "null") << "grading is no answer";
    EXPECT_EQ(matter.act("respond", fields({{"content", "抱歉久等"}}), "agent2").at("/owner/name"), "李娜");
}

TEST(A5_Reception, HasTheWordingOfTheChannelAndStepAtHand)
{
    Centre centre{monday_9h};
    const auto script = [&](const char* title, const char* step, const char* channel) {
        const auto made = centre.post(
            "manager1", "/api/v1/scripts",
            fields({{"title", title}, {"body", std::string{title} + "：您好"}, {"step", step}, {"channel", channel}}));
        ASSERT_EQ(made.status, 201) << made.text;
    };
    script("电话识别", "triage", "phone");
    script("电话反馈", "feedback", "phone");
    script("网上识别", "triage", "web");
    const auto ticket = centre.get("agent1", path_of(centre.call()));
    const auto scripts =
        centre.get("agent1", "/api/v1/scripts", {{"step", ticket.at("/step")}, {"channel", ticket.at("/channel")}});
    ASSERT_EQ(scripts.count(), 1U) << scripts.text;
    EXPECT_EQ(scripts.at("/items/0/title"), "电话识别");
    // What the customer needs is asked and recorded.
    EXPECT_EQ(ticket.at("/demand"), "补开发票");
    EXPECT_EQ(centre.post("agent1", "/api/v1/scripts", fields({{"title", "x"}, {"body", "x"}})).status, 403);
}

TEST(A6_FirstContact, IsReportedOnlyWhereItWasOne)
{
    Centre centre{monday_9h};
    const auto resolve = [&](const std::string& id) {
        return Matter{centre, id}.act("resolve_at_first_contact", result_text());
    };
    const auto at_once = resolve(centre.call());
    EXPECT_EQ(at_once.at("/first_contact_resolution"), "true");
    EXPECT_EQ(at_once.at("/step"), "feedback");

    const auto promised = centre.call_in_handling("L3");
    Matter{centre, promised}.act(
        "promise",
        fields({{"reason", "待查"}, {"expected_at", to_rfc3339(monday_9h + 5h)}, {"procedure", "查后回电"}}));
    centre.advance(2h);
    const auto kept = resolve(promised);
    EXPECT_EQ(kept.at("/first_contact_resolution"), "false") << "the customer was told to wait";
    EXPECT_THAT(kept.at("/flags"), Not(HasSubstr("first_contact_resolution")));
    EXPECT_FALSE(centre.obligation(promised, "keep_promise").at("met_at").is_null());

    const auto late = centre.call_in_handling("L3");
    centre.advance(24h);
    EXPECT_EQ(resolve(late).at("/first_contact_resolution"), "false");

    const Matter proposed{centre, centre.call_in_handling("L2")};
    proposed.propose("换门机");
    EXPECT_EQ(proposed.refusal("resolve_at_first_contact", result_text()), "agreement_missing");
}

TEST(A7_OutOfScope, CanNeitherBeClosedNorDroppedByItsOwner)
{
    Centre centre{monday_9h};
    const Matter matter{centre, centre.call("agent1", "help")};
    matter.act("classify", R"({"class":"help","category":"","grade":"L3","complexity":"simple","in_scope":false})");
    EXPECT_EQ(matter.refusal("resolve_at_first_contact", result_text()), "out_of_scope");
    EXPECT_EQ(matter.refusal("archive"), "result_missing");
    EXPECT_EQ(matter.refusal("cancel", fields({{"reason", "不归我管"}})), "not_permitted");
    EXPECT_EQ(matter.step(), "handling");
    EXPECT_FALSE(centre.obligation(matter.id, "resolve_or_answer").is_null());
    // What is left is to hand it on in the open: the reason is seen by the superior.
    matter.act("escalate", fields({{"reason", "属供电公司职责"}}));
    centre.settle();
    EXPECT_THAT(centre.notices("supervisor1", matter.id), ElementsAre("escalated"));
    EXPECT_THAT(centre.get("supervisor1", path_of(matter.id, "/events")).text, HasSubstr("属供电公司职责"));
}

TEST(A13_Flow, GoesThroughItsFiveStepsWithUrgencyAndComplexityClassified)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    const Matter matter{centre, request.id};
    std::vector<std::string> steps{matter.step()};
    const auto then = [&](const Answer& answer) { steps.push_back(answer.at("/step")); };
    // Each step refuses what belongs to a later one.
    EXPECT_EQ(matter.refusal("classify", classification("L2")), "not_answered_yet");
    then(matter.act("respond", fields({{"content", "您好"}})));
    EXPECT_EQ(matter.refusal("propose_solution",
                             fields({{"solution", "x"}, {"steps", "x"}, {"expected_at", to_rfc3339(monday_9h + 4h)}})),
              "not_triaged");
    const auto classified = matter.act(
        "classify", R"({"class":"repair","category":"elevator","grade":"L2","complexity":"complex","in_scope":true})");
    EXPECT_EQ(classified.at("/grade"), "L2");
    EXPECT_EQ(classified.at("/complexity"), "complex");
    then(classified);
    EXPECT_EQ(matter.refusal("give_result", result_text()), "not_in_feedback");
    matter.propose("换门机");
    matter.act("record_agreement", R"({"agreed":true})");
    then(matter.act("finish_implementation", fields({{"summary", "已更换"}})));
    EXPECT_EQ(matter.refusal("archive"), "result_missing");
    matter.act("give_result", result_text());
    EXPECT_EQ(matter.refusal("archive"), "rating_missing");
    matter.act("rate", R"({"score":4,"source":"phone"})");
    then(matter.act("archive"));
    EXPECT_THAT(steps, ElementsAre("intake", "triage", "handling", "feedback", "archived"));
}

TEST(C8_Promise, TellsReasonTimeAndProcedureAndIsChangedBeforeItPasses)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request("一号店的柜台", "一号店");
    const Matter matter{centre, request.id};
    const auto as = "merchant1_agent";
    matter.act("respond", fields({{"content", "您好"}}), as);
    matter.act("classify", classification("L2"), as);
    const auto promise = [&](const std::string& reason, Instant when) {
        return fields({{"reason", reason}, {"expected_at", to_rfc3339(when)}, {"procedure", "到货后上门更换"}});
    };
    for (const auto* missing : {"reason", "expected_at", "procedure"}) {
        auto body = boost::json::parse(promise("待到货", monday_9h + 4h));
        body.as_object().erase(missing);
        const auto refused = centre.command(as, request.id, "promise", boost::json::serialize(body));
        EXPECT_EQ(refused.status, 422);
        EXPECT_EQ(refused.at("/errors/0/pointer"), std::string{"/"} + missing);
    }
    matter.act("promise", promise("待到货", monday_9h + 4h), as);
    auto page = centre.customer_get(request.number, request.secret);
    EXPECT_EQ(page.at("/next_promise/expected_at"), to_rfc3339(monday_9h + 4h));
    EXPECT_EQ(page.at("/next_promise/procedure"), "到货后上门更换");

    // Changed in time: the old date binds no more and is not broken.
    centre.advance(3h);
    const auto changed = matter.act("promise", promise("供应商延期", monday_9h + 8h), as);
    EXPECT_NE(changed.at("/promises/0/replaced_at"), "null");
    page = centre.customer_get(request.number, request.secret);
    EXPECT_EQ(page.at("/next_promise/expected_at"), to_rfc3339(monday_9h + 8h));
    centre.advance(5h - 1ms);
    EXPECT_TRUE(centre.obligation(request.id, "keep_promise").at("breached_at").is_null());
    // Progress is told on the way, and keeps nothing that was promised.
    matter.act("tell_progress", fields({{"content", "货已到店"}}), as);
    EXPECT_THAT(centre.customer_get(request.number, request.secret).text, HasSubstr("货已到店"));
    centre.advance(1ms);
    EXPECT_EQ(centre.obligation(request.id, "keep_promise").at("breached_at").as_string(), to_rfc3339(monday_9h + 8h));
    EXPECT_THAT(centre.notices(as, request.id), Contains("breached"));
}

TEST(D7_Result, IsToldByTheOwnChannelInThreePartsWithinAWorkingDay)
{
    Centre centre{monday_9h + 4 * 24h};  // Friday
    const auto request = centre.web_request();
    const Matter matter{centre, request.id};
    matter.act("respond", fields({{"content", "您好"}}));
    matter.act("classify", classification("L3"));
    matter.propose("换门机");
    ASSERT_EQ(centre.customer_post(request.number, request.secret, "agreement", R"({"agreed":true})").status, 200);
    centre.advance(1h);
    matter.act("finish_implementation", fields({{"summary", "已更换"}}));
    EXPECT_EQ(centre.obligation(request.id, "give_result").at("due_at").as_string(),
              to_rfc3339(monday_9h + 7 * 24h + 1h));  // Monday
    for (const auto* missing : {"handling", "solution", "result"}) {
        auto body = boost::json::parse(result_text());
        body.as_object().erase(missing);
        const auto refused = centre.command("agent1", request.id, "give_result", boost::json::serialize(body));
        EXPECT_EQ(refused.status, 422);
        EXPECT_EQ(refused.at("/errors/0/pointer"), std::string{"/"} + missing);
    }
    centre.advance(72h);
    EXPECT_FALSE(centre.obligation(request.id, "give_result").at("breached_at").is_null());
    EXPECT_THAT(centre.notices("agent1", request.id), Contains("breached"));
    EXPECT_THAT(centre.notices("supervisor1", request.id), Contains("breached"));

    matter.act("give_result", result_text());
    const auto page = centre.customer_get(request.number, request.secret);
    EXPECT_EQ(page.at("/result/handling"), "已核实并安排");
    EXPECT_EQ(page.at("/result/solution"), "按规定办理");
    EXPECT_EQ(page.at("/result/result"), "已办结");
    EXPECT_EQ(page.at("/can_rate"), "true");
    EXPECT_FALSE(centre.obligation(request.id, "give_result").at("met_at").is_null());
}

TEST(E1_Scenes, EachClassComesToItsEndByItsOwnWay)
{
    Centre centre{monday_9h};
    for (const auto* simple : {"consultation", "suggestion", "help", "repair", "business"}) {
        SCOPED_TRACE(simple);
        const Matter matter{centre, centre.call("agent1", simple)};
        EXPECT_EQ(matter.act("resolve_at_first_contact", result_text()).at("/class"), simple);
        matter.act("rate", R"({"score":5})");
        matter.act("archive");
        EXPECT_EQ(matter.step(), "archived");
    }
    // A complaint is looked into, never talked away.
    const Matter complaint{centre, centre.call("agent1", "complaint")};
    EXPECT_EQ(complaint.refusal("resolve_at_first_contact", result_text()), "complaint_needs_handling");
    complaint.act("classify", classification("L2", "complaint"));
    EXPECT_EQ(complaint.refusal("resolve_at_first_contact", result_text()), "complaint_needs_handling");
    complaint.propose("退还多收的费用");
    complaint.act("record_agreement", R"({"agreed":true})");
    complaint.act("finish_implementation", fields({{"summary", "已退"}}));
    complaint.act("give_result", result_text());
    complaint.act("rate", R"({"score":5})");
    complaint.act("archive");
    EXPECT_EQ(complaint.step(), "archived");
    for (const auto* each : {"consultation", "suggestion", "help", "repair", "business", "complaint"})
        EXPECT_EQ(centre.get("agent1", "/api/v1/tickets", {{"class", each}}).count(), 1U) << each;
}

TEST(E4_Emotion, OfAnAngryComplaintIsSeenRaisedAndCalmedFirst)
{
    Centre centre{monday_9h};
    const auto script = [&](const char* title, std::string_view emotion) {
        auto body = boost::json::parse(fields({{"title", title}, {"body", "您好"}}));
        if (!emotion.empty()) body.as_object()["emotion"] = emotion;
        ASSERT_EQ(centre.post("manager1", "/api/v1/scripts", boost::json::serialize(body)).status, 201);
    };
    script("一般", "");
    script("安抚", "angry");
    const Matter matter{centre, centre.call("agent1", "complaint")};
    const auto classified = matter.act("classify", classification("L3", "complaint", "angry"));
    EXPECT_EQ(classified.at("/emotion"), "angry");
    EXPECT_EQ(classified.at("/grade"), "L2");
    EXPECT_THAT(classified.at("/flags"), HasSubstr("angry"));
    centre.settle();
    EXPECT_THAT(centre.notices("supervisor1", matter.id), Contains("escalated"));
    EXPECT_EQ(centre.get("agent1", "/api/v1/scripts", {{"emotion", "angry"}}).at("/items/0/title"), "安抚");
    // What was only anxious stays as it was graded.
    const Matter other{centre, centre.call("agent1", "complaint")};
    EXPECT_EQ(other.act("classify", classification("L3", "complaint", "anxious")).at("/grade"), "L3");
}

TEST(E5_Grades, SetTheLimitsAndRegradingKeepsTheOriginalStart)
{
    const struct {
        const char* grade;
        const char* kind;
        Duration limit;
    } cases[] = {{"L1", "start_handling", 15min}, {"L2", "plan", 2h}, {"L3", "resolve_or_answer", 24h}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.grade);
        Centre centre{monday_9h};
        const Matter matter{centre, centre.call("agent1", "repair")};
        centre.advance(5min);
        matter.act("classify", classification(c.grade));
        EXPECT_EQ(centre.obligation(matter.id, c.kind).at("due_at").as_string(), to_rfc3339(monday_9h + c.limit));
        centre.advance(5min);
        const bool urgent = c.grade == std::string_view{"L1"};
        matter.act("regrade", fields({{"grade", urgent ? "L3" : "L1"}, {"reason", "改判"}}));
        EXPECT_EQ(
            centre.obligation(matter.id, urgent ? "resolve_or_answer" : "start_handling").at("due_at").as_string(),
            to_rfc3339(monday_9h + (urgent ? Duration{24h} : Duration{15min})));
    }
}

TEST(E10_Solution, IsAgreedToByTheCustomerAndFollowedToItsEnd)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    const Matter matter{centre, request.id};
    matter.act("respond", fields({{"content", "您好"}}));
    matter.act("classify", classification("L2"));
    EXPECT_EQ(matter.refusal("finish_implementation", fields({{"summary", "x"}})), "solution_missing");
    matter.propose("换门机", 48h);
    auto page = centre.customer_get(request.number, request.secret);
    EXPECT_EQ(page.at("/solution/solution"), "换门机");
    EXPECT_EQ(page.at("/solution/steps"), "停梯、更换、试运行");
    EXPECT_EQ(page.at("/solution/expected_at"), to_rfc3339(monday_9h + 48h));
    EXPECT_EQ(page.at("/can_agree"), "true");
    EXPECT_EQ(matter.refusal("finish_implementation", fields({{"summary", "x"}})), "agreement_missing");

    // Declined: another plan is owed, and work against the customer's will is refused.
    ASSERT_EQ(centre.customer_post(request.number, request.secret, "agreement", R"({"agreed":false,"comment":"太慢"})")
                  .status,
              200);
    const auto declined = centre.get("agent1", path_of(request.id));
    EXPECT_EQ(declined.at("/solution/state"), "declined");
    EXPECT_EQ(declined.at("/solution/comment"), "太慢");
    EXPECT_EQ(declined.at("/next_due/kind"), "plan");
    EXPECT_EQ(matter.refusal("finish_implementation", fields({{"summary", "x"}})), "agreement_missing");

    matter.propose("调备用门机", 6h);
    ASSERT_EQ(centre.customer_post(request.number, request.secret, "agreement", R"({"agreed":true})").status, 200);
    EXPECT_EQ(
        matter.refusal("propose_solution",
                       fields({{"solution", "x"}, {"steps", "x"}, {"expected_at", to_rfc3339(centre.now() + 1h)}})),
        "solution_agreed");
    // Until the work is done, the date that was agreed to is owed.
    EXPECT_EQ(centre.get("agent1", path_of(request.id)).at("/next_due/kind"), "keep_promise");
    centre.advance(6h);
    EXPECT_FALSE(centre.obligation(request.id, "keep_promise").at("breached_at").is_null());
    const auto finished = matter.act("finish_implementation", fields({{"summary", "已更换，试运行正常"}}));
    EXPECT_EQ(finished.at("/implementation/summary"), "已更换，试运行正常");
    EXPECT_EQ(finished.at("/next_due/kind"), "give_result");
}

TEST(E11_Archive, IsReadOnlyAndFoundBySearch)
{
    Centre centre{monday_9h};
    const Matter matter{centre, centre.call_with_result()};
    matter.act("rate", R"({"score":5})");
    matter.act("archive");
    centre.settle();
    for (const auto& [name, body] : std::initializer_list<std::pair<const char*, std::string>>{
             {"note", fields({{"content", "x"}})},
             {"reply", fields({{"content", "x"}})},
             {"amend", fields({{"demand", "x"}})},
             {"regrade", fields({{"grade", "L1"}, {"reason", "x"}})},
             {"tell_progress", fields({{"content", "x"}})},
             {"escalate", fields({{"reason", "x"}})},
             {"cancel", fields({{"reason", "x"}})},
             {"archive", "{}"}})
        EXPECT_EQ(matter.refusal(name, body, "supervisor1"), "ticket_closed") << name;
    EXPECT_EQ(centre.get("supervisor1", path_of(matter.id)).at("/commands"), R"(["reopen"])");
    EXPECT_THAT(centre.get("agent2", "/api/v1/search", {{"q", "补开发票"}}).text, HasSubstr(matter.id));
    // Reopening needs its reason, and is on record.
    EXPECT_EQ(centre.command("agent2", matter.id, "reopen").status, 422);
    EXPECT_EQ(matter.act("reopen", fields({{"reason", "再次发生"}}), "agent2").at("/step"), "triage");
    EXPECT_THAT(centre.get("agent1", path_of(matter.id, "/events")).text, HasSubstr("再次发生"));
}

}  // namespace
}  // namespace shouwen::scenario
