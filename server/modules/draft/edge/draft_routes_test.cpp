#include "modules/draft/edge/draft_routes.hpp"

#include "api/contract_for_tests.hpp"
#include "api/route_fixture.hpp"
#include "modules/draft/store/drafts.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::draft {
namespace {

namespace json = boost::json;
namespace sample = organisation::sample;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TicketId ticket{77};
constexpr TicketId other_ticket{78};

class E6_Drafts : public ::testing::Test, protected api::RouteFixture {
protected:
    E6_Drafts()
    {
        add_draft_routes(routes, {*store, [](const api::Actor& actor, TicketId id, sql::Connection&) {
                                      return id != TicketId{1} && actor.staff != sample::auditor1;
                                  }});
    }
    http::Response type(StaffId who, TicketId id, const std::string& kind, const std::string& content)
    {
        clock.advance(std::chrono::seconds{1});
        return put(who, "/api/v1/drafts/" + id.text(),
                   json::serialize(json::object{{"kind", kind}, {"content", content}}));
    }
    std::vector<std::string> drafts(StaffId who)
    {
        std::vector<std::string> found;
        const auto body = json::parse(get(who, "/api/v1/drafts").body);
        for (const auto& item : body.at("items").as_array())
            found.push_back(std::string{item.at("kind").as_string()} + " " +
                            std::string{item.at("content").as_string()});
        return found;
    }
    http::Response forget(StaffId who, TicketId id, http::Fields query = {})
    {
        return ask(who,
                   {.method = http::Method::delete_, .path = "/api/v1/drafts/" + id.text(), .query = std::move(query)});
    }
};

TEST_F(E6_Drafts, AreKeptAsTypedNewestFirstAndOnlyForWhoTyped)
{
    EXPECT_EQ(type(sample::agent1, ticket, "reply", "您好").status, 200);
    EXPECT_EQ(type(sample::agent1, ticket, "note", "内部").status, 200);
    EXPECT_EQ(type(sample::agent1, other_ticket, "reply", "早\n").status, 200);
    EXPECT_EQ(type(sample::agent1, ticket, "reply", "您好，师傅已经").status, 200);
    EXPECT_THAT(drafts(sample::agent1), ElementsAre("reply 您好，师傅已经", "reply 早\n", "note 内部"));
    EXPECT_THAT(drafts(sample::agent2), IsEmpty());
}

TEST_F(E6_Drafts, SurviveACrashOfTheServer)
{
    sqlite::TemporaryStore fresh;
    fresh->write([](sql::Connection& db) {
        draft::put(db, sample::agent1, {ticket, DraftKind::reply, "您好", from_ms(5)});
    });
    fresh.reopen();
    fresh->read([](sql::Connection& db) {
        const auto found = list(db, sample::agent1, 10);
        ASSERT_EQ(found.size(), 1u);
        EXPECT_EQ(found[0].content, "您好");
        EXPECT_EQ(found[0].updated_at, from_ms(5));
    });
}

TEST_F(E6_Drafts, AreForgottenByKindOrAtOnceOrWhenEmptied)
{
    type(sample::agent1, ticket, "reply", "a");
    type(sample::agent1, ticket, "note", "b");
    type(sample::agent2, ticket, "note", "c");
    EXPECT_EQ(forget(sample::agent1, ticket, {{"kind", "reply"}}).status, 204);
    EXPECT_THAT(drafts(sample::agent1), ElementsAre("note b"));
    EXPECT_EQ(type(sample::agent1, ticket, "note", "").status, 200);
    EXPECT_THAT(drafts(sample::agent1), IsEmpty());
    type(sample::agent1, ticket, "note", "b");
    EXPECT_EQ(forget(sample::agent1, ticket).status, 204);
    EXPECT_EQ(forget(sample::agent1, ticket).status, 204) << "twice is once";
    EXPECT_THAT(drafts(sample::agent1), IsEmpty());
    EXPECT_THAT(drafts(sample::agent2), ElementsAre("note c")) << "nobody forgets for another";
}

TEST_F(E6_Drafts, OfTicketsThatMayNotBeSeenAreRefused)
{
    EXPECT_EQ(type(sample::agent1, TicketId{1}, "reply", "a").status, 404);
    EXPECT_EQ(type(sample::auditor1, ticket, "reply", "a").status, 404);
    EXPECT_EQ(type(StaffId{}, ticket, "reply", "a").status, 401);
    EXPECT_EQ(put(sample::agent1, "/api/v1/drafts/nonsense", R"({"kind":"reply","content":"a"})").status, 404);
}

TEST_F(E6_Drafts, HaveALimitAndAKind)
{
    EXPECT_EQ(type(sample::agent1, ticket, "reply", std::string(10'000, 'x')).status, 200);
    EXPECT_EQ(type(sample::agent1, ticket, "reply", std::string(10'001, 'x')).status, 422);
    EXPECT_EQ(type(sample::agent1, ticket, "poem", "x").status, 422);
    EXPECT_EQ(put(sample::agent1, "/api/v1/drafts/" + ticket.text(), R"({"kind":"reply"})").status, 422);
    EXPECT_EQ(forget(sample::agent1, ticket, {{"kind", "poem"}}).status, 400);
}

TEST_F(E6_Drafts, AreAsTheDocumentSays)
{
    EXPECT_THAT(api::disagreements(routes.registered(), "draft"), IsEmpty());
}

}  // namespace
}  // namespace shouwen::draft
