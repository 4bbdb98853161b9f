#include "modules/customer/edge/customer_routes.hpp"

#include "api/contract_for_tests.hpp"
#include "api/route_fixture.hpp"
#include "modules/customer/store/customers.hpp"
#include "modules/customer/store/listing.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::customer {
namespace {

namespace json = boost::json;
namespace sample = organisation::sample;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CustomerRoutes : public ::testing::Test, protected api::RouteFixture {
protected:
    CustomerRoutes()
    {
        add_customer_routes(
            routes, {*store, ids, [this] { return organisation; },
                     [this](sql::Connection&, const organisation::AuditEntry& entry) { audit.push_back(entry); },
                     [this](sql::Connection&, CustomerId id, std::string_view action, int) {
                         auto found = audit;
                         std::erase_if(found, [&](const auto& entry) {
                             return entry.subject_id != id.text() || entry.action != action;
                         });
                         return found;
                     }});
    }

    CustomerId given_customer(const NewCustomer& given, StaffId by = {})
    {
        CustomerId id;
        store->write([&](sql::Connection& db) { id = create(db, ids, given, by, clock.now()); });
        return id;
    }
    void given_ticket(CustomerId customer, UnitId merchant, UnitId owner_unit, StaffId owner,
                      const std::string& subject = "漏水")
    {
        const auto id = ids.next<TicketId>(clock.now());
        const sql::Statement insert{
            "given_ticket",
            "INSERT INTO ticket (id, number, version, step, channel, customer_id, owner_id, owner_unit_id, queue_unit_id, merchant_id, "
            "created_at, next_due_at, last_seq, last_hash, state) VALUES ($1, $2, 1, 'triage', 'phone', $3, $4, $5, NULL, $6, $7, $7, 1, "
            "x'00', $8)"};
        store->write([&](sql::Connection& db) {
            db.execute(insert, id, id.text(), customer, owner, owner_unit, merchant, clock.now(),
                       "{\"subject\":\"" + subject + "\"}");
        });
    }
    static std::vector<std::string> names(const http::Response& response)
    {
        std::vector<std::string> found;
        const auto body = json::parse(response.body);
        for (const auto& item : body.at("items").as_array()) found.emplace_back(item.at("name").as_string());
        return found;
    }
    static std::string path_of(CustomerId id) { return "/api/v1/customers/" + id.text(); }

