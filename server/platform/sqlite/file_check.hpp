#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace shouwen::sqlite {

/// The problems that SQLite finds in the file itself (pages, indexes, foreign keys), at most 20; empty when there are none.
/// Reads everything.
std::vector<std::string> check_file(const std::filesystem::path& store);

}  // namespace shouwen::sqlite
