#include "platform/sqlite/store_fixture.hpp"
#include "platform/vault/folder.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace shouwen::scenario {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A centre that backs itself up at 02:30 and restores the newest once a week.
class B10_Backups : public testing::Test {
protected:
    B10_Backups()
    {
        if (!centre.is_embedded()) skip_ = true;
    }
    void SetUp() override
    {
        if (skip_) GTEST_SKIP() << "these backups are the embedded store's";
    }
    /// `kind state failure` of each run, oldest first.
    std::vector<std::string> runs()
    {
        std::vector<std::string> lines;
        const auto answer = centre.get("admin", "/api/v1/backups");
        for (const auto& item : answer.body.at("items").as_array()) {
            auto line = fmt::format("{} {}", std::string_view{item.at("kind").as_string()},
                                    std::string_view{item.at("state").as_string()});
            if (item.at("failure").is_string()) line += " " + std::string{item.at("failure").as_string()};
            lines.insert(lines.begin(), line);
        }
        return lines;
    }
    Answer status() { return centre.get("manager1", "/api/v1/backups/status"); }
    int told(std::string_view who, std::string_view kind)
    {
        int count = 0;
        const auto answer = centre.get(who, "/api/v1/notices");
        for (const auto& item : answer.body.at("items").as_array())
            count += item.at("kind").as_string() == kind ? 1 : 0;
        return count;
    }
    void harm_a_pack()
    {
        for (const auto& pack : vault::packs_in(folder / "backups")) {
            std::fstream file{pack, std::ios::in | std::ios::out | std::ios::binary};
            file.seekp(5'000);
            file << "harm";
        }
    }

    sqlite::TemporaryFolder folder;
    Centre centre{monday_9h, [this](app::CentreOptions& options) { options.backup.dir = folder / "backups"; }};
    bool skip_ = false;
};

TEST_F(B10_Backups, AreMadeByThemselvesRestoredAndVerified)
{
    EXPECT_EQ(status().at("/verified"), "null");
    centre.web_request();
    centre.settle();  // the first is due at once, and so is its drill
    EXPECT_THAT(runs(), ElementsAre("backup succeeded", "drill succeeded"));
    const auto first = status();
    EXPECT_EQ(first.at("/verified/tickets_count"), "1");
    EXPECT_EQ(first.at("/verified/made_at"), "2026-01-05T01:00:00.000Z");
    EXPECT_EQ(first.at("/next_backup_at"), "2026-01-05T18:30:00.000Z");
    EXPECT_EQ(first.at("/next_drill_at"), "2026-01-12T01:00:00.000Z");
    EXPECT_EQ(first.at("/is_overdue"), "false");

    centre.advance(24h);
    EXPECT_THAT(runs(), ElementsAre("backup succeeded", "drill succeeded", "backup succeeded"));
    EXPECT_EQ(status().at("/newest/verified_at"), "null");
    for (int day = 0; day < 7; ++day) centre.advance(24h);
    EXPECT_EQ(runs().back(), "backup succeeded");
    EXPECT_THAT(runs(), testing::Contains("drill succeeded").Times(2));
    EXPECT_EQ(told("admin", "backup_failed") + told("admin", "drill_failed") + told("admin", "backup_overdue"), 0);
    const auto metrics = centre.get("", "/metrics").text;
    EXPECT_THAT(metrics, HasSubstr("backup_runs_total{kind=\"drill\",result=\"succeeded\"} 2"));
    EXPECT_THAT(metrics, HasSubstr("backup_verified_timestamp_seconds"));
}

TEST_F(B10_Backups, OldOnesAreTakenAwayAndTheirRowsSaySo)
{
    for (int day = 0; day < 20; ++day) centre.advance(24h);
    const auto list = centre.get("admin", "/api/v1/backups", {{"limit", "200"}});
    int lying = 0, removed = 0;
    for (const auto& item : list.body.at("items").as_array()) {
        if (item.at("kind").as_string() != "backup") continue;
        (item.at("removed_at").is_null() ? lying : removed) += 1;
    }
    EXPECT_EQ(lying + removed, 20);
    EXPECT_GE(lying, 8);  // seven days, weeks and a month
    EXPECT_LE(lying, 12);
    EXPECT_EQ(vault::manifests_in(folder / "backups").size(), static_cast<std::size_t>(lying));
}

TEST_F(B10_Backups, DamageIsFoundToldOnceADayAndHealedByTheNextOne)
{
    centre.settle();
    centre.advance(24h);
    harm_a_pack();
    EXPECT_EQ(centre.post("manager1", "/api/v1/backups", R"({"kind":"drill"})").status, 201);
    centre.settle();
    EXPECT_EQ(runs().back(), "drill failed backup_damaged");
    EXPECT_EQ(told("admin", "drill_failed"), 1);
    EXPECT_EQ(told("manager1", "drill_failed"), 1);
    EXPECT_EQ(told("agent1", "drill_failed"), 0);
    const auto failed = centre.get("admin", "/api/v1/backups", {{"limit", "1"}});
    EXPECT_THAT(failed.at("/items/0/detail"), HasSubstr("is damaged"));

    centre.advance(24h);  // the next one trusts nothing that lies there, and is tried at once
    const auto lines = runs();
    EXPECT_EQ(lines[lines.size() - 2], "backup succeeded");
    EXPECT_EQ(lines.back(), "drill succeeded");
}

TEST_F(B10_Backups, F58_UnreachablePlaceIsTriedAgainAndTold)
{
    centre.settle();
    std::filesystem::rename(folder / "backups", folder / "unmounted");
    centre.advance(24h);
    EXPECT_EQ(runs().back(), "backup failed directory_missing");
    EXPECT_EQ(told("admin", "backup_failed"), 1);
    EXPECT_FALSE(std::filesystem::exists(folder / "backups")) << "nothing is written beside the volume";
    centre.advance(1h);
    EXPECT_EQ(told("admin", "backup_failed"), 1) << "tried again, told once a day";
    EXPECT_THAT(runs(), testing::Contains("backup failed directory_missing").Times(2));
    std::filesystem::rename(folder / "unmounted", folder / "backups");
    centre.advance(1h);
    EXPECT_EQ(runs().back(), "backup succeeded");
}

TEST_F(B10_Backups, NoVerifiedOneForLongIsAnAlarm)
{
    centre.settle();
    std::filesystem::rename(folder / "backups", folder / "unmounted");
    for (int day = 0; day < 9; ++day) centre.advance(24h);
    EXPECT_EQ(told("manager1", "backup_overdue"), 0);
    EXPECT_EQ(status().at("/is_overdue"), "false");
    centre.advance(1h);
    EXPECT_EQ(status().at("/is_overdue"), "true");
    EXPECT_EQ(told("manager1", "backup_overdue"), 1);
    centre.advance(2h);
    EXPECT_EQ(told("manager1", "backup_overdue"), 1);
    centre.advance(24h);
    EXPECT_EQ(told("manager1", "backup_overdue"), 2);
}

TEST_F(B10_Backups, AreAskedForByWhoMayAndOneAtATime)
{
    centre.settle();
    for (const auto* who : {"agent1", "supervisor1", "auditor1", "merchant1_admin"}) {
        EXPECT_EQ(centre.post(who, "/api/v1/backups").status, 403) << who;
        EXPECT_EQ(centre.get(who, "/api/v1/backups").status, 403) << who;
        EXPECT_EQ(centre.get(who, "/api/v1/backups/status").status, 403) << who;
    }
    const auto asked = centre.post("manager1", "/api/v1/backups", R"({"kind":"backup"})");
    EXPECT_EQ(asked.status, 201) << asked.text;
    EXPECT_EQ(asked.at("/state"), "requested");
    EXPECT_EQ(centre.post("admin", "/api/v1/backups", R"({"kind":"backup"})").code(), "backup_running");
    EXPECT_EQ(centre.post("admin", "/api/v1/backups", R"({"kind":"all"})").status, 422);
    EXPECT_EQ(status().count("/open"), 1U);
    centre.settle();
    const auto list = centre.get("admin", "/api/v1/backups", {{"limit", "1"}});
    EXPECT_EQ(list.at("/items/0/cause"), "person");
    EXPECT_EQ(list.at("/items/0/requested_by/name"), "赵敏");
    EXPECT_EQ(list.at("/items/0/state"), "succeeded");
    EXPECT_NE(list.at("/next_cursor"), "null");
    EXPECT_THAT(status().body.at("open").as_array(), IsEmpty());
}

TEST_F(B10_Backups, WhatADeadProcessLeftRunningIsEndedAndDoneAgain)
{
    centre.settle();
    const auto now = centre.now();
    centre.app().store().write([&](sql::Connection& db) {
        backup::claim(db, centre.app().ids().next<backup::BackupRunId>(now), backup::RunKind::backup, true, now);
    });
    centre.advance(1min);
    EXPECT_EQ(runs().back(), "backup running") << "it may be another node's";
    centre.advance(30min);
    EXPECT_THAT(runs(), testing::Contains("backup failed interrupted"));
    EXPECT_EQ(runs().back(), "backup succeeded");
}

TEST_F(B10_Backups, OnesMadeBesideTheServerAppear)
{
    centre.settle();
    app::make_backup({.place = {centre.store_name(), folder / "data"}, .backups = folder / "backups"}, "by hand",
                     centre.now() + 1h, {.rests = 0}, false);
    centre.advance(24h);
    const auto list = centre.get("admin", "/api/v1/backups");
    int by_program = 0;
    for (const auto& item : list.body.at("items").as_array())
        by_program += item.at("cause").as_string() == "program" ? 1 : 0;
    EXPECT_EQ(by_program, 1);
}

TEST(B10_NoBackups, ServerWithoutAFolderSaysSo)
{
    Centre centre;
    EXPECT_EQ(centre.get("admin", "/api/v1/backups/status").at("/is_configured"), "false");
    EXPECT_EQ(centre.post("admin", "/api/v1/backups").code(), "backup_not_configured");
}

}  // namespace
}  // namespace shouwen::scenario
