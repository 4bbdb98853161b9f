#include "platform/sqlite/snapshot.hpp"

#include "platform/sqlite/opening.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <random>
#include <set>
#include <thread>

namespace shouwen::sqlite {
namespace {

/// A store of a few hundred pages, and its file as somebody has it who reads what the snapshot says has changed.
class SnapshotOfAStore : public testing::Test {
protected:
    SnapshotOfAStore()
    {
        writer.prepare_for_writing(Use::serving);
        writer.run_script(fmt::format(
            "PRAGMA synchronous = OFF; PRAGMA application_id = {}; CREATE TABLE item (id INTEGER PRIMARY KEY, body BLOB);"
            "{}",
            application_id, insert(300)));
    }
    static std::string insert(int count)
    {
        return fmt::format(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
            "INSERT INTO item (body) SELECT randomblob(3000) FROM n;",
            count);
    }
    void write(std::mt19937& random)
    {
        const auto number = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)) + 1; };
        writer.run_script("BEGIN IMMEDIATE");
        switch (number(6)) {
            case 1:  // more than the cache holds goes to the log before it is committed
                writer.run_script("UPDATE item SET body = randomblob(3000)");
                break;
            case 2: writer.run_script("DELETE FROM item WHERE id % 3 = 0"); break;
            case 3: writer.run_script(insert(50)); break;
            default:
                writer.run_script(fmt::format("UPDATE item SET body = randomblob(3000) WHERE id = {}", number(300)));
        }
        writer.run_script(number(4) == 1 ? "ROLLBACK" : "COMMIT");
        if (number(3) == 1) checkpoint(SQLITE_CHECKPOINT_PASSIVE);
        if (number(20) == 1) checkpoint(SQLITE_CHECKPOINT_RESTART);
        if (number(40) == 1) checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
    }
    void checkpoint(int mode)
    {
        sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, mode, nullptr, nullptr);  // busy: then not
    }
    std::string read(Snapshot& snapshot, std::uint64_t position, std::uint64_t length)
    {
        std::string bytes(length, '\0');
        snapshot.read_at(position, bytes.data(), length);
        return bytes;
    }
    /// @returns whether it could be told what has changed
    bool catch_up(Snapshot& snapshot)
    {
        const auto page = snapshot.page_bytes();
        const auto had = image.size() / page;
        image.resize(snapshot.size_bytes());
        const auto changed = snapshot.changed();
        const std::set<std::uint64_t> pages{changed.pages.begin(), changed.pages.end()};
        for (std::uint64_t i = 0; i < image.size() / page; ++i)
            if (changed.is_all || i >= had || pages.contains(i + 1))
                image.replace(i * page, page, read(snapshot, i * page, page));
        return !changed.is_all;
    }

    TemporaryFolder folder;
    SqliteConnection writer{folder / "store.db", Access::read_write, 200};
    std::string image;
};
class SnapshotOfABusyStore : public SnapshotOfAStore, public testing::WithParamInterface<int> {};

TEST_P(SnapshotOfABusyStore, TellsEveryPageThatIsNotWhatItWasWhenItWasRead)
{
    std::mt19937 random{static_cast<unsigned>(GetParam())};
    Snapshot snapshot{folder / "store.db"};
    EXPECT_FALSE(catch_up(snapshot)) << "nothing was read yet";
    int told_count = 0;
    for (int i = 0; i < 60; ++i) {
        for (int k = static_cast<int>(random() % 4); k > 0; --k) write(random);
        snapshot.look();
        if (random() % 3 == 0) told_count += catch_up(snapshot) ? 1 : 0;
    }
    EXPECT_GT(told_count, 0);
    snapshot.hold();
    catch_up(snapshot);
    write(random);
    EXPECT_EQ(image.size(), snapshot.size_bytes());
    EXPECT_TRUE(image == read(snapshot, 0, snapshot.size_bytes()));
    snapshot.release();
}

TEST_P(SnapshotOfABusyStore, TellsItWhileAnotherThreadWrites)
{
    Snapshot snapshot{folder / "store.db"};
    std::atomic<bool> goes_on{true};
    std::atomic<int> written{0};
    std::thread other{[&] {
        std::mt19937 random{static_cast<unsigned>(GetParam())};
        while (goes_on) {
            write(random);
            ++written;
        }
    }};
    for (int i = 0; i < 5; ++i) {
        const int before = written;
        catch_up(snapshot);
        while (written < before + 20) snapshot.look();
    }
    snapshot.hold();
    catch_up(snapshot);
    const auto moment = read(snapshot, 0, snapshot.size_bytes());
    goes_on = false;
    other.join();
    EXPECT_TRUE(image == moment);
    EXPECT_TRUE(moment == read(snapshot, 0, snapshot.size_bytes())) << "it is held";
    snapshot.release();
}

INSTANTIATE_TEST_SUITE_P(Seeds, SnapshotOfABusyStore, testing::Range(1, 7));

TEST_F(SnapshotOfAStore, ALookThatCameTooLateSaysSo)
{
    Snapshot snapshot{folder / "store.db"};
    catch_up(snapshot);
    for (int i = 0; i < 3; ++i) {
        writer.run_script("UPDATE item SET body = randomblob(3000)");
        checkpoint(SQLITE_CHECKPOINT_RESTART);
    }
    writer.run_script("UPDATE item SET body = randomblob(3000) WHERE id = 1");
    EXPECT_FALSE(catch_up(snapshot));
    EXPECT_TRUE(catch_up(snapshot));
}

TEST_F(SnapshotOfAStore, LittleIsToldWhenLittleWasChanged)
{
    Snapshot snapshot{folder / "store.db"};
    snapshot.changed();
    checkpoint(SQLITE_CHECKPOINT_RESTART);
    snapshot.changed();
    writer.run_script("UPDATE item SET body = randomblob(3000) WHERE id = 7");
    const auto changed = snapshot.changed();
    EXPECT_FALSE(changed.is_all);
    EXPECT_GT(changed.pages.size(), 0U);
    EXPECT_LT(changed.pages.size(), 5U);
    EXPECT_EQ(snapshot.changed().pages, changed.pages) << "it is not in the file yet";
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
    EXPECT_EQ(snapshot.changed().pages, changed.pages) << "it may have been read before";
    EXPECT_TRUE(snapshot.changed().pages.empty());
}

}  // namespace
}  // namespace shouwen::sqlite
