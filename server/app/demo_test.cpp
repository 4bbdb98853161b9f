#include "app/demo_script.hpp"
#include "app/demo_store_fixture.hpp"
#include "modules/matrix/rules/propose.hpp"

#include <gtest/gtest.h>

namespace shouwen::app {
namespace {

std::map<std::string, std::int64_t> counted(const char* text)
{
    const sql::Statement statement{"test.counted", text};
    sqlite::SqliteConnection db{DemoStore::shared().path, sqlite::Access::read_only, 1024};
    std::map<std::string, std::int64_t> counts;
    db.each(statement, [&](const sql::Row& row) { counts[row.string(0)] = row.integer(1); });
    return counts;
}

TEST(Demo, TheRulesRefuseNothingOfTheStories)
{
    EXPECT_TRUE(DemoStore::shared().made.refusals.empty());
    EXPECT_GT(DemoStore::shared().made.tickets, 120);
}

TEST(Demo, HasTicketsInEveryState)
{
    const auto steps = counted("SELECT step, COUNT(*) FROM ticket GROUP BY step");
    for (const auto step : all_of<ticket::Step>())
        EXPECT_GE(steps.contains(std::string{name_of(step)}) ? steps.at(std::string{name_of(step)}) : 0, 2)
            << name_of(step);
    const auto events = counted("SELECT type, COUNT(*) FROM ticket_event GROUP BY type");
    for (const char* type : {"reopened", "rework_started", "cancelled", "escalated", "waiting_started", "promised",
                             "progress_told", "rated", "obligation_paused"})
        EXPECT_TRUE(events.contains(type)) << type;
    EXPECT_EQ(counted("SELECT grade, COUNT(*) FROM ticket WHERE grade IS NOT NULL AND closed_at IS NULL GROUP BY grade")
                  .size(),
              3U);
    EXPECT_GT(counted("SELECT 'overdue', COUNT(*) FROM ticket WHERE overdue = 1 AND step = 'intake'").at("overdue"), 0);
    EXPECT_GT(
        counted("SELECT 'by_policy', COUNT(*) FROM ticket_event WHERE type = 'archived' AND data LIKE '%\"policy\"%'")
            .at("by_policy"),
        0);
}

TEST(Demo, D8_HasAMatrixThatIsSoundAndProposesAsTheRegulationSays)
{
    ManualClock clock{DemoStore::end};
    sqlite::TemporaryFolder folder;
    Centre centre{{.store = folder / "demo.db", .data_dir = folder.path()}, clock};
    demonstration::make_house(centre, demonstration::load_material(), "no password fits", clock.now());
    const matrix::Surroundings around{centre.directory().current(), centre.policies().current()};
    const auto rows = centre.matrix().current();
    EXPECT_GT(rows->size(), 10U);
    for (const auto& row : *rows) {
        EXPECT_TRUE(matrix::check(row.assignment, around).empty()) << row.assignment.comment;
        EXPECT_TRUE(matrix::faults_of(row.assignment, around).empty()) << row.assignment.comment;
    }
    const auto name = [&](UnitId unit) { return around.organisation().name_of_unit(unit); };
    const auto quality = matrix::propose(*rows, {Class::complaint, "product_quality"}, around);
    EXPECT_EQ(name(quality.lead_unit), "质量管理部");
    ASSERT_EQ(quality.cooperating.size(), 1U);
    EXPECT_EQ(name(quality.cooperating[0].unit), "生产部");
    EXPECT_EQ(name(quality.teller), "售后服务部");
    const auto attitude = matrix::propose(*rows, {Class::complaint, "service_attitude"}, around);
    EXPECT_EQ(name(attitude.lead_unit), "客服部");
    EXPECT_EQ(name(attitude.cooperating.at(1).unit), "人力资源部");
    EXPECT_TRUE(matrix::propose(*rows, {Class::consultation, "parking"}, around).lead_staff);
    EXPECT_EQ(name(matrix::propose(*rows, {Class::suggestion, "environment"}, around).lead_unit), "综合协调部");
}

TEST(Demo, GivesEachAgentADeskFullOfWork)
{
    const auto open = counted(
        "SELECT s.login, COUNT(*) FROM ticket t JOIN staff s ON s.id = t.owner_id WHERE t.closed_at IS NULL GROUP BY s.login");
    for (const char* agent : {"agent1", "agent2", "agent3", "agent4"}) {
        ASSERT_TRUE(open.contains(agent)) << agent;
        EXPECT_GE(open.at(agent), 8) << agent;
        EXPECT_LE(open.at(agent), 15) << agent;
    }
}

TEST(Demo, MerchantsWorkIsOwnedByTheirOwnPeople)
{
    EXPECT_GE(
        counted(
            "SELECT 'own', COUNT(*) FROM ticket t JOIN staff s ON s.id = t.owner_id WHERE t.merchant_id = s.unit_id")
            .at("own"),
        9);
    EXPECT_EQ(
        counted(
            "SELECT 'foreign', COUNT(*) FROM ticket t JOIN staff s ON s.id = t.owner_id WHERE t.merchant_id <> s.unit_id")
            .at("foreign"),
        0);
}

TEST(DemoScript, PeopleActByDayWhereNothingIsUrgent)
{
    const auto zone = Zone::find("Asia/Shanghai");
    const auto material = demonstration::load_material();
    demonstration::Chance chance{7};
    for (const auto& story : material.stories) {
        if (story.grade == Grade::L1) continue;
        SCOPED_TRACE(story.subject);
        auto script = demonstration::write_script(story, {}, chance);
        demonstration::begin_at(script, DemoStore::end, story, *zone, chance);
        for (std::size_t i = 1; i < script.size(); ++i) {
            const auto local = zone->local(script[i].at);
            const auto hour =
                std::chrono::floor<std::chrono::hours>(local - std::chrono::floor<std::chrono::days>(local)).count();
            EXPECT_GE(hour, 9);
            EXPECT_LT(hour, 21);
            EXPECT_GT(script[i].at, script[i - 1].at);
        }
    }
}

}  // namespace
}  // namespace shouwen::app
