#pragma once

#include "api/routes.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/search/store/search_store.hpp"

#include <functional>

/// What is searched, and by whom: here the search module meets the things it finds.
namespace shouwen::app {

/// What ought to be found, for `search::LostDocuments`.
std::vector<std::int64_t> ids_to_be_found(sql::Connection& db, search::SearchKind kind, std::int64_t after, int limit);

/// The text and the rights of one thing, for the index.
std::optional<search::Document> load_document(sql::Connection& db, search::SearchKind kind, std::int64_t ref);

/// The best matches among the articles, the best first.
std::vector<ArticleId> find_articles(sql::Store& store, std::string_view text, int limit);

struct SearchContext {
    sql::Store& store;
    std::function<organisation::OrganisationPtr()> organisation;
};
/// `GET /api/v1/search`.
void add_search_routes(api::Routes& routes, const SearchContext& context);

}  // namespace shouwen::app
