#pragma once

#include "base/instant.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace shouwen {

/// Background work on a thread of its own: an idempotent function, run at the start, when woken, and when the time that it
/// asked for has passed. A lost wake costs a delay, never a result. What it throws is logged and tried again.
class Job {
public:
    /// @param run  does what is due and says after how long it has to be run again at the latest
    Job(std::string name, std::function<Duration()> run);
    /// Waits for the run under way.
    ~Job();
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    /// There may be something to do: after a commit, or when a manual clock was moved. Cheap, from any thread.
    void wake();

private:
    void serve();
    Duration run_once();

    const std::string name_;
    const std::function<Duration()> run_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = true;  // the first run takes up what the last process left behind
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace shouwen
