#pragma once

#include "api/routes.hpp"
#include "modules/attachment/store/blobs.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/ticket/rules/command.hpp"

#include <functional>
#include <optional>

namespace shouwen::attachment {

/// What the routes need of others, supplied by the app; whatever is referred to outlives them.
struct Services {
    sql::Store& store;
    IdSource& ids;
    const Blobs& blobs;
    std::function<organisation::OrganisationPtr()> organisation;
    /// May this person read the ticket now?
    std::function<bool(const api::Actor&, TicketId, sql::Connection&)> may_see;
    /// Carries the command out on the ticket, in the transaction given, and decides whether this person may.
    std::function<api::Written(sql::Connection&, const api::Actor&, TicketId, ticket::AddAttachment, Instant)>
        add_to_ticket;
    /// The ticket that a customer's number and link secret open; nothing when they open none.
    std::function<std::optional<TicketId>(sql::Connection&, const http::Request&)> ticket_of_customer;
    /// The same for the customer; the answer is the customer's view of the request.
    std::function<api::Written(sql::Connection&, TicketId, ticket::AddAttachment, Instant)> add_for_customer;
    const Clock& clock;
    std::uint64_t size_bytes_max = 25 << 20;
    std::uint64_t customer_size_bytes_max = 10 << 20;
    int customer_files_max = 20;  ///< of one request
};

/// Files of tickets: added as a request's body, listed, downloaded; by staff, and by the customer whose matter it is.
/// A customer is shown what the customer sent, and nothing of the staff's.
void add_attachment_routes(api::Routes& routes, const Services& services);

}  // namespace shouwen::attachment
