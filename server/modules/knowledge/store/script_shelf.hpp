#pragma once

#include "modules/knowledge/rules/scripts.hpp"
#include "platform/sql/feed.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace shouwen::knowledge {

/// The scripts in memory: few, and looked for at each step of each ticket. Read again when one was written, here or on
/// another node. Thread-safe.
class ScriptShelf {
public:
    using Scripts = std::shared_ptr<const std::vector<ScriptPtr>>;

    explicit ScriptShelf(sql::Store& store);

    /// As of now; does not change any more.
    Scripts scripts() const;

private:
    void fill();

    sql::Store& store_;
    mutable std::mutex mutex_;
    Scripts scripts_ = std::make_shared<const std::vector<ScriptPtr>>();
    sql::Feed::Subscription changes_;
};

}  // namespace shouwen::knowledge
