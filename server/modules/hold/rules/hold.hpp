#pragma once

#include "base/names.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// Holds (暂停待确认): an effect that cannot be taken back stands still for the whole centre until somebody says "go on".
namespace shouwen::hold {

/// What stands still.
BOOST_DEFINE_ENUM_CLASS(Effect,
                        outgoing,          // what leaves for the outside through the outbox; notices to staff go on
                        automatic_filing)  // what the policy files when the customer stays silent (D11)

BOOST_DEFINE_ENUM_CLASS(Cause,
                        restored,      // the store comes from a backup: what was sent after it is sent in no row of it
                        new_timeline,  // the database was promoted, and may lack what was acknowledged last
                        new_system,    // the rows are in another cluster than before
                        many_due)      // more at once than the policy files unasked

/// A PostgreSQL server, as far as its history goes.
struct Server {
    std::string system;  ///< the cluster's identifier, in digits
    std::int64_t timeline = 0;

    bool operator==(const Server&) const = default;
};

/// Why the outside has to wait when the rows are found on another server than they were written on.
std::optional<Cause> cause_of_change(const Server& before, const Server& now);

}  // namespace shouwen::hold
