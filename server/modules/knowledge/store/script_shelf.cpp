#include "modules/knowledge/store/script_shelf.hpp"

#include "modules/knowledge/store/articles.hpp"

namespace shouwen::knowledge {

ScriptShelf::ScriptShelf(sql::Store& store) : store_(store)
{
    changes_ = store.feed().subscribe(script_topic, {[this](auto) { fill(); }, [this] { fill(); }});
}

void ScriptShelf::fill()
{
    auto filled = std::make_shared<std::vector<ScriptPtr>>();
    store_.read([&](sql::Connection& db) {
        for (auto& script : load_scripts(db)) filled->push_back(std::make_shared<const Article>(std::move(script)));
    });
    const std::lock_guard lock{mutex_};
    scripts_ = std::move(filled);
}

ScriptShelf::Scripts ScriptShelf::scripts() const
{
    const std::lock_guard lock{mutex_};
    return scripts_;
}

}  // namespace shouwen::knowledge
