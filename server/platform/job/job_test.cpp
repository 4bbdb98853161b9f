#include "platform/job/job.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>
#include <stdexcept>

namespace shouwen {
namespace {

using namespace std::chrono_literals;

TEST(Job, RunsAtTheStartWhenWokenAndAfterAFault)
{
    std::counting_semaphore<> ran{0};
    std::atomic<int> count{0};
    Job job{"test", [&]() -> Duration {
                const int run = ++count;
                ran.release();
                if (run == 2) throw std::runtime_error("once");
                return 1h;
            }};
    ran.acquire();
    job.wake();
    ran.acquire();
    job.wake();
    ran.acquire();
    EXPECT_GE(count, 3);
}

TEST(Job, RunsAgainAfterTheTimeItAskedFor)
{
    std::counting_semaphore<> ran{0};
    Job job{"test", [&]() -> Duration {
                ran.release();
                return 1ms;
            }};
    for (int i = 0; i < 3; ++i) ran.acquire();
}

}  // namespace
}  // namespace shouwen
