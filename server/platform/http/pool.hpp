#pragma once

#include "base/instant.hpp"
#include "platform/clock/steady.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace shouwen::http {

enum class Turn { in_time, too_late };

/// A fixed number of threads and a bounded queue for what must not hold up an event loop.
class Pool {
public:
    /// @param wait_max  who has waited for longer is told that it came too late: nobody listens for an answer any more, and
    ///   to give it would let all behind it wait as long
    Pool(unsigned threads, std::size_t queue_max, Duration wait_max);
    /// Runs what is queued, then ends.
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    using Job = std::function<void(Turn)>;
    /// @param job  must not throw  @returns false when the queue is full or the pool is ending
    [[nodiscard]] bool submit(Job job);
    void stop();

private:
    void work();

    std::mutex mutex_;
    std::condition_variable wake_;
    struct Waiting {
        Job job;
        SteadyTime since;
    };
    std::deque<Waiting> queue_;
    const std::size_t queue_max_;
    const Duration wait_max_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace shouwen::http
