#include "modules/hold/store/holds.hpp"

#include "platform/postgres/every_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <type_traits>
#include <vector>

namespace shouwen::hold {
namespace {

using namespace std::chrono_literals;
using testing::SizeIs;

constexpr Instant now{Duration{1'767'574'800'000}};

class HoldStore : public testing::TestWithParam<sql::StoreFactory> {
protected:
    template <class Work>
    auto write(Work&& work)
    {
        std::optional<std::invoke_result_t<Work, sql::Connection&>> result;
        store().write([&](sql::Connection& db) { result.emplace(work(db)); });
        return *std::move(result);
    }
    HoldId placed(Effect what, Cause cause, Instant at = now)
    {
        return write([&](sql::Connection& db) { return place(db, what, cause, R"({"more_than":2})", at); });
    }
    bool released(HoldId id, Instant at)
    {
        return write([&](sql::Connection& db) { return release(db, id, StaffId{101}, "checked", at).has_value(); });
    }
    Filing filing_now()
    {
        return write([](sql::Connection& db) { return filing(db); });
    }
    bool leaves()
    {
        return write([](sql::Connection& db) { return may_leave(db); });
    }
    /// As the server does before anything is sent.
    void meet_server()
    {
        store().write([](sql::Connection& db) {
            if (const auto change = server_change(db)) remember_server(db, change->now, now);
        });
    }

    sql::Store& store() { return store_->store(); }
    std::unique_ptr<sql::FreshStore> store_ = GetParam().make();
};

TEST_P(HoldStore, OneOfACauseIsOpenAndIsRenewed)
{
    const auto first = placed(Effect::outgoing, Cause::restored);
    EXPECT_TRUE(write([&](sql::Connection& db) { return take_telling(db, first, now); }));
    EXPECT_FALSE(write([&](sql::Connection& db) { return take_telling(db, first, now); })) << "told once";
    EXPECT_EQ(placed(Effect::outgoing, Cause::restored, now + 1h), first);
    const auto open = write(open_holds);
    ASSERT_THAT(open, SizeIs(1));
    EXPECT_EQ(open[0].since, now) << "it stands still since then";
    EXPECT_FALSE(open[0].is_told) << "renewed, it is told again";
    EXPECT_NE(placed(Effect::outgoing, Cause::new_system), first);
    EXPECT_TRUE(released(first, now + 2h));
    EXPECT_FALSE(released(first, now + 2h));
    EXPECT_NE(placed(Effect::outgoing, Cause::restored), first);
}

TEST_P(HoldStore, OutgoingWaitsForTheLastRelease)
{
    meet_server();
    EXPECT_TRUE(leaves());
    const auto filing = placed(Effect::automatic_filing, Cause::many_due);
    EXPECT_TRUE(leaves()) << "another effect";
    const auto first = placed(Effect::outgoing, Cause::restored);
    const auto second = placed(Effect::outgoing, Cause::new_timeline);
    EXPECT_FALSE(leaves());
    EXPECT_TRUE(released(first, now));
    EXPECT_FALSE(leaves());
    EXPECT_TRUE(released(second, now));
    EXPECT_TRUE(leaves());
    EXPECT_TRUE(released(filing, now));
}

TEST_P(HoldStore, AReleaseConfirmsWhatWasDueByThen)
{
    EXPECT_FALSE(filing_now().is_held);
    EXPECT_EQ(filing_now().confirmed_until, Instant{});
    const auto hold = placed(Effect::automatic_filing, Cause::many_due);
    EXPECT_TRUE(filing_now().is_held);
    released(hold, now + 5h);
    EXPECT_FALSE(filing_now().is_held);
    EXPECT_EQ(filing_now().confirmed_until, now + 5h);
}

TEST_P(HoldStore, PagesGoFromTheNewestOn)
{
    std::vector<HoldId> ids;
    for (int i = 0; i < 3; ++i) {
        ids.push_back(placed(Effect::outgoing, Cause::restored));
        released(ids.back(), now);
    }
    ids.push_back(placed(Effect::outgoing, Cause::restored));
    const auto page = [&](std::optional<bool> open, HoldId before) {
        std::vector<HoldId> found;
        for (const auto& each : write([&](sql::Connection& db) { return list(db, open, before, 2); }))
            found.push_back(each.id);
        return found;
    };
    EXPECT_THAT(page({}, {}), testing::ElementsAre(ids[3], ids[2]));
    EXPECT_THAT(page({}, ids[2]), testing::ElementsAre(ids[1], ids[0]));
    EXPECT_THAT(page(true, {}), testing::ElementsAre(ids[3]));
    EXPECT_THAT(page(false, {}), testing::ElementsAre(ids[2], ids[1]));
}

TEST_P(HoldStore, F20_NothingLeavesFromAServerThatNobodyHasMet)
{
    if (store().dialect() == sql::Dialect::sqlite) {
        EXPECT_FALSE(write(server_change).has_value());
        return;
    }
    EXPECT_FALSE(leaves());
    const auto change = write(server_change);
    ASSERT_TRUE(change.has_value());
    EXPECT_FALSE(change->before.has_value());
    EXPECT_GE(change->now.timeline, 1);
    EXPECT_FALSE(change->now.system.empty());
    meet_server();
    EXPECT_FALSE(write(server_change).has_value());
    EXPECT_TRUE(leaves());
    store().write([&](sql::Connection& db) { remember_server(db, {change->now.system, 99}, now); });
    EXPECT_FALSE(leaves());
    EXPECT_EQ(write(server_change)->before->timeline, 99);
}

INSTANTIATE_TEST_SUITE_P(Every, HoldStore, SHOUWEN_EVERY_STORE);

}  // namespace
}  // namespace shouwen::hold
