#include "app/verify.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

// After the result a customer is asked what it was like, and whether it came back (D12, B17).

namespace shouwen::scenario {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

/// A complaint of agent1 whose result has been told.
struct Revisited {
    Centre& centre;
    std::string id;

    explicit Revisited(Centre& in, const std::string& class_name = "complaint")
        : centre(in), id(in.call("agent1", class_name))
    {
        act("classify", classification("L3", class_name));
        result();
    }

    Answer act(std::string_view name, const std::string& body = "{}", std::string_view who = "agent1") const
    {
        auto answer = centre.command(who, id, name, body);
        EXPECT_EQ(answer.status, 200) << name << ": " << answer.text;
        return answer;
    }
    void result() const
    {
        act("propose_solution",
            fields(
                {{"solution", "更换门机"}, {"steps", "停梯、更换"}, {"expected_at", to_rfc3339(centre.now() + 4h)}}));
        act("record_agreement", R"({"agreed":true})");
        act("finish_implementation", fields({{"summary", "已更换"}}));
        act("give_result", result_text());
    }
    Answer ticket() const { return centre.get("agent1", "/api/v1/tickets/" + id); }
    boost::json::value owed() const { return centre.obligation(id, "follow_up"); }
    /// Of the newest obligation to revisit.
    std::string follow_up() const { return std::string{owed().at("id").as_string()}; }
    Answer get(std::string_view who = "agent1") const { return centre.get(who, "/api/v1/follow-ups/" + follow_up()); }
    Answer attempt(const std::string& body, std::string_view who = "agent1") const
    {
        const auto id_now = follow_up();
        const auto version = centre.get("agent1", "/api/v1/follow-ups/" + id_now).at("/version");
        return centre.post(who, fmt::format("/api/v1/follow-ups/{}/attempts", id_now), body,
                           {{"if-match", fmt::format("\"{}\"", version)}});
    }
    std::vector<std::string> told(std::string_view who) const
    {
        centre.settle();
        return centre.notices(who, id);
    }
    void expect_sound() const
    {
        centre.settle();
        EXPECT_THAT(app::check_store(centre.app().store()).findings, IsEmpty());
    }
};

constexpr auto content = R"({"outcome":"reached","satisfaction":5,"experience":"一直正常","recurred":false,
    "answers":[{"code":"attitude","answer":"5"},{"code":"in_time","answer":"yes"}]})";

std::string again(std::string_view way)
{
    return fmt::format(
        R"({{"outcome":"reached","satisfaction":2,"experience":"又停在二楼","recurred":true,"recurrence":"{}"}})", way);
}

std::size_t due_count(Centre& centre, std::string_view who, http::Fields query = {})
{
    return centre.get(who, "/api/v1/follow-ups", std::move(query)).count();
}

TEST(D12_FollowUp, IsOwedByTheOwnersUnitWithinThreeWorkingDaysAfterTheResultOfAComplaint)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    const auto owed = matter.owed();
    ASSERT_FALSE(owed.is_null());
    EXPECT_EQ(owed.at("debtor").at("kind"), "unit");
    EXPECT_EQ(std::string{owed.at("debtor").at("id").as_string()}, centre.unit("客户服务中心"));
    EXPECT_EQ(std::string{owed.at("due_at").as_string()}, to_rfc3339(monday_9h + 72h));
    const auto listed = centre.get("agent2", "/api/v1/follow-ups");
    ASSERT_EQ(listed.count(), 1U) << listed.text;
    EXPECT_EQ(listed.at("/items/0/id"), matter.follow_up());
    EXPECT_EQ(listed.at("/items/0/state"), "due");
    EXPECT_EQ(listed.at("/items/0/customer/phone").find("1380013800"), std::string::npos) << "masked";
    const Revisited other{centre, "repair"};
    EXPECT_TRUE(other.owed().is_null()) << "of other matters a share only, and this is the second of its day";
    matter.expect_sound();
}

