#include "platform/outbox/messages.hpp"

#include "platform/outbox/outbox.hpp"

#include <limits>

namespace shouwen::outbox {
namespace {

// Every statement says `channel <> 'notice'`: by that the indexes are found that hold no notices.
#define SHOUWEN_MESSAGE_COLUMNS \
    "id, channel, target, topic, payload, ticket_id, created_at, next_at, attempts, sent_at, dead_at, last_error"

const sql::Statement find_one{"find_outbox_message",
                              "SELECT " SHOUWEN_MESSAGE_COLUMNS " FROM outbox WHERE id = $1 AND channel <> 'notice'"};
const sql::Statement list_all{"list_outbox_of_target", "SELECT " SHOUWEN_MESSAGE_COLUMNS
                                                       " FROM outbox WHERE channel = $1 AND target = $2 AND id < $3 "
                                                       "AND channel <> 'notice' ORDER BY id DESC LIMIT $4"};
// By the lane's index, whose rows are only the pending ones, and not along all that was ever sent.
const sql::Statement list_pending{"list_pending_of_target",
                                  "SELECT " SHOUWEN_MESSAGE_COLUMNS
                                  " FROM outbox WHERE channel = $1 AND target = $2 AND id + 0 < $3 "
                                  "AND next_at IS NOT NULL AND channel <> 'notice' ORDER BY id + 0 DESC LIMIT $4"};
const sql::Statement list_sent{"list_sent_of_target",
                               "SELECT " SHOUWEN_MESSAGE_COLUMNS
                               " FROM outbox WHERE channel = $1 AND target = $2 AND id < $3 "
                               "AND sent_at IS NOT NULL AND channel <> 'notice' ORDER BY id DESC LIMIT $4"};
const sql::Statement list_dead{"list_dead_of_target",
                               "SELECT " SHOUWEN_MESSAGE_COLUMNS
                               " FROM outbox WHERE channel = $1 AND target = $2 AND id < $3 "
                               "AND dead_at IS NOT NULL AND channel <> 'notice' ORDER BY id DESC LIMIT $4"};
const sql::Statement list_dead_letters{
    "list_dead_letters", "SELECT " SHOUWEN_MESSAGE_COLUMNS
                         " FROM outbox WHERE dead_at IS NOT NULL AND (dead_at < $1 OR (dead_at = $1 AND id < $2)) "
                         "AND channel <> 'notice' ORDER BY dead_at DESC, id DESC LIMIT $3"};

// What is claimed is tried again within the time of a claim anyhow, and would go twice if it were hastened.
#define SHOUWEN_RESEND_SET                                                                        \
    "UPDATE outbox SET next_at = $1, sent_at = NULL, dead_at = NULL, attempts_before = attempts " \
    "WHERE channel <> 'notice' AND "
const sql::Statement resend_one{"resend_outbox", SHOUWEN_RESEND_SET "id = $2 AND (next_at IS NULL OR next_at > $3)"};
const sql::Statement resend_dead_of_target{"resend_dead_of_target", SHOUWEN_RESEND_SET
                                           "channel = $2 AND target = $3 AND dead_at IS NOT NULL AND dead_at >= $4"};
const sql::Statement hasten_target{"hasten_outbox_of_target", SHOUWEN_RESEND_SET
                                   "channel = $2 AND target = $3 AND next_at IS NOT NULL AND next_at > $4"};
const sql::Statement resend_all_dead{"resend_all_dead", SHOUWEN_RESEND_SET "dead_at IS NOT NULL AND dead_at >= $2"};
const sql::Statement give_up_target{
    "give_up_outbox_of_target",
    "UPDATE outbox SET next_at = NULL, dead_at = $4, last_error = $3 WHERE channel = $1 "
    "AND target = $2 AND next_at IS NOT NULL AND channel <> 'notice'"};
const sql::Statement forget_sent_sql{
    "forget_sent_outbox",
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE channel = $1 AND sent_at < $2 AND sent_at IS NOT NULL "
    "AND channel <> 'notice' ORDER BY sent_at LIMIT $3)"};
const sql::Statement forget_dead_sql{
    "forget_dead_outbox",
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE channel = $1 AND dead_at < $2 AND dead_at IS NOT NULL "
    "AND channel <> 'notice' ORDER BY dead_at LIMIT $3)"};
const sql::Statement count_pending_by_target{
    "count_pending_by_target",
    "SELECT target, count(*) FROM outbox WHERE channel = $1 AND next_at IS NOT NULL AND channel <> 'notice' GROUP BY target"};
const sql::Statement count_dead_by_target{
    "count_dead_by_target",
    "SELECT target, count(*) FROM outbox WHERE channel = $1 AND dead_at IS NOT NULL GROUP BY target"};
const sql::Statement count_pending{
    "count_pending_outbox",
    "SELECT count(*), min(next_at) FROM (SELECT next_at FROM outbox WHERE channel = $1 AND next_at IS NOT NULL "
    "ORDER BY next_at LIMIT $2) pending"};
const sql::Statement count_dead{
    "count_dead_outbox",
    "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE channel = $1 AND dead_at IS NOT NULL LIMIT $2) dead"};

constexpr int forgotten_at_once = 2'000;
constexpr int counted_of_channel_max = 10'000;

StoredMessage read(const sql::Row& row)
{
    return {.id = row.id<MessageId>(0),
            .channel = row.string(1),
            .target = row.string(2),
            .topic = row.string(3),
            .payload = row.string(4),
            .ticket = row.id<TicketId>(5),
            .created_at = row.instant(6),
            .next_at = row.optional_instant(7),
            .attempts = static_cast<int>(row.integer(8)),
            .sent_at = row.optional_instant(9),
            .dead_at = row.optional_instant(10),
            .last_error = row.optional_string(11).value_or("")};
}

const sql::Statement& list_of(std::optional<State> state)
{
    if (!state) return list_all;
    switch (*state) {
        case State::pending: return list_pending;
        case State::sent: return list_sent;
        case State::dead: return list_dead;
    }
    return list_all;
}

}  // namespace

std::optional<StoredMessage> find_message(sql::Connection& connection, MessageId id)
{
    return connection.first(find_one, read, id);
}

std::vector<StoredMessage> messages_of(sql::Connection& connection, std::string_view channel, std::string_view target,
                                       std::optional<State> state, MessageId before, int limit)
{
    std::vector<StoredMessage> messages;
    const auto below = before ? before.value : std::numeric_limits<std::int64_t>::max();
    connection.each(
        list_of(state), [&](const sql::Row& row) { messages.push_back(read(row)); }, channel, target, below, limit);
    return messages;
}

std::vector<StoredMessage> dead_letters(sql::Connection& connection, const DeadPosition& before, int limit)
{
    std::vector<StoredMessage> messages;
    connection.each(
        list_dead_letters, [&](const sql::Row& row) { messages.push_back(read(row)); }, before.dead_at, before.id.value,
        limit);
    return messages;
}

bool resend(sql::Connection& connection, MessageId id, Instant now)
{
    return connection.execute(resend_one, now, id, now + claim_time) > 0 || find_message(connection, id).has_value();
}

std::int64_t resend_failed(sql::Connection& connection, std::string_view channel, std::string_view target,
                           Instant since, Instant now)
{
    const auto hastened = connection.execute(hasten_target, now, channel, target, now + claim_time);
    return hastened + connection.execute(resend_dead_of_target, now, channel, target, since);
}

std::int64_t resend_dead(sql::Connection& connection, Instant since, Instant now)
{
    return connection.execute(resend_all_dead, now, since);
}

std::int64_t give_up(sql::Connection& connection, std::string_view channel, std::string_view target,
                     std::string_view reason, Instant now)
{
    return connection.execute(give_up_target, channel, target, reason, now);
}

std::int64_t forget_sent(sql::Connection& connection, std::string_view channel, Instant before)
{
    return connection.execute(forget_sent_sql, channel, before, forgotten_at_once);
}

std::int64_t forget_dead(sql::Connection& connection, std::string_view channel, Instant before)
{
    return connection.execute(forget_dead_sql, channel, before, forgotten_at_once);
}

std::map<std::string, LaneFigures, std::less<>> lane_figures(sql::Connection& connection, std::string_view channel)
{
    std::map<std::string, LaneFigures, std::less<>> lanes;
    connection.each(
        count_pending_by_target, [&](const sql::Row& row) { lanes[row.string(0)].pending_count = row.integer(1); },
        channel);
    connection.each(
        count_dead_by_target, [&](const sql::Row& row) { lanes[row.string(0)].dead_count = row.integer(1); }, channel);
    return lanes;
}

ChannelFigures figures_of(sql::Connection& connection, std::string_view channel)
{
    ChannelFigures figures;
    connection.each(
        count_pending,
        [&](const sql::Row& row) {
            figures.pending_count = row.integer(0);
            figures.oldest_due_at = row.optional_instant(1);
        },
        channel, counted_of_channel_max);
    connection.each(
        count_dead, [&](const sql::Row& row) { figures.dead_count = row.integer(0); }, channel, counted_of_channel_max);
    return figures;
}

}  // namespace shouwen::outbox
