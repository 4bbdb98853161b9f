#include "platform/outbox/outbox.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>

namespace shouwen::outbox {
namespace {

// A message behind one that waits for its next try is not due before it.
const sql::Statement insert_message{
    "insert_outbox",
    "INSERT INTO outbox (channel, target, topic, payload, ticket_id, created_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, "
    "coalesce((SELECT max(next_at) FROM outbox WHERE ticket_id = $5 AND channel = $1 AND target = $2 AND next_at > $6), $6))"};

// A notice is never tried again later, so it is due as soon as it is there: also when the clock was set back meanwhile.
// What is read to be taken is locked on PostgreSQL: of several nodes each takes what no other holds.
#define SHOUWEN_DUE_NOTICES                                                                            \
    "SELECT id, target, topic, payload, ticket_id, created_at, attempts, attempts_before FROM outbox " \
    "WHERE channel = 'notice' AND next_at IS NOT NULL ORDER BY next_at, id LIMIT $1"
const sql::Statement due_notices{"due_notices", SHOUWEN_DUE_NOTICES};
const sql::Statement take_notices{"take_notices", SHOUWEN_DUE_NOTICES " FOR UPDATE SKIP LOCKED"};
#undef SHOUWEN_DUE_NOTICES
const sql::Statement insert_notice{
    "insert_notice",
    "INSERT INTO notice (outbox_id, staff_id, kind, ticket_id, payload, at) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (outbox_id) DO NOTHING RETURNING id"};

// From each lane the first few: of a ticket only the first pending message, since the ones behind it wait their turn. A lane
// full of messages costs no more than one with a few.
#define SHOUWEN_LANES                                                                                            \
    "WITH RECURSIVE lane (target, no) AS ("                                                                      \
    "SELECT (SELECT min(target) FROM outbox WHERE channel = $1 AND next_at IS NOT NULL AND channel <> 'notice' " \
    "AND target > $4), 1 UNION ALL SELECT (SELECT min(o.target) FROM outbox o WHERE o.channel = $1 "             \
    "AND o.next_at IS NOT NULL AND o.channel <> 'notice' AND o.target > lane.target), lane.no + 1 FROM lane "    \
    "WHERE lane.target IS NOT NULL AND lane.no < $5) "                                                           \
    "SELECT o.id, o.target, o.topic, o.payload, o.ticket_id, o.created_at, o.attempts, o.attempts_before FROM lane "
#define SHOUWEN_FIRST_OF_LANE                                                                                           \
    "(SELECT d.id FROM outbox d WHERE d.channel = $1 AND d.target = lane.target AND d.next_at <= $2 "                   \
    "AND d.next_at IS NOT NULL AND d.channel <> 'notice' AND (d.ticket_id IS NULL OR NOT EXISTS (SELECT 1 FROM outbox " \
    "earlier WHERE earlier.ticket_id = d.ticket_id AND earlier.channel = d.channel AND earlier.target = d.target "      \
    "AND earlier.next_at IS NOT NULL AND earlier.id < d.id)) ORDER BY d.next_at, d.id LIMIT $3) "
// What another node claimed since this statement began is seen by the last WHERE, which is asked again of what is locked.
#define SHOUWEN_LANES_POSTGRES                          \
    SHOUWEN_LANES "JOIN LATERAL " SHOUWEN_FIRST_OF_LANE \
                  "head ON true JOIN outbox o ON o.id = head.id WHERE o.next_at <= $2 "
#define SHOUWEN_LANE_ORDER "ORDER BY o.target, o.next_at, o.id"
const sql::Statement due_heads_sqlite{
    "due_outbox_heads", SHOUWEN_LANES "JOIN outbox o ON o.id IN " SHOUWEN_FIRST_OF_LANE SHOUWEN_LANE_ORDER};
const sql::Statement due_heads_postgres{"due_outbox_heads", SHOUWEN_LANES_POSTGRES SHOUWEN_LANE_ORDER};
const sql::Statement take_heads_postgres{"take_outbox_heads",
                                         SHOUWEN_LANES_POSTGRES SHOUWEN_LANE_ORDER " FOR UPDATE OF o SKIP LOCKED"};
const sql::Statement claim_message{"claim_outbox",
                                   "UPDATE outbox SET next_at = $2, attempts = attempts + 1 WHERE id = $1"};

// `attempts` is the fencing token.
const sql::Statement mark_sent{"mark_outbox_sent",
                               "UPDATE outbox SET sent_at = $3, next_at = NULL, last_error = NULL "
                               "WHERE id = $1 AND attempts = $2 AND next_at IS NOT NULL"};
const sql::Statement mark_dead{"mark_outbox_dead",
                               "UPDATE outbox SET dead_at = $3, next_at = NULL, last_error = $4 "
                               "WHERE id = $1 AND attempts = $2 AND next_at IS NOT NULL"};
const sql::Statement mark_failed{"mark_outbox_failed",
                                 "UPDATE outbox SET next_at = $3, last_error = $4 "
                                 "WHERE id = $1 AND attempts = $2 AND next_at IS NOT NULL"};
const sql::Statement defer_followers{
    "defer_outbox_followers",
    "UPDATE outbox SET next_at = $4 WHERE ticket_id = $1 AND channel = $2 AND target = $5 AND id > $3 AND next_at < $4"};
const sql::Statement release_follower{
    "release_outbox_follower",
    "UPDATE outbox SET next_at = $3 WHERE next_at > $3 AND id = (SELECT min(id) FROM outbox "
    "WHERE ticket_id = $1 AND channel = $2 AND target = $4 AND next_at IS NOT NULL)"};
const sql::Statement earliest_due{"earliest_outbox",
                                  "SELECT min(next_at) FROM outbox WHERE channel = $1 AND next_at IS NOT NULL"};

// While others wait to write, and when everything is to be done at once.
constexpr int notices_per_pump = 500;
constexpr int notices_per_dispatch = 8'000;
constexpr int lanes_per_look = 1'000;
constexpr std::size_t error_length_max = 300;  // code points

/// As a database takes it: what a foreign server says is bytes.
std::string kept_error(const std::string& error)
{
    return is_utf8(error) ? std::string{first_code_points(error, error_length_max)} : "the error's text is no UTF-8";
}

Outgoing read_outgoing(const sql::Row& row)
{
    return {row.integer(0),
            row.string(1),
            row.string(2),
            row.string(3),
            row.id<TicketId>(4),
            row.instant(5),
            static_cast<int>(row.integer(6)) + 1,
            static_cast<int>(row.integer(6) - row.integer(7)) + 1};
}

}  // namespace

void enqueue(sql::Connection& connection, const Message& message, Instant now)
{
    connection.execute_later(insert_message, message.channel, message.target, message.topic, message.payload,
                             message.ticket, now);
}

void LogChannel::send(const Outgoing& message, Done done)
{
    write_(fmt::format("outbox_message id={} topic={} ticket={} attempt={}", message.id, message.topic,
                       message.ticket ? message.ticket.text() : "-", message.attempt));
    done({});
}

Duration delay_after(int attempt, const RetryPolicy& policy, double random)
{
    const auto place = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(attempt, 1)), 1, policy.delays.size());
    return Duration{static_cast<std::int64_t>(static_cast<double>(policy.delays[place - 1].count()) * (0.5 + random))};
}

