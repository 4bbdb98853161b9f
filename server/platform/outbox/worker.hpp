#pragma once

#include "platform/clock/clock.hpp"
#include "platform/outbox/outbox.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace shouwen::outbox {

/// Runs a dispatcher on a thread of its own: when woken, when the next message is due, and at least every half minute
/// (a lost wake costs a delay, never a message).
class Worker {
public:
    Worker(Dispatcher& dispatcher, const Clock& clock);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// After a commit that enqueued something, and after a manual clock was moved. Cheap, from any thread.
    void wake();

private:
    void serve();
    Duration dispatch_once();

    Dispatcher& dispatcher_;
    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = true;  // what the last run left behind
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace shouwen::outbox
