#pragma once

#include <chrono>

namespace shouwen {

/// For limits on waiting and for measuring how long something took: never goes back, means nothing outside the process.
/// What people are told or what is stored comes from `Clock`.
using SteadyTime = std::chrono::steady_clock::time_point;

inline SteadyTime steady_now()
{
    return std::chrono::steady_clock::now();
}

}  // namespace shouwen
