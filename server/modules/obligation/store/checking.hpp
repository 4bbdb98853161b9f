#pragma once

#include "modules/ticket/rules/ticket.hpp"
#include "platform/sql/sql.hpp"

#include <functional>
#include <optional>
#include <string>

/// Obligations as they lie in the store, for `shouwen verify`.
namespace shouwen::obligation {

struct ObligationRow {
    std::int64_t no = 0;
    std::string kind;
    std::int64_t subject = 0;
    ticket::Debtor debtor;
    std::string calendar;
    std::string limit;
    std::int64_t policy_version = 0;
    Instant starts_at;
    Instant due_at;
    std::string pauses;
    std::optional<Instant> paused_at;
    std::optional<Instant> breached_at;
    std::optional<Instant> met_at;
    std::optional<Instant> cancelled_at;
    std::string cause;
    std::optional<Instant> next_at;

    bool is_open() const { return !met_at && !cancelled_at; }
};

/// Visits those of all tickets behind `after` up to `last`, by ticket and number.
void each_stored(sql::Connection& db, TicketId after, TicketId last,
                 const std::function<void(TicketId, ObligationRow)>& visit);

}  // namespace shouwen::obligation