Duration Dispatched::wait(Instant now) const
{
    constexpr Duration shortest{10};
    constexpr Duration longest = std::chrono::seconds{30};
    return next_at ? std::clamp(*next_at - now, shortest, longest) : longest;
}

struct Dispatcher::Ended {
    std::string channel;
    Outgoing message;
    Attempted attempted;
};

/// Where attempts end, from whatever thread; lives as long as the last of them.
struct Dispatcher::Arrivals {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Ended> ended;
    std::function<void()> wake;

    void add(Ended one)
    {
        const std::lock_guard lock{mutex};
        ended.push_back(std::move(one));
        changed.notify_one();
        if (wake) wake();
    }
    std::vector<Ended> take()
    {
        const std::lock_guard lock{mutex};
        return std::exchange(ended, {});
    }
    void wait()
    {
        std::unique_lock lock{mutex};
        changed.wait(lock, [this] { return !ended.empty(); });
    }
};

Dispatcher::Dispatcher(sql::Store& store, std::function<double()> random)
    : store_(store), random_(std::move(random)), arrivals_(std::make_shared<Arrivals>())
{
}

Dispatcher::~Dispatcher() = default;

void Dispatcher::add(std::string name, std::unique_ptr<Channel> channel, RetryPolicy policy)
{
    Way& way = ways_[std::move(name)];
    way.channel = std::move(channel);
    way.policy = std::move(policy);
}

