#pragma once

#include "modules/knowledge/rules/article.hpp"

#include <memory>
#include <vector>

namespace shouwen::knowledge {

/// Where an agent stands and looks for words. What is not known narrows nothing down.
struct Moment {
    std::optional<ticket::Step> step;
    std::optional<Channel> channel;
    std::optional<ticket::Emotion> emotion;
};

using ScriptPtr = std::shared_ptr<const Article>;

/// The scripts in use that fit, the best match first (A5): what is written for the customer's mood stands before all
/// else (E4, calming first), then for the step, then for the channel; then by title. A script for another mood, step or
/// channel does not fit.
std::vector<ScriptPtr> fitting(const std::vector<ScriptPtr>& scripts, const Moment& moment);

}  // namespace shouwen::knowledge
