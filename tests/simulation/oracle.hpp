#pragma once

#include "base/hash.hpp"
#include "modules/policy/rules/policy.hpp"
#include "modules/ticket/rules/event.hpp"
#include "simulation/coverage.hpp"
#include "simulation/memory_store.hpp"

/// Says which invariant of the domain model does not hold, from what lies in the store and what lay there before. It knows
/// what must be true and nothing of how the rules make it so.
namespace shouwen::simulation {

/// The moment of the look, as far as it decides what may have happened.
struct Moment {
    Instant now;              ///< by the clock
    Instant latest;           ///< the furthest it has been since the look before
    bool has_ticked = false;  ///< everything that was due has just been fired
    policy::PolicyPtr policy;
    const std::map<std::int64_t, std::vector<std::string>>& known_of_customer;
};

class Oracle {
public:
    explicit Oracle(Coverage& coverage) : coverage_(coverage) {}

    /// After each act. @returns what does not hold, with the number of the invariant; nothing when all is well
    std::optional<std::string> look(MemoryStore& store, const Moment& moment);
    /// Over everything there is, once nothing is due any more.
    std::optional<std::string> look_at_all(const MemoryStore& store);
    /// A command that was answered: its last event must stay (9).
    void acknowledged(std::int64_t ticket, std::int64_t seq, std::string hash);
    /// A notice was shown. @returns whether for the first time
    bool shown(std::int64_t notice) { return shown_.insert(notice).second; }
    /// A message went to the outside.
    void sent(std::int64_t message) { sent_.insert(message); }
    /// The ticket as its stored events tell it; none: unknown.
    const ticket::Ticket* folded(std::int64_t id) const;

private:
    /// What was known of a ticket at the last look.
    struct Known {
        ticket::Ticket folded;
        std::size_t events = 0;
        Hash hash;
        Instant last_at{};
        std::vector<ObligationRow> obligations;
        std::vector<int> endings;
        std::optional<ticket::Archived> archived;
    };
    struct Transitions;

    std::string events(Known& known, const TicketRows& rows);
    void note(Known& known, const ticket::Event& event);
    static std::string ledger(const ticket::Ticket& ticket, const TicketRows& rows);
    static std::string something_owed(const ticket::Ticket& ticket, const TicketRows& rows);
    static std::string archive(const Known& known, const Moment& moment);
    std::string obligations(Known& known, const TicketRows& rows, const Moment& moment, Transitions& fired);
    static std::string row_equals_fold(const Known& known, const TicketRows& rows);
    std::string told(const MemoryStore& store, const std::map<std::int64_t, Transitions>& fired);
    static std::string nothing_overslept(const Tables& tables, const Moment& moment);

    Coverage& coverage_;
    std::map<std::int64_t, Known> known_;
    std::size_t messages_ = 0;
    std::map<std::pair<std::int64_t, std::int64_t>, std::string> acknowledged_;
    std::set<std::int64_t> shown_, sent_;
};

}  // namespace shouwen::simulation
