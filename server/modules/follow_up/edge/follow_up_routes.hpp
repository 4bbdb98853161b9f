#pragma once

#include "api/routes.hpp"
#include "modules/customer/rules/customer.hpp"
#include "modules/follow_up/store/follow_ups.hpp"
#include "modules/organisation/rules/organisation.hpp"

#include <functional>
#include <span>
#include <vector>

namespace shouwen::follow_up {

/// What the routes need of others, supplied by the app; whatever is referred to outlives them.
struct Services {
    sql::Store& store;
    const Clock& clock;
    std::function<organisation::OrganisationPtr()> organisation;
    std::function<policy::PolicyPtr()> policy;
    /// In no order; unknown ones are left out.
    std::function<std::vector<ticket::Ticket>(sql::Connection&, std::span<const TicketId>)> tickets;
    std::function<std::vector<customer::CustomerRow>(sql::Connection&, std::span<const CustomerId>)> customers;
    /// What the rights of both decide about.
    std::function<organisation::TicketScope(const ticket::Ticket&)> scope_of;
    /// The ticket locked, with what is due for it done. Before the revisit is read that is to be changed.
    /// @returns the ticket's time, at which it happens
    std::function<Instant(sql::Connection&, TicketId, Instant)> lock;
    /// What the attempt does to the ticket: its record, the end of the obligation, and the way on when the matter came back.
    /// @returns the ticket that was made for it, if one was; or why not, and then nothing is written
    std::function<Result<TicketId, api::Problem>(sql::Connection&, const api::Actor&, const FollowUp& after,
                                                 const Attempt&, Instant)>
        carry_out;
    std::function<void()> wake;  ///< after the commit
};

void add_follow_up_routes(api::Routes& routes, const Services& services);

}  // namespace shouwen::follow_up
