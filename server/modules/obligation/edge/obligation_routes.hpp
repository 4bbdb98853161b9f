#pragma once

#include "api/routes.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/policy/rules/policy.hpp"

#include <functional>

namespace shouwen::obligation {

struct RouteContext {
    sql::Store& store;
    std::function<organisation::OrganisationPtr()> organisation;
    std::function<policy::PolicyPtr()> policy;
    /// May this person read the ticket now?
    std::function<bool(const api::Actor&, TicketId, sql::Connection&)> may_see;
};

/// `/tickets/{id}/obligations`, `/obligations`, `/obligations/{id}/explanation`.
void add_obligation_routes(api::Routes& routes, const RouteContext& context);

}  // namespace shouwen::obligation
