#include "app/replay_progress_bar.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace shouwen::app {

using namespace std::chrono_literals;

ProgressBar::ProgressBar(std::string_view unit, std::int64_t total, std::int64_t before)
    : unit_(unit),
      total_(std::max<std::int64_t>(total, 1)),
      before_(before),
      last_tenth_(10 * before / total_),
      is_terminal_(isatty(STDERR_FILENO) == 1)
{
}

ProgressBar::~ProgressBar()
{
    if (is_terminal_ && shown_ != SteadyTime{}) std::fputs("\n", stderr);
}

void ProgressBar::show(std::int64_t done)
{
    const auto now = steady_now();
    const std::int64_t tenth = 10 * done / total_;
    if (is_terminal_ ? now - shown_ < 200ms && done < total_ : tenth == last_tenth_) return;
    last_tenth_ = tenth;
    shown_ = now;
    const double seconds = std::max(std::chrono::duration<double>(now - began_).count(), 0.001);
    const double rate = std::max(static_cast<double>(done - before_) / seconds, 0.001);
    const auto text = fmt::format("{:3} %  {} of {} {}, {:.0f}/s, {:.0f} s left", 100 * done / total_, done, total_,
                                  unit_, rate, static_cast<double>(total_ - done) / rate);
    if (is_terminal_) {
        constexpr std::int64_t width = 30;
        const auto filled = static_cast<std::size_t>(width * done / total_);
        fmt::print(stderr, "\r[{}{}] {}\x1b[K", std::string(filled, '#'), std::string(width - filled, '.'), text);
    } else {
        fmt::print(stderr, "{}\n", text);
    }
    std::fflush(stderr);
}

}  // namespace shouwen::app
