#include "child.hpp"
#include "journal.hpp"
#include "platform/sqlite/file_check.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sys/mount.h>

namespace shouwen::fault {
namespace {

using sqlite::open_sqlite;
using sqlite::TemporaryFolder;

const sql::Statement list_numbers{"list_numbers", "SELECT number FROM written"};
const sql::Statement create_filling{"create_filling",
                                    "CREATE TABLE filling (id INTEGER PRIMARY KEY, content BLOB) STRICT"};
const sql::Statement insert_filling{"insert_filling",
                                    "INSERT INTO filling (id, content) VALUES ($1, randomblob(50000))"};
const sql::Statement count_filling{"count_filling", "SELECT count(*) FROM filling"};

/// Reads the store as the next process does and compares it with everything that was acknowledged so far.
void expect_kept(const std::filesystem::path& path, const std::set<std::int64_t>& acknowledged)
{
    std::map<std::int64_t, int> times;
    open_sqlite({.path = path})->read([&](sql::Connection& connection) {
        connection.each(list_numbers, [&](const sql::Row& row) { ++times[row.integer(0)]; });
    });
    int lost = 0, doubled = 0, half_done = 0;
    for (const auto number : acknowledged) lost += times.contains(number) ? 0 : 1;
    for (const auto& [number, count] : times) {
        doubled += count > 1 ? 1 : 0;
        half_done += number % failing_every == 0 ? 1 : 0;
    }
    EXPECT_EQ(lost, 0);
    EXPECT_EQ(doubled, 0);
    EXPECT_EQ(half_done, 0);
    EXPECT_THAT(sqlite::check_file(path), testing::IsEmpty());
}

unsigned seed()
{
    const char* given = std::getenv("SHOUWEN_SEED");
    return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

TEST(StoreFault, KilledWhileWritingLosesAndDoublesNothingAcknowledged)
{
    const auto used_seed = seed();
    SCOPED_TRACE(fmt::format("SHOUWEN_SEED={}", used_seed));
    std::mt19937 random{used_seed};
    const TemporaryFolder folder;
    const auto path = folder / "shouwen.db";
    std::set<std::int64_t> acknowledged;
    constexpr int rounds_count = 20;
    for (int round = 0; round < rounds_count; ++round) {
        Child child{path};
        const int acknowledgements = std::uniform_int_distribution{1, 1'500}(random);
        for (int i = 0; i < acknowledgements; ++i) {
            const auto number = child.next();
            ASSERT_TRUE(number) << "the child ended by itself";
            acknowledged.insert(*number);
        }
        child.kill();
        while (const auto number = child.next()) acknowledged.insert(*number);  // acknowledged before it died
        EXPECT_EQ(child.wait(), -SIGKILL);
        if (round % 5 == 4) expect_kept(path, acknowledged);
    }
    EXPECT_GE(acknowledged.size(), static_cast<std::size_t>(rounds_count));
}

TEST(StoreFault, FailedSyncEndsTheProcessAndNothingIsAcknowledgedAfterIt)
{
    for (const int failing : {4, 5, 17, 60}) {
        SCOPED_TRACE(fmt::format("sync {} of the log", failing));
        const TemporaryFolder folder;
        std::set<std::int64_t> acknowledged;
        bool failed = false;
        int acknowledged_after = 0;
        Child child{folder / "shouwen.db",
                    {fmt::format("LD_PRELOAD={}", FAIL_SYNC), fmt::format("SHOUWEN_FAIL_SYNC_AT={}", failing),
                     "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0"}};
        while (const auto number = child.next()) {
            if (*number == sync_failed) {
                failed = true;
            } else {
                acknowledged.insert(*number);
                acknowledged_after += failed ? 1 : 0;
            }
        }
        EXPECT_EQ(child.wait(), 70);
        EXPECT_TRUE(failed);
        EXPECT_EQ(acknowledged_after, 0);
        expect_kept(folder / "shouwen.db", acknowledged);
    }
}

/// A volume of a few megabytes, where the machine lets us mount one.
class SmallVolume {
public:
    explicit SmallVolume(const char* options)
        : mounted_(::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, options) == 0)
    {
    }
    ~SmallVolume()
    {
        if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
    }
    bool mounted() const { return mounted_; }
    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

private:
    TemporaryFolder folder_;
    bool mounted_;
};

TEST(StoreFault, FullDiskRefusesWritesKeepsReadsAndRecoversByItself)
{
    const SmallVolume volume{"size=12m"};
    if (!volume.mounted()) GTEST_SKIP() << "no right to mount a small volume";
    const auto ballast = volume / "ballast";
    std::ofstream{ballast} << std::string(4 << 20, 'x');
    const auto store = open_sqlite({.path = volume / "shouwen.db"});
    store->write([](sql::Connection& connection) { connection.execute(create_filling); });

    int written = 0;
    const auto write_next = [&] {
        store->write([&](sql::Connection& connection) { connection.execute(insert_filling, written + 1); });
        ++written;
    };
    const auto count = [&] {
        std::int64_t rows = 0;
        store->read([&](sql::Connection& connection) {
            rows = *connection.first(count_filling, [](const sql::Row& row) { return row.integer(0); });
        });
        return rows;
    };
    EXPECT_THROW(
        {
            for (int i = 0; i < 1'000; ++i) write_next();
        },
        sql::DiskFull);
    EXPECT_GT(written, 10);
    EXPECT_EQ(count(), written);
    EXPECT_THROW(write_next(), sql::DiskFull);

    std::filesystem::remove(ballast);
    for (int i = 0; i < 20; ++i) write_next();
    EXPECT_EQ(count(), written);
    EXPECT_THAT(sqlite::check_file(volume / "shouwen.db"), testing::IsEmpty());
}

TEST(StoreFault, F16_AReadThatTakesTooLongIsCut)
{
    const TemporaryFolder folder;
    const auto store = open_sqlite({.path = folder / "shouwen.db", .read_max = std::chrono::milliseconds{50}});
    const sql::Statement endless{
        "endless",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n WHERE i < 0"};
    const auto read = [&](const sql::Statement& statement) {
        store->read([&](sql::Connection& connection) {
            connection.first(statement, [](const sql::Row& row) { return row.integer(0); });
        });
    };
    EXPECT_THROW(read(endless), sql::Unavailable);
    const sql::Statement short_one{"short", "SELECT 1"};
    EXPECT_NO_THROW(read(short_one)) << "each read has a limit of its own";
}

}  // namespace
}  // namespace shouwen::fault