TEST(D12_FollowUp, ShowsWhatWasToldAndWhatIsToBeAskedAndIsMetByTheAnswer)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    const auto before = matter.get();
    ASSERT_EQ(before.status, 200) << before.text;
    EXPECT_EQ(before.at("/result/solution"), "按规定办理");
    EXPECT_EQ(before.count("/questions"), 3U);
    EXPECT_EQ(before.at("/may_act"), "true");
    EXPECT_EQ(matter.get("inspector1").at("/may_act"), "false");
    const auto done = matter.attempt(content);
    ASSERT_EQ(done.status, 200) << done.text;
    EXPECT_EQ(done.at("/state"), "done");
    EXPECT_EQ(done.at("/satisfaction"), "5");
    EXPECT_EQ(done.at("/attempts/0/answers/1/answer"), "yes");
    EXPECT_FALSE(matter.owed().at("met_at").is_null());
    EXPECT_TRUE(matter.owed().at("breached_at").is_null());
    EXPECT_EQ(due_count(centre, "agent1"), 0U);
    EXPECT_EQ(due_count(centre, "agent1", {{"state", "ended"}}), 1U);
    EXPECT_EQ(matter.attempt(content).code(), "follow_up_ended");
    EXPECT_THAT(matter.told("supervisor1"), Not(Contains("follow_up_dissatisfied")));
    // A10, B16: it stands in the work record without anybody typing it again.
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + matter.id + "/contacts").at("/items/0/direction").empty(),
              false);
    matter.expect_sound();
}

TEST(D12_FollowUp, OutlivesTheArchiveAndEscalatesThere)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    matter.act("rate", R"({"score":5,"source":"phone"})");
    matter.act("archive");
    EXPECT_EQ(matter.ticket().at("/step"), "archived");
    EXPECT_TRUE(matter.owed().at("cancelled_at").is_null());
    centre.advance(96h);
    EXPECT_FALSE(matter.owed().at("breached_at").is_null());
    EXPECT_THAT(matter.told("supervisor1"), Contains("breached"));
    EXPECT_EQ(std::ranges::count(matter.told("supervisor1"), "breached"), 1);
    EXPECT_EQ(centre.get("agent1", "/api/v1/follow-ups").at("/items/0/overdue"), "true");
    EXPECT_EQ(matter.attempt(content).status, 200);
    EXPECT_EQ(matter.ticket().at("/step"), "archived");
    matter.expect_sound();
}

TEST(D12_FollowUp, TriesAsOftenAsThePolicySaysWithHoursBetween)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    const std::string unanswered = R"({"outcome":"no_answer"})";
    EXPECT_EQ(matter.attempt(unanswered).at("/unanswered_count"), "1");
    const auto early = matter.attempt(unanswered);
    EXPECT_EQ(early.status, 409);
    EXPECT_EQ(early.code(), "follow_up_too_early");
    EXPECT_EQ(due_count(centre, "agent1", {{"ready", "true"}}), 0U);
    EXPECT_EQ(due_count(centre, "agent1"), 1U);
    centre.advance(4h);
    EXPECT_EQ(due_count(centre, "agent1", {{"ready", "true"}}), 1U);
    EXPECT_EQ(matter.attempt(unanswered).at("/unanswered_count"), "2");
    centre.advance(4h);
    const auto last = matter.attempt(unanswered);
    EXPECT_EQ(last.at("/state"), "unreached");
    EXPECT_EQ(last.count("/attempts"), 3U);
    EXPECT_FALSE(matter.owed().at("met_at").is_null());
    matter.expect_sound();
}

TEST(D12_FollowUp, WhoWantsALaterCallGetsIt)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    const auto when = to_rfc3339(monday_9h + 24h * 7);
    const auto later = matter.attempt(fields({{"outcome", "call_later"}, {"again_at", when}}));
    ASSERT_EQ(later.status, 200) << later.text;
    EXPECT_EQ(later.at("/state"), "due");
    EXPECT_EQ(later.at("/due_at"), when);
    EXPECT_EQ(std::string{matter.owed().at("due_at").as_string()}, when);
    matter.expect_sound();
}

