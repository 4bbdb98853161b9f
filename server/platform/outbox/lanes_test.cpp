#include "platform/outbox/messages.hpp"
#include "platform/outbox/outbox.hpp"
#include "platform/postgres/every_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <utility>

// Each target of a channel is a lane of its own; what went wrong in one can be sent again.

namespace shouwen::outbox {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const sql::Statement count_rows{"test.count", "SELECT count(*) FROM idempotency"};
const sql::Statement note_attempt{
    "test.note",
    "INSERT INTO idempotency (key_hash, body_mac, status, answer, content_type, created_at) "
    "VALUES ($1, $1, 1, $1, '', 0)"};

/// Keeps what it is given until the test answers.
class HeldChannel final : public Channel {
public:
    struct Held {
        Outgoing message;
        Done done;
    };
    void send(const Outgoing& message, Done done) override { held.push_back({message, std::move(done)}); }

    std::vector<Held> held;
};

class OutboxLanes : public testing::TestWithParam<sql::StoreFactory> {
protected:
    OutboxLanes()
    {
        auto channel = std::make_unique<HeldChannel>();
        web = channel.get();
        dispatcher.add("web", std::move(channel), {.delays = {10s, 40s}, .per_target_max = 2});
    }
    void given(std::string_view target, std::string_view topic, TicketId ticket = {}, int count = 1)
    {
        store().write([&](sql::Connection& db) {
            for (int i = 0; i < count; ++i)
                enqueue(db, {.channel = "web", .target = target, .topic = topic, .payload = "{}", .ticket = ticket},
                        now);
        });
    }
    std::vector<std::string> under_way() const
    {
        std::vector<std::string> found;
        for (const auto& each : web->held) found.push_back(each.message.target + " " + each.message.topic);
        return found;
    }
    /// Answers everything that is held for a target and lets the dispatcher see it.
    Dispatched answer(std::string_view target, const Attempted& attempted = {})
    {
        std::vector<HeldChannel::Held> rest;
        for (auto& each : std::exchange(web->held, {}))
            if (each.message.target == target)
                each.done(attempted);
            else
                rest.push_back(std::move(each));
        web->held = std::move(rest);
        return dispatcher.pump(now);
    }
    std::vector<StoredMessage> messages(std::string_view target, std::optional<State> state = std::nullopt)
    {
        std::vector<StoredMessage> found;
        store().read([&](sql::Connection& db) { found = messages_of(db, "web", target, state, {}, 100); });
        return found;
    }
    template <class Change>
    auto changed(Change&& change)
    {
        decltype(change(std::declval<sql::Connection&>())) result{};
        store().write([&](sql::Connection& db) { result = change(db); });
        return result;
    }
    sql::Store& store() { return store_->store(); }

private:
    std::unique_ptr<sql::FreshStore> store_ = GetParam().make();

protected:
    Dispatcher dispatcher{store(), [] { return 0.5; }};
    HeldChannel* web = nullptr;
    Instant now = from_ms(1'000'000);
};
// Whether messages may leave is asked once more in the transaction that claims them.
TEST_P(OutboxLanes, WhatLeavesWaitsWhileTheGateIsShut)
{
    int asked = 0;
    int shut_from = 1;
    dispatcher.set_gate([&](sql::Connection&) { return ++asked < shut_from; });
    dispatcher.pump(now);
    EXPECT_EQ(asked, 0) << "asked only when there is something to send";
    given("a", "one");
    for (const int from : {1, 2}) {
        asked = 0;
        shut_from = from;
        EXPECT_EQ(dispatcher.pump(now).started_count, 0) << from;
        EXPECT_EQ(asked, from) << "at the look, then at the claim";
    }
    shut_from = 100;
    EXPECT_EQ(dispatcher.pump(now).started_count, 1);
    ASSERT_THAT(web->held, SizeIs(1));
    EXPECT_EQ(web->held[0].message.attempt, 1) << "no attempt was counted";
}

INSTANTIATE_TEST_SUITE_P(Every, OutboxLanes, SHOUWEN_EVERY_STORE);

TEST_P(OutboxLanes, F47_ATargetThatNeverAnswersHoldsUpNoOther)
{
    given("hangs", "h", {}, 50);
    given("quick", "q", {}, 5);
    EXPECT_EQ(dispatcher.pump(now).started_count, 4);
    EXPECT_THAT(under_way(), UnorderedElementsAre("hangs h", "hangs h", "quick q", "quick q"));
    EXPECT_EQ(answer("quick").sent_count, 2);
    EXPECT_EQ(answer("quick").sent_count, 2);
    EXPECT_EQ(answer("quick").sent_count, 1);
    EXPECT_THAT(under_way(), ElementsAre("hangs h", "hangs h")) << "and gets no more than its share";
    EXPECT_THAT(messages("quick", State::sent), SizeIs(5));
    EXPECT_THAT(messages("hangs", State::pending), SizeIs(50));
}

TEST_P(OutboxLanes, OrderIsKeptByTicketAndTarget)
{
    for (const auto* target : {"a", "b"})
        for (const auto* topic : {"first", "second"}) given(target, topic, TicketId{1});
    given("a", "other", TicketId{2});
    dispatcher.pump(now);
    EXPECT_THAT(under_way(), UnorderedElementsAre("a first", "a other", "b first"));
    EXPECT_EQ(answer("a", {Outcome::failed, "500"}).failed_count, 2);
    answer("b");
    EXPECT_THAT(under_way(), ElementsAre("b second")) << "a waits for its first, b does not wait for a";
    answer("b");
    given("a", "third", TicketId{1});
    now += 10s;
    dispatcher.pump(now);
    EXPECT_THAT(under_way(), UnorderedElementsAre("a first", "a other"));
    answer("a");
    EXPECT_THAT(under_way(), ElementsAre("a second"));
    answer("a");
    EXPECT_THAT(under_way(), ElementsAre("a third"));
}

TEST_P(OutboxLanes, ManyMoreThanOneLookTakesAreAllServed)
{
    store().write([&](sql::Connection& db) {
        for (int i = 0; i < 2'300; ++i)
            enqueue(db, {.channel = "web", .target = std::to_string(i), .topic = "t", .payload = "{}"}, now);
    });
    std::set<std::string> served;
    for (int round = 0; round < 4; ++round) {
        dispatcher.pump(now);
        for (auto& each : std::exchange(web->held, {})) {
            served.insert(each.message.target);
            each.done({});
        }
    }
    EXPECT_THAT(served, SizeIs(2'300));
}

TEST_P(OutboxLanes, AnswersComeFromAnyThread)
{
    class Threads final : public Channel {
    public:
        ~Threads() override
        {
            for (auto& each : threads) each.join();
        }
        void send(const Outgoing&, Done done) override
        {
            threads.emplace_back([done = std::move(done)] { done({}); });
        }
        std::vector<std::thread> threads;
    };
    dispatcher.add("web", std::make_unique<Threads>());
    for (int i = 0; i < 20; ++i) given(std::to_string(i % 5), "t", {}, 3);
    EXPECT_EQ(dispatcher.dispatch(now).sent_count, 60);
}

TEST_P(OutboxLanes, AnEndedAttemptWakesWhoeverPumps)
{
    int woken = 0;
    dispatcher.on_attempted([&] { ++woken; });
    given("a", "t");
    dispatcher.pump(now);
    EXPECT_EQ(woken, 0);
    web->held.front().done({});
    EXPECT_EQ(woken, 1);
    dispatcher.on_attempted({});
    web->held.front().done({Outcome::failed, "told twice"});
    EXPECT_EQ(woken, 1);
}

TEST_P(OutboxLanes, WhatIsRefusedIsDeadAtOnceAndAWishToWaitIsHeard)
{
    given("gone", "t");
    given("busy", "t");
    dispatcher.pump(now);
    EXPECT_EQ(answer("gone", {Outcome::refused, "410"}).dead_count, 1);
    answer("busy", {Outcome::failed, "503", 5min});
    EXPECT_EQ(messages("busy").front().next_at, now + 5min) << "not after 10 s as the schedule has it";
    ASSERT_THAT(messages("gone", State::dead), SizeIs(1));
    EXPECT_EQ(messages("gone").front().last_error, "410");
}

TEST_P(OutboxLanes, ARecordOfTheAttemptIsWrittenWithItsOutcome)
{
    given("a", "t");
    dispatcher.pump(now);
    answer("a", {Outcome::sent, "", {}, [](sql::Connection& db) {
                     db.execute(note_attempt, sql::Value::bytes(std::string(32, 'x')));
                 }});
    std::int64_t notes = 0;
    store().read(
        [&](sql::Connection& db) { db.each(count_rows, [&](const sql::Row& row) { notes = row.integer(0); }); });
    EXPECT_EQ(notes, 1);
}

TEST_P(OutboxLanes, AnErrorThatIsNoTextIsKeptAllTheSame)
{
    given("a", "t");
    dispatcher.pump(now);
    answer("a", {Outcome::refused, "\xff\xfe\x80"});
    EXPECT_THAT(messages("a", State::dead), SizeIs(1));
}

TEST_P(OutboxLanes, ADeadLetterIsSentAgainUnderItsOldIdWithAWholeSchedule)
{
    given("a", "t");
    dispatcher.pump(now);
    for (const auto delay : {10s, 40s}) {
        answer("a", {Outcome::failed, "500"});
        now += delay;
        dispatcher.pump(now);
    }
    EXPECT_EQ(answer("a", {Outcome::failed, "502"}).dead_count, 1);
    std::vector<StoredMessage> dead;
    store().read([&](sql::Connection& db) { dead = dead_letters(db, {}, 10); });
    ASSERT_THAT(dead, SizeIs(1));
    EXPECT_EQ(dead[0].last_error, "502");
    EXPECT_EQ(dead[0].attempts, 3);

    now += 24h;
    EXPECT_TRUE(changed([&](sql::Connection& db) { return resend(db, dead[0].id, now); }));
    dispatcher.pump(now);
    ASSERT_THAT(web->held, SizeIs(1));
    EXPECT_EQ(web->held[0].message.id, dead[0].id.value);
    EXPECT_EQ(web->held[0].message.attempt, 4);
    EXPECT_EQ(web->held[0].message.round, 1);
    answer("a", {Outcome::failed, "500"});
    EXPECT_EQ(messages("a").front().next_at, now + 10s);
    EXPECT_FALSE(changed([&](sql::Connection& db) { return resend(db, MessageId{999}, now); }));
}

TEST_P(OutboxLanes, F32_ALateAnswerOfAnAttemptThatNoLongerCountsSettlesNothing)
{
    given("a", "t");
    dispatcher.pump(now);
    const auto late = web->held.front().done;
    web->held.clear();
    EXPECT_EQ(changed([&](sql::Connection& db) { return give_up(db, "web", "a", "switched off", now); }), 1);
    EXPECT_TRUE(changed([&](sql::Connection& db) { return resend(db, messages("a").front().id, now); }));
    dispatcher.pump(now);
    ASSERT_THAT(web->held, SizeIs(1));
    late({Outcome::refused, "late"});
    EXPECT_EQ(dispatcher.pump(now).dead_count, 0);
    EXPECT_THAT(messages("a", State::pending), SizeIs(1));
    EXPECT_EQ(answer("a").sent_count, 1);
}

TEST_P(OutboxLanes, AllThatFailedSinceAMomentIsSentAgainAndWhatWaitsIsHastened)
{
    given("a", "old");
    dispatcher.pump(now);
    answer("a", {Outcome::refused, "x"});
    now += 1h;
    const auto since = now;
    given("a", "new");
    given("a", "waits");
    given("b", "foreign");
    dispatcher.pump(now);
    answer("b", {Outcome::refused, "x"});
    ASSERT_THAT(web->held, SizeIs(2));
    web->held[0].done({Outcome::refused, "x"});
    web->held[1].done({Outcome::failed, "x", 2h});
    web->held.clear();
    dispatcher.pump(now);
    given("a", "under way");
    dispatcher.pump(now);
    ASSERT_THAT(under_way(), ElementsAre("a under way"));

    EXPECT_EQ(changed([&](sql::Connection& db) { return resend_failed(db, "web", "a", since, now); }), 2);
    answer("a");
    dispatcher.pump(now);
    EXPECT_THAT(under_way(), UnorderedElementsAre("a new", "a waits")) << "neither the old one nor one under way twice";
    EXPECT_THAT(messages("b", State::dead), SizeIs(1));
    EXPECT_EQ(changed([&](sql::Connection& db) { return resend_dead(db, from_ms(0), now); }), 2);
}

TEST_P(OutboxLanes, ListsAndFiguresTellWhatBecameOfWhat)
{
    for (const auto* topic : {"one", "two", "three"}) given("a", topic);
    dispatcher.pump(now);
    ASSERT_THAT(web->held, SizeIs(2));
    web->held[0].done({});
    web->held[1].done({Outcome::refused, "no"});
    web->held.clear();
    dispatcher.pump(now);
    const auto topics = [](const std::vector<StoredMessage>& found) {
        std::vector<std::string> names;
        for (const auto& each : found) names.push_back(each.topic);
        return names;
    };
    EXPECT_THAT(topics(messages("a")), ElementsAre("three", "two", "one"));
    EXPECT_THAT(topics(messages("a", State::pending)), ElementsAre("three"));
    EXPECT_THAT(topics(messages("a", State::sent)), ElementsAre("one"));
    EXPECT_THAT(topics(messages("a", State::dead)), ElementsAre("two"));
    store().read([&](sql::Connection& db) {
        EXPECT_EQ(lane_figures(db, "web").at("a").pending_count, 1);
        EXPECT_EQ(lane_figures(db, "web").at("a").dead_count, 1);
        EXPECT_EQ(figures_of(db, "web").pending_count, 1);
        EXPECT_EQ(figures_of(db, "web").dead_count, 1);
        EXPECT_THAT(messages_of(db, "web", "a", {}, messages_of(db, "web", "a", {}, {}, 2).back().id, 10), SizeIs(1));
    });
    answer("a");
    EXPECT_EQ(changed([&](sql::Connection& db) { return forget_sent(db, "web", now); }), 0);
    EXPECT_EQ(changed([&](sql::Connection& db) { return forget_sent(db, "web", now + 1ms); }), 2);
    EXPECT_EQ(changed([&](sql::Connection& db) { return forget_dead(db, "web", now + 1ms); }), 1);
    EXPECT_THAT(messages("a"), IsEmpty());
}

}  // namespace
}  // namespace shouwen::outbox
