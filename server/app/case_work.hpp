#pragma once

#include "modules/obligation/store/obligations.hpp"
#include "modules/ticket/store/desk.hpp"

/// The desk that writes tickets and the book of their obligations, each served by the other: the desk keeps the book in its
/// transactions, and the book's clock files through the desk.
namespace shouwen::app {

class CaseWork {
public:
    /// What both need from the rest of the centre.
    struct Surroundings {
        std::function<policy::PolicyPtr()> policy;
        std::function<organisation::OrganisationPtr()> organisation;
        /// Which of name, contact and address the customer's file has.
        std::function<std::vector<std::string>(sql::Connection&, CustomerId)> known_of_customer;
        /// Marks the ticket for the search index.
        std::function<void(sql::Connection&, const ticket::Ticket&, bool others)> index;
        /// Tell those outside who asked for it: what happened to a ticket, and which limit comes near or has passed.
        std::function<void(sql::Connection&, const ticket::Ticket& after, const ticket::Events&, Instant)> announce;
        std::function<void(sql::Connection&, const obligation::Fired&, Instant)> announce_fired;
        /// Keeps the records of revisits.
        std::function<void(sql::Connection&, const ticket::Ticket& after, const ticket::Events&, Instant)> follow_ups;
        IdSource& ids;
        /// The zone whose days number the tickets.
        std::shared_ptr<const Zone> zone;
        /// How far the policy may file by itself, and what to do when very many are due; without them nothing is held.
        std::function<obligation::Filing(sql::Connection&)> filing = {};
        std::function<void(sql::Connection&, int more_than, Instant)> hold_filing = {};
    };

    explicit CaseWork(const Surroundings& surroundings);

    ticket::Desk& desk() { return desk_; }
    obligation::Obligations& obligations() { return obligations_; }

private:
    /// The obligation module keeps the ticket module's book.
    class Book final : public ticket::ObligationBook {
    public:
        explicit Book(obligation::Obligations& obligations) : obligations_(obligations) {}
        void record(sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events,
                    Instant at) override;
        bool fire_due(sql::Connection& db, TicketId ticket, Instant until, Instant now) override;

    private:
        obligation::Obligations& obligations_;
    };

    std::optional<ticket::Refused> close_by_policy(sql::Connection& db, TicketId id, Instant now);

    obligation::Obligations obligations_;
    Book book_{obligations_};
    ticket::Desk desk_;
};

}  // namespace shouwen::app
