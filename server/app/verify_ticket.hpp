#pragma once

#include "app/verify.hpp"
#include "modules/obligation/store/listing.hpp"
#include "modules/ticket/store/tickets.hpp"

/// The invariants of one ticket, over its rows. Pure.
namespace shouwen::app {

/// A ticket's row as it lies in the store.
struct TicketRow {
    TicketId id;
    std::string number;
    std::int64_t version = 0;
    std::string step;
    std::string channel;
    std::string class_;  ///< empty: none, as with the others below
    std::string grade;
    CustomerId customer;
    StaffId owner;
    UnitId owner_unit;
    UnitId queue_unit;
    UnitId merchant;
    AreaId area;
    Instant created_at;
    std::optional<Instant> closed_at;
    std::optional<Instant> next_due_at;
    bool overdue = false;
    std::int64_t last_seq = 0;
    Hash last_hash;
    std::string state;
    bool has_customer = false;
    bool has_document = false;
};
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
struct TicketRows {
    TicketRow ticket;
    std::vector<ticket::StoredEvent> events;
    std::vector<ticket::Tenure> tenures;
    std::vector<ObligationRow> obligations;
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
