#pragma once

#include "platform/postgres/server_fixture.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// For suites of tests that every database has to pass: `INSTANTIATE_TEST_SUITE_P(Every, Suite, SHOUWEN_EVERY_STORE)`.
namespace shouwen::sql {

/// An empty database with the whole schema, gone with the object.
class FreshStore {
public:
    virtual ~FreshStore() = default;
    virtual Store& store() = 0;
};

struct StoreFactory {
    const char* name;
    std::function<std::unique_ptr<FreshStore>()> make;
};

class FreshSqlite final : public FreshStore {
public:
    Store& store() override { return *store_; }

private:
    sqlite::TemporaryStore store_;
};

class FreshPostgres final : public FreshStore {
public:
    Store& store() override { return *store_; }

private:
    postgres::TemporaryDatabase database_{*postgres::TemporaryServer::shared()};
    std::unique_ptr<Store> store_ = postgres::open_postgres({.url = database_.url()});
};

/// SQLite always; PostgreSQL where it is installed.
inline std::vector<StoreFactory> every_store()
{
    std::vector<StoreFactory> all{{"sqlite", [] { return std::make_unique<FreshSqlite>(); }}};
    if (postgres::TemporaryServer::is_installed())
        all.push_back({"postgres", [] { return std::make_unique<FreshPostgres>(); }});
    return all;
}

}  // namespace shouwen::sql

#define SHOUWEN_EVERY_STORE \
    ::testing::ValuesIn(::shouwen::sql::every_store()), [](const auto& each) { return std::string{each.param.name}; }
