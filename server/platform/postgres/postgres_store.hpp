#pragma once

#include "platform/sql/sql.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace shouwen::postgres {

struct PostgresOptions {
    std::string url;  ///< postgresql://…, as libpq reads it
    /// Connections for reading; whoever finds all of them taken waits in the order of coming.
    std::size_t readers_max = 8;
    /// Transactions that write at the same time. Jobs on the same ticket wait for each other in the database.
    std::size_t writers = 2;
    /// Jobs that may wait for a writer; more are refused.
    std::size_t queue_max = 10'000;
    /// Jobs that share one transaction: few, as they hold the locks of all their tickets until its end.
    std::size_t batch_max = 32;
    /// How long a read waits for a connection before it is refused.
    std::chrono::milliseconds wait_max{5'000};
    /// How long one statement may take.
    std::chrono::milliseconds statement_max{30'000};
    /// A writing transaction that stands open for so long without a statement is that of a process which sleeps or hangs: the
    /// server ends it, so that others get at what it holds, and it can settle nothing when it wakes.
    std::chrono::milliseconds idle_max{10'000};
    /// Opens also what a copy has not finished yet: for the copy itself.
    bool accept_half_copied = false;
    /// The newest schema this program can work with; by default that of the migrations built in.
    int schema_known = 0;
};

/// Whether a store's name is one of a PostgreSQL database, and not of a file.
inline bool is_address(std::string_view store)
{
    return store.starts_with("postgresql://");
}

/// The address without what opens it: user, password and options.
std::string shown_address(const std::string& url);

/// An address for PostgreSQL's own programs: as `key='value'` pairs, without the password, which belongs into PGPASSWORD and
/// not where every user of the machine can read it.
struct ProgramAddress {
    std::string pairs;
    std::string password;  ///< empty: none
};
/// @throws std::invalid_argument when it is no address
ProgramAddress program_address(const std::string& url);

/// Opens a database that exists. Its schema is the caller's next step: `sql::migrate`.
/// @throws sql::StoreRefused when it must not or cannot be opened; its text tells the operator why.
std::unique_ptr<sql::Store> open_postgres(PostgresOptions options);

}  // namespace shouwen::postgres
