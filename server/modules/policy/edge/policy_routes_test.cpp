#include "modules/policy/edge/policy_routes.hpp"

#include "api/contract_for_tests.hpp"
#include "api/route_fixture.hpp"
#include "modules/policy/store/policies.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::policy {
namespace {

namespace json = boost::json;
namespace sample = organisation::sample;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PolicyRoutes : public testing::Test {
protected:
    PolicyRoutes()
    {
        add_policy_routes(
            desk.routes, *desk.store, desk.clock, policies, [this] { return desk.organisation; },
            [this](sql::Connection&, StaffId, std::string_view action, std::string_view detail, Instant) {
                audited.push_back(std::string{action} + " " + std::string{detail});
            });
    }
    json::value current() { return json::parse(desk.get(sample::manager1, "/api/v1/policies/current").body); }
    http::Response save(const json::value& document, std::int64_t version)
    {
        return desk.put(sample::manager1, "/api/v1/policies/current", json::serialize(document), version);
    }
    http::Response save_year(int year, const std::string& days, std::int64_t version)
    {
        return desk.ask(sample::manager1, {.method = http::Method::put,
                                           .path = "/api/v1/holidays/" + std::to_string(year),
                                           .body = R"({"days":)" + days + "}",
                                           .headers = {{"if-match", "\"" + std::to_string(version) + "\""}}});
    }

    api::RouteFixture desk;
    Policies policies{*desk.store, desk.clock.now()};
    std::vector<std::string> audited;
};

TEST_F(PolicyRoutes, AreThoseOfTheDocument)
{
    EXPECT_THAT(api::disagreements(desk.routes.registered(), "policy"), IsEmpty());
}

TEST_F(PolicyRoutes, EachVersionStaysAndTheListGoesPageByPage)
{
    auto document = current().at("document");
    for (int version = 1; version <= 3; ++version) {
        document.as_object()["dissatisfied_up_to"] = version;
        const auto saved = save(document, version);
        ASSERT_EQ(saved.status, 200) << saved.body;
    }
    const auto second = json::parse(desk.get(sample::agent1, "/api/v1/policies/2").body);
    EXPECT_EQ(second.at("document").at("dissatisfied_up_to").as_int64(), 1);
    EXPECT_EQ(second.at("author").at("name").as_string(), "manager1");
    EXPECT_EQ(desk.get(sample::agent1, "/api/v1/policies/9").status, 404);
    EXPECT_EQ(desk.get(sample::agent1, "/api/v1/policies/last").status, 404);

    const auto page = json::parse(desk.get(sample::agent1, "/api/v1/policies", {{"limit", "3"}}).body);
    EXPECT_EQ(page.at("items").at(0).at("version").as_int64(), 4);
    ASSERT_EQ(page.at("items").as_array().size(), 3U);
    const std::string cursor{page.at("next_cursor").as_string()};
    const auto rest = json::parse(desk.get(sample::agent1, "/api/v1/policies", {{"cursor", cursor}}).body);
    ASSERT_EQ(rest.at("items").as_array().size(), 1U);
    EXPECT_TRUE(rest.at("items").at(0).at("author").is_null());
    EXPECT_TRUE(rest.at("next_cursor").is_null());
}

TEST_F(PolicyRoutes, AStaleVersionChangesNothing)
{
    const auto document = current().at("document");
    ASSERT_EQ(save(document, 1).status, 200);
    const auto stale = save(document, 1);
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(json::parse(stale.body).at("version").as_int64(), 2);
    EXPECT_EQ(desk.put(sample::agent1, "/api/v1/policies/current", json::serialize(document), 2).status, 403);
    EXPECT_EQ(current().at("version").as_int64(), 2);
}

TEST_F(PolicyRoutes, A14_ADocumentOfBeforeThereWereSlipsHasTheDefaultsOfTheRegulations)
{
    const auto complete = current().at("document");
    auto document = complete;
    for (const char* kind : {"acknowledge_slip", "appoint_and_contact", "slip_plan", "slip_complete", "confirm_slip",
                             "route_again", "rule_on_slip", "explain_plan", "answer_hand_over"})
        ASSERT_TRUE(document.at("limits").as_object().erase(kind)) << kind;
    for (const char* field : {"rejection_reasons", "strict_rejection_reasons", "rejections_until_ruling"})
        ASSERT_TRUE(document.as_object().erase(field)) << field;
    ASSERT_EQ(save(document, 1).status, 200);
    EXPECT_EQ(current().at("document"), complete);
    // As a store has it that was written by an older program.
    desk.store->write([&](sql::Connection& db) {
        add_version(db, {3, json::serialize(document), desk.clock.now(), {}});
    });
    EXPECT_EQ(current().at("document"), complete);
    EXPECT_EQ(policies.current()->limit(ObligationKind::acknowledge_slip, Grade::L1),
              Limit::natural_time(std::chrono::minutes{5}));

    document.as_object()["rejection_reasons"] =
        json::parse(R"([{"code":"a","name":{"zh-CN":"甲","zh-TW":"甲","en":""}}])");
    document.as_object()["rejections_until_ruling"] = 0;
    const auto refused = save(document, 3);
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr("/rejection_reasons/0/name/en"));
    EXPECT_THAT(refused.body, HasSubstr("/rejections_until_ruling"));
}

