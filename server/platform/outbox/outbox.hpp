#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Whatever leaves the process is first a row, written in the same transaction as its cause; a dispatcher sends it
/// afterwards, at least once. The row's id is the key by which a receiver knows a repetition.
namespace shouwen::outbox {

/// The channel whose messages become rows of the staff's own notices: target = staff id (letters), topic = kind.
inline constexpr const char* notice_channel = "notice";
/// Announced for each notice that became a row: its id and that of its staff member, in digits, with a space between.
inline constexpr const char* notice_topic = "notice";
/// The channel whose messages become lines of the log.
inline constexpr const char* log_channel = "log";

struct Message {
    std::string_view channel;
    std::string_view target;
    std::string_view topic;
    std::string_view payload;  // JSON
    TicketId ticket = {};      // messages of one ticket to one target leave in order
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
    int attempt;  // from 1, never twice the same number: also the fencing token
    int round;    // from 1; counts anew when somebody has it sent again
};

BOOST_DEFINE_ENUM_CLASS(Outcome, sent,
                        failed,   // to be tried again while the schedule lasts
                        refused)  // never to be tried again

/// What became of one attempt.
struct Attempted {
    Outcome outcome = Outcome::sent;
    std::string error = {};  // goes into `last_error`
    Duration not_before{0};  // the receiver's own wish for the next try, counted from now
    /// In the transaction that settles the message, after it: a channel's own record of the attempt.
    std::function<void(sql::Connection&)> record = {};
};

/// Sends to the outside. May be asked again for the same id: after a crash nobody knows whether it was sent.
class Channel {
public:
    using Done = std::function<void(Attempted)>;

    virtual ~Channel() = default;
    /// Starts an attempt and returns soon: whatever takes time must not hold up the other targets.
    /// @param done  once, from any thread, also before this returns; may come after the dispatcher is gone
    /// @throws std::exception as good as a failure, its text as the error
    virtual void send(const Outgoing& message, Done done) = 0;
    /// Whether its messages leave the process, and so cannot be taken back: such wait while the dispatcher's gate is shut.
    virtual bool leaves() const { return true; }
};

/// One log line a message, without target and payload (they may hold personal data).
class LogChannel final : public Channel {
public:
    explicit LogChannel(std::function<void(std::string_view line)> write) : write_(std::move(write)) {}
    void send(const Outgoing& message, Done done) override;
    bool leaves() const override { return false; }

private:
    std::function<void(std::string_view)> write_;
};

/// How a channel tries.
struct RetryPolicy {
    /// Between one attempt and the next; one more attempt than delays, then the message is dead.
    std::vector<Duration> delays = {std::chrono::seconds{5}, std::chrono::seconds{20}, std::chrono::seconds{80},
                                    std::chrono::minutes{5}, std::chrono::minutes{20}, std::chrono::hours{1},
                                    std::chrono::hours{1}};
    /// On their way to one target at a time, so that a slow one takes nothing from the others.
    int per_target_max = 4;

    int attempts_max() const { return static_cast<int>(delays.size()) + 1; }
};

/// A message whose sender died is tried again after this; longer than any attempt takes.
inline constexpr Duration claim_time = std::chrono::minutes{1};

/// @param attempt  the one that failed, from 1 to `delays.size()`
/// @param random  evenly in [0, 1): delays spread from half to one and a half, so that retries do not come in waves
Duration delay_after(int attempt, const RetryPolicy& policy, double random);

struct Dispatched {
    int sent_count = 0;
    int failed_count = 0;  // to be tried again
    int dead_count = 0;    // given up; they stay in the table
    int started_count = 0;
    /// When the next message of a known channel is due; nothing when all is sent.
    std::optional<Instant> next_at;

    /// For a `Job`: how long nothing is due, half a minute at most.
    Duration wait(Instant now) const;
};

/// Called by one thread at a time; several processes share the work. Its cost is by what is due. Each target is a lane of
/// its own: messages of one ticket leave one after the other, those of different tickets side by side up to the channel's
/// limit, and no lane waits for another.
class Dispatcher {
public:
    /// @param random  evenly in [0, 1)
    Dispatcher(sql::Store& store, std::function<double()> random);
    ~Dispatcher();

    void add(std::string name, std::unique_ptr<Channel> channel, RetryPolicy policy = {});
    /// @param is_open  asked in each transaction that claims messages which leave the process; while it says no they wait, in their
    /// order and without an attempt being counted
    void set_gate(std::function<bool(sql::Connection&)> is_open) { is_open_ = std::move(is_open); }
    /// Called from whatever thread an attempt ends on: time for another `pump`. None: nobody is to be told any more.
    void on_attempted(std::function<void()> wake);
    /// For metrics, after the commit. @param is_dead  the message was given up
    void on_settled(std::function<void(std::string_view channel, Outcome, bool is_dead)> observe)
    {
        observe_ = std::move(observe);
    }

    /// Settles what has been attempted and starts what is due, without waiting for any of it.
    Dispatched pump(Instant now);
    /// Sends what is due and waits until all of it is settled. Running it twice, or after a crash at any point, loses nothing;
    /// notices come exactly once.
    Dispatched dispatch(Instant now);

private:
    struct Way {
        std::unique_ptr<Channel> channel;
        RetryPolicy policy;
        std::map<std::string, int, std::less<>> under_way;  // by target
        std::string last_lane;                              // where the next look begins
    };
    struct Ended;
    struct Arrivals;

    Dispatched round(Instant now, int notices_per_commit);
    int deliver_notices(Instant now, int per_commit);
    void settle_arrived(Instant now, Dispatched& result);
    int start_due(const std::string& name, Way& way, Instant now);
    std::vector<Outgoing> claim(const std::string& name, Way& way, Instant now);
    void start(const std::string& name, Way& way, const Outgoing& message);
    bool settle(sql::Connection& connection, const Ended& ended, Instant now, Dispatched& result);
    bool is_anything_under_way() const;
    std::optional<Instant> next_due();

    sql::Store& store_;
    const std::function<double()> random_;
    std::map<std::string, Way, std::less<>> ways_;
    std::shared_ptr<Arrivals> arrivals_;
    std::function<void(std::string_view, Outcome, bool)> observe_;
    std::function<bool(sql::Connection&)> is_open_ = [](sql::Connection&) { return true; };
};

}  // namespace shouwen::outbox
