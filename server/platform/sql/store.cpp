#include "platform/sql/sql.hpp"

#include <chrono>
#include <future>
#include <thread>

namespace shouwen::sql {

void Store::write(const std::function<void(Connection&)>& work)
{
    for (;;) {
        std::promise<void> outcome;
        auto finished = outcome.get_future();
        const auto queued = submit({work, [&outcome](std::exception_ptr fault) {
                                        if (fault)
                                            outcome.set_exception(std::move(fault));
                                        else
                                            outcome.set_value();
                                    }});
        if (queued == Queued::yes) return finished.get();
        if (queued == Queued::closed) throw DatabaseFault("the store is closed");
        std::this_thread::sleep_for(std::chrono::milliseconds{1});  // a tool's own pace, never a request's
    }
}

}  // namespace shouwen::sql
