#pragma once

#include "api/routes.hpp"
#include "modules/improvement/store/improvements.hpp"
#include "modules/organisation/rules/audit.hpp"

#include <functional>

namespace shouwen::improvement {

/// What the routes need of others, supplied by the app; whatever is referred to outlives them.
struct Services {
    sql::Store& store;
    const Clock& clock;
    IdSource& ids;
    std::function<organisation::OrganisationPtr()> organisation;
    std::function<policy::PolicyPtr()> policy;
    /// Whether the actor may read the ticket that an item comes from.
    std::function<bool(const api::Actor&, TicketId, sql::Connection&)> may_see;
    std::function<void(sql::Connection&, const organisation::AuditEntry&)> audit;
    std::function<void(sql::Connection&, StaffId, std::string_view kind, const Improvement&, Instant)> tell;
    std::function<void()> wake;  ///< after the commit
};

void add_improvement_routes(api::Routes& routes, const Services& services);

}  // namespace shouwen::improvement
