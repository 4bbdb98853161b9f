#include "modules/knowledge/store/script_shelf.hpp"

#include <algorithm>

namespace shouwen::knowledge {

void ScriptShelf::fill(std::vector<Article> scripts)
{
    auto filled = std::make_shared<std::vector<ScriptPtr>>();
    for (auto& script : scripts) filled->push_back(std::make_shared<const Article>(std::move(script)));
    const std::lock_guard lock{mutex_};
    scripts_ = std::move(filled);
}

void ScriptShelf::put(const Article& script)
{
    const std::lock_guard lock{mutex_};
    auto changed = std::make_shared<std::vector<ScriptPtr>>(*scripts_);
    const auto known = std::ranges::find(*changed, script.id, [](const ScriptPtr& each) { return each->id; });
    // Commits are told from more than one thread, so the later one may be told first. One out of use stays here for the
    // same reason; `fitting` passes it over.
    if (known == changed->end())
        changed->push_back(std::make_shared<const Article>(script));
    else if ((*known)->version < script.version)
        *known = std::make_shared<const Article>(script);
    scripts_ = std::move(changed);
}

ScriptShelf::Scripts ScriptShelf::scripts() const
{
    const std::lock_guard lock{mutex_};
    return scripts_;
}

}  // namespace shouwen::knowledge
