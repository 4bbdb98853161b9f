#include "platform/postgres/server_fixture.hpp"
#include "platform/vault/process.hpp"
#include "platform/vault/vault.hpp"
#include "server_process.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

// A whole PostgreSQL cluster: backed up by the real program, restored, verified by a server of its own, and recovered to a moment.

namespace shouwen::fault {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class B10_PostgresBackup : public testing::Test {
protected:
    void SetUp() override
    {
        if (!postgres::TemporaryServer::is_installed()) GTEST_SKIP() << "PostgreSQL is not installed";
        if (::geteuid() == 0) {
            vault::run_program({"/usr/bin/chown", "postgres", folder.path().string()});
            wrapped_by = {"/usr/sbin/runuser", "-u", "postgres", "--"};
        }
        as_owner("initdb", {"-D", data(), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync"});
        fs::create_directory(archive());
        fs::permissions(archive(), fs::perms::all);
        start(data(),
              fmt::format(
                  "-c archive_mode=on -c archive_timeout=60 -c archive_command='test ! -f {0}/%f && cp %p {0}/%f'",
                  archive().string()));
        script("postgres", "CREATE DATABASE shouwen");
    }
    void TearDown() override
    {
        for (const auto& each : started_) try {
                as_owner("pg_ctl", {"-D", each, "-m", "immediate", "stop"});
            } catch (const std::exception&) {  // it was stopped
            }
    }

    std::string data() const { return (folder / "data").string(); }
    fs::path archive() const { return folder / "archive"; }
    std::string url() const
    {
        return fmt::format("postgresql:///shouwen?host={}&user=postgres", folder.path().string());
    }
    void as_owner(const std::string& name, std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(), vault::postgres_program(name).string());
        arguments.insert(arguments.begin(), wrapped_by.begin(), wrapped_by.end());
        vault::run_program(arguments);
    }
    void start(const std::string& of, const std::string& more)
    {
        as_owner("pg_ctl",
                 {"-D", of, "-w", "-s", "-l", of + ".log", "-o",
                  fmt::format("-c listen_addresses='' -c fsync=off -k {} {}", folder.path().string(), more), "start"});
        started_.push_back(of);
    }
    void script(const std::string& database, const std::string& text)
    {
        postgres::PgConnection db{
            fmt::format("postgresql:///{}?host={}&user=postgres", database, folder.path().string()),
            std::chrono::seconds{60}};
        db.run_script(text);
    }
    std::string program(std::vector<std::string> arguments, int expected = 0)
    {
        const auto [status, text] = run_program(
            std::move(arguments),
            {"SHOUWEN_DEMO_PASSWORD=correct-horse-battery", "SHOUWEN_DATA_DIR=" + (folder / "files").string()},
            wrapped_by);
        EXPECT_EQ(status, expected) << text;
        return text;
    }
    std::int64_t ticket_count()
    {
        postgres::PgConnection db{url(), std::chrono::seconds{60}};
        const sql::Statement count{"count", "SELECT count(*) FROM ticket"};
        return *db.first(count, [](const sql::Row& row) { return row.integer(0); });
    }

    sqlite::TemporaryFolder folder;
    std::vector<std::string> wrapped_by;
    std::vector<std::string> started_;
};

TEST_F(B10_PostgresBackup, ClusterIsBackedUpRestoredVerifiedAndRecoveredToAMoment)
{
    const auto backups = (folder / "backups/").string();
    const std::vector<std::string> with_store{"--store", url()};
    const auto with = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), with_store.begin(), with_store.end());
        return arguments;
    };
    program(with({"demo", "--tickets", "300"}));
    const auto before = ticket_count();

    program(with({"backup", backups}));
    program(with({"backup", backups}));
    const auto made = vault::list(backups);
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(made.front().counts.at("ticket"), before);
    EXPECT_LT(made.back().added_bytes, made.front().added_bytes / 2) << "only what changed is written";
    EXPECT_THAT(program(with({"drill", backups})), HasSubstr(", 0 findings"));

    // Two writes with a moment between them; only the first may come back.
    script("shouwen", "CREATE TABLE written (what TEXT); INSERT INTO written VALUES ('before')");
    std::string moment;
    {
        postgres::PgConnection db{url(), std::chrono::seconds{60}};
        const sql::Statement now{"now", "SELECT clock_timestamp()::text"};
        moment = *db.first(now, [](const sql::Row& row) { return row.string(0); });
    }
    script("shouwen", "INSERT INTO written VALUES ('after'); SELECT pg_switch_wal()");
    as_owner("pg_ctl", {"-D", data(), "-w", "-s", "-m", "fast", "stop"});  // archives what is left

    const auto recovered = (folder / "recovered").string();
    program(with({"restore", backups, "--into", recovered, "--as-is"}));
    program(with({"restore", backups, "--into", recovered}), 1);  // not over it
    {
        std::ofstream settings{recovered + "/postgresql.auto.conf", std::ios::app};
        settings << fmt::format(
            "restore_command = 'cp {}/%f %p'\nrecovery_target_time = '{}'\n"
            "recovery_target_action = 'promote'\n",
            archive().string(), moment);
        std::ofstream{recovered + "/recovery.signal"};
    }
    start(recovered, "");
    const auto is_over = [&] {
        postgres::PgConnection db{url(), std::chrono::seconds{60}};
        const sql::Statement over{"over", "SELECT pg_is_in_recovery()"};
        return !*db.first(over, [](const sql::Row& row) { return row.boolean(0); });
    };
    while (!is_over()) {}
    postgres::PgConnection db{url(), std::chrono::seconds{60}};
    const sql::Statement written{"written", "SELECT what FROM written"};
    std::vector<std::string> found;
    db.each(written, [&](const sql::Row& row) { found.push_back(row.string(0)); });
    EXPECT_THAT(found, testing::ElementsAre("before"));
    EXPECT_EQ(ticket_count(), before);
    EXPECT_THAT(program(with({"verify"})), HasSubstr("; 0 findings"));
}

TEST_F(B10_PostgresBackup, F58_UserWithoutReplicationIsToldSoAndNothingIsLeft)
{
    script("postgres", "CREATE ROLE plain LOGIN");
    script("shouwen", "GRANT ALL ON SCHEMA public TO plain");
    program({"migrate", "--store", url()});
    script("shouwen", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO plain");
    const auto as_plain = fmt::format("postgresql:///shouwen?host={}&user=plain", folder.path().string());
    const auto text = program({"backup", (folder / "backups/").string(), "--store", as_plain}, 1);
    EXPECT_THAT(text, HasSubstr("pg_basebackup failed"));
    EXPECT_THAT(vault::list(folder / "backups"), testing::IsEmpty());
}

}  // namespace
}  // namespace shouwen::fault
