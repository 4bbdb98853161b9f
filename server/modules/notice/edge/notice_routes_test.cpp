#include "modules/notice/edge/notice_routes.hpp"

#include "api/contract_for_tests.hpp"
#include "api/route_fixture.hpp"
#include "platform/outbox/outbox.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::notice {
namespace {

namespace json = boost::json;
namespace sample = organisation::sample;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Notices : public ::testing::Test, protected api::RouteFixture {
protected:
    Notices() { add_notice_routes(routes, *store); }

    /// By the way that all notices take.
    void tell(StaffId who, const std::string& kind, const std::string& payload = "{}")
    {
        clock.advance(std::chrono::seconds{1});
        store->write([&](sql::Connection& db) {
            outbox::enqueue(db, {outbox::notice_channel, who.text(), kind, payload, TicketId{77}}, clock.now());
        });
        outbox::Dispatcher{*store, [] { return 0.5; }}.dispatch(clock.now());
    }
    json::value listed(StaffId who, http::Fields query = {})
    {
        return json::parse(get(who, "/api/v1/notices", std::move(query)).body);
    }
    static std::vector<std::string> kinds(const json::value& list)
    {
        std::vector<std::string> found;
        for (const auto& item : list.at("items").as_array()) found.emplace_back(item.at("kind").as_string());
        return found;
    }
    std::string path_of_newest(StaffId who)
    {
        return "/api/v1/notices/" + std::string{listed(who).at("items").at(0).at("id").as_string()} + "/commands/read";
    }
};

TEST_F(Notices, AreListedNewestFirstWithWhatTheyAreAboutAndOnlyOnesOwn)
{
    tell(sample::agent1, "assigned", R"({"ticket_number":"20260105-000001"})");
    tell(sample::agent1, "warned",
         R"({"ticket_number":"20260105-000001","obligation_kind":"respond","due_at":"2026-01-05T03:00:00.000Z"})");
    tell(sample::agent1, "breached",
         R"({"obligation_kind":"close_out","refusal":"record_incomplete","missing":["contact"]})");
    tell(sample::agent2, "breached");

    const auto list = listed(sample::agent1);
    EXPECT_THAT(kinds(list), ElementsAre("breached", "warned", "assigned"));
    EXPECT_EQ(list.at("unread_count"), 3);
    const auto& not_filed = list.at("items").at(0);
    EXPECT_EQ(not_filed.at("refusal"), "record_incomplete");
    EXPECT_EQ(not_filed.at("missing"), (boost::json::array{"contact"}));
    const auto& warned = list.at("items").at(1);
    EXPECT_TRUE(warned.at("refusal").is_null());
    EXPECT_TRUE(warned.at("missing").as_array().empty());
    EXPECT_EQ(warned.at("ticket_id").as_string(), TicketId{77}.text());
    EXPECT_EQ(warned.at("ticket_number"), "20260105-000001");
    EXPECT_EQ(warned.at("obligation_kind"), "respond");
    EXPECT_EQ(warned.at("due_at"), "2026-01-05T03:00:00.000Z");
    EXPECT_TRUE(warned.at("read_at").is_null());
    EXPECT_TRUE(list.at("items").at(2).at("obligation_kind").is_null());
}

TEST_F(Notices, AreReadOneByOneOrAllAtOnce)
{
    for (const auto* kind : {"warned", "breached", "chain"}) tell(sample::agent1, kind);
    tell(sample::agent2, "warned");

    const auto path = path_of_newest(sample::agent1);
    const auto read = post(sample::agent1, path, "{}");
    EXPECT_EQ(read.status, 200);
    const auto first_moment = json::parse(read.body).at("read_at");
    EXPECT_EQ(first_moment.as_string(), to_rfc3339(clock.now()));
    clock.advance(std::chrono::hours{1});
    EXPECT_EQ(json::parse(post(sample::agent1, path).body).at("read_at"), first_moment)
        << "reading twice is reading once";
    EXPECT_THAT(kinds(listed(sample::agent1, {{"unread", "true"}})), ElementsAre("breached", "warned"));
    EXPECT_THAT(kinds(listed(sample::agent1)), ElementsAre("chain", "breached", "warned"));

    EXPECT_EQ(post(sample::agent1, "/api/v1/notices/commands/read_all").status, 204);
    EXPECT_EQ(listed(sample::agent1).at("unread_count"), 0);
    EXPECT_EQ(listed(sample::agent2).at("unread_count"), 1) << "nobody reads for another";
}

TEST_F(Notices, OfAnotherAreAsGoodAsAbsent)
{
    tell(sample::agent1, "warned");
    EXPECT_EQ(post(sample::agent2, path_of_newest(sample::agent1)).status, 404);
    EXPECT_EQ(listed(sample::agent1).at("unread_count"), 1);
    EXPECT_EQ(post(sample::agent1, "/api/v1/notices/nonsense/commands/read").status, 404);
    EXPECT_EQ(get(sample::auditor1, "/api/v1/notices").status, 403);
    EXPECT_EQ(get(StaffId{}, "/api/v1/notices").status, 401);
    EXPECT_EQ(post(sample::agent1, "/api/v1/notices/commands/read_all", R"({"all":true})").status, 422);
}

TEST_F(Notices, ComePageByPage)
{
    for (const auto* kind : {"a", "b", "c", "d", "e"}) tell(sample::agent1, kind);
    const auto first = listed(sample::agent1, {{"limit", "2"}});
    EXPECT_THAT(kinds(first), ElementsAre("e", "d"));
    tell(sample::agent1, "f");
    const auto cursor = std::string{first.at("next_cursor").as_string()};
    const auto second = listed(sample::agent1, {{"limit", "3"}, {"cursor", cursor}});
    EXPECT_THAT(kinds(second), ElementsAre("c", "b", "a"));
    EXPECT_TRUE(second.at("next_cursor").is_null());
    EXPECT_EQ(get(sample::agent1, "/api/v1/notices", {{"cursor", "00"}}).status, 400);
    EXPECT_EQ(get(sample::agent1, "/api/v1/notices", {{"unread", "maybe"}}).status, 400);
}

TEST_F(Notices, AreAsTheDocumentSays)
{
    EXPECT_THAT(api::disagreements(routes.registered(), "notice"), IsEmpty());
}

}  // namespace
}  // namespace shouwen::notice
