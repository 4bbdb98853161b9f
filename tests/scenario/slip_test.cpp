#include "app/verify.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

// Parts of the work go to departments; the owner stays accountable (A8, A14).

namespace shouwen::scenario {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A matter in handling, owned by agent1, whose parts go to departments.
struct Transferred {
    Centre& centre;
    std::string id;

    explicit Transferred(Centre& in, const std::string& grade = "L2") : centre(in), id(in.call_in_handling(grade)) {}

    Answer ticket(std::string_view who = "agent1") const { return centre.get(who, "/api/v1/tickets/" + id); }
    std::string order(std::string_view unit, std::string_view more = "") const
    {
        return fmt::format(R"({{"unit_id":"{}","problem":"三号梯停在二楼","demand":"恢复运行"{}}})", centre.unit(unit),
                           more);
    }
    Answer transfer(const std::vector<std::string>& orders, std::string_view who = "agent1") const
    {
        std::string list;
        for (const auto& each : orders) (list += list.empty() ? "" : ",") += each;
        return centre.command(who, id, "transfer",
                              fmt::format(R"({{"slips":[{}],"told_customer":"已转技术部办理"}})", list));
    }
    std::string slip_id(int no) const { return fmt::format("{}-{}", id, no); }
    Answer slip(std::string_view who, int no, std::string_view name, const std::string& body = "{}") const
    {
        return centre.post(who, fmt::format("/api/v1/slips/{}/commands/{}", slip_id(no), name), body,
                           {{"if-match", fmt::format("\"{}\"", centre.version_of(id))}});
    }
    void act(std::string_view who, int no, std::string_view name, const std::string& body = "{}") const
    {
        const auto answer = slip(who, no, name, body);
        EXPECT_EQ(answer.status, 200) << name << ": " << answer.text;
    }
    std::string state(int no) const { return ticket().at(fmt::format("/slips/{}/state", no - 1)); }
    void expect_sound() const
    {
        centre.settle();
        EXPECT_THAT(app::check_store(centre.app().store()).findings, IsEmpty());
        const auto tenures = centre.get("agent1", "/api/v1/tickets/" + id + "/tenures");
        EXPECT_EQ(tenures.count(), 1U) << "a slip moves nobody's accountability";
    }
};

/// Once what was sent is delivered.
std::vector<std::string> told(Centre& centre, std::string_view who, const std::string& ticket)
{
    centre.settle();
    return centre.notices(who, ticket);
}

std::string inbox_ids(Centre& centre, std::string_view who)
{
    std::string ids;
    const auto answer = centre.get(who, "/api/v1/slips");
    for (const auto& item : answer.body.at("items").as_array())
        (ids += ids.empty() ? "" : " ") += std::string{item.at("id").as_string()};
    return ids;
}

TEST(A8_Transfer, GoesOverTwoDepartmentsWithOneRejectionAndComesToItsEnd)
{
    Centre centre{monday_9h};
    const Transferred matter{centre};
    const auto issued = matter.transfer({matter.order("技术部"), matter.order("生产部")});
    ASSERT_EQ(issued.status, 200) << issued.text;
    EXPECT_EQ(issued.count("/slips"), 2U);
    EXPECT_EQ(issued.at("/slips/0/state"), "issued");
    EXPECT_EQ(issued.at("/slips/0/unit_name"), "技术部");
    EXPECT_EQ(issued.at("/slips/0/id"), matter.slip_id(1));
    EXPECT_EQ(issued.at("/lead_unit/name"), "技术部");
    EXPECT_THAT(told(centre, "tech_head", matter.id), Contains("slip_issued"));
    EXPECT_EQ(inbox_ids(centre, "tech1"), matter.slip_id(1));
    EXPECT_EQ(inbox_ids(centre, "production1"), matter.slip_id(2));
    EXPECT_EQ(inbox_ids(centre, "agent1"), "");
    EXPECT_EQ(centre.get("tech1", "/api/v1/tickets", {{"view", "unit"}}).count(), 1U);

    matter.act("production1", 2, "reject", fields({{"reason", "not_our_matter"}}));
    EXPECT_THAT(told(centre, "agent1", matter.id), Contains("slip_rejected"));
    EXPECT_EQ(matter.ticket().at("/rejection_count"), "1");
    EXPECT_TRUE(centre.obligation(matter.id, "route_again").at("met_at").is_null());
    ASSERT_EQ(matter.transfer({matter.order("技术部")}).status, 200);
    EXPECT_FALSE(centre.obligation(matter.id, "route_again").at("met_at").is_null());
    matter.act("agent1", 3, "withdraw", fields({{"reason", "一并办理"}}));

    matter.act("tech1", 1, "acknowledge");
    matter.act("tech_head", 1, "appoint_handler", fields({{"staff_id", centre.staff("tech1")}}));
    matter.act("tech1", 1, "contact_customer", fields({{"summary", "下午三点上门"}}));
    matter.act("tech1", 1, "progress", fields({{"content", "备件已领"}}));
    matter.act("tech1", 1, "propose",
               fields({{"solution", "更换门机"}, {"expected_at", to_rfc3339(centre.now() + 4h)}}));
    EXPECT_EQ(matter.state(1), "proposed");
    EXPECT_EQ(matter.ticket().at("/slips/0/handler/name"), "周强");
    EXPECT_EQ(centre
                  .command("agent1", matter.id, "propose_solution",
                           fields({{"solution", "更换门机"},
                                   {"steps", "停梯、更换"},
                                   {"expected_at", to_rfc3339(centre.now() + 4h)}}))
                  .status,
              200);
    EXPECT_FALSE(centre.obligation(matter.id, "explain_plan").at("met_at").is_null());
    EXPECT_EQ(centre.command("agent1", matter.id, "record_agreement", R"({"agreed":true})").status, 200);
    EXPECT_EQ(centre.command("agent1", matter.id, "finish_implementation", fields({{"summary", "完"}})).code(),
              "slip_open");
    matter.act("tech1", 1, "complete", fields({{"summary", "已更换"}, {"result", "恢复运行"}}));
    matter.act("agent1", 1, "return_for_rework", fields({{"reason", "仍有异响"}}));
    matter.act("tech1", 1, "complete", fields({{"summary", "已校正"}, {"result", "无异响"}}));
    matter.act("agent1", 1, "confirm");
    EXPECT_EQ(matter.state(1), "confirmed");
    EXPECT_EQ(inbox_ids(centre, "tech1"), "");
    EXPECT_EQ(centre.command("agent1", matter.id, "finish_implementation", fields({{"summary", "完"}})).status, 200);
    matter.expect_sound();
}

TEST(A14_Rejection, TheSecondOneIsRuledUponByTheSupervisorAndTheRulingStands)
{
    Centre centre{monday_9h};
    const Transferred matter{centre};
    ASSERT_EQ(matter.transfer({matter.order("生产部")}).status, 200);
    matter.act("production1", 1, "reject", fields({{"reason", "not_our_matter"}}));
    ASSERT_EQ(matter.transfer({matter.order("技术部")}).status, 200);
    matter.act("tech1", 2, "reject", fields({{"reason", "beyond_means"}}));
    EXPECT_EQ(matter.ticket().at("/waits_for_ruling"), "true");
    EXPECT_THAT(told(centre, "supervisor1", matter.id), Contains("ruling_needed"));
    EXPECT_EQ(matter.transfer({matter.order("技术部")}).code(), "ruling_pending");
    EXPECT_THAT(matter.ticket().text, Not(HasSubstr("\"transfer\"")));
    ASSERT_EQ(matter.transfer({matter.order("技术部")}, "supervisor1").status, 200);
    EXPECT_EQ(matter.ticket().at("/slips/2/ruled"), "true");
    EXPECT_EQ(matter.slip("tech1", 3, "reject", fields({{"reason", "not_our_matter"}})).code(), "slip_ruled");
    matter.act("tech1", 3, "acknowledge");
    EXPECT_EQ(matter.ticket().at("/owner/name"), "王芳");
    matter.expect_sound();
}

TEST(D5_Extension, IsAskedInTimeGrantedByTheOwnerAndToldToTheCustomer)
{
    Centre centre{monday_9h};
    const Transferred matter{centre};
    ASSERT_EQ(matter.transfer({matter.order("技术部", fmt::format(R"(,"due_at":"{}")", to_rfc3339(centre.now() + 4h)))})
                  .status,
              200);
    matter.act("tech1", 1, "acknowledge");
    const auto later = to_rfc3339(centre.now() + 30h);
    EXPECT_EQ(
        matter.slip("tech1", 1, "extend", fields({{"reason", "待备件"}, {"new_due_at", to_rfc3339(centre.now())}}))
            .code(),
        "time_not_later");
    matter.act("tech1", 1, "extend", fields({{"reason", "待备件"}, {"new_due_at", later}}));
    EXPECT_EQ(matter.ticket().at("/slips/0/due_at"), to_rfc3339(monday_9h + 4h));
    EXPECT_EQ(matter.slip("tech1", 1, "grant_extension", fields({{"told_customer", "好"}})).status, 403);
    matter.act("agent1", 1, "grant_extension", fields({{"told_customer", "备件周三到货"}}));
    EXPECT_EQ(matter.ticket().at("/slips/0/due_at"), later);
    EXPECT_THAT(centre.get("agent1", "/api/v1/tickets/" + matter.id + "/contacts").text, HasSubstr("备件周三到货"));
    // Past the limit there is nothing to ask for any more, and the breach is on record.
    centre.advance(31h);
    EXPECT_FALSE(centre.obligation(matter.id, "slip_complete").at("breached_at").is_null());
    EXPECT_EQ(
        matter.slip("tech1", 1, "extend", fields({{"reason", "待备件"}, {"new_due_at", to_rfc3339(centre.now() + 9h)}}))
            .code(),
        "extension_too_late");
    EXPECT_EQ(centre.get("tech1", "/api/v1/tickets", {{"view", "overdue"}}).count(), 1U);
    matter.expect_sound();
}

TEST(D5_Extension, IsGrantedByTheOwnersOwnWordAndThenOwedToTheCustomer)
{
    Centre centre{monday_9h};
    const Transferred matter{centre};
    ASSERT_EQ(matter.transfer({matter.order("技术部")}).status, 200);
    matter.act("tech1", 1, "acknowledge");
    const auto later = to_rfc3339(centre.now() + 60h);
    const auto more_time = fields({{"reason", "待备件"}, {"new_due_at", later}});
    EXPECT_EQ(matter.slip("agent2", 1, "extend", more_time).code(), "not_owner");
    EXPECT_EQ(matter.slip("production1", 1, "extend", more_time).status, 404);
    EXPECT_EQ(matter.slip("merchant1_agent", 1, "extend", more_time).status, 404);
    matter.act("tech1", 1, "extend", more_time);
    EXPECT_EQ(matter.ticket().at("/slips/0/extension/new_due_at"), later);
    matter.act("supervisor1", 1, "extend", more_time);
    EXPECT_EQ(matter.ticket().at("/slips/0/due_at"), later);
    EXPECT_EQ(matter.ticket().at("/slips/0/extension"), "null");
    EXPECT_THAT(told(centre, "tech_head", matter.id), Contains("extension_decided"));
    EXPECT_THAT(told(centre, "agent1", matter.id), Contains("extension_decided"))
        << "who owes the word to the customer";
    EXPECT_TRUE(centre.obligation(matter.id, "tell_progress").at("met_at").is_null());
    EXPECT_EQ(centre.command("agent1", matter.id, "tell_progress", fields({{"content", "备件周三到货"}})).status, 200);
    EXPECT_FALSE(centre.obligation(matter.id, "tell_progress").at("met_at").is_null());
    // What was granted without words tells the customer nothing by itself.
    EXPECT_THAT(centre.get("agent1", "/api/v1/tickets/" + matter.id + "/contacts").text, Not(HasSubstr("待备件")));
    matter.expect_sound();
}

TEST(A14_Rejection, MayBeRuledThatTheOwnerSeesToIt)
{
    Centre centre{monday_9h};
    const Transferred matter{centre};
    ASSERT_EQ(matter.transfer({matter.order("生产部"), matter.order("技术部")}).status, 200);
    matter.act("production1", 1, "reject", fields({{"reason", "not_our_matter"}}));
    matter.act("tech1", 2, "reject", fields({{"reason", "beyond_means"}}));
    const auto to_owner = fields({{"reason", "首问责任人自行办理"}});
    EXPECT_EQ(matter.slip("agent1", 2, "withdraw", to_owner).code(), "ruling_pending");
    EXPECT_THAT(matter.ticket("supervisor1").text, HasSubstr(R"("commands":["withdraw"])"));
    matter.act("supervisor1", 2, "withdraw", to_owner);
    EXPECT_EQ(matter.state(2), "withdrawn");
    EXPECT_EQ(matter.ticket().at("/waits_for_ruling"), "false");
    EXPECT_FALSE(centre.obligation(matter.id, "rule_on_slip").at("met_at").is_null());
    EXPECT_THAT(told(centre, "agent1", matter.id), Contains("ruled"));
    matter.expect_sound();
}

TEST(A14_Completion, ThatNobodyConfirmsIsOverdueForTheOwner)
{
    Centre centre{monday_9h};
    const Transferred matter{centre, "L1"};
    ASSERT_EQ(matter.transfer({matter.order("技术部")}).status, 200);
    matter.act("tech1", 1, "acknowledge");
    matter.act("tech1", 1, "complete", fields({{"summary", "已更换"}, {"result", "恢复运行"}}));
    EXPECT_EQ(centre.obligation(matter.id, "confirm_slip").at("debtor").at("name").as_string(), "王芳");
    centre.advance(61min);
    EXPECT_FALSE(centre.obligation(matter.id, "confirm_slip").at("breached_at").is_null());
    matter.act("agent1", 1, "confirm");
    EXPECT_FALSE(centre.obligation(matter.id, "confirm_slip").at("met_at").is_null());
    matter.expect_sound();
}

TEST(A14_TransferSlip, IsAStrangersNeitherToReadNorToWorkOn)
{
    Centre centre{monday_9h};
    const Transferred matter{centre};
    EXPECT_EQ(matter.ticket("tech1").status, 404);
    ASSERT_EQ(matter.transfer({matter.order("技术部")}).status, 200);
    EXPECT_EQ(matter.ticket("tech1").status, 200);
    EXPECT_EQ(matter.ticket("production1").status, 404);
    EXPECT_EQ(matter.slip("production1", 1, "acknowledge").status, 404);
    EXPECT_EQ(matter.slip("merchant1_agent", 1, "acknowledge").status, 404);
    // Who sees the ticket does not for that do a unit's work, nor decide about the whole.
    EXPECT_EQ(matter.slip("agent2", 1, "acknowledge").code(), "not_permitted");
    EXPECT_EQ(matter.slip("supervisor1", 1, "complete", fields({{"summary", "完"}, {"result", "好"}})).code(),
              "not_permitted");
    EXPECT_EQ(matter.slip("tech1", 1, "withdraw", fields({{"reason", "不想办"}})).status, 403);
    EXPECT_EQ(centre.command("tech1", matter.id, "cancel", fields({{"reason", "不归我管"}})).status, 403);
    EXPECT_EQ(matter.slip("tech1", 2, "acknowledge").status, 404);
    EXPECT_EQ(centre.post("tech1", "/api/v1/slips/" + matter.slip_id(1) + "/commands/acknowledge").status, 428);
    EXPECT_EQ(centre
                  .post("tech1", "/api/v1/slips/" + matter.slip_id(1) + "/commands/acknowledge", "{}",
                        {{"if-match", "\"1\""}})
                  .status,
              412);
    const auto wrong = matter.transfer({matter.order("二号店")});
    EXPECT_EQ(wrong.status, 422) << "C1: a merchant works on its own matters only";
    EXPECT_EQ(wrong.at("/errors/0/pointer"), "/slips/0/unit_id");
    EXPECT_EQ(matter.transfer({}).status, 422);
    matter.expect_sound();
}

TEST(A14_TransferSlip, UnsignedTimeIsTheReceivers)
{
    Centre centre{monday_9h};
    const Transferred matter{centre};
    ASSERT_EQ(matter.transfer({matter.order("技术部")}).status, 200);
    centre.advance(24min);  // 80 % of the 30 minutes
    EXPECT_THAT(told(centre, "tech_head", matter.id), Contains("warned"));
    centre.advance(6min);
    const auto owed = centre.obligation(matter.id, "acknowledge_slip");
    EXPECT_FALSE(owed.at("breached_at").is_null());
    EXPECT_EQ(owed.at("debtor").at("name").as_string(), "技术部");
    matter.act("tech1", 1, "acknowledge");  // late, and still better than never
    EXPECT_EQ(matter.state(1), "acknowledged");
    matter.expect_sound();
}

TEST(A14_TransferSlip, ARowThatSaysOtherwiseThanTheEventsIsFound)
{
    Centre centre{monday_9h};
    const Transferred matter{centre};
    ASSERT_EQ(matter.transfer({matter.order("技术部")}).status, 200);
    matter.expect_sound();
    constexpr std::pair<sql::Statement, const char*> defects[] = {
        {{"test.handler", "UPDATE transfer_slip SET handler_id = 5"}, "slip 1 handler_id"},
        {{"test.due", "UPDATE transfer_slip SET handler_id = NULL, next_due_at = next_due_at + 1"},
         "slip 1 next_due_at"},
        {{"test.unit", "UPDATE slip_unit SET next_due_at = next_due_at + 1"}, "slip_unit"},
    };
    for (const auto& [defect, found] : defects) {
        SCOPED_TRACE(defect.text);
        centre.app().store().write([&](sql::Connection& db) { db.execute(defect); });
        const auto checked = app::check_store(centre.app().store());
        ASSERT_FALSE(checked.findings.empty());
        EXPECT_TRUE(std::ranges::any_of(checked.findings, [&](const auto& finding) {
            return finding.invariant == "6" && finding.text.find(found) != std::string::npos;
        }));
    }
}

}  // namespace
}  // namespace shouwen::scenario
