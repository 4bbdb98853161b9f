#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace shouwen::nodes {

constexpr auto patience = std::chrono::seconds{20};  // of a test that would otherwise wait for ever

/// Whether it comes true before patience is over.
inline bool comes_true(const std::function<bool()>& condition)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace shouwen::nodes
