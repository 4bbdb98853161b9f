#include "nodes/waiting.hpp"
#include "platform/http/http_test_client.hpp"
#include "platform/sqlite/store_fixture.hpp"
#include "platform/vault/folder.hpp"
#include "platform/vault/vault.hpp"
#include "scenario/centre.hpp"
#include "server_process.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <mutex>
#include <set>
#include <sys/mount.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

// The real program backs up and restores while clients write, the disk is full, or somebody kills it.

namespace shouwen::fault {
namespace {

namespace fs = std::filesystem;
using http::testing::body_of;
using http::testing::Peer;
using http::testing::status_of;
using testing::HasSubstr;
using testing::Not;

std::string program(const std::vector<std::string>& arguments, int expected)
{
    const auto [status, text] = run_program(arguments);
    EXPECT_EQ(status, expected) << text;
    return text;
}

/// A store with some hundred tickets, and a token to write more.
class B10_BackupFault : public testing::Test {
protected:
    B10_BackupFault()
    {
        const auto [status, text] = run_program({"demo", "--store", store_name(), "--tickets", "1500"},
                                                {"SHOUWEN_DEMO_PASSWORD=correct-horse-battery"});
        EXPECT_EQ(status, 0) << text;
    }
    std::string store_name() const { return "sqlite:" + (folder / "shouwen.db").string(); }
    std::vector<std::string> restore_to(const std::string& name) const
    {
        fs::create_directory(folder / name);
        return {"restore", backups.string(), "--store", "sqlite:" + (folder / name / "shouwen.db").string()};
    }
    std::vector<std::string> backup() const { return {"backup", backups.string(), "--store", store_name()}; }

