#include "platform/job/job.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace shouwen {
namespace {

constexpr Duration wait_after_fault = std::chrono::seconds{1};

}  // namespace

Job::Job(std::string name, std::function<Duration()> run)
    : name_(std::move(name)), run_(std::move(run)), thread_([this] { serve(); })
{
}

Job::~Job()
{
    {
        const std::lock_guard lock{mutex_};
        stopped_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Job::wake()
{
    {
        const std::lock_guard lock{mutex_};
        if (woken_) return;
        woken_ = true;
    }
    changed_.notify_one();
}

void Job::serve()
{
    Duration wait{0};
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            changed_.wait_for(lock, wait, [this] { return woken_ || stopped_; });
            if (stopped_) return;
            woken_ = false;
        }
        wait = run_once();
    }
}

Duration Job::run_once()
{
    try {
        return run_();
    } catch (const std::exception& fault) {
        spdlog::error("job_failed job={}: {}", name_, fault.what());
        return wait_after_fault;
    }
}

}  // namespace shouwen
