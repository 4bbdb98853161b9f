#pragma once

#include "app/replay_centre.hpp"

#include <vector>

namespace shouwen::app {

/// Gives the commands of one case at its times; the clock goes forward only, and what is due happens in between.
class ReplayDriver {
public:
    ReplayDriver(Centre& centre, ManualClock& clock, const HistoricFile& file, const HistoricCentre& people,
                 std::vector<TicketId> known)
        : centre_(centre), clock_(clock), file_(file), people_(people), tickets_(std::move(known))
    {
    }

    /// In one transaction, which may run twice. @param last  time of the step before; what was due by its hour has happened
    void play(sql::Connection& db, std::span<const ReplayStep> steps, Instant last);
    /// Everything that is due by then.
    void tick(sql::Connection& db, Instant until);

private:
    void open(sql::Connection& db, const ReplayStep& step);
    void take(sql::Connection& db, const ReplayStep& step);
    void close(sql::Connection& db, const ReplayStep& step);
    /// In one go: the commands of a step share one moment, so that nothing falls due between them.
    void give(sql::Connection& db, const ReplayStep& step, std::span<const ticket::Command> commands);
    static void agree_on(std::vector<ticket::Command>& commands, const HistoricTicket& row, Instant expected_at);
    const ticket::Giver& agent_of(const HistoricTicket& row) const;

    Centre& centre_;
    ManualClock& clock_;
    const HistoricFile& file_;
    const HistoricCentre& people_;
    std::vector<TicketId> tickets_;
};

}  // namespace shouwen::app
