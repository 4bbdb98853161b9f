#include "modules/figure/edge/figure_routes.hpp"

#include "api/contract_for_tests.hpp"
#include "api/route_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::figure {
namespace {

namespace json = boost::json;
namespace sample = organisation::sample;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Figures : public ::testing::Test, protected api::RouteFixture {
protected:
    Figures()
    {
        add_figure_routes(routes, {*store, clock, [this] { return organisation; }});
    }

    struct Obligation {
        const char* kind = "respond";
        const char* grade = "L3";
        StaffId staff = sample::agent1;
        UnitId unit = sample::centre;
        UnitId merchant = {};
        Duration began = std::chrono::hours{-5};  ///< from now
        std::optional<Instant> met = {};
        std::optional<Instant> breached = {};
        std::optional<Instant> cancelled = {};
        std::optional<Instant> paused = {};
    };
    void given(const Obligation& o)
    {
        const sql::Statement ticket{
            "given_ticket",
            "INSERT INTO ticket (id, number, version, step, channel, customer_id, created_at, next_due_at, last_seq, last_hash, state) "
            "VALUES ($1, $2, 1, 'intake', 'web', 1, $3, $3, 1, x'00', '{}')"};
        const sql::Statement obligation{
            "given_obligation",
            "INSERT INTO obligation (ticket_id, no, kind, subject, grade, debtor_staff_id, debtor_unit_id, merchant_id, calendar, "
            "policy_version, starts_at, due_at, pauses, met_at, breached_at, cancelled_at, cause, paused_at) "
            "VALUES ($1, 1, $2, 0, $3, $4, $5, $6, 'standard', 1, $7, $8, '[]', $9, $10, $11, $12, $13)"};
        const auto id = ids.next<TicketId>(clock.now());
        const Instant began = clock.now() + o.began;
        store->write([&](sql::Connection& db) {
            db.execute(ticket, id, id.text(), began);
            db.execute(obligation, id, o.kind, o.grade, o.staff, o.unit, o.merchant, began,
                       began + std::chrono::hours{2}, o.met, o.breached, o.cancelled,
                       o.cancelled ? std::optional<std::string>{"archived"} : std::nullopt, o.paused);
        });
    }
    /// `key/name kept kept_late open open_late cancelled`, a line a figure.
    std::vector<std::string> figures(StaffId who, http::Fields query = {})
    {
        std::vector<std::string> lines;
        const auto body = json::parse(get(who, "/api/v1/figures/timeliness", std::move(query)).body);
        for (const auto& item : body.at("items").as_array())
            lines.push_back(fmt::format("{} {} {} {} {} {}", std::string_view{item.at("name").as_string()},
                                        item.at("kept").as_int64(), item.at("kept_late").as_int64(),
                                        item.at("open").as_int64(), item.at("open_late").as_int64(),
                                        item.at("cancelled").as_int64()));
        return lines;
    }
    Instant ago(int hours) const { return clock.now() - std::chrono::hours{hours}; }
};

TEST_F(Figures, EachObligationIsCountedOnceByHowItStands)
{
    given({.met = ago(4)});                            // kept
    given({.met = ago(1), .breached = ago(3)});        // kept late
    given({.began = std::chrono::hours{-1}});          // open
    given({.breached = ago(3)});                       // open and late
    given({});                                         // late, but the tick was not there yet
    given({.paused = ago(4)});                         // waits, so it is not late
    given({.breached = ago(3), .cancelled = ago(1)});  // cancelled
    given({.kind = "triage", .met = ago(4)});
    given({.began = std::chrono::hours{-1000}, .met = ago(900)});  // before the period
    EXPECT_THAT(figures(sample::manager1), ElementsAre("respond 1 1 2 2 1", "triage 1 0 0 0 0"));
}

TEST_F(Figures, AreToldByGradeUnitAndPerson)
{
    given({.grade = "L1", .met = ago(4)});
    given({.grade = "L2", .staff = sample::agent2, .met = ago(4)});
    given({.grade = "L2", .staff = sample::tech1, .unit = sample::technics, .met = ago(4)});
    given({.grade = "L3", .staff = {}, .unit = sample::centre, .met = ago(4)});  // the queue's
    EXPECT_THAT(figures(sample::manager1, {{"by", "grade"}}),
                ElementsAre("L1 1 0 0 0 0", "L2 2 0 0 0 0", "L3 1 0 0 0 0"));
    EXPECT_THAT(figures(sample::manager1, {{"by", "unit"}}), ElementsAre("客服中心 3 0 0 0 0", "技术部 1 0 0 0 0"));
    EXPECT_THAT(figures(sample::manager1, {{"by", "staff"}}),
                ElementsAre(" 1 0 0 0 0", "agent1 1 0 0 0 0", "agent2 1 0 0 0 0", "tech1 1 0 0 0 0"));
}

TEST_F(Figures, C1_AreFencedByMerchantAndByUnits)
{
    given({.staff = sample::agent1, .unit = sample::centre, .met = ago(4)});
    given({.staff = sample::repairer, .unit = sample::repairs, .met = ago(4)});
    given({.staff = sample::merchant1_agent,
           .unit = sample::merchant1_desk,
           .merchant = sample::merchant1,
           .met = ago(4)});
    given({.staff = sample::merchant2_agent, .unit = sample::merchant2, .merchant = sample::merchant2, .met = ago(4)});
    given({.staff = sample::agent2, .unit = sample::centre, .merchant = sample::merchant1, .met = ago(4)});

    const auto names = [&](StaffId who) {
        std::vector<std::string> found;
        for (const auto& line : figures(who, {{"by", "staff"}})) found.push_back(line.substr(0, line.find(' ')));
        return found;
    };
    EXPECT_THAT(names(sample::manager1),
                ElementsAre("agent1", "agent2", "merchant1_agent", "merchant2_agent", "repairer"));
    EXPECT_THAT(names(sample::tech_head), ElementsAre("repairer")) << "the own units only";
    EXPECT_THAT(names(sample::helper), ElementsAre("repairer"))
        << "a supervisor within the repairs, an agent elsewhere";
    EXPECT_THAT(names(sample::merchant1_admin), ElementsAre("agent2", "merchant1_agent"))
        << "all about the own merchant";
    EXPECT_EQ(get(sample::agent1, "/api/v1/figures/timeliness").status, 403);
    EXPECT_EQ(get(StaffId{}, "/api/v1/figures/timeliness").status, 401);
}

TEST_F(Figures, ThePeriodHasAnOrderAndALimit)
{
    const std::string path = "/api/v1/figures/timeliness";
    given({.met = ago(4)});
    EXPECT_THAT(figures(sample::manager1, {{"from", to_rfc3339(ago(5))}, {"to", to_rfc3339(ago(4))}}),
                ElementsAre("respond 1 0 0 0 0"));
    EXPECT_THAT(figures(sample::manager1, {{"from", to_rfc3339(ago(9))}, {"to", to_rfc3339(ago(5))}}), IsEmpty());
    EXPECT_EQ(get(sample::manager1, path, {{"from", to_rfc3339(ago(1))}, {"to", to_rfc3339(ago(2))}}).status, 400);
    EXPECT_EQ(get(sample::manager1, path, {{"from", "2020-01-01T00:00:00Z"}}).status, 400);
    EXPECT_EQ(get(sample::manager1, path, {{"from", "yesterday"}}).status, 400);
    EXPECT_EQ(get(sample::manager1, path, {{"by", "colour"}}).status, 400);
}

TEST_F(Figures, AreAsTheDocumentSays)
{
    EXPECT_THAT(api::disagreements(routes.registered(), "figure"), IsEmpty());
}

}  // namespace
}  // namespace shouwen::figure
