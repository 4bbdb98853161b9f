#pragma once

#include <cstdint>

/// What a child writes into its pipe, one number at a time (a write of 8 bytes is never torn): the row that was
/// acknowledged, or one of these.
namespace shouwen::fault {

/// The disk has just refused to sync: nothing may be acknowledged any more.
inline constexpr std::int64_t sync_failed = -1;
/// Each of these rows is written by a job that throws afterwards: it may never be seen.
inline constexpr std::int64_t failing_every = 50;

inline constexpr int journal_file = 3;

}  // namespace shouwen::fault
