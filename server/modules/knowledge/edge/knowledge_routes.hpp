#pragma once

#include "api/routes.hpp"
#include "modules/knowledge/store/script_shelf.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::knowledge {

/// What the module needs from outside; supplied by `app`. What it refers to outlives the routes.
struct Surroundings {
    sql::Store& store;
    IdSource& ids;
    ScriptShelf& scripts;
    /// The best matches of a text among the articles, the best first: the search module's.
    std::function<std::vector<ArticleId>(std::string_view text, int limit)> search;
    /// Empty for somebody unknown.
    std::function<std::string(StaffId)> name_of_staff;
};

void add_routes(api::Routes& routes, Surroundings surroundings);

}  // namespace shouwen::knowledge