TEST(D12_FollowUp, RecurrenceReopensWhatIsFiled)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    matter.act("rate", R"({"score":4,"source":"phone"})");
    matter.act("archive");
    const auto done = matter.attempt(again("reopen"), "agent2");
    ASSERT_EQ(done.status, 200) << done.text;
    EXPECT_EQ(matter.ticket().at("/step"), "triage");
    EXPECT_EQ(matter.ticket().at("/owner/name"), "王芳") << "the same owner, who is still at work";
    EXPECT_THAT(matter.told("supervisor1"), Contains("follow_up_dissatisfied"));
    EXPECT_THAT(matter.told("agent1"), Contains("follow_up_dissatisfied"));
    matter.expect_sound();
}

TEST(D12_FollowUp, RecurrenceBeforeTheArchiveIsReworkAndItsResultIsRevisitedAgain)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    const auto first = matter.follow_up();
    EXPECT_EQ(matter.attempt(again("reopen")).status, 200);
    EXPECT_EQ(matter.ticket().at("/step"), "handling");
    matter.result();
    EXPECT_NE(matter.follow_up(), first);
    EXPECT_EQ(matter.get().at("/state"), "due");
    EXPECT_EQ(due_count(centre, "agent1"), 1U);
    matter.expect_sound();
}

TEST(D12_FollowUp, RecurrenceMayBecomeATicketOfItsOwnThatNamesTheOld)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    const auto done = matter.attempt(again("new_ticket"), "agent2");
    ASSERT_EQ(done.status, 200) << done.text;
    const auto made = done.at("/attempts/0/linked_ticket_id");
    const auto fresh = centre.get("agent2", "/api/v1/tickets/" + made);
    ASSERT_EQ(fresh.status, 200) << done.text;
    EXPECT_EQ(fresh.at("/owner/name"), "李娜");
    EXPECT_EQ(fresh.at("/content"), "又停在二楼");
    EXPECT_EQ(fresh.at("/customer/id"), matter.ticket().at("/customer/id"));
    EXPECT_EQ(matter.ticket().at("/step"), "feedback");
    for (const auto& [ticket, cause, other] :
         {std::tuple{matter.id, "recurred_as", made}, std::tuple{made, "recurrence_of", matter.id}}) {
        const auto events = centre.get("agent2", "/api/v1/tickets/" + ticket + "/events");
        const auto& items = events.body.at("items").as_array();
        const auto link = std::ranges::find_if(items, [](const auto& e) { return e.at("type") == "ticket_linked"; });
        ASSERT_NE(link, items.end());
        EXPECT_EQ(link->at("data").at("cause"), cause);
        EXPECT_EQ(std::string{link->at("data").at("ticket_id").as_string()}, other);
    }
    matter.expect_sound();
}

TEST(D12_FollowUp, WhoWasDissatisfiedIsRevisitedWhateverTheMatter)
{
    Centre centre{monday_9h};
    const Revisited matter{centre, "repair"};
    EXPECT_TRUE(matter.owed().is_null());
    matter.act("rate", R"({"score":1,"reason":"又坏了","source":"phone"})");
    EXPECT_TRUE(matter.owed().is_null()) << "there is no new result yet";
    matter.result();
    EXPECT_FALSE(matter.owed().is_null());
    matter.expect_sound();
}

TEST(D12_FollowUp, DissatisfactionCancelsTheRevisitOfTheOldResult)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    const auto id = matter.follow_up();
    matter.act("rate", R"({"score":1,"reason":"又坏了","source":"phone"})");
    EXPECT_EQ(centre.get("agent1", "/api/v1/follow-ups/" + id).at("/state"), "cancelled");
    EXPECT_EQ(due_count(centre, "agent1"), 0U);
    matter.expect_sound();
}

