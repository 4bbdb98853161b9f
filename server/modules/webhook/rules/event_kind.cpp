#include "modules/webhook/rules/event_kind.hpp"

#include "modules/ticket/rules/event.hpp"

#include <algorithm>
#include <vector>

namespace shouwen::webhook {

std::string kind_of(std::string_view event_name)
{
    for (const std::string_view noun : {"ticket", "obligation", "slip", "complaint"})
        if (event_name.starts_with(noun) && event_name.substr(noun.size()).starts_with('_'))
            return std::string{noun} + "." + std::string{event_name.substr(noun.size() + 1)};
    return "ticket." + std::string{event_name};
}

std::span<const std::string> kinds()
{
    static const auto all = [] {
        std::vector<std::string> names;
        for (const char* name : ticket::event_names) names.push_back(kind_of(name));
        names.emplace_back("obligation.warned");
        names.emplace_back("obligation.breached");
        return names;
    }();
    return all;
}

bool is_kind(std::string_view text)
{
    return std::ranges::find(kinds(), text) != kinds().end();
}

}  // namespace shouwen::webhook
