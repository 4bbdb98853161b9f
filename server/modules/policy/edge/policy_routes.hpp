#pragma once

#include "api/routes.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/policy/rules/policy.hpp"
#include "platform/sql/feed.hpp"

#include <functional>
#include <memory>
#include <mutex>

namespace shouwen::policy {

/// The policy in force, held in memory; replaced as a whole when a version or a year of holidays is added, here or on
/// another node.
class Policies {
public:
    /// Reads the version in force; writes the defaults as version 1 into a store that has none.
    Policies(sql::Store& store, Instant now);

    PolicyPtr current() const;

private:
    void reload();

    sql::Store& store_;
    mutable std::mutex mutex_;  // held only for copying a pointer
    PolicyPtr current_;
    sql::Feed::Subscription changes_;
};

/// @param audit  one line into the audit log, in the same transaction
void add_policy_routes(
    api::Routes& routes, sql::Store& store, const Clock& clock, Policies& policies,
    std::function<organisation::OrganisationPtr()> organisation,
    std::function<void(sql::Connection&, StaffId, std::string_view action, std::string_view detail, Instant)> audit);

}  // namespace shouwen::policy