void Dispatcher::on_attempted(std::function<void()> wake)
{
    const std::lock_guard lock{arrivals_->mutex};
    arrivals_->wake = std::move(wake);
}

Dispatched Dispatcher::pump(Instant now)
{
    return round(now, notices_per_pump);
}

Dispatched Dispatcher::round(Instant now, int notices_per_commit)
{
    Dispatched result;
    settle_arrived(now, result);
    result.sent_count += deliver_notices(now, notices_per_commit);
    for (auto& [name, way] : ways_) result.started_count += start_due(name, way, now);
    result.next_at = next_due();
    return result;
}

Dispatched Dispatcher::dispatch(Instant now)
{
    Dispatched total;
    for (;;) {
        const auto made = round(now, notices_per_dispatch);
        total.sent_count += made.sent_count;
        total.failed_count += made.failed_count;
        total.dead_count += made.dead_count;
        total.started_count += made.started_count;
        total.next_at = made.next_at;
        if (!is_anything_under_way()) return total;
        arrivals_->wait();
    }
}

bool Dispatcher::is_anything_under_way() const
{
    return std::ranges::any_of(ways_, [](const auto& each) { return !each.second.under_way.empty(); });
}

/// The notice and the mark "sent" are one transaction, so a crash leaves both or neither.
int Dispatcher::deliver_notices(Instant now, int per_commit)
{
    int delivered_count = 0;
    for (int taken = per_commit; taken == per_commit;) {
        bool any_due = false;
        store_.read([&](sql::Connection& connection) {
            connection.each(
                due_notices, [&](const sql::Row&) { any_due = true; }, 1);
        });
        if (!any_due) break;

        int stored_count = 0;
        store_.write([&](sql::Connection& connection) {
            stored_count = 0;
            std::vector<Outgoing> due;
            connection.each(
                connection.dialect() == sql::Dialect::sqlite ? due_notices : take_notices,
                [&](const sql::Row& row) { due.push_back(read_outgoing(row)); }, per_commit);
            taken = static_cast<int>(due.size());
            for (auto& message : due) {
                const auto staff = StaffId::parse(message.target);
                if (!staff) {
                    connection.execute_later(mark_dead, message.id, message.attempt - 1, now,
                                             "the target is no staff id");
                    continue;
                }
                const auto id = connection.first(
                    insert_notice, [](const sql::Row& row) { return row.id<NoticeId>(0); }, message.id, *staff,
                    message.topic, message.ticket, message.payload, message.created_at);
                connection.execute_later(mark_sent, message.id, message.attempt - 1, now);
                if (!id) continue;
                connection.announce(notice_topic, fmt::format("{} {}", id->value, staff->value));
                ++stored_count;
            }
        });
        delivered_count += stored_count;
    }
    return delivered_count;
}

int Dispatcher::start_due(const std::string& name, Way& way, Instant now)
{
    const auto messages = claim(name, way, now);
    for (const auto& message : messages) start(name, way, message);
    return static_cast<int>(messages.size());
}

void Dispatcher::start(const std::string& name, Way& way, const Outgoing& message)
{
    ++way.under_way[message.target];
    const auto end = [arrivals = arrivals_, name, message](Attempted attempted) {
        arrivals->add({name, message, std::move(attempted)});
    };
    if (message.round > way.policy.attempts_max()) return end({Outcome::refused, "the sender died each time"});
    try {
        way.channel->send(message, end);
    } catch (const std::exception& fault) {
        end({Outcome::failed, fault.what()});
    }
}

