#include "platform/sqlite/backup.hpp"

#include "platform/sql/refused.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace shouwen::sqlite {
namespace {

using sql::StoreRefusal;
using testing::HasSubstr;
using testing::IsEmpty;

const sql::Statement create_item{
    "create_item",
    "CREATE TABLE item (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES item (id), content BLOB) STRICT"};
const sql::Statement insert_item{"insert_item", "INSERT INTO item (id, content) VALUES ($1, zeroblob($2))"};
const sql::Statement count_items{"count_items", "SELECT count(*) FROM item"};

std::int64_t count(sql::Store& store)
{
    std::int64_t items = 0;
    store.read(
        [&](sql::Connection& c) { items = *c.first(count_items, [](const sql::Row& row) { return row.integer(0); }); });
    return items;
}

template <class Act>
std::optional<StoreRefusal> refusal(Act act)
{
    try {
        act();
    } catch (const sql::StoreRefused& refused) {
        return refused.code;
    }
    return std::nullopt;
}

class BackupTest : public testing::Test {
protected:
    BackupTest()
    {
        store->write([](sql::Connection& connection) {
            connection.execute(create_item);
            for (int i = 1; i <= 100; ++i) connection.execute(insert_item, i, 100'000);
        });
    }
    std::vector<std::string> names(const TemporaryFolder& folder)
    {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator{folder.path()})
            names.push_back(entry.path().filename());
        return names;
    }
    void overwrite(const std::filesystem::path& path, std::int64_t position, char byte)
    {
        std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(position, position < 0 ? std::ios::end : std::ios::beg);
        file.put(byte);
    }

    TemporaryStore store;
    TemporaryFolder elsewhere;
    const std::filesystem::path backup = elsewhere / "backup.db";
    const std::filesystem::path restored = elsewhere / "restored.db";
};

TEST_F(BackupTest, RestoredStoreHoldsTheMomentOfTheBackupThoughWritesWentOn)
{
    int next = 1'000;
    const auto manifest =
        back_up(store->path(), backup, from_ms(77), {.between_steps = [&](std::int64_t, std::int64_t) {
                    store->write([&](sql::Connection& c) { c.execute(insert_item, next++, 10); });
                }});
    EXPECT_GT(next, 1'002);  // it was copied in several steps
    EXPECT_EQ(manifest.made_at, from_ms(77));
    EXPECT_THAT(names(elsewhere), testing::ElementsAre("backup.db"));

    EXPECT_EQ(restore(backup, restored).checksum, manifest.checksum);
    EXPECT_EQ(count(*open_sqlite({.path = restored})), 100);
    EXPECT_EQ(count(*store), 100 + next - 1'000);
    EXPECT_THAT(check_file(restored), IsEmpty());
}

TEST_F(BackupTest, StoreOfAStoppedServerIsBackedUpToo)
{
    const auto path = store->path();
    std::filesystem::copy_file(path, elsewhere / "still.db");  // may lack what is in the log
    std::filesystem::copy_file(path.string() + "-wal", elsewhere / "still.db-wal");
    back_up(elsewhere / "still.db", backup, Instant{});
    restore(backup, restored);
    EXPECT_EQ(count(*open_sqlite({.path = restored})), 100);
}

TEST_F(BackupTest, NothingIsOverwritten)
{
    back_up(store->path(), backup, Instant{});
    EXPECT_EQ(refusal([&] { back_up(store->path(), backup, Instant{}); }), StoreRefusal::store_exists);
    EXPECT_EQ(refusal([&] { restore(backup, store->path()); }), StoreRefusal::store_exists);
    restore(backup, restored);
    EXPECT_EQ(refusal([&] { restore(backup, restored); }), StoreRefusal::store_exists);
}

TEST_F(BackupTest, DamagedForeignAndNewerBackupsAreRefusedAndLeaveNothingBehind)
{
    back_up(store->path(), backup, Instant{});
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(backup));
    const struct {
        const char* name;
        std::function<void(const std::filesystem::path&)> harm;
        StoreRefusal then;
    } cases[] = {
        {"a byte of the database", [&](const auto& p) { overwrite(p, size / 2, 'X'); }, StoreRefusal::backup_damaged},
        {"the manifest's moment", [&](const auto& p) { overwrite(p, size - 256 + 34, '9'); },
         StoreRefusal::backup_damaged},
        {"cut short", [&](const auto& p) { std::filesystem::resize_file(p, static_cast<std::uintmax_t>(size) / 2); },
         StoreRefusal::backup_damaged},
        {"longer",
         [&](const auto& p) {
             std::ofstream{p, std::ios::app} << "more";
         },
         StoreRefusal::backup_damaged},
        {"empty", [&](const auto& p) { std::filesystem::resize_file(p, 0); }, StoreRefusal::backup_damaged},
        {"gone", [&](const auto& p) { std::filesystem::remove(p); }, StoreRefusal::backup_missing},
        {"a plain database",
         [&](const auto& p) {
             std::filesystem::copy_file(store->path(), p, std::filesystem::copy_options::overwrite_existing);
         },
         StoreRefusal::backup_damaged},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto harmed = elsewhere / "harmed.db";
        std::filesystem::copy_file(backup, harmed, std::filesystem::copy_options::overwrite_existing);
        c.harm(harmed);
        EXPECT_EQ(refusal([&] { restore(harmed, restored); }), c.then);
        EXPECT_FALSE(std::filesystem::exists(restored));
    }
    EXPECT_EQ(refusal([&] { restore(backup, restored, 1); }), StoreRefusal::schema_newer);
    EXPECT_FALSE(std::filesystem::exists(restored));
    for (const auto& name : names(elsewhere)) EXPECT_THAT(name, Not(HasSubstr("unfinished")));
}

TEST_F(BackupTest, DamagedStoreMakesNoBackup)
{
    SqliteConnection{store->path(), Access::read_write, 1'000}.run_script(
        "PRAGMA foreign_keys = OFF; INSERT INTO item (id, parent) VALUES (5000, 999)");
    EXPECT_THAT(check_file(store->path()), testing::ElementsAre(HasSubstr("row 5000 of item")));
    EXPECT_EQ(refusal([&] { back_up(store->path(), backup, Instant{}); }), StoreRefusal::not_a_database);
    EXPECT_THAT(names(elsewhere), IsEmpty());
}

TEST_F(BackupTest, AbsentAndForeignStoresAreRefused)
{
    EXPECT_EQ(refusal([&] { back_up(elsewhere / "absent.db", backup, Instant{}); }), StoreRefusal::not_a_database);
    {
        SqliteConnection{elsewhere / "other.db", Access::read_write, 1'000}.run_script("CREATE TABLE t (a)");
    }
    EXPECT_EQ(refusal([&] { back_up(elsewhere / "other.db", backup, Instant{}); }), StoreRefusal::foreign_database);
}

}  // namespace
}  // namespace shouwen::sqlite
