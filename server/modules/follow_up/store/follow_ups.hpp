#pragma once

#include "modules/follow_up/rules/follow_up.hpp"
#include "modules/organisation/rules/actor.hpp"
#include "modules/ticket/rules/event.hpp"
#include "platform/sql/sql.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// The records of revisits: one for each obligation to revisit, written in the transaction of the ticket's events, and the attempts.
namespace shouwen::follow_up {

/// What a ticket's events opened, put off, tried and ended: the rows are what the events say.
void record(sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events, Instant at);

std::optional<FollowUp> find(sql::Connection& db, TicketId ticket, std::int64_t no);
/// The attempt as it was written down, beside what its event has done.
void save(sql::Connection& db, const FollowUp& after, const Attempt& attempt);
/// In their order.
std::vector<Attempt> attempts_of(sql::Connection& db, const FollowUp& follow_up);

BOOST_DEFINE_ENUM_CLASS(Shown, due, ended)

struct Filter {
    Shown shown = Shown::due;
    UnitId unit = {};                   ///< none: of all units that the reader may see
    std::optional<Instant> ready_at{};  ///< only those whose next attempt may be made by then
};
struct Page {
    std::vector<FollowUp> items;
    std::string next_cursor;  ///< empty on the last page
};
/// Due ones by their limit, ended ones newest first, of tickets within the fence.
/// @throws std::invalid_argument for a cursor that is none of ours
Page list(sql::Connection& db, const organisation::ReadFence& fence, const Filter& filter, int limit,
          const std::string& cursor = {});

/// For `shouwen verify`: visits those of all tickets behind `after` up to `last`, by ticket and number.
void each_stored(sql::Connection& db, TicketId after, TicketId last, const std::function<void(FollowUp)>& visit);
/// The rows of one ticket once more, for a copy of it. For volumes.
void copy_rows(sql::Connection& db, TicketId from, TicketId to);

}  // namespace shouwen::follow_up
