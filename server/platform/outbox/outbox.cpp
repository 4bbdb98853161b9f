#include "platform/outbox/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace shouwen::outbox {
namespace {

// A message behind one that waits for its next try is not due before it.
const sql::Statement insert_message{
    "insert_outbox",
    "INSERT INTO outbox (channel, target, topic, payload, ticket_id, created_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, "
    "coalesce((SELECT max(next_at) FROM outbox WHERE ticket_id = $5 AND channel = $1 AND next_at > $6), $6))"};

// What is read to be taken is locked on PostgreSQL: of several nodes each takes what no other holds.
#define SHOUWEN_DUE_NOTICES                                                           \
    "SELECT id, target, topic, payload, ticket_id, created_at, attempts FROM outbox " \
    "WHERE channel = 'notice' AND next_at <= $1 ORDER BY next_at, id LIMIT $2"
const sql::Statement due_notices{"due_notices", SHOUWEN_DUE_NOTICES};
const sql::Statement take_notices{"take_notices", SHOUWEN_DUE_NOTICES " FOR UPDATE SKIP LOCKED"};
#undef SHOUWEN_DUE_NOTICES
const sql::Statement insert_notice{
    "insert_notice",
    "INSERT INTO notice (outbox_id, staff_id, kind, ticket_id, payload, at) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (outbox_id) DO NOTHING RETURNING id"};

// Only the first pending message of a ticket: the ones behind it wait their turn.
#define SHOUWEN_DUE_HEADS                                                                                            \
    "SELECT o.id, o.target, o.topic, o.payload, o.ticket_id, o.created_at, o.attempts FROM outbox o "                \
    "WHERE o.channel = $1 AND o.next_at <= $2 AND (o.ticket_id IS NULL OR NOT EXISTS (SELECT 1 FROM outbox earlier " \
    "WHERE earlier.ticket_id = o.ticket_id AND earlier.channel = o.channel AND earlier.next_at IS NOT NULL "         \
    "AND earlier.id < o.id)) ORDER BY o.next_at, o.id LIMIT $3"
const sql::Statement due_heads{"due_outbox_heads", SHOUWEN_DUE_HEADS};
const sql::Statement take_heads{"take_outbox_heads", SHOUWEN_DUE_HEADS " FOR UPDATE OF o SKIP LOCKED"};
#undef SHOUWEN_DUE_HEADS
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
    "UPDATE outbox SET next_at = $4 WHERE ticket_id = $1 AND channel = $2 AND id > $3 AND next_at < $4"};
const sql::Statement release_follower{
    "release_outbox_follower",
    "UPDATE outbox SET next_at = $3 WHERE next_at > $3 AND id = (SELECT min(id) FROM outbox "
    "WHERE ticket_id = $1 AND channel = $2 AND next_at IS NOT NULL)"};
const sql::Statement earliest_due{"earliest_outbox",
                                  "SELECT min(next_at) FROM outbox WHERE channel = $1 AND next_at IS NOT NULL"};

constexpr int notices_per_commit = 500;
constexpr int claims_per_commit = 100;
constexpr std::size_t error_length_max = 500;

Outgoing read_outgoing(const sql::Row& row)
{
    return {row.integer(0),
            row.string(1),
            row.string(2),
            row.string(3),
            row.id<TicketId>(4),
            row.instant(5),
            static_cast<int>(row.integer(6)) + 1};
}

}  // namespace

void enqueue(sql::Connection& connection, const Message& message, Instant now)
{
    connection.execute_later(insert_message, message.channel, message.target, message.topic, message.payload,
                             message.ticket, now);
}

void LogChannel::send(const Outgoing& message)
{
    write_(fmt::format("outbox_message id={} topic={} ticket={} attempt={}", message.id, message.topic,
                       message.ticket ? message.ticket.text() : "-", message.attempt));
}

Duration delay_after(int attempt, const RetryPolicy& policy, double random)
{
    const double grown = static_cast<double>(policy.first_delay.count()) * std::pow(4.0, std::max(0, attempt - 1));
    const double bounded = std::min(grown, static_cast<double>(policy.delay_max.count()));
    return Duration{static_cast<std::int64_t>(bounded * (0.5 + random))};
}

Duration Dispatched::wait(Instant now) const
{
    constexpr Duration shortest{10};
    constexpr Duration longest = std::chrono::seconds{30};
    return next_at ? std::clamp(*next_at - now, shortest, longest) : longest;
}

Dispatcher::Dispatcher(sql::Store& store, std::function<double()> random, RetryPolicy policy)
    : store_(store), random_(std::move(random)), policy_(policy)
{
}

