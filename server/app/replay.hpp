#pragma once

#include "app/command_line.hpp"
#include "app/replay_mapping.hpp"
#include "base/hash.hpp"

#include <optional>
#include <vector>

namespace shouwen::app {

/// A file as it was read: what can be replayed and what cannot.
struct HistoricFile {
    Hash hash;
    std::int64_t rows_count = 0;  ///< rejected ones too, the header not
    std::vector<HistoricTicket> tickets;
    std::vector<RowFault> rejected;
    bool is_truncated = false;  ///< the end is missing; what came before is there
};

/// @returns why the file is none of ours, or what is in it
/// @throws std::runtime_error when it cannot be opened
Result<HistoricFile, std::string> read_historic(const std::filesystem::path& file);

enum class StepKind { open, take, close };
struct ReplayStep {
    Instant at;
    StepKind kind;
    std::uint32_t ticket;  ///< its place in the file's tickets
};
/// All that people did, in the order of time: the plan follows from the file alone, so that a stopped replay finds its place.
std::vector<ReplayStep> plan_of(const HistoricFile& file);

/// How a run is cut; the tests stop it in the middle.
struct ReplayCut {
    std::optional<int> batch_steps;  ///< that share a transaction
    std::optional<int> batches_max;
};
int replay(const ReplayOptions& options, const ReplayCut& cut, std::ostream& out);

}  // namespace shouwen::app
