#pragma once

#include "platform/sql/feed.hpp"

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

/// A database of one thread in memory that answers the statements of tickets, obligations, outbox and repeated requests as
/// SQLite would. What it holds can be looked at directly. That it is no other database is shown by runs over both.
namespace shouwen::simulation {

using Number = std::optional<std::int64_t>;  ///< a nullable integer
using Text = std::optional<std::string>;     ///< a nullable text

struct TicketRow {
    std::int64_t id = 0;
    std::string number;
    std::int64_t version = 0;
    std::string step, channel;
    Text class_, grade;
    Number customer, owner, owner_unit, queue_unit, merchant, area;
    std::int64_t created_at = 0;
    Number closed_at, next_due_at;
    bool overdue = false;
    std::int64_t last_seq = 0;
    std::string last_hash;
    std::string state;
};
struct EventRow {
    std::int64_t at = 0;
    Number actor;
    std::string type, data, hash;
};
struct TenureRow {
    Number staff, unit;
    std::int64_t from = 0;
    Number to;
    std::string cause;
};
struct ObligationRow {
    std::string kind;
    std::int64_t subject = 0;
    std::string grade;
    Number debtor_staff, debtor_unit, merchant;
    std::string calendar;
    Text limit;
    std::int64_t policy_version = 0, starts_at = 0, due_at = 0;
    std::string pauses;
    Number paused_at;
    std::int64_t warnings_count = 0;
    Number warned_at, breached_at;
    std::int64_t chain_step = 0;
    Number met_at, cancelled_at;
    Text cause;
    Number next_at;

    bool is_open() const { return !met_at && !cancelled_at; }
    bool operator==(const ObligationRow&) const = default;
};
struct SlipRow {
    std::int64_t unit = 0;
    Number handler;
    std::string state;
    std::int64_t issued_at = 0, next_due_at = 0;
    Number ended_at;
};
struct FollowUpRow {
    std::int64_t unit = 0, due_at = 0, next_attempt_at = 0, attempts = 0, unanswered = 0;
    std::string state;
    Number ended_at, satisfaction, recurred;
};
/// A ticket with all that hangs on it. Events, tenures and obligations are counted from 1.
struct TicketRows {
    TicketRow row;
    std::deque<EventRow> events;
    std::deque<TenureRow> tenures;
    std::deque<ObligationRow> obligations;
    std::deque<SlipRow> slips;
    std::map<std::int64_t, FollowUpRow> follow_ups;  ///< by the number of the obligation
    std::map<std::int64_t, Number> slip_units;       ///< when the ticket is due, by unit
    std::int64_t contacts = 0;
};
struct MessageRow {
    std::string channel, target, topic, payload;
    Number ticket;
    std::int64_t created_at = 0;
    Number next_at;
    std::int64_t attempts = 0;
    Number sent_at, dead_at;
    Text last_error;
};
struct NoticeRow {
    std::int64_t outbox_id = 0, staff = 0;
    std::string kind;
    Number ticket;
};
struct KeptAnswer {
    std::string body_mac, answer, content_type;
    std::int64_t status = 0;
    Text location;
    std::int64_t created_at = 0;
};

struct Tables {
    std::map<std::int64_t, TicketRows> tickets;
    std::map<std::string, std::int64_t> numbers;
    std::deque<MessageRow> outbox;  ///< by id from 1
    std::deque<NoticeRow> notices;  ///< by id from 1
    std::map<std::int64_t, std::int64_t> notice_of;
    std::map<std::string, KeptAnswer> answers;
};

class MemoryStore final : public sql::Store {
public:
    MemoryStore();
    ~MemoryStore() override;
    sql::Dialect dialect() const override { return sql::Dialect::sqlite; }
    void read(const std::function<void(sql::Connection&)>& work) override;
    sql::Queued submit(sql::WriteJob job) override;
    Duration expected_wait() const override { return {}; }
    sql::StoreFigures figures() const override { return {}; }
    sql::Feed& feed() override { return feed_; }

    const Tables& tables() const { return tables_; }
    /// Tickets that were written to since it was last asked, rolled back or not.
    std::set<std::int64_t> take_touched() { return std::exchange(touched_, {}); }

private:
    friend class MemoryConnection;
    sql::Feed feed_;
    Tables tables_;
    std::vector<std::function<void()>> undo_;
    std::set<std::int64_t> touched_;
    std::unique_ptr<sql::Connection> connection_;
};

}  // namespace shouwen::simulation
