#pragma once

#include "platform/postgres/connection.hpp"
#include "platform/postgres/postgres_store.hpp"
#include "platform/sql/migration.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

/// For tests: a real PostgreSQL of their own, on a socket in a temporary folder, gone with the process.
namespace shouwen::postgres {

class TemporaryServer {
public:
    /// The one of this process, started when first asked for; nothing where PostgreSQL is not installed.
    static TemporaryServer* shared()
    {
        static const auto server = programs() ? std::make_unique<TemporaryServer>(*programs()) : nullptr;
        return server.get();
    }

    static bool is_installed() { return programs().has_value(); }
    /// One whose commits are on disk, for measuring. Where PostgreSQL is installed.
    static std::unique_ptr<TemporaryServer> durable() { return std::make_unique<TemporaryServer>(*programs(), "on"); }

    /// @param fsync  as PostgreSQL's setting
    explicit TemporaryServer(std::filesystem::path programs, std::string fsync = "off")
        : programs_(std::move(programs)), fsync_(std::move(fsync))
    {
        if (::geteuid() == 0) {
            as_user_ = "runuser -u postgres -- ";
            command("chown postgres " + folder_.path().string(), "");
        }
        run("initdb", "-D " + data() + " -A trust -U postgres -E UTF8 --no-locale --no-sync");
        start();
        make_template();
    }
    /// @param how  `fast` ends connections; `immediate` is a crash
    void restart(const std::string& how)
    {
        run("pg_ctl", "-D " + data() + " -w -m " + how + " stop");
        start();
    }
    ~TemporaryServer()
    {
        const std::string stop = as_user_ + (programs_ / "pg_ctl").string() + " -D " + data() + " -m immediate stop";
        [[maybe_unused]] const int ignored = std::system(("cd / && " + stop + " >/dev/null 2>&1").c_str());
    }
    TemporaryServer(const TemporaryServer&) = delete;
    TemporaryServer& operator=(const TemporaryServer&) = delete;

    std::string url(const std::string& database) const
    {
        return fmt::format("postgresql:///{}?host={}&user=postgres", database, folder_.path().string());
    }
    /// A new database with the whole schema. @returns its address
    std::string fresh_database()
    {
        const auto name = fmt::format("test{}", ++count_);
        script(fmt::format("CREATE DATABASE {} TEMPLATE migrated", name));
        return url(name);
    }
    void drop(const std::string& url)
    {
        const auto from = url.find("///") + 3;
        script(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", url.substr(from, url.find('?') - from)));
    }
    void script(const std::string& text)
    {
        PgConnection connection{url("postgres"), std::chrono::seconds{60}};
        connection.run_script(text);
    }

private:
    static std::optional<std::filesystem::path> programs()
    {
        std::vector<std::filesystem::path> found;
        std::error_code none;
        for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none))
            if (std::filesystem::exists(version.path() / "bin/initdb")) found.push_back(version.path() / "bin");
        if (found.empty()) return std::nullopt;
        return *std::ranges::max_element(found);
    }
    std::string data() const { return (folder_ / "data").string(); }
    void start()
    {
        run("pg_ctl", "-D " + data() + " -w -l " + (folder_ / "log").string() +
                          " -o \"-c listen_addresses='' -c max_connections=200 -c fsync=" + fsync_ + " -k " +
                          folder_.path().string() + "\" start");
    }
    void run(const std::string& program, const std::string& arguments)
    {
        command(as_user_ + (programs_ / program).string() + " " + arguments, program);
    }
    void command(const std::string& text, const std::string& name)
    {
        if (std::system(("cd / && " + text + " >" + (folder_ / "output").string() + " 2>&1").c_str()) != 0)
            throw std::runtime_error(name + " failed: " + text);
    }
    void make_template()
    {
        script("CREATE DATABASE migrated");
        const auto store = open_postgres({.url = url("migrated")});
        sql::migrate(*store, Instant{});
    }

    sqlite::TemporaryFolder folder_;
    std::filesystem::path programs_;
    std::string fsync_;
    std::string as_user_;
    int count_ = 0;
};

/// An empty database with the whole schema, dropped with the object.
class TemporaryDatabase {
public:
    explicit TemporaryDatabase(TemporaryServer& server) : server_(server), url_(server.fresh_database()) {}
    ~TemporaryDatabase() { server_.drop(url_); }
    TemporaryDatabase(const TemporaryDatabase&) = delete;
    TemporaryDatabase& operator=(const TemporaryDatabase&) = delete;

    const std::string& url() const { return url_; }

private:
    TemporaryServer& server_;
    std::string url_;
};

}  // namespace shouwen::postgres
