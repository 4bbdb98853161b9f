#include "platform/http/pool.hpp"

namespace shouwen::http {

Pool::Pool(unsigned threads, std::size_t queue_max, Duration wait_max) : queue_max_(queue_max), wait_max_(wait_max)
{
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Pool::~Pool()
{
    stop();
}

bool Pool::submit(Job job)
{
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= queue_max_) return false;
        queue_.push_back({std::move(job), steady_now()});
    }
    wake_.notify_one();
    return true;
}

void Pool::stop()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
}

void Pool::work()
{
    for (;;) {
        Waiting next;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            next = std::move(queue_.front());
            queue_.pop_front();
        }
        next.job(steady_now() - next.since > wait_max_ ? Turn::too_late : Turn::in_time);
    }
}

}  // namespace shouwen::http
