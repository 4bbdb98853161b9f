#pragma once

#include "app/centre.hpp"
#include "app/demo_script.hpp"

#include <map>
#include <queue>
#include <string>

namespace shouwen::app::demonstration {

/// One ticket of the demo: a story, when what happens, and who the people are.
struct Life {
    const Story* story = nullptr;
    Script script;
    std::size_t length = 0;  ///< beats that take place
    StaffId owner;
    StaffId supervisor;
    UnitId merchant;
    AreaId area;
    CustomerId customer;  ///< of an existing file; none: `person` comes for the first time
    const Person* person = nullptr;
    std::optional<Hash> secret_hash = {};
    TicketId ticket = {};  ///< once it was received
};

/// Lets lives happen in the order of their times, by the real commands.
class Players {
public:
    /// @param tick_at_least  how far the clock may run before what is due is done; zero: each at its own moment
    Players(Centre& centre, ManualClock& clock, Duration tick_at_least);

    Life& add(Life life);
    /// Everything before `until`, and the clock set there.
    void play(Instant until);

    /// The tickets whose customers got a link.
    const std::vector<std::pair<Hash, TicketId>>& links() const { return links_; }
    std::int64_t command_count() const { return commands_; }
    std::int64_t ticket_count() const { return tickets_; }
    /// What the rules refused, by code; what happens to a matter is not all foreseen.
    const std::map<std::string, int>& refusals() const { return refusals_; }

private:
    struct Due {
        Instant at;
        std::int64_t life;
        std::size_t beat;
        bool operator>(const Due& other) const { return std::tie(at, life) > std::tie(other.at, other.life); }
    };
    struct Outcome {
        std::int64_t commands = 0;
        std::int64_t tickets = 0;
        std::map<std::string, int> refusals;
    };

    void advance(Instant to);
    std::vector<Due> take(Instant until);
    void perform(sql::Connection& db, const Due& due, Outcome& outcome);
    void receive(sql::Connection& db, Life& life, Instant at);
    ticket::Giver giver(StaffId staff);

    Centre& centre_;
    ManualClock& clock_;
    const Duration tick_at_least_;
    Instant ticked_at_;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
    std::map<std::int64_t, Life> lives_;  ///< those that go on: what is done is forgotten
    std::vector<std::pair<Hash, TicketId>> links_;
    std::int64_t last_life_ = 0;
    std::map<StaffId, ticket::Giver> givers_;
    std::int64_t commands_ = 0;
    std::int64_t tickets_ = 0;
    std::map<std::string, int> refusals_;
};

}  // namespace shouwen::app::demonstration