TEST_F(PolicyRoutes, D3_ACategoryIsRetiredAndEveryFaultIsToldAtItsPlace)
{
    auto document = current().at("document");
    auto& tree = document.at("classes").at("complaint").at("categories").as_array();
    const std::string code{tree[0].at("code").as_string()};
    tree[0].as_object()["retired"] = true;
    ASSERT_EQ(save(document, 1).status, 200);
    EXPECT_TRUE(current().at("document").at("classes").at("complaint").at("categories").at(0).at("retired").as_bool());
    EXPECT_FALSE(policies.current()->is_category(Class::complaint, code));

    tree[1].at("name").as_object()["en"] = "";
    tree[2].as_object()["code"] = code;
    const auto refused = save(document, 2);
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr("/classes/complaint/categories/1/name/en"));
    EXPECT_THAT(refused.body, HasSubstr("/classes/complaint/categories/2/code"));
}

TEST_F(PolicyRoutes, E5_AYearOfHolidaysIsImportedOverTheVersionThatWasSeen)
{
    desk.clock.advance(std::chrono::days{310});  // into November 2026
    const auto before = json::parse(desk.get(sample::agent1, "/api/v1/holidays").body);
    EXPECT_EQ(before.at("missing").as_array(), (json::array{2027}));
    EXPECT_EQ(desk.get(sample::agent1, "/api/v1/holidays/2027").status, 404);

    const std::string days = R"([{"on":"2027-02-06","kind":"holiday","name":"春节"},)"
                             R"({"on":"2026-12-31","kind":"make_up","name":"元旦"}])";
    const auto saved = save_year(2027, days, 0);
    ASSERT_EQ(saved.status, 200) << saved.body;
    EXPECT_EQ(json::parse(saved.body).at("version").as_int64(), 1);
    EXPECT_EQ(json::parse(saved.body).at("days").at(0).at("on").as_string(), "2026-12-31");
    EXPECT_EQ(save_year(2027, days, 0).status, 412);
    EXPECT_EQ(save_year(2027, days, 1).status, 200);
    EXPECT_EQ(desk.put(sample::manager1, "/api/v1/holidays/2027", R"({"days":[]})").status, 428);
    EXPECT_THAT(audited, ElementsAre(R"(holidays_changed {"year":2027})", R"(holidays_changed {"year":2027})"));

    const auto after = json::parse(desk.get(sample::agent1, "/api/v1/holidays").body);
    EXPECT_TRUE(after.at("missing").as_array().empty());
    const auto& last = after.at("items").as_array().back();
    EXPECT_EQ(last.at("source").as_string(), "imported");
    EXPECT_EQ(last.at("day_count").as_int64(), 2);
    EXPECT_EQ(last.at("author").at("name").as_string(), "manager1");
    EXPECT_EQ(after.at("items").at(0).at("source").as_string(), "built_in");
}

TEST_F(PolicyRoutes, E5_AListOfHolidaysIsToldEachFaultWithItsPlace)
{
    const auto refused = save_year(2027,
                                   R"([{"on":"2027-02-06","kind":"holiday","name":"春节"},)"
                                   R"({"on":"2027-02-06","kind":"make_up","name":"春节"},)"
                                   R"({"on":"2025-02-06","kind":"holiday","name":"春节"},)"
                                   R"({"on":"2027-02-30","kind":"rest","name":""}])",
                                   0);
    EXPECT_EQ(refused.status, 422);
    std::vector<std::string> faults;
    const json::value problem = json::parse(refused.body);
    for (const auto& error : problem.at("errors").as_array())
        faults.push_back(std::string{error.at("pointer").as_string()} + " " +
                         std::string{error.at("code").as_string()});
    EXPECT_THAT(faults, ElementsAre("/days/1/on duplicate", "/days/2/on day_outside_year", "/days/3/on not_a_date",
                                    "/days/3/kind not_a_choice", "/days/3/name required"));
}

}  // namespace
}  // namespace shouwen::policy
