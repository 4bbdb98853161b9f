#pragma once

#include "api/routes.hpp"
#include "modules/organisation/rules/audit.hpp"
#include "modules/organisation/rules/organisation.hpp"

#include <functional>

namespace shouwen::customer {

/// What the routes need of others, supplied by the app; whatever is referred to outlives them.
struct Services {
    sql::Store& store;
    IdSource& ids;
    std::function<organisation::OrganisationPtr()> organisation;
    /// Adds to the audit log in the transaction given.
    std::function<void(sql::Connection&, const organisation::AuditEntry&)> append_audit;
    /// The entries of that action about a customer, newest first.
    std::function<std::vector<organisation::AuditEntry>(sql::Connection&, CustomerId, std::string_view action,
                                                        int limit)>
        audit_of;
};

/// Customers: found, read with their past, made, corrected; a masked value shown on record.
void add_customer_routes(api::Routes& routes, const Services& services);

}  // namespace shouwen::customer
