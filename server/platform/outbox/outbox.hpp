#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Whatever leaves the process is first a row, written in the same transaction as its cause; a dispatcher sends it
/// afterwards, at least once. The row's id is the key by which a receiver knows a repetition.
namespace shouwen::outbox {

/// The channel whose messages become rows of the staff's own notices: target = staff id (letters), topic = kind.
inline constexpr const char* notice_channel = "notice";

struct Message {
    std::string_view channel;
    std::string_view target;
    std::string_view topic;
    std::string_view payload;  // JSON
    TicketId ticket = {};      // messages of one ticket leave in order, channel by channel
};

/// Inside the cause's transaction. The dispatcher wants a `wake` after the commit.
void enqueue(sql::Connection& connection, const Message& message, Instant now);

/// A message on its way out.
struct Outgoing {
    std::int64_t id;
    std::string target;
    std::string topic;
    std::string payload;
    TicketId ticket;
    Instant created_at;
    int attempt;  // from 1
};

/// Sends to the outside. May be asked again for the same id: after a crash nobody knows whether it was sent.
class Channel {
public:
    virtual ~Channel() = default;
    /// @throws std::exception when it has to be tried again; its text goes into `last_error`.
    virtual void send(const Outgoing& message) = 0;
};

/// One log line a message, without target and payload (they may hold personal data).
class LogChannel final : public Channel {
public:
    explicit LogChannel(std::function<void(std::string_view line)> write) : write_(std::move(write)) {}
    void send(const Outgoing& message) override;

private:
    std::function<void(std::string_view)> write_;
};

/// A notice that has just been stored, for pushing to the staff member's open pages.
struct Notice {
    NoticeId id;
    StaffId staff;
    std::string kind;
    TicketId ticket;
    std::string payload;
    Instant at;  // of the cause
};

struct RetryPolicy {
    int attempts_max = 8;
    Duration first_delay = std::chrono::seconds{5};
    Duration delay_max = std::chrono::hours{1};
    /// A message whose sender died is tried again after this.
    Duration claim = std::chrono::minutes{1};
};

/// @param random  evenly in [0, 1): delays spread from half to one and a half, so that retries do not come in waves
Duration delay_after(int attempt, const RetryPolicy& policy, double random);

struct Dispatched {
    int sent_count = 0;
    int failed_count = 0;  // to be tried again
    int dead_count = 0;    // given up; they stay in the table
    /// When the next message of a known channel is due; nothing when all is sent.
    std::optional<Instant> next_at;

    /// For a `Job`: how long nothing is due, half a minute at most.
    Duration wait(Instant now) const;
};

/// One at a time in a process; several processes share the work. Its cost is by what is due.
class Dispatcher {
public:
    /// @param random  evenly in [0, 1)
    Dispatcher(sql::Store& store, std::function<double()> random, RetryPolicy policy = {});

    void add(std::string name, std::unique_ptr<Channel> channel);
    /// Called after the commit, with at most some hundred at once.
    void on_notices(std::function<void(std::span<const Notice>)> push) { push_ = std::move(push); }

    /// Sends what is due. Running it twice, or after a crash at any point, loses nothing; notices come exactly once.
    Dispatched dispatch(Instant now);

private:
    struct Outcome {
        const Outgoing* message;
        std::optional<std::string> error;
    };

    int deliver_notices(Instant now);
    void send_due(const std::string& name, Channel& channel, Instant now, Dispatched& result);
    std::vector<Outgoing> claim(const std::string& name, Instant now);
    void settle(sql::Connection& connection, const std::string& name, const Outcome& outcome, Instant now,
                Dispatched& result);
    std::optional<Instant> next_due();

    sql::Store& store_;
    const std::function<double()> random_;
    const RetryPolicy policy_;
    std::map<std::string, std::unique_ptr<Channel>> channels_;
    std::function<void(std::span<const Notice>)> push_;
};

}  // namespace shouwen::outbox
