#pragma once

#include "modules/organisation/rules/organisation.hpp"
#include "modules/ticket/store/tickets.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace shouwen::ticket {

/// The rows of obligations, kept by the obligation module in the transaction of the ticket.
class ObligationBook {
public:
    virtual ~ObligationBook() = default;
    /// What the events opened, met, moved, paused and cancelled.
    virtual void record(sql::Connection& db, const Ticket& after, const Events& events, Instant now) = 0;
    /// Lets whatever is due for this ticket happen before a command does: a warning, a breach.
    /// @param until  the ticket's time; `now` is the clock's, by which people are told
    /// @returns whether anything was due, so that the ticket may be another one
    virtual bool fire_due(sql::Connection& db, TicketId ticket, Instant until, Instant now) = 0;
};

/// What the desk needs from the other modules; `app` supplies it.
struct Surroundings {
    std::function<policy::PolicyPtr()> policy;
    std::function<organisation::OrganisationPtr()> organisation;
    /// Which of name, contact and address the customer's file has.
    std::function<std::vector<std::string>(sql::Connection&, CustomerId)> known_of_customer;
    ObligationBook& obligations;
    /// Marks the ticket for the search index. `others`: whether others than before may read it, and so find its customer.
    std::function<void(sql::Connection&, const Ticket&, bool others)> index;
    /// A notice to a person about a ticket: kind and JSON payload.
    std::function<void(sql::Connection&, StaffId, std::string_view kind, TicketId, std::string_view payload, Instant)>
        tell;
    /// Tells those outside who asked for it: what happened to the ticket, as it is afterwards.
    std::function<void(sql::Connection&, const Ticket& after, const Events&, Instant)> announce;
    /// Keeps the records of revisits that the events open, put off and end.
    std::function<void(sql::Connection&, const Ticket& after, const Events&, Instant)> follow_ups;
    IdSource& ids;
    /// The zone whose days number the tickets.
    std::shared_ptr<const Zone> zone;
};

/// The one way in which tickets are written: load, decide, evolve, and everything that follows in the same transaction.
/// Used by routes, the policy's clock, replay and demo alike.
class Desk {
public:
    explicit Desk(Surroundings surroundings);

    /// The giver as the rules see them: rights that make a difference within the rules.
    static Giver giver(const organisation::Actor& actor);
    static Giver the_policy() { return {.source = Source::policy, .may_act_for_others = true}; }
    static Giver the_customer() { return {.source = Source::customer}; }

    /// Intake; id and number are given here.
    Result<Stored, Refused> receive(sql::Connection& db, Receive command, const Giver& by, Instant now,
                                    const std::optional<Hash>& secret_hash = std::nullopt);

    /// The ticket as it is at this moment, for a command in the same transaction: what is due has happened.
    std::optional<Stored> load_for_command(sql::Connection& db, TicketId id, Instant now);
    /// @param stored  from this transaction: loaded, or what the command before it left
    /// @param now  by the clock; the events happen at the ticket's time
    Result<Stored, Refused> carry_out(sql::Connection& db, const Stored& stored, const Command& command,
                                      const Giver& by, Instant now);
    /// Several commands in one go, each decided after the one before and all written together. @returns the refusal of
    /// the first that is refused; then none is written
    Result<Stored, Refused> carry_out(sql::Connection& db, const Stored& stored, std::span<const Command> commands,
                                      const Giver& by, Instant now);

    /// The rules' view of everything around one ticket.
    Context context(sql::Connection& db, CustomerId customer) const;
    Context context(std::vector<std::string> known_of_customer) const;

    const Surroundings& surroundings() const { return surroundings_; }

private:
    /// @param at  when it happens; `now` is the clock's
    Stored write(sql::Connection& db, const Stored* before, std::vector<Decided> decided, StaffId actor, Instant at,
                 Instant now, const std::optional<Hash>& secret_hash = std::nullopt);
    void tell_of(sql::Connection& db, const Ticket& ticket, const Events& events, bool is_new, StaffId actor,
                 Instant now);
    /// Whoever is not the actor learns what becomes of a hand-over (A4).
    void tell_of_hand_over(sql::Connection& db, const Ticket& ticket, const Events& events, StaffId actor, Instant now);
    /// Slips go to and fro between the owner and the units; each side is told what the other has done (A14).
    void tell_of_slips(sql::Connection& db, const Ticket& ticket, const Events& events, StaffId actor, Instant now);

    Surroundings surroundings_;
};

/// What the organisation's rights decide about.
organisation::TicketScope scope_of(const Ticket& ticket);
/// The same for what is a slip's unit's to do: nothing of the ticket counts but this one unit.
organisation::TicketScope scope_of(const Ticket& ticket, const TransferSlip& slip);

}  // namespace shouwen::ticket
