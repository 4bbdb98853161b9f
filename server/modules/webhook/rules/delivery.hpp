#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"

#include <optional>
#include <vector>

namespace shouwen::webhook {

using WebhookId = Id<struct WebhookTag>;

// What an answer means.
BOOST_DEFINE_ENUM_CLASS(Verdict, accepted, failed,
                        gone)  // 410: the receiver wants nothing any more

/// 2xx is an acceptance, 410 a farewell, everything else a failure: a redirection too, and no answer at all.
/// @param status  0 when none came
Verdict judge(int status);

/// From one attempt to the next; the first is made at once. A day and some hours in all, as Standard Webhooks advises.
std::vector<Duration> delays();

/// A receiver of which nothing but failures came for so long is switched off.
inline constexpr Duration patience = std::chrono::hours{5 * 24};
bool is_given_up(std::optional<Instant> failing_since, Instant now);

/// How long the replaced secret signs too.
inline constexpr Duration old_secret_time = std::chrono::hours{24};
inline constexpr Duration attempt_timeout = std::chrono::seconds{15};
inline constexpr int webhooks_max = 50;
inline constexpr int under_way_max = 4;  ///< at a time, to one receiver

BOOST_DEFINE_ENUM_CLASS(DisabledReason, by_hand, gone, failing)

// The spelling is the API's `code`.
BOOST_DEFINE_ENUM_CLASS(Refusal, webhook_name_taken, webhooks_too_many, webhook_disabled)

}  // namespace shouwen::webhook
