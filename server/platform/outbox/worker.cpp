#include "platform/outbox/worker.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace shouwen::outbox {
namespace {

constexpr Duration longest_sleep = std::chrono::seconds{30};
constexpr Duration sleep_after_fault = std::chrono::seconds{1};

}  // namespace

Worker::Worker(Dispatcher& dispatcher, const Clock& clock)
    : dispatcher_(dispatcher), clock_(clock), thread_([this] { serve(); })
{
}

Worker::~Worker()
{
    {
        const std::lock_guard lock{mutex_};
        stopped_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Worker::wake()
{
    {
        const std::lock_guard lock{mutex_};
        if (woken_) return;
        woken_ = true;
    }
    changed_.notify_one();
}

void Worker::serve()
{
    Duration sleep{0};
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            changed_.wait_for(lock, sleep, [this] { return woken_ || stopped_; });
            if (stopped_) return;
            woken_ = false;
        }
        sleep = dispatch_once();
    }
}

/// The job's boundary: a fault is logged and tried again. @returns how long nothing is due
Duration Worker::dispatch_once()
{
    try {
        const auto now = clock_.now();
        const auto result = dispatcher_.dispatch(now);
        if (result.dead_count > 0) spdlog::error("outbox_given_up count={}", result.dead_count);
        if (!result.next_at) return longest_sleep;
        return std::clamp(*result.next_at - now, Duration{10}, longest_sleep);
    } catch (const std::exception& fault) {
        spdlog::error("outbox_fault: {}", fault.what());
        return sleep_after_fault;
    }
}

}  // namespace shouwen::outbox
