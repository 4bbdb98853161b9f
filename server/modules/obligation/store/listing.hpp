#pragma once

#include "base/names.hpp"
#include "modules/organisation/rules/actor.hpp"
#include "modules/ticket/rules/ticket.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <string>
#include <vector>

/// Obligations as they are read: of a ticket, of a debtor, one by one.
namespace shouwen::obligation {

struct Listed {
    TicketId ticket;
    std::int64_t no = 0;
    std::string ticket_number;
    ObligationKind kind = ObligationKind::respond;
    int subject = 0;
    ticket::Debtor debtor;
    std::string calendar;
    std::optional<Limit> limit;
    std::int64_t policy_version = 0;
    Instant starts_at;
    Instant due_at;
    std::vector<Pause> pauses;
    std::optional<Instant> paused_at;
    std::optional<Instant> warned_at;
    std::optional<Instant> breached_at;
    std::optional<Instant> met_at;
    std::optional<Instant> cancelled_at;
    std::string cause;
};

/// All of a ticket, ended ones too, in their order.
std::vector<Listed> of_ticket(sql::Connection& db, TicketId ticket);
std::optional<Listed> find(sql::Connection& db, TicketId ticket, std::int64_t no);

BOOST_DEFINE_ENUM_CLASS(DebtState, open, breached)

/// What a person owes and has not done, the most pressing first. @param after  where the page before ended
std::vector<Listed> of_debtor(sql::Connection& db, StaffId debtor, DebtState state,
                              std::optional<std::pair<Instant, TicketId>> after, int limit);

}  // namespace shouwen::obligation
