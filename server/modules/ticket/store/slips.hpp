#pragma once

#include "modules/ticket/store/tickets.hpp"

#include <string>
#include <vector>

/// The rows of transfer slips (转办单): a unit's inbox, and which units may read which ticket.
namespace shouwen::ticket {

/// A slip as its row has it.
struct SlipRow {
    TicketId ticket;
    int no = 0;
    UnitId unit;
    StaffId handler;
    SlipState state = SlipState::issued;
    Instant issued_at;
    Instant next_due_at;
    std::optional<Instant> ended_at;

    bool operator==(const SlipRow&) const = default;
};
SlipRow row_of(const Ticket& ticket, const TransferSlip& slip);
/// From the columns in the order of the fields.
SlipRow read_slip_row(const sql::Row& row);

/// Writes what of the rows differs between the two. @param before  none: a new ticket, or a copy
void write_slips(sql::Connection& db, const Ticket* before, const Ticket& after);

struct SlipPage {
    std::vector<SlipRow> rows;
    std::string next_cursor;  ///< empty on the last page
};
/// The open slips of units, next due first. Costs by the page, whatever was ever issued.
/// @throws std::invalid_argument for a cursor that is none of ours
SlipPage inbox(sql::Connection& db, const std::vector<UnitId>& units, int limit, const std::string& cursor = {});

}  // namespace shouwen::ticket
