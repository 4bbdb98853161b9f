#include "modules/matrix/edge/matrix_routes.hpp"

#include "api/contract_for_tests.hpp"
#include "api/route_fixture.hpp"
#include "modules/matrix/rules/sample_matrix.hpp"
#include "modules/matrix/store/rows.hpp"
#include "modules/organisation/store/organisation_store.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::matrix {
namespace {

namespace json = boost::json;
using namespace organisation::sample;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The routes over an empty matrix and the sample organisation, whose people and units the store has too.
class MatrixRoutes : public testing::Test {
protected:
    MatrixRoutes()
    {
        asked.store->write([&](sql::Connection& db) { store_organisation(db); });
        add_matrix_routes(
            asked.routes,
            {.store = *asked.store,
             .ids = asked.ids,
             .matrix = copy,
             .organisation = [this] { return asked.organisation; },
             .policy = [policy = sample::policy()] { return policy; },
             .matter_of = [this](const api::Actor&, TicketId id, sql::Connection&) -> std::optional<Matter> {
                 return id == ticket ? std::optional{matter} : std::nullopt;
             },
             .audit =
                 [this](sql::Connection&, const organisation::AuditEntry& entry) {
                     audited.push_back(fmt::format("{} by {}", entry.action, entry.actor.value));
                 }});
    }

    /// The rows that foreign keys ask for.
    void store_organisation(sql::Connection& db)
    {
        static constexpr sql::Statement unit{"test.unit",
                                             "INSERT INTO unit (id, kind, name, calendar, time_zone, created_at) "
                                             "VALUES ($1, 'department', $2, '', '', 0)"};
        static constexpr sql::Statement staff{
            "test.staff",
            "INSERT INTO staff (id, login, name, unit_id, language, password_hash, password_changed_at, created_at) "
            "VALUES ($1, $2, $2, $3, 'zh-CN', 'x', 0, 0)"};
        static constexpr sql::Statement area{"test.area", "INSERT INTO area (id, name, created_at) VALUES ($1, $2, 0)"};
        for (const auto& each : asked.organisation->units()) db.execute(unit, each.id, each.name);
        for (const auto& each : asked.organisation->staff()) db.execute(staff, each.id, each.login, each.unit);
        for (const auto& each : asked.organisation->areas()) db.execute(area, each.id, each.name);
    }

    static std::string body(const json::object& more = {})
    {
        json::object row{{"class", "consultation"}, {"category", "parking"}, {"lead_unit_id", technics.text()}};
        for (const auto& [name, value] : more) row[name] = value;
        return json::serialize(row);
    }
    http::Response create(const json::object& more = {})
    {
        return asked.post(manager1, "/api/v1/matrix/rows", body(more));
    }
    http::Response command(const std::string& id, const std::string& verb, int version, const std::string& text = "{}")
    {
        return asked.ask(manager1, {.method = http::Method::post,
                                    .path = "/api/v1/matrix/rows/" + id + "/commands/" + verb,
                                    .body = text,
                                    .headers = {{"if-match", fmt::format("\"{}\"", version)}}});
    }
    static std::string id_of(const http::Response& response)
    {
        return std::string{json::parse(response.body).at("id").as_string()};
    }
    static std::string code_of(const http::Response& response)
    {
        return std::string{json::parse(response.body).at("code").as_string()};
    }
    static std::vector<std::string> pointers(const http::Response& response)
    {
        std::vector<std::string> found;
        const auto problem = json::parse(response.body);
        for (const auto& error : problem.at("errors").as_array())
            found.push_back(std::string{error.at("pointer").as_string()} + " " +
                            std::string{error.at("code").as_string()});
        return found;
    }
    json::array items(StaffId who) { return json::parse(asked.get(who, "/api/v1/matrix").body).at("items").as_array(); }