    sqlite::TemporaryFolder folder;
    const fs::path backups = folder / "backups/";
};

/// One call registered by a program. @returns its number; empty when it was not acknowledged
std::string register_call(Peer& peer, const std::string& token, int number)
{
    const auto body = fmt::format(
        R"({{"channel":"phone","customer":{{"name":"张伟"}},"subject":"第{}件","content":"补开发票"}})", number);
    peer.send(
        fmt::format("POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n"
                    "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                    token, body.size(), body));
    const auto answer = peer.receive();
    if (status_of(answer) != 201) return {};
    return std::string{boost::json::parse(body_of(answer)).at("number").as_string()};
}

TEST(B10_BackupUnderLoad, R23_EveryWriteAcknowledgedBeforeItIsInItAndItVerifies)
{
    scenario::Centre centre{std::chrono::floor<Duration>(SystemClock{}.now())};
    const auto token = centre
                           .post("manager1", "/api/v1/tokens",
                                 R"({"name":"load","scopes":["ticket_create","ticket_respond","ticket_act"]})")
                           .at("/token");
    centre.stop();
    const auto store = centre.store_path();
    const auto folder = store.parent_path();
    std::set<std::string> before, acknowledged;
    {
        ServerProcess server{store, folder / "log"};
        std::atomic<int> number{0};
        std::atomic<bool> stop{false};
        std::mutex mutex;
        const auto write = [&] {
            Peer peer{server.port()};
            while (!stop) {
                const auto made = register_call(peer, token, ++number);
                EXPECT_NE(made, "");
                const std::lock_guard lock{mutex};
                acknowledged.insert(made);
            }
        };
        std::thread first{write}, second{write};
        for (int round = 0; round < 4; ++round) {
            {
                const std::lock_guard lock{mutex};
                before = acknowledged;
            }
            program({"backup", (folder / "backups/").string(), "--store", "sqlite:" + store.string()}, 0);
        }
        stop = true;
        first.join();
        second.join();
    }
    EXPECT_GT(before.size(), 10U);
    fs::create_directory(folder / "restored");
    const auto copy = folder / "restored" / "shouwen.db";
    const auto text = program({"restore", (folder / "backups").string(), "--store", "sqlite:" + copy.string()}, 0);
    EXPECT_THAT(text, HasSubstr("; 0 findings"));
    std::set<std::string> found;
    const sql::Statement numbers{"numbers", "SELECT number FROM ticket"};
    sqlite::open_sqlite({.path = copy})->read([&](sql::Connection& db) {
        db.each(numbers, [&](const sql::Row& row) { found.insert(row.string(0)); });
    });
    for (const auto& each : before) EXPECT_TRUE(found.contains(each)) << each;
    for (const auto& each : found) EXPECT_TRUE(acknowledged.contains(each)) << each;
}

TEST_F(B10_BackupFault, F58_FullVolumeKeepsTheOldOneAndLeavesNoPartOfTheNew)
{
    const auto volume = folder / "volume";
    fs::create_directory(volume);
    if (::mount("tmpfs", volume.c_str(), "tmpfs", 0, "size=24m") != 0)
        GTEST_SKIP() << "no right to mount a small volume";
    const auto unmount = [&] { ::umount2(volume.c_str(), MNT_DETACH); };
    const std::vector<std::string> arguments{"backup", volume.string(), "--store", store_name()};
    program(arguments, 0);
    const auto good = vault::manifests_in(volume);
    {
        std::ofstream ballast{volume / "lock2"};
        const std::string piece(1 << 16, 'x');
        while (ballast.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush()) {}
    }
    const auto [status, text] = run_program({"backup", volume.string(), "--fresh", "--store", store_name()});
    EXPECT_EQ(status, 1);
    EXPECT_THAT(text, HasSubstr("no room left"));
    EXPECT_EQ(vault::manifests_in(volume), good);
    for (const auto& each : fs::recursive_directory_iterator{volume})
        EXPECT_THAT(each.path().filename().string(), Not(HasSubstr("unfinished")));
    fs::remove(volume / "lock2");
    program({"drill", volume.string(), "--store", store_name()}, 0);
    program(arguments, 0);
    unmount();
}

TEST_F(B10_BackupFault, F58_KilledOnTheWayLeavesTheOldOnesGood)
{
    program(backup(), 0);
    const auto good = vault::manifests_in(backups);
    for (int round = 0; round < 5; ++round) {
        const pid_t child = ::fork();
        if (child == 0) {
            const int null = ::open("/dev/null", O_WRONLY);
            ::dup2(null, STDOUT_FILENO);
            ::dup2(null, STDERR_FILENO);
            const auto store = store_name();
            ::execl(SHOUWEN_PROGRAM, "shouwen", "backup", backups.c_str(), "--fresh", "--store", store.c_str(),
                    nullptr);
            ::_exit(127);
        }
        // It is on its way as soon as it has begun a pack.
        const auto has_begun = [&] {
            for (const auto& each : fs::directory_iterator{backups / "packs"})
                if (each.path().filename().string().find("unfinished") != std::string::npos) return true;
            return false;
        };
        int status = 0;
        while (!has_begun() && ::waitpid(child, &status, WNOHANG) == 0) std::this_thread::yield();
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        for (const auto& each : good) EXPECT_TRUE(fs::exists(each));
    }
    program({"drill", backups.string(), "--store", store_name()}, 0);
    program(backup(), 0);
    for (const auto& each : fs::recursive_directory_iterator{backups})
        EXPECT_THAT(each.path().filename().string(), Not(HasSubstr("unfinished")));
    program(restore_to("restored"), 0);
}

TEST_F(B10_BackupFault, F59_RefusalsEndWithATextAndChangeNothing)
{
    program(backup(), 0);
    const auto pack = vault::packs_in(backups).front();
    {
        std::fstream file{pack, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(static_cast<std::streamoff>(fs::file_size(pack) / 2));
        file << "tampered";
    }
    EXPECT_THAT(program(restore_to("restored"), 1), HasSubstr("damaged or was changed"));
    EXPECT_FALSE(fs::exists(folder / "restored" / "shouwen.db"));
    EXPECT_THAT(program({"restore", backups.string(), "--store", store_name()}, 1), HasSubstr("nothing was changed"));
    program({"verify", "--store", store_name()}, 0);
}

TEST_F(B10_BackupFault, F65_LostMachineIsReplacedFromItsBackupAlone)
{
    const auto key = folder / "backup.key";
    std::ofstream{key} << std::string(64, 'a') << "\n";
    fs::permissions(key, fs::perms::owner_read | fs::perms::owner_write);
    const auto file = (folder / "whole.backup").string();
    program({"backup", file, "--key-file", key.string(), "--store", store_name()}, 0);
    fs::remove_all(folder / "shouwen-data");
    for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) fs::remove((folder / "shouwen.db").string() + suffix);

    EXPECT_THAT(program({"restore", file, "--store", store_name()}, 1), HasSubstr("is encrypted"));
    program({"restore", file, "--key-file", key.string(), "--store", store_name()}, 0);
    ServerProcess server{folder / "shouwen.db", folder / "log"};
    EXPECT_TRUE(nodes::comes_true([&] {
        Peer peer{server.port()};
        peer.send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n");
        return status_of(peer.receive()) == 200;
    }));
}

}  // namespace
}  // namespace shouwen::fault
