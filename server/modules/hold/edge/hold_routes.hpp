#pragma once

#include "api/routes.hpp"
#include "modules/hold/store/holds.hpp"

#include <functional>
#include <string>

namespace shouwen::hold {

/// What the routes need of others, supplied by the app; whatever is referred to outlives them.
struct Services {
    sql::Store& store;
    const Clock& clock;
    std::function<std::string(StaffId)> name_of_staff;
    /// How much stands still.
    std::function<std::int64_t(sql::Connection&, Effect, Instant now)> waiting_count;
    /// With what follows from it, and the audit log. @returns nothing when there is no such open hold
    std::function<std::optional<Hold>(sql::Connection&, HoldId, StaffId by, std::string_view comment, Instant now)>
        release;
    std::function<void()> wake;  ///< after the commit
};

void add_hold_routes(api::Routes& routes, const Services& services);

}  // namespace shouwen::hold
