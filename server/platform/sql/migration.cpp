#include "platform/sql/migration.hpp"

#include "platform/sql/refused.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <map>

namespace shouwen::sql {
namespace {

const Statement create_table_sqlite{"create_schema_migration",
                                    "CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY KEY, "
                                    "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT"};
const Statement create_table_postgres{"create_schema_migration",
                                      "CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY KEY, "
                                      "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)"};
const Statement has_table_sqlite{
    "has_schema_migration", "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'"};
const Statement has_table_postgres{
    "has_schema_migration",
    "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() "
    "AND table_name = 'schema_migration'"};
const Statement list_applied{"list_applied_migrations",
                             "SELECT number, name, checksum FROM schema_migration ORDER BY number"};
const Statement greatest_applied{"greatest_applied_migration", "SELECT coalesce(max(number), 0) FROM schema_migration"};
const Statement is_applied{"is_applied_migration", "SELECT 1 FROM schema_migration WHERE number = $1"};
const Statement record_applied{
    "record_migration", "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)"};

struct Applied {
    std::string name;
    std::string checksum;
};
using AppliedByNumber = std::map<int, Applied>;

bool has_table(Connection& connection)
{
    const auto& statement = connection.dialect() == Dialect::sqlite ? has_table_sqlite : has_table_postgres;
    return connection.first(statement, [](const Row& row) { return row.integer(0); }).value_or(0) > 0;
}

AppliedByNumber applied_migrations(Store& store)
{
    AppliedByNumber applied;
    store.read([&](Connection& connection) {
        if (!has_table(connection)) return;
        connection.each(list_applied, [&](const Row& row) {
            applied[static_cast<int>(row.integer(0))] = {row.string(1), row.string(2)};
        });
    });
    return applied;
}

void check(const AppliedByNumber& applied, std::span<const Migration> known)
{
    const int newest_applied = applied.empty() ? 0 : applied.rbegin()->first;
    if (newest_applied > newest_number(known))
        throw StoreRefused(StoreRefusal::schema_newer,
                           fmt::format("The store has schema {}, this program knows up to {}. Start the newer version "
                                       "of the program, or restore a backup made by this one.",
                                       newest_applied, newest_number(known)));
    for (const auto& migration : known) {
        const auto found = applied.find(migration.number);
        if (found == applied.end()) {
            if (migration.number < newest_applied)
                throw StoreRefused(StoreRefusal::migration_order,
                                   fmt::format("Migration {:04} ({}) was never applied, though {:04} was.",
                                               migration.number, migration.name, newest_applied));
        } else if (found->second.checksum != migration.checksum()) {
            throw StoreRefused(
                StoreRefusal::migration_changed,
                fmt::format("Migration {:04} ({}) was applied with another text (as {}). Use the program "
                            "version that made this store.",
                            migration.number, migration.name, found->second.name));
        }
    }
}

}  // namespace

std::string Migration::checksum() const
{
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
    std::string hex;
    for (const auto byte : hash) hex += fmt::format("{:02x}", byte);
    return hex;
}

int newest_number(std::span<const Migration> known)
{
    return known.empty() ? 0 : std::ranges::max(known, {}, &Migration::number).number;
}

Migrated migrate(Store& store, std::span<const Migration> known, Instant now)
{
    const auto applied = applied_migrations(store);
    check(applied, known);

    Migrated result;
    result.from = result.to = applied.empty() ? 0 : applied.rbegin()->first;
    for (const auto& migration : known) {
        if (applied.contains(migration.number)) continue;
        store.write([&](Connection& connection) {
            const bool sqlite = connection.dialect() == Dialect::sqlite;
            serialise(connection, "migration");  // of several processes that are started at once, one does it
            connection.execute(sqlite ? create_table_sqlite : create_table_postgres);
            if (connection.first(
                    is_applied, [](const Row&) { return true; }, migration.number))
                return;
            connection.run_script(migration.text);
            connection.execute(record_applied, migration.number, migration.name, migration.checksum(), now);
        });
        result.to = migration.number;
        ++result.applied_count;
    }
    return result;
}

Migrated migrate(Store& store, Instant now)
{
    return migrate(store, built_in_migrations(store.dialect()), now);
}

int schema_version(Connection& connection)
{
    if (!has_table(connection)) return 0;
    const auto number = connection.first(greatest_applied, [](const Row& row) { return row.integer(0); });
    return static_cast<int>(number.value_or(0));
}

}  // namespace shouwen::sql
