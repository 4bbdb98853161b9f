#pragma once

#include "platform/sql/sql.hpp"

#include <chrono>
#include <optional>

/// Work that one process at a time does, though all could: whoever finds the lease free takes it, and whoever does not
/// renew it loses it. A lease alone proves nothing, as its holder may have slept: so `confirm`, in the transaction that
/// writes, holds the token against the stored one.
namespace shouwen::sql {

/// Somebody else has taken the lease meanwhile: what was worked out is not to be written.
struct LeaseLost : DatabaseFault {
    using DatabaseFault::DatabaseFault;
};

/// Of one thread, or guarded by whoever has it.
class Lease {
public:
    /// @param name  constant of static lifetime
    Lease(const char* name, Duration length) : name_(name), length_(length) {}

    /// By the database's clock. An embedded store has one process: always. @returns the token, or nothing when another holds it
    std::optional<std::int64_t> take(Store& store);
    /// In the transaction that writes: renews the lease, or gives it back.
    enum class Then { keep, give_back };
    void confirm(Connection& db, std::int64_t token, Then then);
    /// In a transaction of its own; nothing happens when it is lost already.
    void give_back(Store& store);

private:
    const char* name_;
    const Duration length_;
    std::int64_t held_ = 0;  ///< the token as far as we know; 0: none
};

}  // namespace shouwen::sql
