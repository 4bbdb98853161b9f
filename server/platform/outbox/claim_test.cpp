#include "platform/outbox/outbox.hpp"
#include "platform/postgres/every_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <mutex>
#include <thread>

// Several nodes send from one outbox: each is a dispatcher of its own.

namespace shouwen::outbox {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const Instant now = from_ms(1'000'000);
constexpr int messages = 1'500;
const sql::Statement list_outbox{
    "list_outbox",
    "SELECT CASE WHEN sent_at IS NOT NULL THEN 'sent' ELSE 'pending' END, next_at FROM outbox ORDER BY id"};
const sql::Statement count_notices{"count_notices", "SELECT COUNT(*), COUNT(DISTINCT outbox_id) FROM notice"};

class CallingChannel final : public Channel {
public:
    explicit CallingChannel(std::function<void(const Outgoing&)> send) : send_(std::move(send)) {}
    void send(const Outgoing& message, Done done) override
    {
        send_(message);
        done({});
    }

private:
    std::function<void(const Outgoing&)> send_;
};

class OutboxClaim : public testing::TestWithParam<sql::StoreFactory> {
protected:
    std::unique_ptr<Dispatcher> dispatcher(std::function<void(const Outgoing&)> send)
    {
        auto made = std::make_unique<Dispatcher>(store(), [] { return 0.5; });
        made->add("mail", std::make_unique<CallingChannel>(std::move(send)),
                  {.delays = {10s, 40s}, .per_target_max = 100});
        return made;
    }
    void given(const Message& message, int count = 1)
    {
        store().write([&](sql::Connection& db) {
            for (int i = 0; i < count; ++i) enqueue(db, message, now);
        });
    }
    sql::Store& store() { return store_->store(); }

private:
    std::unique_ptr<sql::FreshStore> store_ = GetParam().make();
};
INSTANTIATE_TEST_SUITE_P(Every, OutboxClaim, SHOUWEN_EVERY_STORE);

TEST_P(OutboxClaim, F31_ASenderThatSleptThroughItsClaimSettlesNothing)
{
    given({.channel = "mail", .target = "a", .topic = "first", .payload = "{}", .ticket = TicketId{5}});
    given({.channel = "mail", .target = "a", .topic = "second", .payload = "{}", .ticket = TicketId{5}});
    std::vector<std::string> sent;
    const auto awake = dispatcher([&](const Outgoing& message) { sent.push_back(message.topic); });
    const auto asleep = dispatcher([&](const Outgoing& message) {
        if (message.topic != "first") return;
        awake->dispatch(now + 60s);  // meanwhile, on another node
        throw std::runtime_error("the connection broke in my sleep");
    });
    const auto result = asleep->dispatch(now);
    EXPECT_EQ(result.failed_count, 0) << "it is no longer its own to give up";
    EXPECT_THAT(sent, ElementsAre("first", "second"));
    store().read(
        [](sql::Connection& db) { db.each(list_outbox, [](const sql::Row& row) { EXPECT_EQ(row.text(0), "sent"); }); });
}

TEST_P(OutboxClaim, F31_OfSeveralNodesOneSendsAMessageAndOneStoresANotice)
{
    if (store().dialect() == sql::Dialect::sqlite) GTEST_SKIP() << "one process, one dispatcher";
    const auto staff = StaffId{7}.text();
    given({.channel = "mail", .target = "a", .topic = "t", .payload = "{}"}, messages);
    given({.channel = notice_channel, .target = staff, .topic = "warned", .payload = "{}"}, messages);
    std::mutex mutex;
    std::map<std::int64_t, int> times;
    int counted = 0;
    {
        std::vector<std::jthread> nodes;
        for (int i = 0; i < 3; ++i)
            nodes.emplace_back([&] {
                const auto node = dispatcher([&](const Outgoing& message) {
                    const std::lock_guard lock{mutex};
                    ++times[message.id];
                });
                while (const int sent = node->dispatch(now).sent_count) {
                    const std::lock_guard lock{mutex};
                    counted += sent;
                }
            });
    }
    dispatcher([&](const Outgoing& message) { ++times[message.id]; })->dispatch(now);  // what a rolled back claim left
    EXPECT_EQ(times.size(), std::size_t{messages});
    for (const auto& [id, count] : times) EXPECT_EQ(count, 1) << id;
    EXPECT_LE(counted, 2 * messages) << "nothing is counted by two";
    store().read([](sql::Connection& db) {
        db.each(count_notices, [](const sql::Row& row) {
            EXPECT_EQ(row.integer(0), messages);
            EXPECT_EQ(row.integer(1), messages);
        });
    });
}

}  // namespace
}  // namespace shouwen::outbox