    std::vector<organisation::AuditEntry> audit;
};

using A10_CustomerRoutes = CustomerRoutes;
using C1_CustomerRoutes = CustomerRoutes;
using C6_CustomerRoutes = CustomerRoutes;
using D2_CustomerRoutes = CustomerRoutes;

TEST_F(C6_CustomerRoutes, EveryAnswerIsMasked)
{
    const auto made = post(
        sample::agent1, "/api/v1/customers",
        R"({"name":"林静怡","phone":"139 0000 4821","email":"lin@example.com","account_no":"QM-20881","address":"启明广场三号楼1204室"})");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto id = *CustomerId::parse(json::parse(made.body).at("id").as_string());
    for (const auto& answer : {made, get(sample::agent1, path_of(id)), get(sample::agent1, "/api/v1/customers")}) {
        SCOPED_TRACE(answer.body);
        EXPECT_THAT(answer.body, HasSubstr("139****4821"));
        for (const auto* secret : {"13900004821", "lin@", "20881", "1204"})
            EXPECT_THAT(answer.body, Not(HasSubstr(secret)));
    }
}

TEST_F(C6_CustomerRoutes, AValueIsShownOnlyWithItsLineInTheAuditLog)
{
    const auto id = given_customer({"林静怡", "13900004821"}, sample::agent1);
    const auto path = path_of(id) + "/commands/reveal";

    EXPECT_EQ(post(sample::agent1, path, R"({"field":"phone"})").status, 422);
    EXPECT_EQ(post(sample::agent1, path, R"({"field":"name","reason":"x"})").status, 422);
    EXPECT_EQ(post(sample::leader1, path, R"({"field":"phone","reason":"x"})").status, 403);
    EXPECT_EQ(post(sample::merchant1_agent, path, R"({"field":"phone","reason":"x"})").status, 404);
    EXPECT_THAT(audit, IsEmpty());

    const auto shown = post(sample::agent1, path, R"({"field":"phone","reason":"回拨"})");
    EXPECT_EQ(shown.body, R"({"value":"13900004821"})");
    ASSERT_EQ(audit.size(), 1u);
    EXPECT_EQ(audit[0].actor, sample::agent1);
    EXPECT_EQ(audit[0].action, "customer_revealed");
    EXPECT_EQ(audit[0].subject_id, id.text());
    EXPECT_EQ(audit[0].data, R"({"field":"phone","reason":"回拨"})");
    EXPECT_EQ(post(sample::agent1, path, R"({"field":"email","reason":"回信"})").body, R"({"value":null})");
}

TEST_F(C6_CustomerRoutes, TheFileTellsWhoLookedAndWhyButNotWhatTheySaw)
{
    const auto id = given_customer({"林静怡", "13900004821"}, sample::agent1);
    given_ticket(id, sample::merchant1, sample::merchant1_desk, sample::merchant1_agent);
    const auto path = path_of(id) + "/commands/reveal";
    EXPECT_EQ(json::parse(get(sample::agent2, path_of(id)).body).at("reveals").as_array().size(), 0u);
    ASSERT_EQ(post(sample::agent1, path, R"({"field":"phone","reason":"回拨核对"})").status, 200);
    ASSERT_EQ(post(sample::merchant1_agent, path, R"({"field":"phone","reason":"送货前联系"})").status, 200);

    const auto file = get(sample::agent2, path_of(id));
    const auto reveals = json::parse(file.body).at("reveals").as_array();
    ASSERT_EQ(reveals.size(), 2u);
    EXPECT_EQ(reveals[0].at("by").at("name"), "agent1");
    EXPECT_EQ(reveals[0].at("field"), "phone");
    EXPECT_EQ(reveals[0].at("reason"), "回拨核对");
    EXPECT_THAT(file.body, Not(HasSubstr("13900004821")));
    const auto sellers = json::parse(get(sample::merchant1_agent, path_of(id)).body).at("reveals").as_array();
    ASSERT_EQ(sellers.size(), 1u) << "what the platform's people do is not the merchant's to know (C1)";
    EXPECT_EQ(sellers[0].at("reason"), "送货前联系");
}

TEST_F(C1_CustomerRoutes, AMerchantsStaffSeeOnlyCustomersWithTicketsOfTheirMerchant)
{
    const auto ours = given_customer({"甲", "13900000001"});
    const auto theirs = given_customer({"乙", "13900000002"});
    given_ticket(ours, sample::merchant1, sample::merchant1_desk, sample::merchant1_agent, "我们的");
    given_ticket(ours, sample::merchant2, sample::merchant2, sample::merchant2_agent, "他们的");
    given_ticket(theirs, sample::merchant2, sample::merchant2, sample::merchant2_agent);

    EXPECT_THAT(names(get(sample::merchant1_agent, "/api/v1/customers")), ElementsAre("甲"));
    EXPECT_THAT(names(get(sample::merchant1_agent, "/api/v1/customers", {{"phone", "13900000002"}})), IsEmpty());
    EXPECT_THAT(names(get(sample::merchant1_agent, "/api/v1/customers", {{"q", "乙"}})), IsEmpty());
    EXPECT_THAT(names(get(sample::agent1, "/api/v1/customers")), ElementsAre("乙", "甲"));
    EXPECT_EQ(get(sample::merchant1_agent, path_of(theirs)).status, 404);
    EXPECT_EQ(put(sample::merchant1_agent, path_of(theirs), R"({"name":"x"})", 1).status, 404);

    const auto file = get(sample::merchant1_agent, path_of(ours));
    EXPECT_THAT(file.body, HasSubstr("我们的"));
    EXPECT_THAT(file.body, Not(HasSubstr("他们的"))) << "another merchant's ticket of the same customer";
    EXPECT_THAT(get(sample::agent1, path_of(ours)).body, HasSubstr("他们的"));
}

TEST_F(C1_CustomerRoutes, TheListShowsExactlyWhomTheOneDecisionAdmits)
{
    std::vector<CustomerId> all;
    const UnitId merchants[] = {UnitId{}, sample::merchant1, sample::merchant2};
    const UnitId units[] = {sample::centre, sample::technics, sample::repairs, sample::merchant1_desk,
                            sample::merchant2};
    int n = 0;
    for (const auto merchant : merchants)
        for (const auto unit : units) {
            all.push_back(given_customer({"客" + std::to_string(++n)}, n % 4 == 0 ? sample::tech1 : StaffId{}));
            given_ticket(all.back(), merchant, unit, sample::agent2);
            if (n % 3 == 0) given_ticket(all.back(), sample::merchant1, sample::centre, sample::agent2);
        }
    all.push_back(given_customer({"无工单"}, sample::merchant1_agent));

    for (const auto& person : organisation->staff()) {
        SCOPED_TRACE(person.login);
        const auto asking = actor(person.id);
        store->read([&](sql::Connection& db) {
            std::vector<CustomerId> admitted;
            for (const auto id : all)
                if (can_see_customer(asking, scope_of(db, find(db, id).value()))) admitted.push_back(id);
            std::vector<CustomerId> listed;
            if (can_somewhere(asking, organisation::Permission::customer_read))
                for (const auto& row : list(db, {}, fence(asking), std::nullopt, 100))
                    listed.insert(listed.begin(), row.id);
            EXPECT_EQ(listed, admitted);
        });
    }
}

TEST_F(C1_CustomerRoutes, AMerchantCannotAskWhoseCustomerANumberIs)
{
    const auto theirs = given_customer({"乙", "13900000002"});
    given_ticket(theirs, sample::merchant2, sample::merchant2, sample::merchant2_agent);
    EXPECT_EQ(post(sample::merchant1_agent, "/api/v1/customers", R"({"name":"x","phone":"13900000002"})").status, 201);
    const auto refused = post(sample::agent1, "/api/v1/customers", R"({"name":"x","phone":"139-0000-0002"})");
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.body, HasSubstr("customer_exists"));
    EXPECT_THAT(refused.body, HasSubstr(theirs.text()));
}

