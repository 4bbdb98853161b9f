#pragma once

#include "modules/organisation/edge/services.hpp"
#include "modules/organisation/store/committing.hpp"

#include <string>
#include <string_view>

/// What the organisation's writes share.
namespace shouwen::organisation {

api::Problem problem_of(Refusal refusal);
/// 429 with the seconds to wait.
api::Problem throttled(Duration wait);

/// Ends all sessions and tokens of a person.
void end_all(sql::Connection& db, StaffId staff, Instant now, const Services& services);

/// Runs a write from the pool as the routes' own writes run: one transaction, then what follows the commit.
api::Answer write_now(const Services& services, const api::WriteWork& work);

}  // namespace shouwen::organisation
