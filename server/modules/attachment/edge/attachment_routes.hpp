#pragma once

#include "api/routes.hpp"
#include "modules/attachment/store/blobs.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/ticket/rules/command.hpp"

#include <functional>

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
    std::uint64_t size_bytes_max = 25 << 20;
};

/// Files of tickets: added as a request's body, listed, downloaded.
void add_attachment_routes(api::Routes& routes, const Services& services);

}  // namespace shouwen::attachment
