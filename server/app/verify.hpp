#pragma once

#include "modules/organisation/rules/organisation.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace shouwen::app {

/// Something in a store that must not be. Names no customer and quotes no text of theirs.
struct Finding {
    std::string invariant;  ///< `1` to `6`, `8` of the domain model; `audit`, `search`, `customer`, `file`
    std::string ticket;     ///< its number; empty: it concerns no ticket
    std::string text;       ///< what was expected and what was found
};

struct Checked {
    std::int64_t tickets = 0;
    std::int64_t events = 0;
    std::int64_t obligations = 0;
    std::int64_t notices = 0;
    std::int64_t audit_entries = 0;
    std::vector<Finding> findings;  ///< at most `findings_max` are kept
    std::int64_t finding_count = 0;
};
constexpr std::size_t findings_max = 1'000;

/// All invariants over a whole store, a batch of tickets at a time: memory does not grow with the store.
/// Each batch is one snapshot, so a store that is being written to is checked as well.
/// @param progress  told the tickets checked so far, now and then; may be empty
Checked check_store(sql::Store& store, const std::function<void(std::int64_t)>& progress = {});

/// The file under it: pages, indexes, foreign keys.
void check_file_of(const std::filesystem::path& store, Checked& into);

/// The contents of attachments: each is there and is what was uploaded. @param data_dir  the folder above them
void check_attachments(sql::Store& store, const std::filesystem::path& data_dir, Checked& into);

/// One line.
std::string shown(const Finding& finding);

}  // namespace shouwen::app
