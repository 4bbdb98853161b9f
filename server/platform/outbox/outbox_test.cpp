#include "platform/outbox/outbox.hpp"

#include "platform/sql/feed.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace shouwen::outbox {
namespace {

using namespace std::chrono_literals;
using sql::Connection;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const sql::Statement list_notices{"list_notices", "SELECT staff_id, kind, payload, at FROM notice ORDER BY id"};
const sql::Statement find_notice{"find_notice", "SELECT kind FROM notice WHERE id = $1"};
const sql::Statement list_states{"list_states",
                                 "SELECT CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN dead_at IS NOT NULL "
                                 "THEN 'dead' ELSE 'pending' END, last_error FROM outbox ORDER BY id"};

struct Killed {};  // not a std::exception: goes through the dispatcher as a crash does

/// Remembers what was sent; can be told to fail.
class FakeChannel final : public Channel {
public:
    void send(const Outgoing& message, Done done) override
    {
        if (kill) throw Killed{};
        if (failing.contains(message.topic)) throw std::runtime_error("silent server");
        sent.push_back(message.topic);
        attempts.push_back(message.attempt);
        done({});
    }
    std::vector<std::string> sent;
    std::vector<int> attempts;
    std::set<std::string> failing;
    bool kill = false;
};

class OutboxTest : public testing::Test {
protected:
    OutboxTest() { restart(); }
    void restart()
    {
        pushes = {};
        if (dispatcher) store.reopen();
        dispatcher.emplace(*store, [] { return 0.5; });
        auto channel = std::make_unique<FakeChannel>();
        mail = channel.get();
        dispatcher->add("mail", std::move(channel), {.delays = {10s, 40s}});
        pushes = store->feed().subscribe(notice_topic, {[this](std::span<const std::string> whats) {
                                                            for (const auto& what : whats)
                                                                pushed.push_back(kind_of(what));
                                                        },
                                                        [] {}});
    }
    void given(const Message& message)
    {
        store->write([&](Connection& connection) { enqueue(connection, message, now); });
    }
    std::vector<std::string> states()
    {
        std::vector<std::string> states;
        store->read(
            [&](Connection& c) { c.each(list_states, [&](const sql::Row& row) { states.push_back(row.string(0)); }); });
        return states;
    }
    /// @param announced  the notice's id, a space and whose it is
    std::string kind_of(const std::string& announced)
    {
        std::string kind;
        store->read([&](Connection& c) {
            c.each(
                find_notice, [&](const sql::Row& row) { kind = row.string(0); }, std::stoll(announced));
        });
        return kind;
    }
    std::vector<std::string> notice_kinds()
    {
        std::vector<std::string> kinds;
        store->read(
            [&](Connection& c) { c.each(list_notices, [&](const sql::Row& row) { kinds.push_back(row.string(1)); }); });
        return kinds;
    }