/// The attempt is counted before it is made: a message that kills the process is given up as any other. The count is also
/// the claim's token: who slept through the claim finds another count and settles nothing.
std::vector<Outgoing> Dispatcher::claim(const std::string& name, Way& way, Instant now)
{
    std::vector<Outgoing> messages;
    std::string last_lane;
    const auto load = [&](sql::Connection& connection, const sql::Statement& statement) {
        messages.clear();
        last_lane.clear();
        std::map<std::string, int, std::less<>> taken = way.under_way;
        std::set<std::string, std::less<>> lanes;
        connection.each(
            statement,
            [&](const sql::Row& row) {
                auto message = read_outgoing(row);
                lanes.insert(message.target);
                if (++taken[message.target] <= way.policy.per_target_max) messages.push_back(std::move(message));
            },
            name, now, way.policy.per_target_max, way.last_lane, lanes_per_look);
        if (lanes.size() >= static_cast<std::size_t>(lanes_per_look)) last_lane = *lanes.rbegin();
    };
    const bool is_sqlite = store_.dialect() == sql::Dialect::sqlite;
    const bool leaves = way.channel->leaves();
    store_.read([&](sql::Connection& connection) {
        load(connection, is_sqlite ? due_heads_sqlite : due_heads_postgres);
        if (leaves && !messages.empty() && !is_open_(connection)) messages.clear();
    });
    if (!messages.empty())  // the usual case costs no fsync
        store_.write([&](sql::Connection& connection) {
            messages.clear();
            if (leaves && !is_open_(connection)) return;
            load(connection, is_sqlite ? due_heads_sqlite : take_heads_postgres);
            for (const auto& message : messages) connection.execute_later(claim_message, message.id, now + claim_time);
        });
    way.last_lane = std::move(last_lane);
    return messages;
}

void Dispatcher::settle_arrived(Instant now, Dispatched& result)
{
    const auto ended = arrivals_->take();
    if (ended.empty()) return;
    for (const auto& one : ended) {
        auto& under_way = ways_.find(one.channel)->second.under_way;
        const auto lane = under_way.find(one.message.target);
        if (--lane->second == 0) under_way.erase(lane);
    }
    Dispatched settled;
    std::vector<bool> dead;
    store_.write([&](sql::Connection& connection) {
        settled = {};
        dead.clear();
        for (const auto& one : ended) dead.push_back(settle(connection, one, now, settled));
    });
    result.sent_count += settled.sent_count;
    result.failed_count += settled.failed_count;
    result.dead_count += settled.dead_count;
    for (std::size_t i = 0; observe_ && i < ended.size(); ++i)
        observe_(ended[i].channel, ended[i].attempted.outcome, dead[i]);
}

/// @returns whether it was given up
bool Dispatcher::settle(sql::Connection& connection, const Ended& ended, Instant now, Dispatched& result)
{
    const auto& [channel, message, attempted] = ended;
    const auto& policy = ways_.find(channel)->second.policy;
    const auto error = kept_error(attempted.error);
    const bool again = attempted.outcome == Outcome::failed && message.round < policy.attempts_max();
    const bool is_dead = attempted.outcome != Outcome::sent && !again;
    const auto next_at =
        again ? now + std::max(delay_after(message.round, policy, random_()), attempted.not_before) : now;
    const auto settled = again     ? connection.execute(mark_failed, message.id, message.attempt, next_at, error)
                         : is_dead ? connection.execute(mark_dead, message.id, message.attempt, now, error)
                                   : connection.execute(mark_sent, message.id, message.attempt, now);
    if (settled > 0) {
        ++(again ? result.failed_count : is_dead ? result.dead_count : result.sent_count);
        if (message.ticket && again)
            connection.execute_later(defer_followers, message.ticket, channel, message.id, next_at, message.target);
        if (message.ticket && !again)
            connection.execute_later(release_follower, message.ticket, channel, now, message.target);
    }
    if (attempted.record) attempted.record(connection);  // the attempt was made, whoever settles the message
    return is_dead && settled > 0;
}

std::optional<Instant> Dispatcher::next_due()
{
    std::optional<Instant> next_at;
    store_.read([&](sql::Connection& connection) {
        const auto consider = [&](std::string_view name) {
            const auto due = connection.first(
                earliest_due, [](const sql::Row& row) { return row.optional_instant(0); }, name);
            if (due && *due && (!next_at || **due < *next_at)) next_at = **due;
        };
        consider(notice_channel);
        for (const auto& [name, way] : ways_) consider(name);
    });
    return next_at;
}

}  // namespace shouwen::outbox
