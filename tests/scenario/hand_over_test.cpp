#include "app/verify.hpp"
#include "scenario/centre.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// The owner explains and names a successor; only the successor's yes moves the ownership (A4).

namespace shouwen::scenario {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::IsEmpty;

std::string to(Centre& centre, std::string_view login)
{
    return fields({{"to_staff_id", centre.staff(login)}, {"explanation", "已约周三上门，备件在前台"}});
}

std::vector<std::string> told(Centre& centre, std::string_view who, const std::string& ticket)
{
    centre.settle();
    return centre.notices(who, ticket);
}

void expect_sound(Centre& centre)
{
    centre.settle();
    EXPECT_THAT(app::check_store(centre.app().store()).findings, IsEmpty());
}

TEST(A4_HandOver, MovesTheOwnershipOnceTheSuccessorHasAccepted)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L2");
    const auto offered = centre.command("agent1", id, "hand_over", to(centre, "agent2"));
    ASSERT_EQ(offered.status, 200) << offered.text;
    EXPECT_EQ(offered.at("/owner/id"), centre.staff("agent1"));
    EXPECT_EQ(offered.at("/hand_over/to/id"), centre.staff("agent2"));
    EXPECT_EQ(offered.at("/hand_over/explanation"), "已约周三上门，备件在前台");
    EXPECT_THAT(told(centre, "agent2", id), Contains("hand_over_offered"));
    EXPECT_EQ(centre.get("agent2", "/api/v1/obligations", {{"debtor", "me"}, {"state", "open"}}).at("/items/0/kind"),
              "answer_hand_over");
    EXPECT_EQ(centre.command("agent1", id, "accept_hand_over").code(), "not_successor");

    centre.advance(3min);
    const auto accepted = centre.command("agent2", id, "accept_hand_over");
    ASSERT_EQ(accepted.status, 200) << accepted.text;
    EXPECT_EQ(accepted.at("/owner/id"), centre.staff("agent2"));
    EXPECT_EQ(accepted.at("/hand_over"), "null");
    EXPECT_THAT(told(centre, "agent1", id), Contains("hand_over_accepted"));
    const auto tenures = centre.get("agent2", "/api/v1/tickets/" + id + "/tenures");
    ASSERT_EQ(tenures.count(), 2U);
    EXPECT_EQ(tenures.at("/items/0/to"), tenures.at("/items/1/from"));
    EXPECT_EQ(tenures.at("/items/1/cause"), "hand_over");
    EXPECT_EQ(std::string{centre.obligation(id, "plan").at("debtor").at("id").as_string()}, centre.staff("agent2"));
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets", {{"view", "mine"}}).count(), 0U);
    EXPECT_EQ(centre.get("agent2", "/api/v1/tickets", {{"view", "mine"}}).count(), 1U);
    expect_sound(centre);
}

TEST(A4_HandOver, DeclinedReturnsWithTheReason)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L2");
    ASSERT_EQ(centre.command("agent1", id, "hand_over", to(centre, "agent2")).status, 200);
    EXPECT_EQ(centre.command("agent3", id, "decline_hand_over", fields({{"reason", "忙"}})).code(), "not_successor");
    EXPECT_EQ(centre.command("agent2", id, "decline_hand_over").status, 422) << "not without a reason";
    const auto declined = centre.command("agent2", id, "decline_hand_over", fields({{"reason", "本班即将结束"}}));
    ASSERT_EQ(declined.status, 200) << declined.text;
    EXPECT_EQ(declined.at("/owner/id"), centre.staff("agent1"));
    EXPECT_THAT(told(centre, "agent1", id), Contains("hand_over_declined"));
    // Another one is asked, and that is taken back.
    ASSERT_EQ(centre.command("agent1", id, "hand_over", to(centre, "agent3")).status, 200);
    EXPECT_EQ(centre.command("agent1", id, "hand_over", to(centre, "agent2")).code(), "hand_over_open");
    ASSERT_EQ(centre.command("agent1", id, "withdraw_hand_over").status, 200);
    EXPECT_THAT(told(centre, "agent3", id), Contains("hand_over_withdrawn"));
    EXPECT_EQ(centre.command("agent3", id, "accept_hand_over").code(), "hand_over_missing");
    expect_sound(centre);
}

TEST(A4_HandOver, UnansweredGoesToTheSupervisorWhoAcceptsForTheSuccessorOrNamesAnother)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L1");
    ASSERT_EQ(centre.command("agent1", id, "hand_over", to(centre, "agent2")).status, 200);
    centre.advance(5min);
    EXPECT_FALSE(centre.obligation(id, "answer_hand_over").at("breached_at").is_null());
    EXPECT_THAT(told(centre, "supervisor1", id), Contains("breached"));
    ASSERT_EQ(centre.command("supervisor1", id, "hand_over", to(centre, "agent3")).status, 200);
    EXPECT_THAT(told(centre, "agent2", id), Contains("hand_over_withdrawn"));
    ASSERT_EQ(centre.command("supervisor1", id, "accept_hand_over").status, 200);
    EXPECT_THAT(told(centre, "agent3", id), Contains("assigned"));
    EXPECT_EQ(centre.get("agent3", "/api/v1/tickets/" + id).at("/owner/id"), centre.staff("agent3"));
    expect_sound(centre);
}

TEST(A4_HandOver, GoesOnlyToWhoMayReadAndOwnTheTicket)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L2");
    for (const char* stranger : {"tech1", "merchant1_agent", "auditor1", "agent1"}) {
        SCOPED_TRACE(stranger);
        EXPECT_EQ(centre.command("agent1", id, "hand_over", to(centre, stranger)).code(), "successor_unknown");
    }
    EXPECT_EQ(centre.command("agent1", id, "hand_over", to(centre, "auditor1")).at("/errors/0/pointer"),
              "/to_staff_id");
    EXPECT_EQ(centre.command("tech1", id, "hand_over", to(centre, "agent2")).status, 404);
    expect_sound(centre);
}

TEST(A4_HandOver, FreesWhoLeaves)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L3", "agent2");
    const auto disable = [&] {
        return centre.post("admin", "/api/v1/staff/" + centre.staff("agent2") + "/commands/disable");
    };
    ASSERT_EQ(centre.command("agent2", id, "hand_over", to(centre, "agent1")).status, 200);
    EXPECT_EQ(disable().code(), "owns_open_tickets") << "an offer is no acceptance";
    ASSERT_EQ(centre.command("agent1", id, "accept_hand_over").status, 200);
    EXPECT_EQ(disable().status, 200);
    expect_sound(centre);
}

}  // namespace
}  // namespace shouwen::scenario
