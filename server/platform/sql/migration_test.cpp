#include "platform/sql/migration.hpp"

#include "platform/sql/refused.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace shouwen::sql {
namespace {

using sqlite::open_sqlite;
using sqlite::TemporaryFolder;

const Statement list_schema{"list_schema",
                            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
                            "AND name NOT LIKE 'search_index_%' ORDER BY name"};
const Statement list_history{"list_history", "SELECT number, applied_at FROM schema_migration ORDER BY number"};

const std::vector<Migration> first_two{{1, "animal", "CREATE TABLE animal (id INTEGER PRIMARY KEY) STRICT;"},
                                       {2, "legs",
                                        "ALTER TABLE animal ADD COLUMN legs INTEGER; "
                                        "CREATE INDEX animal_by_legs ON animal (legs);"}};

std::string schema_of(Store& store)
{
    std::string schema;
    store.read([&](Connection& connection) {
        connection.each(list_schema, [&](const Row& row) { schema += row.string(0) + ";\n\n"; });
    });
    return schema;
}

std::optional<StoreRefusal> refusal_of(Store& store, std::span<const Migration> known)
{
    try {
        migrate(store, known, Instant{});
    } catch (const StoreRefused& refused) {
        return refused.code;
    }
    return std::nullopt;
}

TEST(Migration, SecondRunChangesNothing)
{
    const TemporaryFolder folder;
    const auto store = open_sqlite({.path = folder / "shouwen.db", .schema_known = 9});
    const auto first = migrate(*store, first_two, from_ms(1'000));
    EXPECT_EQ(first.applied_count, 2);
    EXPECT_EQ(first.to, 2);
    const auto schema = schema_of(*store);

    const auto second = migrate(*store, first_two, from_ms(2'000));
    EXPECT_EQ(second.applied_count, 0);
    EXPECT_EQ(second.from, 2);
    EXPECT_EQ(schema_of(*store), schema);
    store->read([](Connection& connection) {
        connection.each(list_history, [](const Row& row) { EXPECT_EQ(row.integer(1), 1'000); });
    });
}

TEST(Migration, FailingStepLeavesNothingBehind)
{
    const TemporaryFolder folder;
    const auto store = open_sqlite({.path = folder / "shouwen.db", .schema_known = 9});
    auto broken = first_two;
    broken.push_back(
        {3, "broken", "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE half (id INTEGER);"});
    EXPECT_THROW(migrate(*store, broken, Instant{}), DatabaseFault);
    EXPECT_THAT(schema_of(*store), testing::Not(testing::HasSubstr("half")));
    store->read([](Connection& connection) { EXPECT_EQ(schema_version(connection), 2); });
}

TEST(Migration, RefusesWhatDoesNotFitTheProgram)
{
    const TemporaryFolder folder;
    const auto store = open_sqlite({.path = folder / "shouwen.db", .schema_known = 9});
    ASSERT_EQ(refusal_of(*store, first_two), std::nullopt);

    auto edited = first_two;
    edited[1].text = "ALTER TABLE animal ADD COLUMN legs TEXT;";
    EXPECT_EQ(refusal_of(*store, edited), StoreRefusal::migration_changed);

    EXPECT_EQ(refusal_of(*store, std::span{first_two}.first(1)), StoreRefusal::schema_newer);

    const std::vector<Migration> later{
        first_two[0], first_two[1], {4, "later", "CREATE TABLE later (id INTEGER) STRICT;"}};
    ASSERT_EQ(refusal_of(*store, later), std::nullopt);
    auto late = later;
    late.insert(late.begin() + 2, {3, "forgotten", "SELECT 1;"});
    EXPECT_EQ(refusal_of(*store, late), StoreRefusal::migration_order);
}

TEST(Migration, BothDialectsHaveTheSameNumbersAndNames)
{
    const auto sqlite = built_in_migrations(Dialect::sqlite);
    const auto postgres = built_in_migrations(Dialect::postgres);
    ASSERT_EQ(sqlite.size(), postgres.size());
    for (std::size_t i = 0; i < sqlite.size(); ++i) {
        EXPECT_EQ(sqlite[i].number, postgres[i].number);
        EXPECT_EQ(sqlite[i].name, postgres[i].name);
        if (i > 0) EXPECT_LT(sqlite[i - 1].number, sqlite[i].number);
    }
}

TEST(Migration, BuiltInOnesBuildTheWholeSchemaOfAnEmptyDatabase)
{
    sqlite::TemporaryStore store;
    EXPECT_EQ(migrate(*store, Instant{}).applied_count, 0);
    store.reopen();
    EXPECT_EQ(migrate(*store, Instant{}).to, newest_number(built_in_migrations(Dialect::sqlite)));
}

}  // namespace
}  // namespace shouwen::sql
