#pragma once

#include "api/routes.hpp"
#include "modules/webhook/store/webhooks.hpp"
#include "platform/outgoing/guard.hpp"

#include <functional>
#include <string_view>

namespace shouwen::webhook {

/// What the routes need of others, supplied by the app; what it refers to outlives them.
struct Services {
    sql::Store& store;
    IdSource& ids;
    outgoing::Guard guard;
    /// A line of the audit log, in the transaction. @param data  a JSON object
    std::function<void(sql::Connection&, StaffId by, std::string_view action, std::string_view subject_kind,
                       std::string_view subject_id, std::string_view data, Instant)>
        audit;
    /// There is something to send.
    std::function<void()> wake;
    /// What a dead letter's target is called, where it is a person or the like; empty when unknown.
    std::function<std::string(std::string_view channel, std::string_view target)> name_of_target;
};

/// Webhooks, their deliveries, and the dead letters of all channels.
void add_webhook_routes(api::Routes& routes, Services services);

}  // namespace shouwen::webhook