    sqlite::TemporaryStore store;
    std::optional<Dispatcher> dispatcher;
    FakeChannel* mail = nullptr;
    std::vector<std::string> pushed;
    sql::Feed::Subscription pushes;
    Instant now = from_ms(1'000'000);
    const std::string staff = StaffId{7}.text();
};

TEST_F(OutboxTest, NoticeIsStoredOnceAndPushedAfterwards)
{
    given(
        {.channel = notice_channel, .target = staff, .topic = "warned", .payload = "{\"a\":1}", .ticket = TicketId{5}});
    EXPECT_EQ(dispatcher->dispatch(now).sent_count, 1);
    EXPECT_EQ(dispatcher->dispatch(now).sent_count, 0);
    EXPECT_THAT(notice_kinds(), ElementsAre("warned"));
    EXPECT_THAT(pushed, ElementsAre("warned"));
    store->read([](Connection& connection) {
        connection.each(list_notices, [](const sql::Row& row) {
            EXPECT_EQ(row.id<StaffId>(0), StaffId{7});
            EXPECT_EQ(row.text(2), "{\"a\":1}");
            EXPECT_EQ(row.instant(3), from_ms(1'000'000));
        });
    });
}

TEST_F(OutboxTest, ThousandsOfNoticesComeInOrderAndExactlyOnce)
{
    constexpr int count = 1'234;
    store->write([&](Connection& connection) {
        for (int i = 0; i < count; ++i)
            enqueue(connection,
                    {.channel = notice_channel, .target = staff, .topic = std::to_string(i), .payload = "{}"}, now);
    });
    EXPECT_EQ(dispatcher->dispatch(now).sent_count, count);
    ASSERT_EQ(pushed.size(), static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) ASSERT_EQ(pushed[static_cast<std::size_t>(i)], std::to_string(i));
    EXPECT_EQ(notice_kinds(), pushed);
}

TEST_F(OutboxTest, NoticeForNobodyIsGivenUpAndHoldsUpNothing)
{
    given({.channel = notice_channel, .target = "nobody", .topic = "lost", .payload = "{}"});
    given({.channel = notice_channel, .target = staff, .topic = "found", .payload = "{}"});
    dispatcher->dispatch(now);
    EXPECT_THAT(states(), ElementsAre("dead", "sent"));
    EXPECT_THAT(notice_kinds(), ElementsAre("found"));
}

TEST_F(OutboxTest, RolledBackCauseSendsNothing)
{
    EXPECT_THROW(store->write([&](Connection& connection) {
        enqueue(connection, {.channel = "mail", .target = "a", .topic = "t", .payload = "{}"}, now);
        throw std::runtime_error("refused");
    }),
                 std::runtime_error);
    EXPECT_EQ(dispatcher->dispatch(now).next_at, std::nullopt);
    EXPECT_THAT(mail->sent, IsEmpty());
}

TEST_F(OutboxTest, FailureIsTriedAgainAfterAGrowingDelayThenGivenUp)
{
    mail->failing = {"t"};
    given({.channel = "mail", .target = "a", .topic = "t", .payload = "{}"});
    auto result = dispatcher->dispatch(now);
    EXPECT_EQ(result.failed_count, 1);
    EXPECT_EQ(result.next_at, now + 10s);

    EXPECT_EQ(dispatcher->dispatch(now + 9s).failed_count, 0);
    result = dispatcher->dispatch(now + 10s);
    EXPECT_EQ(result.failed_count, 1);
    EXPECT_EQ(result.next_at, now + 10s + 40s);

    result = dispatcher->dispatch(now + 50s);
    EXPECT_EQ(result.dead_count, 1);
    EXPECT_EQ(result.next_at, std::nullopt);
    EXPECT_THAT(states(), ElementsAre("dead"));
}

TEST_F(OutboxTest, MessagesOfOneTicketWaitForTheFailedOneAndOthersDoNot)
{
    mail->failing = {"first"};
    given({.channel = "mail", .target = "a", .topic = "first", .payload = "{}", .ticket = TicketId{1}});
    given({.channel = "mail", .target = "a", .topic = "second", .payload = "{}", .ticket = TicketId{1}});
    given({.channel = "mail", .target = "a", .topic = "elsewhere", .payload = "{}", .ticket = TicketId{2}});
    EXPECT_EQ(dispatcher->dispatch(now).next_at, now + 10s);
    EXPECT_THAT(mail->sent, ElementsAre("elsewhere"));

    // One that comes while the first waits neither overtakes it nor keeps the dispatcher busy.
    given({.channel = "mail", .target = "a", .topic = "third", .payload = "{}", .ticket = TicketId{1}});
    EXPECT_EQ(dispatcher->dispatch(now).next_at, now + 10s);

    mail->failing.clear();
    EXPECT_EQ(dispatcher->dispatch(now + 10s).sent_count, 3);
    EXPECT_THAT(mail->sent, ElementsAre("elsewhere", "first", "second", "third"));
}

TEST_F(OutboxTest, GivenUpMessageLetsTheNextOneGo)
{
    mail->failing = {"first"};
    given({.channel = "mail", .target = "a", .topic = "first", .payload = "{}", .ticket = TicketId{1}});
    given({.channel = "mail", .target = "a", .topic = "second", .payload = "{}", .ticket = TicketId{1}});
    dispatcher->dispatch(now);
    dispatcher->dispatch(now + 10s);
    const auto last = dispatcher->dispatch(now + 50s);
    EXPECT_EQ(last.dead_count, 1);
    EXPECT_THAT(mail->sent, ElementsAre("second"));
}

TEST_F(OutboxTest, CrashBetweenClaimAndSendSendsAfterTheClaimRunsOut)
{
    given({.channel = "mail", .target = "a", .topic = "t", .payload = "{}"});
    mail->kill = true;
    EXPECT_THROW(dispatcher->dispatch(now), Killed);
    restart();
    EXPECT_EQ(dispatcher->dispatch(now).next_at, now + 60s);
    EXPECT_THAT(mail->sent, IsEmpty());
    dispatcher->dispatch(now + 60s);
    EXPECT_THAT(mail->sent, ElementsAre("t"));
    EXPECT_THAT(mail->attempts, ElementsAre(2));
}

TEST_F(OutboxTest, MessageThatKillsTheProcessIsGivenUpToo)
{
    given({.channel = "mail", .target = "a", .topic = "t", .payload = "{}"});
    for (int i = 0; i < 3; ++i) {
        mail->kill = true;
        EXPECT_THROW(dispatcher->dispatch(now + i * 60s), Killed);
        restart();
    }
    mail->kill = true;
    EXPECT_EQ(dispatcher->dispatch(now + 180s).dead_count, 1);
}

TEST_F(OutboxTest, ChannelThatIsNotThereKeepsItsMessages)
{
    given({.channel = "sms", .target = "a", .topic = "t", .payload = "{}"});
    EXPECT_EQ(dispatcher->dispatch(now).next_at, std::nullopt);
    EXPECT_THAT(states(), ElementsAre("pending"));
}

TEST_F(OutboxTest, LogChannelWritesOneLineWithoutTargetAndPayload)
{
    std::vector<std::string> lines;
    dispatcher->add("log", std::make_unique<LogChannel>([&](std::string_view line) { lines.emplace_back(line); }));
    given({.channel = "log", .target = "13800138000", .topic = "told", .payload = "{\"name\":\"secret\"}"});
    dispatcher->dispatch(now);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_THAT(lines[0], HasSubstr("topic=told"));
    EXPECT_THAT(lines[0], Not(HasSubstr("13800138000")));
    EXPECT_THAT(lines[0], Not(HasSubstr("secret")));
}

TEST_F(OutboxTest, SaysHowLongNothingIsDue)
{
    EXPECT_EQ(dispatcher->dispatch(now).wait(now), 30s);
    mail->failing = {"t"};
    given({.channel = "mail", .target = "a", .topic = "t", .payload = "{}"});
    EXPECT_EQ(dispatcher->dispatch(now).wait(now + 2s), 8s);
}

TEST(OutboxDelay, FollowsTheScheduleAndSpreads)
{
    const RetryPolicy policy{.delays = {5s, 5min, 10h}};
    EXPECT_EQ(policy.attempts_max(), 4);
    EXPECT_EQ(delay_after(1, policy, 0.5), 5s);
    EXPECT_EQ(delay_after(2, policy, 0.5), 5min);
    EXPECT_EQ(delay_after(3, policy, 0.5), 10h);
    EXPECT_EQ(delay_after(1, policy, 0.0), 2500ms);
    EXPECT_LT(delay_after(1, policy, 0.999), 7500ms);
}

}  // namespace
}  // namespace shouwen::outbox
