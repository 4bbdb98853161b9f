#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace shouwen::http {

/// A fixed number of threads and a bounded queue for what must not hold up an event loop.
class Pool {
public:
    Pool(unsigned threads, std::size_t queue_max);
    /// Runs what is queued, then ends.
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// @param job  must not throw  @returns false when the queue is full or the pool is ending
    [[nodiscard]] bool submit(std::function<void()> job);
    void stop();

private:
    void work();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> queue_;
    std::size_t queue_max_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace shouwen::http