TEST_F(C1_CustomerRoutes, ThePlatformsNotesAreNotForMerchants)
{
    const auto made = post(sample::agent1, "/api/v1/customers", R"({"name":"甲","note":"易怒","tags":["VIP"]})");
    const auto id = *CustomerId::parse(json::parse(made.body).at("id").as_string());
    given_ticket(id, sample::merchant1, sample::merchant1_desk, sample::merchant1_agent);
    EXPECT_THAT(get(sample::agent1, path_of(id)).body, HasSubstr("易怒"));
    const auto seen = get(sample::merchant1_agent, path_of(id));
    EXPECT_EQ(seen.status, 200);
    for (const auto* own : {"易怒", "VIP", "note", "tags"}) EXPECT_THAT(seen.body, Not(HasSubstr(own)));
    EXPECT_EQ(put(sample::merchant1_agent, path_of(id), R"({"name":"甲","note":"x"})", 2).status, 422);
    EXPECT_EQ(put(sample::merchant1_agent, path_of(id), R"({"name":"甲甲"})", 2).status, 200);
    EXPECT_THAT(get(sample::agent1, path_of(id)).body, HasSubstr("易怒"));
}

TEST_F(A10_CustomerRoutes, ACorrectionKeepsWhatCameBackMaskedAndWritesHistory)
{
    const auto id =
        given_customer({"林静怡", "13900004821", "lin@example.com", "QM-20881", "启明广场"}, sample::agent1);
    const auto seen = json::parse(get(sample::agent1, path_of(id)).body);
    const json::object form{{"name", "林静仪"},
                            {"phone", seen.at("phone")},
                            {"email", seen.at("email")},
                            {"account_no", seen.at("account_no")},
                            {"address", "新街口"}};
    EXPECT_EQ(put(sample::agent2, path_of(id), json::serialize(form), 1).status, 200);

    store->read([&](sql::Connection& db) {
        const auto file = find(db, id).value();
        EXPECT_EQ(file.name, "林静仪");
        EXPECT_EQ(file.phone, "13900004821");
        EXPECT_EQ(file.email, "lin@example.com");
        EXPECT_EQ(file.account_no, "QM-20881");
        EXPECT_EQ(file.address, "新街口");
        EXPECT_EQ(file.version, 2);
    });
    const auto changes = json::parse(get(sample::agent1, path_of(id)).body).at("changes").as_array();
    ASSERT_EQ(changes.size(), 2u);
    EXPECT_EQ(changes[0].at("field"), "address");
    EXPECT_EQ(changes[0].at("by").at("name"), "agent2");
    EXPECT_EQ(changes[1].at("before"), "林静怡");
}

TEST_F(A10_CustomerRoutes, ANewNumberReplacesTheOldOne)
{
    const auto id = given_customer({"林静怡", "13900004821"}, sample::agent1);
    EXPECT_EQ(put(sample::agent1, path_of(id), R"({"name":"林静怡","phone":"13911112222"})", 1).status, 200);
    EXPECT_THAT(names(get(sample::agent1, "/api/v1/customers", {{"phone", "4821"}})), IsEmpty());
    EXPECT_THAT(names(get(sample::agent1, "/api/v1/customers", {{"phone", "2222"}})), ElementsAre("林静怡"));
}

