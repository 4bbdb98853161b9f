#pragma once

#include "modules/knowledge/rules/scripts.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace shouwen::knowledge {

/// The scripts in memory: few, and looked for at each step of each ticket. Thread-safe.
class ScriptShelf {
public:
    using Scripts = std::shared_ptr<const std::vector<ScriptPtr>>;

    /// Everything anew, at start.
    void fill(std::vector<Article> scripts);
    /// After a script was written. An older version than the one that stands here changes nothing.
    void put(const Article& script);
    /// As of now; does not change any more.
    Scripts scripts() const;

private:
    mutable std::mutex mutex_;
    Scripts scripts_ = std::make_shared<const std::vector<ScriptPtr>>();
};

}  // namespace shouwen::knowledge
