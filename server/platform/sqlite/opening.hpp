#pragma once

#include "platform/sqlite/connection.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <filesystem>
#include <memory>

namespace shouwen::sqlite {

/// Marks a database file as ours ("SWN1"); another program's is never written to.
constexpr std::int64_t application_id = 0x53574E31;

/// What can be seen without opening it. @throws sql::StoreRefused
void refuse_unusable_file(const std::filesystem::path& path);

/// The writing connection to a store of ours, marked when it is new. @throws sql::StoreRefused
std::unique_ptr<SqliteConnection> open_checked(const SqliteOptions& options);

}  // namespace shouwen::sqlite
