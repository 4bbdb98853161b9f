#pragma once

#include "platform/sqlite/store_fixture.hpp"

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

inline std::vector<StoreFactory> every_store()
{
    return {{"sqlite", [] { return std::make_unique<FreshSqlite>(); }}};
}

}  // namespace shouwen::sql

#define SHOUWEN_EVERY_STORE \
    ::testing::ValuesIn(::shouwen::sql::every_store()), [](const auto& each) { return std::string{each.param.name}; }
