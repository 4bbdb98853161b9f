#include "platform/sqlite/file_check.hpp"

#include "platform/sqlite/connection.hpp"

#include <fmt/format.h>

namespace shouwen::sqlite {
namespace {

constexpr int cache_kib = 32'000;
constexpr std::size_t problems_max = 20;

const sql::Statement integrity_check{"integrity_check", "PRAGMA integrity_check(20)"};
const sql::Statement foreign_key_check{"foreign_key_check", "PRAGMA foreign_key_check"};

}  // namespace

std::vector<std::string> check_file(const std::filesystem::path& store)
{
    SqliteConnection connection{store, Access::read_only, cache_kib};
    std::vector<std::string> problems;
    connection.each(integrity_check, [&](const sql::Row& row) {
        if (row.text(0) != "ok" && problems.size() < problems_max) problems.push_back(row.string(0));
    });
    connection.each(foreign_key_check, [&](const sql::Row& row) {
        if (problems.size() < problems_max)
            problems.push_back(
                fmt::format("row {} of {} refers to a missing row of {}", row.integer(1), row.text(0), row.text(2)));
    });
    return problems;
}

}  // namespace shouwen::sqlite
