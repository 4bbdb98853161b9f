#pragma once

#include "modules/webhook/edge/resending.hpp"

namespace shouwen::webhook {

/// `GET /api/v1/dead_letters` and its commands: what went out on no channel, for those who may edit webhooks.
void add_dead_letter_routes(api::Routes& routes, const Around& around);

}  // namespace shouwen::webhook