TEST_F(A10_CustomerRoutes, AnEditWithoutOrWithAnOldVersionIsRefused)
{
    const auto id = given_customer({"林静怡"}, sample::agent1);
    EXPECT_EQ(put(sample::agent1, path_of(id), R"({"name":"x"})").status, 428);
    EXPECT_EQ(put(sample::agent1, path_of(id), R"({"name":"x"})", 1).status, 200);
    const auto stale = put(sample::agent2, path_of(id), R"({"name":"y"})", 1);
    EXPECT_EQ(stale.status, 412);
    EXPECT_THAT(stale.body, HasSubstr("\"version\":2"));
}

TEST_F(D2_CustomerRoutes, AllFaultsOfAFormAreToldAtOnce)
{
    const auto refused =
        post(sample::agent1, "/api/v1/customers", R"({"phone":"1x","email":"y","nick":"z","language":"fr"})");
    EXPECT_EQ(refused.status, 422);
    std::vector<std::string> pointers;
    const auto body = json::parse(refused.body);
    for (const auto& error : body.at("errors").as_array()) pointers.emplace_back(error.at("pointer").as_string());
    EXPECT_THAT(pointers, ::testing::UnorderedElementsAre("/name", "/phone", "/email", "/nick", "/language"))
        << refused.body;
}

TEST_F(A10_CustomerRoutes, AreFoundByTheBeginningOfTheNameAndByNumberPageByPage)
{
    for (const auto* name : {"王一", "王三", "王二", "李四"}) given_customer({name, "1390000" + std::to_string(4821)});
    given_customer({"张五", "02161234821"});

    std::vector<std::string> found;
    std::string cursor;
    for (int page = 0; page < 5; ++page) {
        http::Fields query{{"q", "王"}, {"limit", "2"}};
        if (!cursor.empty()) query.emplace_back("cursor", cursor);
        const auto answer = get(sample::agent1, "/api/v1/customers", query);
        for (const auto& name : names(answer)) found.push_back(name);
        const auto body = json::parse(answer.body);
        if (body.at("next_cursor").is_null()) break;
        cursor = body.at("next_cursor").as_string();
    }
    EXPECT_THAT(found, ElementsAre("王一", "王三", "王二"));
    EXPECT_THAT(names(get(sample::agent1, "/api/v1/customers", {{"phone", "4821"}})),
                ElementsAre("张五", "李四", "王二", "王三", "王一"));
    EXPECT_THAT(names(get(sample::agent1, "/api/v1/customers", {{"phone", "+86 21 6123-4821"}})), ElementsAre("张五"));
    EXPECT_THAT(names(get(sample::agent1, "/api/v1/customers", {{"phone", "34821"}})), IsEmpty())
        << "five digits are a whole number";
    EXPECT_THAT(names(get(sample::agent1, "/api/v1/customers", {{"phone", "4821"}, {"q", "李"}})), ElementsAre("李四"));
    EXPECT_EQ(get(sample::agent1, "/api/v1/customers", {{"phone", "ab"}}).status, 400);
    EXPECT_EQ(get(sample::agent1, "/api/v1/customers", {{"cursor", "zz"}}).status, 400);
    EXPECT_EQ(get(sample::agent1, "/api/v1/customers", {{"colour", "red"}}).status, 400);
}

TEST_F(C1_CustomerRoutes, WhoHasNothingToDoWithCustomersIsRefused)
{
    const auto id = given_customer({"林静怡"});
    EXPECT_EQ(get(StaffId{}, path_of(id)).status, 401);
    EXPECT_EQ(get(sample::auditor1, path_of(id)).status, 403);
    EXPECT_EQ(put(sample::inspector1, path_of(id), R"({"name":"x"})", 1).status, 403);
    EXPECT_EQ(get(sample::tech1, path_of(id)).status, 404);
    EXPECT_EQ(get(sample::agent1, "/api/v1/customers/nonsense").status, 404);
}

TEST_F(C1_CustomerRoutes, AreAsTheDocumentSays)
{
    EXPECT_THAT(api::disagreements(routes.registered(), "customer"), IsEmpty());
}

}  // namespace
}  // namespace shouwen::customer