TEST(D12_FollowUp, IsNobodyElsesAndSaysWhatIsMissing)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    EXPECT_EQ(matter.get("merchant1_agent").status, 404);
    EXPECT_EQ(matter.attempt(content, "merchant1_agent").status, 404);
    EXPECT_EQ(matter.attempt(content, "inspector1").status, 403);
    EXPECT_EQ(due_count(centre, "tech1"), 0U);
    EXPECT_EQ(due_count(centre, "merchant1_agent"), 0U);
    const auto incomplete = matter.attempt(R"({"outcome":"reached","satisfaction":3})");
    EXPECT_EQ(incomplete.status, 422);
    EXPECT_EQ(incomplete.at("/errors/0/pointer"), "/experience");
    EXPECT_EQ(incomplete.at("/errors/1/pointer"), "/recurred");
    const auto stale = centre.post("agent2", "/api/v1/follow-ups/" + matter.follow_up() + "/attempts", content,
                                   {{"if-match", "\"7\""}});
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(matter.get().at("/attempt_count"), "0");
    matter.expect_sound();
}

// --- Improvement items (D13, C12)

std::string item(Centre& centre, std::string_view more = "", std::string_view owner = "tech1")
{
    return fmt::format(
        R"({{"source":"manual","title":"门机反复故障","problem":"一月三次","owner_id":"{}","checker_id":"{}",
            "measure":"每周检查门机","due_at":"{}","check_at":"{}"{}}})",
        centre.staff(owner), centre.staff("inspector1"), to_rfc3339(centre.now() + 48h),
        to_rfc3339(centre.now() + 240h), more);
}

Answer item_command(Centre& centre, std::string_view who, const std::string& id, std::string_view name,
                    const std::string& body)
{
    const auto version = centre.get("supervisor1", "/api/v1/improvements/" + id).at("/version");
    return centre.post(who, fmt::format("/api/v1/improvements/{}/commands/{}", id, name), body,
                       {{"if-match", fmt::format("\"{}\"", version)}});
}

std::size_t told_count(Centre& centre, std::string_view who, std::string_view kind)
{
    centre.settle();
    const auto all = centre.get(who, "/api/v1/notices", {{"limit", "200"}});
    const auto& items = all.body.at("items").as_array();
    return static_cast<std::size_t>(
        std::ranges::count_if(items, [&](const auto& each) { return each.at("kind").as_string() == kind; }));
}

TEST(D13_Improvement, ComesFromARevisitAndIsClosedWhenItsEffectIsShown)
{
    Centre centre{monday_9h};
    const Revisited matter{centre};
    EXPECT_EQ(matter.attempt(again("reopen")).status, 200);
    const auto made = centre.post(
        "agent1", "/api/v1/improvements",
        fmt::format(R"({{"source":"follow_up","ticket_id":"{}","reference":"{}",{})", matter.id,
                    matter.ticket().at("/number"), item(centre).substr(sizeof(R"({"source":"manual",)") - 1)));
    ASSERT_EQ(made.status, 201) << made.text;
    EXPECT_EQ(told_count(centre, "tech1", "improvement_assigned"), 1U);
    EXPECT_EQ(centre.get("supervisor1", "/api/v1/improvements", {{"ticket_id", matter.id}}).count(), 1U);
    const auto id = made.id();
    EXPECT_EQ(item_command(centre, "tech1", id, "check", R"({"effective":true,"finding":"好"})").status, 403);
    EXPECT_EQ(item_command(centre, "inspector1", id, "check", R"({"effective":true,"finding":"好"})").code(),
              "improvement_not_finished");
    EXPECT_EQ(item_command(centre, "tech1", id, "finish", R"({"summary":"已列入巡检"})").at("/state"), "to_check");
    EXPECT_EQ(told_count(centre, "inspector1", "improvement_to_check"), 1U);
    const auto ineffective =
        item_command(centre, "inspector1", id, "check", R"({"effective":false,"finding":"仍有故障"})");
    EXPECT_EQ(ineffective.status, 422);
    EXPECT_EQ(ineffective.at("/errors/0/pointer"), "/next");
    const auto anew =
        item_command(centre, "inspector1", id, "check",
                     fmt::format(R"({{"effective":false,"finding":"仍有故障","next":{{"measure":"更换门机",
                                       "due_at":"{}","check_at":"{}"}}}})",
                                 to_rfc3339(centre.now() + 72h), to_rfc3339(centre.now() + 300h)));
    ASSERT_EQ(anew.status, 200) << anew.text;
    EXPECT_EQ(anew.at("/state"), "open");
    EXPECT_EQ(anew.count("/rounds"), 2U);
    EXPECT_EQ(anew.at("/rounds/0/effective"), "false");
    EXPECT_EQ(item_command(centre, "tech1", id, "finish", R"({"summary":"已更换"})").status, 200);
    const auto shown = item_command(centre, "inspector1", id, "check", R"({"effective":true,"finding":"一月无故障"})");
    EXPECT_EQ(shown.at("/state"), "effective");
    EXPECT_EQ(shown.count("/commands"), 0U);
    EXPECT_EQ(item_command(centre, "supervisor1", id, "cancel", R"({"reason":"重复"})").code(), "improvement_ended");
}

