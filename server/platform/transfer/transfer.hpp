#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Moves an embedded store to PostgreSQL: every row of every table, and nothing else.
namespace shouwen::transfer {

struct Options {
    std::filesystem::path from;  ///< an SQLite store that no server has open
    std::string to;              ///< postgresql://…, an empty database
    std::int64_t rows_per_commit = 20'000;
    /// Told after each commit: the table and how many of its rows are over.
    std::function<void(std::string_view table, std::int64_t rows)> progress = {};
    /// Stops after so many commits, as a kill would; for tests. 0: never
    int commits_max = 0;
};

struct Table {
    std::string name;
    std::int64_t rows_count = 0;
};

struct Transferred {
    bool is_whole = false;      ///< false: stopped, to be continued by calling again
    std::vector<Table> tables;  ///< each was counted on both sides
};

/// Goes on where an earlier call was stopped. Both sides are brought to this program's schema first. Constraints between
/// tables are taken off meanwhile and checked when they are put back; full text is indexed anew by the next server.
/// @throws sql::StoreRefused when one side cannot be opened, the target holds something already or another copy, or a count
/// differs afterwards. Until all is over the target is refused by `open_postgres`.
Transferred transfer(const Options& options);

}  // namespace shouwen::transfer