void Dispatcher::add(std::string name, std::unique_ptr<Channel> channel)
{
    channels_[std::move(name)] = std::move(channel);
}

Dispatched Dispatcher::dispatch(Instant now)
{
    Dispatched result;
    result.sent_count = deliver_notices(now);
    for (auto& [name, channel] : channels_) send_due(name, *channel, now, result);
    result.next_at = next_due();
    return result;
}

/// The notice and the mark "sent" are one transaction, so a crash leaves both or neither.
int Dispatcher::deliver_notices(Instant now)
{
    int delivered_count = 0;
    for (std::size_t taken = notices_per_commit; taken == notices_per_commit;) {
        bool any_due = false;
        store_.read([&](sql::Connection& connection) {
            connection.each(
                due_notices, [&](const sql::Row&) { any_due = true; }, now, 1);
        });
        if (!any_due) break;

        std::vector<Notice> notices;
        store_.write([&](sql::Connection& connection) {
            notices.clear();
            std::vector<Outgoing> due;
            connection.each(
                connection.dialect() == sql::Dialect::sqlite ? due_notices : take_notices,
                [&](const sql::Row& row) { due.push_back(read_outgoing(row)); }, now, notices_per_commit);
            taken = due.size();
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
                if (id)
                    notices.push_back({*id, *staff, std::move(message.topic), message.ticket,
                                       std::move(message.payload), message.created_at});
            }
        });
        delivered_count += static_cast<int>(notices.size());
        if (push_ && !notices.empty()) push_(notices);
    }
    return delivered_count;
}

void Dispatcher::send_due(const std::string& name, Channel& channel, Instant now, Dispatched& result)
{
    for (;;) {
        const auto messages = claim(name, now);
        if (messages.empty()) return;

        std::vector<Outcome> outcomes;
        for (const auto& message : messages) {
            if (message.attempt > policy_.attempts_max) {
                outcomes.push_back({&message, "the sender died each time"});
                continue;
            }
            try {
                channel.send(message);
                outcomes.push_back({&message, std::nullopt});
            } catch (const std::exception& fault) {
                outcomes.push_back({&message, std::string{fault.what()}.substr(0, error_length_max)});
            }
        }

        Dispatched settled;
        store_.write([&](sql::Connection& connection) {
            settled = {};
            for (const auto& outcome : outcomes) settle(connection, name, outcome, now, settled);
        });
        result.sent_count += settled.sent_count;
        result.failed_count += settled.failed_count;
        result.dead_count += settled.dead_count;
    }
}

/// The attempt is counted before it is made: a message that kills the process is given up as any other. The count is also
/// the claim's token: who slept through the claim finds another count and settles nothing.
std::vector<Outgoing> Dispatcher::claim(const std::string& name, Instant now)
{
    std::vector<Outgoing> messages;
    const auto load = [&](sql::Connection& connection, const sql::Statement& statement) {
        messages.clear();
        connection.each(
            statement, [&](const sql::Row& row) { messages.push_back(read_outgoing(row)); }, name, now,
            claims_per_commit);
    };
    store_.read([&](sql::Connection& connection) { load(connection, due_heads); });
    if (messages.empty()) return messages;  // the usual case costs no fsync

    store_.write([&](sql::Connection& connection) {
        load(connection, connection.dialect() == sql::Dialect::sqlite ? due_heads : take_heads);
        for (const auto& message : messages) connection.execute_later(claim_message, message.id, now + policy_.claim);
    });
    return messages;
}

void Dispatcher::settle(sql::Connection& connection, const std::string& name, const Outcome& outcome, Instant now,
                        Dispatched& result)
{
    const auto& message = *outcome.message;
    if (outcome.error && message.attempt < policy_.attempts_max) {
        const auto next_at = now + delay_after(message.attempt, policy_, random_());
        if (connection.execute(mark_failed, message.id, message.attempt, next_at, *outcome.error) == 0) return;
        if (message.ticket) connection.execute_later(defer_followers, message.ticket, name, message.id, next_at);
        ++result.failed_count;
        return;
    }
    if (outcome.error) {
        if (connection.execute(mark_dead, message.id, message.attempt, now, *outcome.error) == 0) return;
        ++result.dead_count;
    } else {
        if (connection.execute(mark_sent, message.id, message.attempt, now) == 0) return;
        ++result.sent_count;
    }
    if (message.ticket) connection.execute_later(release_follower, message.ticket, name, now);
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
        for (const auto& [name, channel] : channels_) consider(name);
    });
    return next_at;
}

}  // namespace shouwen::outbox
