#pragma once

#include "api/routes.hpp"
#include "modules/matrix/rules/propose.hpp"
#include "modules/matrix/store/matrix_copy.hpp"
#include "modules/organisation/rules/audit.hpp"

#include <functional>
#include <optional>

namespace shouwen::matrix {

/// What the routes need of others, supplied by the app; what it refers to outlives them.
struct Services {
    sql::Store& store;
    IdSource& ids;
    const MatrixCopy& matrix;
    std::function<organisation::OrganisationPtr()> organisation;
    std::function<policy::PolicyPtr()> policy;
    /// The ticket as the matrix sees it; nothing for one that is not there or not this person's to read.
    std::function<std::optional<Matter>(const api::Actor&, TicketId, sql::Connection&)> matter_of;
    /// A line of the audit log, in the transaction.
    std::function<void(sql::Connection&, const organisation::AuditEntry&)> audit;
};

/// `/matrix`, its rows, the trial, and `/tickets/{id}/proposal`.
void add_matrix_routes(api::Routes& routes, Services services);

}  // namespace shouwen::matrix
