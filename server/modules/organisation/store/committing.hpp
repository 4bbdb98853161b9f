#pragma once

#include "platform/sql/sql.hpp"

#include <functional>

namespace shouwen::organisation {

/// The store's queue has no room: answer 503 with Retry-After.
struct StoreBusy : std::runtime_error {
    StoreBusy() : std::runtime_error("the store's queue is full") {}
};

/// Runs `work` in a transaction and `after_commit` in the order of the commits, then returns. What is kept in memory must
/// change in `after_commit` and not after the return: two waiting threads wake up in any order.
/// Blocks: for the pool, never for an event loop. @throws StoreBusy, what `work` threw
void commit_and_wait(sql::Store& store, std::function<void(sql::Connection&)> work, std::function<void()> after_commit);

}  // namespace shouwen::organisation
