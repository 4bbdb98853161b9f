#include "platform/vault/pace.hpp"

#include <thread>

namespace shouwen::vault {
namespace {

constexpr std::uint64_t step_bytes = 1 << 20;

}  // namespace

void Steps::done(std::uint64_t bytes, std::uint64_t total)
{
    done_ += bytes;
    since_rest_ += bytes;
    if (since_rest_ < step_bytes && done_ != total) return;
    since_rest_ = 0;
    if (pace_.on_step) pace_.on_step(done_, total == 0 ? done_ : total);
    const auto took = Stopwatch::now() - began_;
    if (pace_.rests > 0) std::this_thread::sleep_for(took * pace_.rests);
    began_ = Stopwatch::now();
}

}  // namespace shouwen::vault
