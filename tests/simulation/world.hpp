#pragma once

#include "app/case_work.hpp"
#include "modules/ticket/store/asking.hpp"
#include "platform/outbox/outbox.hpp"
#include "platform/sql/feed.hpp"
#include "simulation/act.hpp"
#include "simulation/oracle.hpp"

#include <ostream>

/// A centre with its people, customers and process, over a store that may fail. The clock stands still but when an act moves
/// it. Everything that decides is the server's own: the desk, the rules, the book of obligations, rights, versions, repeated
/// requests and the dispatcher.
namespace shouwen::simulation {

class World {
public:
    /// @param watched  the same store, for the oracle to look into; none: only the end of the run is looked at, by others
    /// @param story  gets a line an act; may be none
    World(const Cast& cast, sql::Store& store, MemoryStore* watched, Defect defect, Coverage& coverage,
          std::ostream* story);
    ~World();

    /// Lets an act happen. @returns the invariant that does not hold after it
    std::optional<std::string> play(const Act& act);
    /// Lets everything that is due happen, twice, with a restart in between, and looks at the whole store.
    std::optional<std::string> finish();
    std::uint64_t digest() const { return store_.digest(); }

private:
    struct Answer;
    class Outside;

    // --- Acts
    void act(const Act& act);
    void pass(const Act& act);
    void intake(const Act& act);
    void staff(const Act& act);
    void race(const Act& act);
    void customer(const Act& act);
    void dispatch();
    void jump(const Act& act);
    void downtime(const Act& act);
    void absence(const Act& act);
    void policy_change(const Act& act);
    void file(const Act& act);

    // --- The process
    void start_process();
    /// @returns whether it is on disk; else the process died and runs again
    bool write(const std::function<void(sql::Connection&)>& work);
    void tick();
    void set_clock(Instant to);
    /// Sends a request, and once more when its answer is lost.
    void ask_as(const Act& act, const std::string& who, const std::function<Answer(sql::Connection&)>& work);

    // --- Who and what
    std::optional<ticket::Stored> some_ticket(const Act& act);
    std::optional<organisation::Actor> somebody(std::uint32_t who, const ticket::Ticket& ticket) const;
    bool is_on_shift(std::size_t person) const;
    std::string_view command_name(const Act& act, const ticket::Ticket& ticket, const organisation::Actor& actor);
    ticket::Command command(std::string_view name, std::uint32_t detail, const ticket::Ticket& ticket) const;
    static int slip_in(const ticket::Command& command);
    static organisation::Permissions permissions_for(std::string_view name);
    std::optional<ticket::Command> slip_command(std::string_view name, std::uint32_t detail,
                                                const ticket::Ticket& ticket, Instant when) const;
    Answer ask(sql::Connection& db, TicketId id, const ticket::Command& command, std::string_view name,
               const organisation::Actor& actor, std::optional<std::int64_t> version);
    Answer ask_for_customer(sql::Connection& db, TicketId id, const ticket::Command& command, std::string_view name);
    void count(std::string_view name, const Answer& answer);
    void tell(const std::string& line);
    void reorganise();

    const Cast cast_;
    UnreliableStore store_;
    MemoryStore* watched_;
    Coverage& coverage_;
    Oracle oracle_;
    std::ostream* story_;
    Instant now_;
    sql::Feed::Subscription notices_;
    Instant latest_;    ///< that the clock has shown since the look before
    Instant furthest_;  ///< that it has ever shown
    bool has_ticked_ = false;
    std::string fault_;
    IdSource ids_;
    std::size_t policy_index_;
    int policy_version_ = 1;
    policy::PolicyPtr policy_;
    organisation::OrganisationPtr organisation_;
    std::set<std::int64_t> absent_;
    std::map<std::int64_t, std::vector<std::string>> known_of_customer_;
    std::vector<TicketId> tickets_;
    std::uint64_t keys_ = 0;
    std::uint64_t sendings_ = 0;
    std::unique_ptr<app::CaseWork> case_work_;
    std::unique_ptr<outbox::Dispatcher> dispatcher_;
};

}  // namespace shouwen::simulation
