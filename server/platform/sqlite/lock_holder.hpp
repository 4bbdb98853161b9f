#pragma once

#include <filesystem>
#include <string>

/// Which other processes hold a store's locks, for the log: `process 812 (sqlite3)`, or that it is not known.
namespace shouwen::sqlite {

/// Who keeps others from writing.
std::string writer_of(const std::filesystem::path& store);
/// Who reads an old snapshot.
std::string old_readers_of(const std::filesystem::path& store);

}  // namespace shouwen::sqlite
