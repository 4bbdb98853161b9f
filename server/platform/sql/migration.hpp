#pragma once

#include "base/instant.hpp"
#include "platform/sql/sql.hpp"

#include <span>
#include <string>
#include <string_view>

/// The schema's history: forward only, each step once, in one transaction with the row that records it.
namespace shouwen::sql {

struct Migration {
    int number;
    std::string_view name;
    std::string_view text;

    /// BLAKE2b of the text, in hex: a merged migration is never edited.
    std::string checksum() const;
};

/// The migrations built into this program, ascending.
std::span<const Migration> built_in_migrations(Dialect dialect);

/// 0 when there are none.
int newest_number(std::span<const Migration> known);

struct Migrated {
    int from = 0;
    int to = 0;
    int applied_count = 0;
};

/// Brings the store's schema up to `known`; a second run changes nothing.
/// @throws StoreRefused `schema_newer`, `migration_changed` (the text differs from what was applied) or
/// `migration_order` (a number that should have come before those already applied).
Migrated migrate(Store& store, std::span<const Migration> known, Instant now);

/// With the built-in ones.
Migrated migrate(Store& store, Instant now);

/// The greatest number applied, 0 in an empty database. Inside any transaction.
int schema_version(Connection& connection);

}  // namespace shouwen::sql
