#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace shouwen::scenario {
namespace {

namespace json = boost::json;

std::string row(const Centre& centre, std::string_view lead, json::object more = {})
{
    more["lead_unit_id"] = centre.unit(lead);
    return json::serialize(more);
}

http::Fields version(std::int64_t of)
{
    return {{"if-match", fmt::format("\"{}\"", of)}};
}

TEST(D4_Diversion, TheMatrixProposesForATicketAsItStands)
{
    Centre centre;
    const auto rest = centre.post("manager1", "/api/v1/matrix/rows", row(centre, "客户服务中心"));
    ASSERT_EQ(rest.status, 201) << rest.text;
    const auto repair =
        centre.post("admin", "/api/v1/matrix/rows",
                    row(centre, "技术部",
                        {{"class", "repair"},
                         {"lead_staff_id", centre.staff("tech1")},
                         {"cooperating", {{{"unit_id", centre.unit("服务监察部")}, {"duty", "核实停运时间"}}}},
                         {"slip_plan", {{"L2", "PT2H"}}}}));
    ASSERT_EQ(repair.status, 201) << repair.text;

    // What has no row of its own is left to the last line; a repair goes to the row of its class, with the limit of its grade.
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + centre.call("agent1", "help") + "/proposal").at("/row_id"),
              rest.id());
    const auto request = centre.web_request();
    const auto address = "/api/v1/tickets/" + request.id + "/proposal";
    EXPECT_EQ(centre.get("agent1", address).at("/slip_plan"), "null") << "ungraded counts as L3";
    ASSERT_EQ(centre.command("agent1", request.id, "respond", fields({{"content", "您好"}})).status, 200);
    ASSERT_EQ(centre.command("agent1", request.id, "classify", classification("L2", "repair")).status, 200);
    const auto proposal = centre.get("agent1", address);
    EXPECT_EQ(proposal.at("/row_id"), repair.id());
    EXPECT_EQ(proposal.at("/lead_unit/name"), "技术部");
    EXPECT_EQ(proposal.at("/lead_staff/name"), "周强");
    EXPECT_EQ(proposal.at("/cooperating/0/unit/name"), "服务监察部");
    EXPECT_EQ(proposal.at("/slip_plan"), "PT2H");
    EXPECT_EQ(proposal.at("/matter/grade"), "L2");
    EXPECT_EQ(centre.get("tech1", address).status, 404) << "whoever may not read the ticket";

    // The named person leaves: the row is told as faulty and proposes the unit alone.
    const auto tech1 = centre.staff("tech1");
    ASSERT_EQ(centre.post("admin", "/api/v1/staff/" + tech1 + "/commands/disable").status, 200);
    EXPECT_EQ(centre.get("agent1", address).at("/lead_staff"), "null");
    EXPECT_EQ(centre.get("manager1", "/api/v1/matrix").at("/items/1/faults/0/code"), "staff_disabled");

    // Retired, it proposes nothing; after a restart as before.
    const auto retired =
        centre.post("manager1", "/api/v1/matrix/rows/" + repair.id() + "/commands/retire", "{}", version(1));
    ASSERT_EQ(retired.status, 200) << retired.text;
    EXPECT_EQ(centre.get("agent1", address).at("/row_id"), rest.id());
    centre.restart();
    EXPECT_EQ(centre.get("agent1", address).at("/row_id"), rest.id());
    const auto matrix = centre.get("agent1", "/api/v1/matrix");
    EXPECT_EQ(matrix.count(), 2U);
    EXPECT_EQ(matrix.at("/version"), "3");
}

TEST(D4_Diversion, ARowIsRefusedOnceItsKeyIsTakenAndRoundTripsWholly)
{
    Centre centre;
    const auto area = centre.post("admin", "/api/v1/areas", fields({{"name", "河湾片区"}}));
    json::object all{{"class", "complaint"},
                     {"category", "product_quality"},
                     {"area_id", area.id()},
                     {"merchant_id", centre.unit("一号店")},
                     {"teller_unit_id", centre.unit("客户服务中心")},
                     {"slip_plan", {{"L1", "PT15M"}, {"L2", "PT2H/W"}, {"L3", "P1WD"}}},
                     {"slip_complete", {{"L1", "PT4H"}, {"L2", "P1WD"}, {"L3", "P3WD"}}},
                     {"comment", "全部填写"}};
    const auto made = centre.post("manager1", "/api/v1/matrix/rows", row(centre, "服务监察部", all));
    ASSERT_EQ(made.status, 201) << made.text;
    const auto again = centre.post("admin", "/api/v1/matrix/rows", row(centre, "技术部", all));
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.at("/row_id"), made.id());
    centre.restart();
    EXPECT_EQ(json::serialize(centre.get("manager1", "/api/v1/matrix").body.at("items").at(0)), made.text);
    all["comment"] = "改过";
    const auto changed =
        centre.put("admin", "/api/v1/matrix/rows/" + made.id(), row(centre, "技术部", all), version(1));
    EXPECT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(centre.put("manager1", "/api/v1/matrix/rows/" + made.id(), row(centre, "技术部", all), version(1))
                  .at("/version"),
              "2");
}

TEST(D4_Diversion, AnotherNodeKnowsOfAChangeSoonAfter)
{
    Centre first;
    if (first.is_embedded()) GTEST_SKIP() << "an embedded store has one node";
    Centre second{first};
    const auto made = first.post("manager1", "/api/v1/matrix/rows", row(first, "技术部"));
    ASSERT_EQ(made.status, 201) << made.text;
    for (int tries = 0; second.get("manager1", "/api/v1/matrix").count() == 0 && tries < 100'000; ++tries)
        second.settle();
    EXPECT_EQ(second.get("agent1", "/api/v1/matrix/proposal").at("/row_id"), made.id());
}

}  // namespace
}  // namespace shouwen::scenario
