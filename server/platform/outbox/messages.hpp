#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What became of the outbox's messages, for those who look after them. Notices are none of them: they never leave the process.
namespace shouwen::outbox {

using MessageId = Id<struct OutboxMessageTag>;

BOOST_DEFINE_ENUM_CLASS(State, pending, sent, dead)

struct StoredMessage {
    MessageId id;
    std::string channel;
    std::string target;
    std::string topic;
    std::string payload;
    TicketId ticket;
    Instant created_at{};
    std::optional<Instant> next_at;  ///< pending: when it is tried (again)
    int attempts = 0;
    std::optional<Instant> sent_at;
    std::optional<Instant> dead_at;
    std::string last_error;

    State state() const { return next_at ? State::pending : sent_at ? State::sent : State::dead; }
};

std::optional<StoredMessage> find_message(sql::Connection& connection, MessageId id);
/// Newest first. @param state  only those  @param before  the last of the page before; none: the first page
std::vector<StoredMessage> messages_of(sql::Connection& connection, std::string_view channel, std::string_view target,
                                       std::optional<State> state, MessageId before, int limit);

/// Where a page of dead letters begins: after the last one of the page before.
struct DeadPosition {
    Instant dead_at = Instant::max();
    MessageId id = {};
};
/// Dead letters (死信) of all channels, the last given up first.
std::vector<StoredMessage> dead_letters(sql::Connection& connection, const DeadPosition& before, int limit);

/// Has a message sent again under its old id, at once and with a whole new schedule; one that waits for its next try goes at
/// once too. @returns false when there is none
bool resend(sql::Connection& connection, MessageId id, Instant now);
/// The same for all of a target that were given up since then, and for all that wait there. @returns how many
std::int64_t resend_failed(sql::Connection& connection, std::string_view channel, std::string_view target,
                           Instant since, Instant now);
/// The same for all channels. @returns how many
std::int64_t resend_dead(sql::Connection& connection, Instant since, Instant now);
/// Gives up whatever is pending for a target. @returns how many
std::int64_t give_up(sql::Connection& connection, std::string_view channel, std::string_view target,
                     std::string_view reason, Instant now);
/// Forgets what a channel sent before that moment, some thousand at once. @returns how many; call again while there are any
std::int64_t forget_sent(sql::Connection& connection, std::string_view channel, Instant before);
std::int64_t forget_dead(sql::Connection& connection, std::string_view channel, Instant before);

struct LaneFigures {
    std::int64_t pending_count = 0;
    std::int64_t dead_count = 0;
};
/// Of every target that has any.
std::map<std::string, LaneFigures, std::less<>> lane_figures(sql::Connection& connection, std::string_view channel);

/// Counted up to ten thousand; more tells nothing more.
struct ChannelFigures {
    std::int64_t pending_count = 0;
    std::int64_t dead_count = 0;
    std::optional<Instant> oldest_due_at;  ///< the message that is due for longest
};
ChannelFigures figures_of(sql::Connection& connection, std::string_view channel);

}  // namespace shouwen::outbox
