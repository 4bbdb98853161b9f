#include "modules/organisation/store/committing.hpp"

#include <future>

namespace shouwen::organisation {

void commit_and_wait(sql::Store& store, std::function<void(sql::Connection&)> work, std::function<void()> after_commit)
{
    const auto committed = std::make_shared<std::promise<void>>();
    auto waiting = committed->get_future();
    auto done = [committed, after = std::move(after_commit)](const std::exception_ptr& fault) {
        if (fault) return committed->set_exception(fault);
        if (after) after();
        committed->set_value();
    };
    if (store.submit({std::move(work), std::move(done)}) != sql::Queued::yes) throw StoreBusy{};
    waiting.get();
}

}  // namespace shouwen::organisation
