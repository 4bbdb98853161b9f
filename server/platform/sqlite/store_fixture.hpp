#pragma once

#include "platform/sql/migration.hpp"
#include "platform/sqlite/connection.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

/// For tests of everything that stores.
namespace shouwen::sqlite {

/// A fresh folder, removed with all it holds.
class TemporaryFolder {
public:
    TemporaryFolder()
    {
        auto name = (std::filesystem::temp_directory_path() / "shouwen-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// An empty store with the whole schema, gone with its folder.
class TemporaryStore {
public:
    TemporaryStore() : store_(open_sqlite({.path = folder_ / "shouwen.db"})) { sql::migrate(*store_, Instant{}); }

    SqliteStore& operator*() { return *store_; }
    SqliteStore* operator->() { return store_.get(); }
    const TemporaryFolder& folder() const { return folder_; }
    /// Closes and opens it again, as a restart does.
    void reopen()
    {
        store_.reset();
        store_ = open_sqlite({.path = folder_ / "shouwen.db"});
    }

private:
    TemporaryFolder folder_;
    std::unique_ptr<SqliteStore> store_;
};

}  // namespace shouwen::sqlite
