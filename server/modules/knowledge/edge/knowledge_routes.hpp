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
    /// One line into the audit log, in the same transaction.
    /// @param subject_kind  `article` or `script`; `action` is past tense: `article_published`
    std::function<void(sql::Connection&, StaffId by, std::string_view action, std::string_view subject_kind, ArticleId,
                       std::int64_t version, Instant)>
        audit;
};

void add_routes(api::Routes& routes, Surroundings surroundings);

}  // namespace shouwen::knowledge
