#pragma once

#include "modules/ticket/store/tickets.hpp"

/// Volumes: the story of a stored ticket once more, as another customer's.
namespace shouwen::ticket {

/// A ticket with all that is needed to write it again.
struct Original {
    Ticket ticket;
    bool overdue = false;
    std::vector<StoredEvent> events;
};

/// Every ticket there is, oldest first: to be asked before the first copy is written.
std::vector<TicketId> all_ids(sql::Connection& db);
Original load_original(sql::Connection& db, TicketId id);

/// What a copy has of its own.
struct CopyAs {
    TicketId id;
    std::string number;
    CustomerId customer;
};

/// Writes the copy: row, events chained anew, tenures and contacts (their ids as far from the original's as the ticket's).
/// Obligations are the obligation module's part.
void write_copy(sql::Connection& db, const Original& original, const CopyAs& as);

}  // namespace shouwen::ticket
