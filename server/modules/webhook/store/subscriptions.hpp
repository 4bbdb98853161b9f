#pragma once

#include "modules/ticket/rules/event.hpp"
#include "modules/webhook/store/webhooks.hpp"
#include "platform/sql/feed.hpp"

#include <map>
#include <memory>
#include <mutex>

namespace shouwen::webhook {

/// Who wants to hear of what: a copy in memory that follows the store, so that a centre without webhooks pays nothing.
/// Thread-safe. What another node changed is known soon after; a webhook that was switched off meanwhile is refused when it is
/// to be sent to.
class Subscriptions {
public:
    explicit Subscriptions(sql::Store& store);

    /// What happened to a ticket, one message an event and subscriber, in the transaction of the cause.
    void announce(sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events, Instant now) const;
    /// One event of an obligation that is none of the ticket's. @param kind  `obligation.warned`
    void announce_obligation(sql::Connection& db, std::string_view kind, TicketId ticket, std::string_view number,
                             std::int64_t version, std::int64_t no, Instant due_at, Instant now) const;

private:
    using ByKind = std::map<std::string, std::vector<std::string>, std::less<>>;
    std::shared_ptr<const ByKind> current() const;
    void read();

    sql::Store& store_;
    mutable std::mutex mutex_;  // guards the pointer
    std::shared_ptr<const ByKind> by_kind_ = std::make_shared<ByKind>();
    sql::Feed::Subscription subscription_;
};

/// What a receiver is told: which ticket, not what is in it. Names of customers stay inside.
struct Told {
    std::string_view kind;
    Instant at;
    TicketId ticket = {};
    std::string_view number = {};
    std::int64_t version = 0;
    std::int64_t obligation_no = 0;  ///< 0: about no obligation
    std::optional<Instant> due_at = {};
};
std::string payload_of(const Told& told);

}  // namespace shouwen::webhook
