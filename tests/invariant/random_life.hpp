#pragma once

#include "modules/ticket/rules/life_for_tests.hpp"

#include <optional>
#include <random>
#include <string>
#include <vector>

/// Random acts upon one ticket and the invariants of the domain model that must hold after each.
namespace shouwen::ticket {

/// All that is random about one act, so that a run can be repeated and shortened.
struct RandomAct {
    unsigned kind = 0;     ///< which command, or the policy's clock
    unsigned giver = 0;    ///< who
    unsigned detail = 0;   ///< grade, class, score …
    Duration later{};      ///< time that passes before
    bool insists = false;  ///< whether what is not possible now is replaced by something that is
};

RandomAct random_act(std::mt19937_64& random);
std::string describe(const RandomAct& act);

/// How much happened, so that a run that tests nothing is noticed.
struct Tally {
    int accepted = 0;
    int refused = 0;
    int archived = 0;
    int cancelled = 0;
    int reworked = 0;
    int reopened = 0;
    int transferred = 0;
    int rejected = 0;
    int confirmed = 0;
    int handed_over = 0;
    int asked_for_time = 0;
    int granted_time = 0;
    int ruled_for_owner = 0;
    int revisited = 0;
};

/// The command that an act stands for, as the ticket is now.
std::pair<Command, Giver> command_of(const RandomAct& act, const Ticket& ticket, Instant now,
                                     const std::vector<std::string_view>& possible);

/// A ticket, everything that ever happened to it, and a fold of its own.
class RandomTicket {
public:
    void play(const RandomAct& act, Tally& tally);
    /// Which invariant does not hold, if one does not.
    std::optional<std::string> fault() const;

private:
    void receive(const RandomAct& act);
    void keep(Events events, Instant at);
    std::optional<std::string> fault_of_ledger() const;
    std::optional<std::string> fault_of_obligations() const;
    std::optional<std::string> fault_of_slips() const;
    std::optional<std::string> fault_of_archive() const;
    std::optional<std::string> fault_of_fold() const;

    Life life_{policy_of_all()};
    static policy::PolicyPtr policy_of_all();
    bool received_ = false;
    Ticket folded_;  ///< by `evolve` alone, from the events as they are stored
    int rejections_ = 0;
    std::vector<int> endings_;  ///< of each obligation, by its number
    std::optional<std::string> misnumbered_;
    std::optional<Event> last_event_;
};

}  // namespace shouwen::ticket
