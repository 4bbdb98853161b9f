#include "platform/clock/clock.hpp"

namespace shouwen {

Instant SystemClock::now() const
{
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Instant ManualClock::now() const
{
    const std::lock_guard lock{mutex_};
    return now_;
}

void ManualClock::set(Instant at)
{
    const std::lock_guard lock{mutex_};
    now_ = at;
}

void ManualClock::advance(Duration by)
{
    const std::lock_guard lock{mutex_};
    now_ += by;
}

}  // namespace shouwen
