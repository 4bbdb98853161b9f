#include "modules/knowledge/rules/scripts.hpp"

#include <algorithm>
#include <utility>

namespace shouwen::knowledge {
namespace {

template <class T>
bool clashes(const std::optional<T>& written_for, const std::optional<T>& asked)
{
    return written_for && asked && *written_for != *asked;
}

template <class T>
int points(const std::optional<T>& written_for, const std::optional<T>& asked, int worth)
{
    return written_for && written_for == asked ? worth : 0;
}

bool fits(const Article& script, const Moment& moment)
{
    return script.state == ArticleState::in_use && !clashes(script.text.emotion, moment.emotion) &&
           !clashes(script.text.step, moment.step) && !clashes(script.text.channel, moment.channel);
}

/// Powers of two: each outweighs all that come after it.
int rank(const Article& script, const Moment& moment)
{
    return points(script.text.emotion, moment.emotion, 4) + points(script.text.step, moment.step, 2) +
           points(script.text.channel, moment.channel, 1);
}

}  // namespace

std::vector<ScriptPtr> fitting(const std::vector<ScriptPtr>& scripts, const Moment& moment)
{
    std::vector<std::pair<int, ScriptPtr>> ranked;
    for (const auto& script : scripts)
        if (fits(*script, moment)) ranked.emplace_back(rank(*script, moment), script);
    std::ranges::sort(ranked, [](const auto& one, const auto& other) {
        if (one.first != other.first) return one.first > other.first;
        if (one.second->text.title != other.second->text.title)
            return one.second->text.title < other.second->text.title;
        return one.second->id < other.second->id;
    });
    std::vector<ScriptPtr> found;
    found.reserve(ranked.size());
    for (auto& [points, script] : ranked) found.push_back(std::move(script));
    return found;
}

}  // namespace shouwen::knowledge
