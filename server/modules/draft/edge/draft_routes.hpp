#pragma once

#include "api/routes.hpp"

#include <functional>

namespace shouwen::draft {

/// What the routes need of others, supplied by the app; the store outlives them.
struct Services {
    sql::Store& store;
    /// May this person read the ticket now? Asked inside the transaction.
    std::function<bool(const api::Actor&, TicketId, sql::Connection&)> may_see;
};

/// One's own drafts: listed, kept, forgotten.
void add_draft_routes(api::Routes& routes, const Services& services);

}  // namespace shouwen::draft
