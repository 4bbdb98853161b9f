#pragma once

#include "app/verify.hpp"
#include "modules/follow_up/rules/follow_up.hpp"
#include "modules/obligation/store/checking.hpp"
#include "modules/ticket/store/checking.hpp"

/// The invariants of one ticket, over its rows. Pure.
namespace shouwen::app {

/// A ticket with everything that belongs to it, as it lies in the store.
struct TicketRows : ticket::StoredTicket {
    std::vector<obligation::ObligationRow> obligations;
    bool has_customer = false;
    bool has_document = false;
    std::vector<follow_up::FollowUp> follow_ups = {};
};

/// @param report  gets the invariant and the text of each finding
void check_ticket(const TicketRows& rows,
                  const std::function<void(std::string_view invariant, std::string text)>& report);

/// A breach of what ended before its limit: the limit was moved after it, or the clock went back behind it. Only what was
/// told at that moment shows that it took place.
struct EarlyBreach {
    TicketId ticket;
    std::string number;
    std::string kind;
    std::string text;  ///< the finding, if nobody was told
};
std::vector<EarlyBreach> early_breaches(const TicketRows& rows);

}  // namespace shouwen::app
