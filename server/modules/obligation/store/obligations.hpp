#pragma once

#include "modules/obligation/rules/stage.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/ticket/rules/event.hpp"
#include "modules/ticket/rules/refusal.hpp"
#include "platform/sql/sql.hpp"

#include <functional>

/// The rows of obligations and the tick that fires them. Costs by what is due, never by what is open.
namespace shouwen::obligation {

/// A limit that comes near or has passed.
struct Fired {
    std::string_view what;  ///< `warned` or `breached`
    TicketId ticket;
    std::string_view number;
    std::int64_t version = 0;  ///< the ticket's
    std::int64_t no = 0;       ///< the obligation's
    Instant due_at;
};

/// How far the policy may file tickets by itself.
struct Filing {
    bool is_held = false;       ///< until somebody confirms it
    Instant confirmed_until{};  ///< what was due by then is confirmed
};

/// What the clock needs from the other modules; `app` supplies it.
struct Surroundings {
    std::function<policy::PolicyPtr()> policy;
    std::function<organisation::OrganisationPtr()> organisation;
    /// A notice to a person about a ticket; to nobody: a line of the log, for whoever keeps the server.
    std::function<void(sql::Connection&, StaffId, std::string_view kind, TicketId, std::string_view payload, Instant)>
        tell;
    /// Closes a ticket whose customer stays silent after the result. @returns why the rules refuse, or nothing
    std::function<std::optional<ticket::Refused>(sql::Connection&, TicketId, Instant)> close_by_policy;
    /// Tells those outside who asked for it, once for each warning and breach.
    std::function<void(sql::Connection&, const Fired&, Instant)> announce = [](sql::Connection&, const Fired&,
                                                                               Instant) {};
    /// Asked when a ticket is due to be filed; without it nothing is ever held.
    std::function<Filing(sql::Connection&)> filing = {};
    /// From now on filing is held: more than so many are due at once.
    std::function<void(sql::Connection&, int more_than, Instant)> hold_filing = {};
};

/// What a tick did.
struct Ticked {
    int fired_count = 0;
    bool more = false;                   ///< the batch was full: tick again at once
    std::vector<TicketId> tickets = {};  ///< whose lists' rows changed
};

/// Kept in the transactions of the tickets.
class Obligations {
public:
    explicit Obligations(Surroundings surroundings) : surroundings_(std::move(surroundings)) {}

    /// Writes what the events opened, met, moved, paused and cancelled.
    void record(sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events, Instant now);
    /// Lets whatever is due for this ticket happen, before a command does. @param until  the ticket's time
    /// @returns whether anything was due
    bool fire_due(sql::Connection& db, TicketId ticket, Instant until, Instant now);

    /// Fires at most `batch` stages that are due, earliest first, one stage an obligation.
    Ticked tick(sql::Connection& db, Instant now, int batch);
    /// When the next stage is due; nothing when no obligation is open.
    static std::optional<Instant> next_at(sql::Connection& db);
    /// How many tickets are due to be filed since that moment, counted to a limit.
    static std::int64_t due_for_filing(sql::Connection& db, Instant since, Instant now, int limit);
    /// What waited while filing was held is due again, at its old time.
    static void resume_filing(sql::Connection& db);

private:
    struct Row;
    static Row read_row(const sql::Row& row);
    bool is_filed(const Row& row, Instant until) const;
    bool must_wait(sql::Connection& db, Instant now) const;
    void fire(sql::Connection& db, const Row& row, bool is_held, Instant until, Instant now);
    void announce(sql::Connection& db, const Row& row, const Stage& stage,
                  const std::vector<std::vector<StaffId>>& chain, const std::optional<ticket::Refused>& refused,
                  Instant now);

    Surroundings surroundings_;
};

/// The rows of one ticket once more, for a copy of it. For volumes.
void copy_rows(sql::Connection& db, TicketId from, TicketId to);

}  // namespace shouwen::obligation
