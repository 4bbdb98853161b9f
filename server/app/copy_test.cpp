#include "app/demo_store_fixture.hpp"
#include "app/verify.hpp"
#include "platform/postgres/server_fixture.hpp"
#include "platform/sql/refused.hpp"
#include "platform/transfer/transfer.hpp"

#include <gtest/gtest.h>

namespace shouwen::app {
namespace {

std::optional<sql::StoreRefusal> refusal_of(const std::function<void()>& act)
{
    try {
        act();
    } catch (const sql::StoreRefused& refused) {
        return refused.code;
    }
    return std::nullopt;
}

TEST(Copy, GoesOnAfterStopsAndTheCopyIsWhole)
{
    if (!postgres::TemporaryServer::is_installed()) GTEST_SKIP() << "PostgreSQL is not installed";
    const postgres::TemporaryDatabase database{*postgres::TemporaryServer::shared()};
    transfer::Options options{.from = DemoStore::shared().path, .to = database.url(), .rows_per_commit = 50};
    options.commits_max = 20;
    transfer::Transferred done;
    int stops = -1;
    for (; !done.is_whole && stops < 1'000; ++stops) {
        done = transfer::transfer(options);
        if (!done.is_whole)
            EXPECT_EQ(refusal_of([&] { postgres::open_postgres({.url = database.url()}); }),
                      sql::StoreRefusal::half_copied);
    }
    EXPECT_TRUE(done.is_whole);
    EXPECT_GT(stops, 3);

    // The same questions on both sides, and the invariants on the copy.
    const auto copy = open_store({.store = database.url()});
    const auto checked = check_store(*copy);
    EXPECT_EQ(checked.finding_count, 0) << (checked.findings.empty() ? "" : checked.findings.front().text);
    const auto source = open_store({.store = DemoStore::shared().path.string()});
    const auto wanted = check_store(*source);
    EXPECT_EQ(checked.tickets, wanted.tickets);
    EXPECT_EQ(checked.events, wanted.events);
    EXPECT_EQ(checked.obligations, wanted.obligations);
    EXPECT_EQ(checked.audit_entries, wanted.audit_entries);
}

TEST(Copy, WantsAnEmptyTarget)
{
    if (!postgres::TemporaryServer::is_installed()) GTEST_SKIP() << "PostgreSQL is not installed";
    const postgres::TemporaryDatabase database{*postgres::TemporaryServer::shared()};
    const transfer::Options options{.from = DemoStore::shared().path, .to = database.url()};
    EXPECT_TRUE(transfer::transfer(options).is_whole);
    EXPECT_EQ(refusal_of([&] { transfer::transfer(options); }), sql::StoreRefusal::store_exists);
}

}  // namespace
}  // namespace shouwen::app
