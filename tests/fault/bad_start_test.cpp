#include "platform/http/http_test_client.hpp"
#include "platform/sqlite/connection.hpp"
#include "platform/sqlite/store_fixture.hpp"
#include "server_process.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <unistd.h>

// The real program, started where it cannot work: a clear text, an exit code, and nothing harmed.

namespace shouwen::fault {
namespace {

namespace fs = std::filesystem;
using http::testing::get;
using http::testing::status_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr int used_wrongly = 2;
constexpr int failed = 1;

std::string post(std::uint16_t port, const std::string& path, const std::string& body)
{
    http::testing::Peer peer{port};
    peer.send(
        fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                    path, body.size(), body));
    return peer.receive();
}

class BadStart : public testing::Test {
protected:
    std::string store_url(const std::string& name = "shouwen.db") const { return "sqlite:" + (folder / name).string(); }
    std::pair<int, std::string> serve(const std::string& store, std::vector<std::string> more = {}) const
    {
        std::vector<std::string> arguments{"serve", "--store", store, "--listen", "127.0.0.1:0"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_program(std::move(arguments));
    }
    fs::path write(const std::string& name, std::string_view content) const
    {
        std::ofstream{folder / name, std::ios::binary} << content;
        return folder / name;
    }
    static std::string bytes_of(const fs::path& path)
    {
        std::ifstream file{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    fs::path make_store(const std::string& name = "shouwen.db") const
    {
        const auto [status, text] = run_program({"migrate", "--store", store_url(name)});
        EXPECT_EQ(status, 0) << text;
        return folder / name;
    }

    sqlite::TemporaryFolder folder;
};

TEST_F(BadStart, AConfigurationTellsFileLineAndWhatWasExpected)
{
    const struct {
        const char* name;
        const char* content;
        const char* place;
        std::vector<const char*> texts;
    } cases[] = {
        {"no TOML", "[http\nlisten = 1\n", ":1:", {}},
        {"wrong type", "[http]\nlisten = 8080\n", ":2:10: http.listen: ", {"expected ADDRESS:PORT"}},
        {"bad value", "[http]\n\nloops = 0\n", ":3:9: http.loops: ", {"expected"}},
        {"unknown key", "[http]\nport = 80\n", ":2:1: http.port: ", {"unknown key", "listen"}},
        {"unknown section", "[htpp]\nlisten = \"127.0.0.1:0\"\n", ":1:2: htpp: ", {"unknown section", "[http]"}},
        {"no such zone",
         "[organisation]\ntime_zone = \"Asia/Shanhai\"\n",
         ":2:13: organisation.time_zone: ",
         {"expected"}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto file = write("bad.toml", c.content);
        const auto [status, text] = serve(store_url(), {"--config", file.string()});
        EXPECT_EQ(status, used_wrongly);
        EXPECT_THAT(text, HasSubstr(file.string() + c.place));
        for (const auto* expected : c.texts) EXPECT_THAT(text, HasSubstr(expected));
    }
    EXPECT_FALSE(fs::exists(folder / "shouwen.db")) << "nothing is begun";
}

TEST_F(BadStart, AllFaultsOfAConfigurationAreToldAtOnce)
{
    const auto file = write("bad.toml", "[http]\nport = 80\n[store]\nqueue_max = \"many\"\n");
    const auto [status, text] = serve(store_url(), {"--config", file.string()});
    EXPECT_EQ(status, used_wrongly);
    EXPECT_THAT(text, AllOf(HasSubstr(":2:1: http.port"), HasSubstr(":4:13: store.queue_max")));
}

TEST_F(BadStart, AConfigurationThatIsNotThereAndAVariableThatIsWrongAreNamed)
{
    auto [status, text] = serve(store_url(), {"--config", (folder / "none.toml").string()});
    EXPECT_EQ(status, used_wrongly);
    EXPECT_THAT(text, AllOf(HasSubstr("none.toml"), HasSubstr("cannot be read")));
    std::tie(status, text) = run_program({"serve", "--store", store_url()}, {"SHOUWEN_HTTP_LOOPS=many"});
    EXPECT_EQ(status, used_wrongly);
    EXPECT_THAT(text, AllOf(HasSubstr("SHOUWEN_HTTP_LOOPS"), HasSubstr("expected")));
}

TEST_F(BadStart, AnEmptyConfigurationIsOneOfDefaults)
{
    const auto file = write("empty.toml", "");
    const ServerProcess server{folder / "shouwen.db", folder / "log", {"--config", file.string()}};
    EXPECT_EQ(status_of(get(server.port(), "/healthz")), 200);
}

TEST_F(BadStart, WrongArgumentsAreRefused)
{
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                      {"serv"},
                                                      {"serve", "--sotre", "x"},
                                                      {"serve", "--store", "x.db"},
                                                      {"serve", "--store", store_url(), "--clock", "slow"}}) {
        const auto [status, text] = run_program(arguments);
        EXPECT_EQ(status, used_wrongly) << text;
        EXPECT_FALSE(text.empty());
    }
}

TEST_F(BadStart, AStoreOfANewerVersionIsLeftAsItIs)
{
    const auto store = make_store();
    {
        sqlite::SqliteConnection db{store, sqlite::Access::read_write, 1024};
        db.run_script(
            "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (9999, 'to_come', 'x', 0);"
            "PRAGMA wal_checkpoint(TRUNCATE)");
    }
    const auto before = bytes_of(store);
    for (const auto* command : {"serve", "migrate", "demo"}) {
        SCOPED_TRACE(command);
        const auto [status, text] = run_program({command, "--store", store_url()});
        EXPECT_EQ(status, failed);
        EXPECT_THAT(text, AllOf(HasSubstr(store.string()), HasSubstr("schema 9999"), HasSubstr("knows up to"),
                                HasSubstr("newer version")));
    }
    EXPECT_EQ(bytes_of(store), before);
}

TEST_F(BadStart, ASecondProcessOnTheSameStoreIsRefusedAndTheFirstServesOn)
{
    const ServerProcess first{folder / "shouwen.db", folder / "log"};
    const auto [status, text] = serve(store_url());
    EXPECT_EQ(status, failed);
    EXPECT_THAT(text, AllOf(HasSubstr((folder / "shouwen.db").string()), HasSubstr("already open in process"),
                            HasSubstr("Stop that process first")));
    EXPECT_EQ(status_of(get(first.port(), "/readyz")), 200);
    const auto written = post(first.port(), "/api/v1/public/requests",
                              R"({"customer":{"name":"x"},"subject":"x","content":"x","consent":true})");
    EXPECT_EQ(status_of(written), 201) << written;
}

TEST_F(BadStart, WhatIsNoStoreIsLeftAsItIs)
{
    const auto text_file = write("letter.db", "This is a letter, and no database at all. " + std::string(5'000, '.'));
    const auto before = bytes_of(text_file);
    auto [status, text] = serve(store_url("letter.db"));
    EXPECT_EQ(status, failed);
    EXPECT_THAT(text, AllOf(HasSubstr(text_file.string()), HasSubstr("not a database")));
    EXPECT_EQ(bytes_of(text_file), before);

    const auto foreign = folder / "foreign.db";
    {
        sqlite::SqliteConnection db{foreign, sqlite::Access::read_write, 1024};
        db.run_script("CREATE TABLE diary (day TEXT); PRAGMA application_id = 77");
    }
    const auto foreign_before = bytes_of(foreign);
    std::tie(status, text) = serve(store_url("foreign.db"));
    EXPECT_EQ(status, failed);
    EXPECT_THAT(text, AllOf(HasSubstr(foreign.string()), HasSubstr("database of another program")));
    EXPECT_EQ(bytes_of(foreign), foreign_before);

    fs::create_directory(folder / "folder.db");
    std::tie(status, text) = serve(store_url("folder.db"));
    EXPECT_EQ(status, failed);
    EXPECT_THAT(text, HasSubstr("is not a file"));

    std::tie(status, text) = serve(store_url("none/shouwen.db"));
    EXPECT_EQ(status, failed);
    EXPECT_THAT(text, AllOf(HasSubstr((folder / "none").string()), HasSubstr("does not exist")));
}

TEST_F(BadStart, AFolderOrFileThatMayNotBeWrittenToIsNamed)
{
    const auto store = make_store();
    fs::permissions(store, fs::perms::owner_read);
    auto [status, text] = serve(store_url());
    EXPECT_EQ(status, failed);
    EXPECT_THAT(text, AllOf(HasSubstr(store.string()), HasSubstr("may not be written to")));

    const auto closed = folder / "closed";
    fs::create_directory(closed);
    fs::permissions(closed, fs::perms{0555});
    fs::permissions(folder.path(), fs::perms{0755});
    // Root writes where it may not.
    std::vector<std::string> as_nobody;
    if (::geteuid() == 0) as_nobody = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    std::tie(status, text) =
        run_program({"serve", "--store", store_url("closed/shouwen.db"), "--listen", "127.0.0.1:0"}, {}, as_nobody);
    EXPECT_EQ(status, failed);
    EXPECT_THAT(text, AllOf(HasSubstr("The folder " + closed.string()), HasSubstr("may not be written to")));
    EXPECT_TRUE(fs::is_empty(closed));
}

TEST_F(BadStart, APortInUseIsNamedAndItsServerServesOn)
{
    const ServerProcess first{folder / "first.db", folder / "log"};
    const auto address = "127.0.0.1:" + std::to_string(first.port());
    const auto [status, text] = run_program({"serve", "--store", store_url("second.db"), "--listen", address});
    EXPECT_EQ(status, failed);
    EXPECT_THAT(text, AllOf(HasSubstr("cannot listen on " + address), HasSubstr("in use")));
    EXPECT_EQ(status_of(get(first.port(), "/readyz")), 200);
    // The second store was closed in order: it opens at once.
    const auto [verified, report] = run_program({"verify", "--store", store_url("second.db")});
    EXPECT_EQ(verified, 0) << report;
}

TEST_F(BadStart, AnAddressThatIsNoneIsRefused)
{
    const auto [status, text] = run_program({"serve", "--store", store_url(), "--listen", "localhost"});
    EXPECT_NE(status, 0);
    EXPECT_THAT(text, AllOf(HasSubstr("localhost"), HasSubstr("expected ADDRESS:PORT")));
}

TEST_F(BadStart, WithoutTheDictionariesOfSearchNothingIsBegun)
{
    const auto [status, text] = run_program(
        {"serve", "--store", store_url(), "--listen", "127.0.0.1:0"},
        {"LD_PRELOAD=" HIDE_FILE, "SHOUWEN_HIDDEN_FILE=/t2s.json", "ASAN_OPTIONS=verify_asan_link_order=0"});
    EXPECT_EQ(status, failed);
    EXPECT_THAT(text, AllOf(HasSubstr("OpenCC"), HasSubstr("t2s.json"), HasSubstr("Install")));
    EXPECT_FALSE(fs::exists(folder / "shouwen.db"));
}

TEST_F(BadStart, TheClockIsMovedFromOutsideOnlyWhereItIsManualAndOnLoopback)
{
    {
        const ServerProcess ordinary{folder / "a.db", folder / "log"};
        EXPECT_EQ(status_of(post(ordinary.port(), "/api/v1/test/clock", R"({"advance":"PT1H"})")), 404);
    }
    {
        const ServerProcess manual{folder / "b.db", folder / "log", {"--clock", "manual"}};
        const auto moved = post(manual.port(), "/api/v1/test/clock", R"({"advance":"PT1H"})");
        EXPECT_EQ(status_of(moved), 200);
        EXPECT_THAT(moved, HasSubstr("2026-01-05T02:00:00.000Z"));
    }
    for (const auto* open_to_all : {"0.0.0.0:0", "[::]:0", "192.0.2.1:0"}) {
        SCOPED_TRACE(open_to_all);
        const auto [status, text] =
            run_program({"serve", "--store", store_url("c.db"), "--listen", open_to_all, "--clock", "manual"});
        EXPECT_EQ(status, used_wrongly);
        EXPECT_THAT(text, AllOf(HasSubstr("--clock manual is refused"), HasSubstr("not a loopback address")));
    }
    EXPECT_FALSE(fs::exists(folder / "c.db"));
}

TEST_F(BadStart, NoneWhereFilesLieBesideTheStoreThatWasNamed)
{
    fs::create_directory(folder / "elsewhere");
    ServerProcess server{folder / "elsewhere" / "shouwen.db", folder / "log"};
    EXPECT_TRUE(fs::is_directory(folder / "elsewhere" / "shouwen-data" / "uploads"));
    EXPECT_FALSE(fs::exists("shouwen-data")) << "not in the folder from which it was started";
    server.ask_to_leave();
    EXPECT_EQ(server.wait(), 0);
}

}  // namespace
}  // namespace shouwen::fault