TEST(D13_Improvement, RemindsItsOwnerAndThenTheSuperiors)
{
    Centre centre{monday_9h};
    const auto made = centre.post("supervisor1", "/api/v1/improvements", item(centre));
    ASSERT_EQ(made.status, 201) << made.text;
    centre.advance(25h);
    EXPECT_EQ(told_count(centre, "tech1", "improvement_warned"), 1U);
    EXPECT_EQ(told_count(centre, "tech_head", "improvement_breached"), 0U);
    centre.advance(24h);
    EXPECT_EQ(told_count(centre, "tech1", "improvement_breached"), 1U);
    EXPECT_EQ(told_count(centre, "tech_head", "improvement_breached"), 1U);
    EXPECT_GE(told_count(centre, "manager1", "improvement_chain"), 1U);
    const auto overdue = centre.get("supervisor1", "/api/v1/improvements", {{"overdue", "true"}});
    ASSERT_EQ(overdue.count(), 1U);
    EXPECT_EQ(overdue.at("/items/0/overdue"), "true");
    EXPECT_EQ(overdue.at("/items/0/debtor/name"), "周强");
    EXPECT_EQ(item_command(centre, "supervisor1", made.id(), "change",
                           fields({{"due_at", to_rfc3339(centre.now() + 24h)}, {"reason", "备件未到"}}))
                  .at("/overdue"),
              "false");
    centre.advance(25h);
    EXPECT_EQ(told_count(centre, "tech_head", "improvement_breached"), 2U) << "the new date, too, has passed";
    centre.restart();
    centre.advance(1h);
    EXPECT_EQ(told_count(centre, "tech_head", "improvement_breached"), 2U);
}

TEST(D13_Improvement, IsOpenToThoseItConcerns)
{
    Centre centre{monday_9h};
    const auto made = centre.post("supervisor1", "/api/v1/improvements", item(centre));
    ASSERT_EQ(made.status, 201) << made.text;
    const auto path = "/api/v1/improvements/" + made.id();
    EXPECT_EQ(centre.get("tech1", path).status, 200);
    EXPECT_EQ(centre.get("tech_head", path).status, 200);
    EXPECT_EQ(centre.get("agent1", path).status, 200) << "who reads all tickets";
    EXPECT_EQ(centre.get("production1", path).status, 404);
    EXPECT_EQ(centre.get("merchant1_agent", path).status, 404);
    EXPECT_EQ(centre.get("auditor1", path).status, 403);
    EXPECT_EQ(centre.get("production1", "/api/v1/improvements").count(), 0U);
    EXPECT_EQ(centre.get("merchant1_admin", "/api/v1/improvements").count(), 0U);
    EXPECT_EQ(centre.get("tech1", "/api/v1/improvements").count(), 1U);
    EXPECT_EQ(item_command(centre, "agent1", made.id(), "cancel", R"({"reason":"重复"})").status, 403);
    EXPECT_EQ(item_command(centre, "production1", made.id(), "finish", R"({"summary":"好"})").status, 404);
    const auto own_check = centre.post("supervisor1", "/api/v1/improvements", item(centre, "", "inspector1"));
    EXPECT_EQ(own_check.status, 422);
    EXPECT_EQ(own_check.at("/errors/0/code"), "checker_is_owner");
    const auto foreign = centre.post("merchant1_admin", "/api/v1/improvements", item(centre));
    EXPECT_EQ(foreign.status, 422) << "a merchant's people name nobody of the platform";
}

}  // namespace
}  // namespace shouwen::scenario
