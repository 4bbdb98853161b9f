#pragma once

#include "platform/clock/steady.hpp"

#include <cstdint>
#include <string_view>

namespace shouwen::app {

/// On standard error: a bar on a terminal, elsewhere a line for every tenth.
class ProgressBar {
public:
    /// @param total  at least 1  @param before  done in an earlier run: no part of the rate
    ProgressBar(std::string_view unit, std::int64_t total, std::int64_t before);
    ~ProgressBar();
    void show(std::int64_t done);

private:
    std::string_view unit_;
    std::int64_t total_;
    std::int64_t before_;
    std::int64_t last_tenth_;
    SteadyTime began_ = steady_now();
    SteadyTime shown_{};
    bool is_terminal_;
};

}  // namespace shouwen::app