    api::RouteFixture asked;
    MatrixCopy copy{*asked.store};
    TicketId ticket{7};
    Matter matter{.class_ = Class::consultation, .category = "parking"};
    std::vector<std::string> audited;
};

TEST_F(MatrixRoutes, AreThoseOfTheDocument)
{
    EXPECT_THAT(api::disagreements(asked.routes.registered(), "matrix"), IsEmpty());
}

TEST_F(MatrixRoutes, D4_ARowIsAddedShownChangedRetiredAndRestored)
{
    const auto made = create({{"lead_staff_id", tech1.text()},
                              {"cooperating", {{{"unit_id", merchant1.text()}, {"duty", " 说明情况 "}}}},
                              {"teller_unit_id", centre.text()},
                              {"area_id", AreaId{2}.text()},
                              {"merchant_id", merchant1.text()},
                              {"slip_plan", {{"L1", "PT15M"}, {"L2", nullptr}}},
                              {"slip_complete", {{"L3", "P3WD"}, {"L2", "PT4H/W"}}},
                              {"comment", "停车"}});
    ASSERT_EQ(made.status, 201) << made.body;
    const auto id = id_of(made);
    EXPECT_THAT(made.headers,
                testing::Contains(std::pair<std::string, std::string>{"Location", "/api/v1/matrix/rows/" + id}));

    const auto shown = items(agent1);
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(json::serialize(shown[0]), made.body);
    const auto& row = shown[0];
    EXPECT_EQ(row.at("area").at("name").as_string(), "湖南路街道");
    EXPECT_EQ(row.at("merchant").at("name").as_string(), "一号店");
    EXPECT_EQ(row.at("lead_staff").at("name").as_string(), "tech1");
    EXPECT_EQ(row.at("cooperating").at(0).at("duty").as_string(), "说明情况");
    EXPECT_EQ(json::serialize(row.at("slip_plan")), R"({"L1":"PT15M","L2":null,"L3":null})");
    EXPECT_EQ(json::serialize(row.at("slip_complete")), R"({"L1":null,"L2":"PT4H/W","L3":"P3WD"})");
    EXPECT_EQ(row.at("author").at("name").as_string(), "manager1");

    const auto changed = asked.put(manager1, "/api/v1/matrix/rows/" + id, body({{"comment", "改过"}}), 1);
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_TRUE(json::parse(changed.body).at("lead_staff").is_null());
    EXPECT_TRUE(json::parse(changed.body).at("cooperating").as_array().empty());
    EXPECT_EQ(asked.put(manager1, "/api/v1/matrix/rows/" + id, body(), 1).status, 412);
    EXPECT_EQ(asked.put(manager1, "/api/v1/matrix/rows/" + id, body()).status, 428);
    EXPECT_EQ(asked.put(manager1, "/api/v1/matrix/rows/" + MatrixRowId{9}.text(), body(), 1).status, 404);

    EXPECT_EQ(command(id, "restore", 2).status, 409);
    const auto retired = command(id, "retire", 2);
    EXPECT_EQ(retired.status, 200) << retired.body;
    EXPECT_FALSE(json::parse(retired.body).at("retired_at").is_null());
    EXPECT_EQ(code_of(command(id, "retire", 3)), "matrix_row_retired");
    EXPECT_EQ(code_of(asked.put(manager1, "/api/v1/matrix/rows/" + id, body(), 3)), "matrix_row_retired");
    EXPECT_EQ(command(id, "restore", 2).status, 412);
    EXPECT_EQ(command(id, "restore", 3).status, 200);
    EXPECT_EQ(code_of(command(id, "restore", 4)), "matrix_row_valid");
    EXPECT_EQ(json::parse(asked.get(agent1, "/api/v1/matrix").body).at("version").as_int64(), 4);
    EXPECT_THAT(audited, ElementsAre("matrix_row_created by 104", "matrix_row_changed by 104",
                                     "matrix_row_retired by 104", "matrix_row_restored by 104"));
}

TEST_F(MatrixRoutes, D4_OneKeyHasOneRowInUse)
{
    const auto first = create();
    ASSERT_EQ(first.status, 201);
    const auto second = create({{"lead_unit_id", centre.text()}});
    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(code_of(second), "matrix_key_taken");
    EXPECT_EQ(json::parse(second.body).at("row_id").as_string(), id_of(first));

    const auto other = create({{"category", "invoice"}});
    EXPECT_EQ(code_of(asked.put(manager1, "/api/v1/matrix/rows/" + id_of(other), body(), 1)), "matrix_key_taken");
    EXPECT_EQ(command(id_of(first), "retire", 1).status, 200);
    EXPECT_EQ(asked.put(manager1, "/api/v1/matrix/rows/" + id_of(other), body(), 1).status, 200) << "its key is free";
    EXPECT_EQ(code_of(command(id_of(first), "restore", 2)), "matrix_key_taken");
    // The schema holds it as well.
    Row again{.id = MatrixRowId{5}, .assignment = {.key = {Class::consultation, "parking"}, .lead_unit = centre}};
    EXPECT_THROW(asked.store->write([&](sql::Connection& db) { insert(db, again); }), sql::ConstraintViolated);
    EXPECT_EQ(copy.current()->size(), 2U);
}

TEST_F(MatrixRoutes, D4_AllThatIsWrongIsToldAtOnceAndNothingIsSaved)
{
    const auto shape =
        asked.post(manager1, "/api/v1/matrix/rows",
                   R"({"class":"x","cooperating":[{"unit_id":"?","duty":" "}],"slip_plan":{"L1":"soon","L4":"PT1H"}})");
    EXPECT_EQ(shape.status, 422);
    EXPECT_THAT(pointers(shape),
                testing::UnorderedElementsAre("/class not_a_choice", "/lead_unit_id required",
                                              "/cooperating/0/unit_id not_an_id", "/cooperating/0/duty required",
                                              "/slip_plan/L1 not_a_limit", "/slip_plan/L4 unknown_field"));
    const auto meaning =
        create({{"category", "noise"}, {"lead_staff_id", agent1.text()}, {"area_id", AreaId{9}.text()}});
    EXPECT_EQ(meaning.status, 422);
    EXPECT_THAT(pointers(meaning),
                ElementsAre("/category category_unknown", "/area_id area_unknown", "/lead_staff_id staff_elsewhere"));
    EXPECT_THAT(items(manager1), IsEmpty());
    EXPECT_THAT(audited, IsEmpty());
}

TEST_F(MatrixRoutes, D4_TheMatrixHasABound)
{
    asked.store->write([](sql::Connection& db) {
        for (std::size_t i = 0; i < rows_max; ++i)
            insert(db, {.id = MatrixRowId{static_cast<std::int64_t>(i) + 1},
                        .assignment = {.lead_unit = centre},
                        .retired_at = Instant{}});
    });
    const auto refused = create();
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(code_of(refused), "matrix_full");
    EXPECT_THAT(refused.body, HasSubstr("2000"));
}

TEST_F(MatrixRoutes, D4_WhoWouldGetThisIsAnsweredWithItsReasons)
{
    const auto row = id_of(create({{"slip_plan", {{"L2", "PT2H"}}}}));
    const auto rest = id_of(
        asked.post(manager1, "/api/v1/matrix/rows", json::serialize(json::object{{"lead_unit_id", centre.text()}})));
    const auto answer = asked.get(tech1, "/api/v1/matrix/proposal",
                                  {{"class", "consultation"}, {"category", "monthly_card"}, {"grade", "L2"}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto proposal = json::parse(answer.body);
    EXPECT_EQ(proposal.at("row_id").as_string(), row);
    EXPECT_EQ(proposal.at("lead_unit").at("name").as_string(), "技术部");
    EXPECT_EQ(proposal.at("slip_plan").as_string(), "PT2H");
    EXPECT_TRUE(proposal.at("slip_complete").is_null());
    const auto& candidates = proposal.at("candidates").as_array();
    ASSERT_EQ(candidates.size(), 2U);
    EXPECT_EQ(json::serialize(candidates[0].at("matched")),
              R"([{"field":"category","fit":"above"},{"field":"class","fit":"same"}])");
    EXPECT_EQ(candidates[1].at("row_id").as_string(), rest);
    EXPECT_EQ(candidates[1].at("outcome").as_string(), "less_specific");

    // A ticket is asked about in the same way, as it stands.
    const auto of_ticket = json::parse(asked.get(agent1, "/api/v1/tickets/" + ticket.text() + "/proposal").body);
    EXPECT_EQ(of_ticket.at("row_id").as_string(), row);
    EXPECT_EQ(of_ticket.at("matter").at("category").as_string(), "parking");
    EXPECT_EQ(asked.get(agent1, "/api/v1/tickets/" + TicketId{8}.text() + "/proposal").status, 404);
    EXPECT_EQ(asked.get(agent1, "/api/v1/tickets/nonsense/proposal").status, 404);
}

TEST_F(MatrixRoutes, D4_ATrialSaysWhatOfItIsUnknown)
{
    const struct {
        http::Fields query;
        int status;
        const char* code;
    } cases[] = {{{{"category", "parking"}}, 400, "invalid_filter"},
                 {{{"class", "what"}}, 400, "invalid_filter"},
                 {{{"klass", "complaint"}}, 400, "unknown_filter"},
                 {{{"class", "complaint"}, {"category", "parking"}}, 422, "category_unknown"},
                 {{{"area_id", AreaId{9}.text()}}, 422, "area_unknown"},
                 {{{"merchant_id", technics.text()}}, 422, "merchant_unknown"}};
    for (const auto& c : cases) {
        const auto answer = asked.get(agent1, "/api/v1/matrix/proposal", c.query);
        EXPECT_EQ(answer.status, c.status) << answer.body;
        EXPECT_EQ(code_of(answer), c.code);
    }
    EXPECT_EQ(
        asked.get(agent1, "/api/v1/matrix/proposal", {{"class", "consultation"}, {"category", "old_card"}}).status, 200)
        << "older tickets hold retired categories";
}

TEST_F(MatrixRoutes, C1_AMerchantsStaffLearnNothingOfAnother)
{
    create({{"merchant_id", merchant1.text()}});
    const auto open = id_of(create());
    EXPECT_EQ(items(merchant1_agent).size(), 2U);
    const auto seen = items(merchant2_agent);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].at("id").as_string(), open);
    const auto ask = [&](UnitId merchant) {
        return asked.get(merchant2_agent, "/api/v1/matrix/proposal",
                         {{"class", "consultation"}, {"category", "parking"}, {"merchant_id", merchant.text()}});
    };
    EXPECT_EQ(code_of(ask(merchant1)), "merchant_unknown");
    EXPECT_EQ(ask(merchant1).body, ask(UnitId{999}).body) << "foreign and absent are one answer";
    EXPECT_EQ(ask(merchant2).status, 200);
}

TEST_F(MatrixRoutes, D4_OnlyWhoKeepsThePolicyEditsIt)
{
    for (const StaffId who : {agent1, supervisor1, tech1, merchant1_admin, inspector1})
        EXPECT_EQ(asked.post(who, "/api/v1/matrix/rows", body()).status, 403);
    EXPECT_EQ(asked.get(auditor1, "/api/v1/matrix").status, 403);
    EXPECT_EQ(asked.get(auditor1, "/api/v1/matrix/proposal").status, 403);
    EXPECT_EQ(asked.post(admin1, "/api/v1/matrix/rows", body()).status, 201);
}

}  // namespace
}  // namespace shouwen::matrix
