#include "modules/backup/store/backup_runs.hpp"

#include "platform/postgres/every_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace shouwen::backup {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr Instant monday{Duration{1'767'574'800'000}};
constexpr StaffId manager{77};

class B10_BackupRuns : public testing::TestWithParam<sql::StoreFactory> {
protected:
    template <class Work>
    auto write(Work work) -> decltype(work(std::declval<sql::Connection&>()))
    {
        std::optional<decltype(work(std::declval<sql::Connection&>()))> result;
        store().write([&](sql::Connection& db) { result.emplace(work(db)); });
        return *result;
    }
    std::optional<backup::Run> claim_at(Instant now, bool is_due = true, RunKind kind = RunKind::backup)
    {
        return write([&](sql::Connection& db) { return claim(db, ids.next<BackupRunId>(now), kind, is_due, now); });
    }
    Standing stands()
    {
        return write([](sql::Connection& db) { return standing(db); });
    }
    static RunResult result(const std::string& name, Instant made_at)
    {
        return {.backup = name,
                .place = "/mnt/backup/",
                .made_at = made_at,
                .size_bytes = 9,
                .added_bytes = 1,
                .files_count = 2,
                .tickets_count = 3,
                .encrypted = true};
    }
    std::string done(const std::string& name, Instant at, RunKind kind = RunKind::backup)
    {
        const auto run = claim_at(at, true, kind);
        store().write([&](sql::Connection& db) { succeed(db, run->id, result(name, at), at + 1min); });
        return name;
    }
    sql::Store& store() { return fresh_->store(); }

    std::unique_ptr<sql::FreshStore> fresh_ = GetParam().make();
    IdSource ids;
};

TEST_P(B10_BackupRuns, OneOfAKindAtATimeIsTakenByOneOnly)
{
    std::atomic<int> taken{0};
    std::vector<std::thread> nodes;
    for (int node = 0; node < 4; ++node) nodes.emplace_back([&] { taken += claim_at(monday).has_value() ? 1 : 0; });
    for (auto& node : nodes) node.join();
    EXPECT_EQ(taken, 1);
    EXPECT_FALSE(claim_at(monday));
    EXPECT_TRUE(claim_at(monday, true, RunKind::drill)) << "the other kind goes beside it";
    EXPECT_FALSE(write([&](sql::Connection& db) {
        return request(db, ids.next<BackupRunId>(monday), RunKind::backup, manager, monday);
    }));
}

TEST_P(B10_BackupRuns, WhatWasAskedForIsTakenThoughNothingIsDue)
{
    EXPECT_FALSE(claim_at(monday, false));
    const auto asked = write([&](sql::Connection& db) {
        return request(db, ids.next<BackupRunId>(monday), RunKind::backup, manager, monday);
    });
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->state, RunState::requested);
    const auto taken = claim_at(monday + 1s, false);
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->id, asked->id);
    EXPECT_EQ(taken->requested_by, manager);
    EXPECT_EQ(taken->state, RunState::running);
    EXPECT_EQ(taken->started_at, monday + 1s);
}

TEST_P(B10_BackupRuns, OnlyWhoIsSilentIsTakenForDead)
{
    const auto run = claim_at(monday);
    const auto end_dead_at = [&](Instant now) { return write([&](sql::Connection& db) { return end_dead(db, now); }); };
    EXPECT_EQ(end_dead_at(monday + 1min), 0);
    EXPECT_TRUE(write([&](sql::Connection& db) { return keep_alive(db, run->id, monday + 1min); }));
    EXPECT_EQ(end_dead_at(monday + 150s), 0);
    EXPECT_EQ(end_dead_at(monday + 4min), 1);
    EXPECT_FALSE(write([&](sql::Connection& db) { return keep_alive(db, run->id, monday + 4min); }));
    // Its late result is not written.
    store().write([&](sql::Connection& db) { succeed(db, run->id, result("late", monday), monday + 5min); });
    const auto found = write([&](sql::Connection& db) { return find(db, run->id); });
    EXPECT_EQ(found->state, RunState::failed);
    EXPECT_EQ(found->failure, "interrupted");
}

TEST_P(B10_BackupRuns, ABackupIsVerifiedByTheDrillOfItsName)
{
    done("first", monday);
    done("first", monday + 1h, RunKind::drill);
    done("second", monday + 24h);
    auto now = stands();
    EXPECT_EQ(now.newest_backup->result->backup, "second");
    EXPECT_EQ(now.verified->result->backup, "first");
    EXPECT_EQ(now.verified->verified_at, monday + 1h + 1min);
    EXPECT_EQ(now.since, monday);
    EXPECT_EQ(now.last_drill->started_at, monday + 1h);

    const auto drill = claim_at(monday + 25h, true, RunKind::drill);
    store().write([&](sql::Connection& db) {
        fail(db, drill->id, "findings", "3 findings", result("second", monday + 24h), monday + 26h);
    });
    now = stands();
    EXPECT_TRUE(now.last_drill->failed);
    EXPECT_TRUE(now.last_drill_found_damage);
    EXPECT_EQ(now.verified->result->backup, "first");
}

TEST_P(B10_BackupRuns, RowsFollowWhatLiesInTheFolder)
{
    done("kept", monday);
    done("gone", monday + 1h);
    const std::vector<RunResult> found{result("kept", monday), result("by hand", monday + 2h)};
    for (int twice = 0; twice < 2; ++twice)
        store().write([&](sql::Connection& db) { adopt(db, ids, "/mnt/backup/", found, monday + 3h); });
    const auto runs = write([](sql::Connection& db) { return list(db, {}, 10); });
    ASSERT_EQ(runs.size(), 3U);
    EXPECT_EQ(runs[0].result->backup, "by hand");
    EXPECT_EQ(runs[0].cause, RunCause::program);
    EXPECT_EQ(runs[1].removed_at, monday + 3h);
    EXPECT_EQ(runs[2].removed_at, std::nullopt);
    // Another place's are none of its business.
    store().write([&](sql::Connection& db) { adopt(db, ids, "/elsewhere/", {}, monday + 4h); });
    EXPECT_EQ(write([](sql::Connection& db) { return list(db, {}, 10); })[2].removed_at, std::nullopt);
}

TEST_P(B10_BackupRuns, AnAlarmIsToldOnceADay)
{
    const auto tell_at = [&](Instant now) {
        return write([&](sql::Connection& db) { return tell_alarm(db, "backup_failed", now); });
    };
    EXPECT_TRUE(tell_at(monday));
    EXPECT_FALSE(tell_at(monday + 23h));
    EXPECT_TRUE(tell_at(monday + 24h));
    store().write([](sql::Connection& db) { end_alarm(db, "backup_failed"); });
    EXPECT_TRUE(tell_at(monday + 25h));
}

INSTANTIATE_TEST_SUITE_P(Every, B10_BackupRuns, SHOUWEN_EVERY_STORE);

}  // namespace
}  // namespace shouwen::backup
