#pragma once

#include "modules/follow_up/edge/follow_up_routes.hpp"
#include "modules/ticket/edge/ticket_routes.hpp"

/// Revisits with what they do to tickets.
namespace shouwen::app {

follow_up::Services follow_up_services(const ticket::RouteContext& tickets,
                                       std::function<organisation::OrganisationPtr()> organisation,
                                       std::function<policy::PolicyPtr()> policy);

}  // namespace shouwen::app
