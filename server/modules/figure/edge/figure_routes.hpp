#pragma once

#include "api/routes.hpp"
#include "modules/organisation/rules/organisation.hpp"

#include <functional>

namespace shouwen::figure {

/// What the routes need of others, supplied by the app; whatever is referred to outlives them.
struct Services {
    sql::Store& store;
    const Clock& clock;
    std::function<organisation::OrganisationPtr()> organisation;
};

void add_figure_routes(api::Routes& routes, const Services& services);

}  // namespace shouwen::figure
