#pragma once

#include "modules/knowledge/rules/article.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <string>
#include <vector>

/// Articles and scripts on record. All functions run inside the caller's transaction.
namespace shouwen::knowledge {

std::optional<Article> find(sql::Connection& connection, ArticleId id);

/// Announced with the id of a script that was written.
inline constexpr const char* script_topic = "script";

struct ListFilter {
    std::optional<Class> class_ = {};
    std::string category = {};  ///< empty: any
    ArticleState state = ArticleState::in_use;
    ArticleId before = {};  ///< only older ones; none: from the newest
    int limit = 50;
};
/// Articles in that state, the newest first.
std::vector<ArticleHead> list_articles(sql::Connection& connection, const ListFilter& filter);
/// The articles in use among `ids`, in their order.
std::vector<ArticleHead> heads_of(sql::Connection& connection, const std::vector<ArticleId>& ids);
/// Scripts in that state, the newest first; those in use are some hundred at most.
std::vector<Article> load_scripts(sql::Connection& connection, ArticleState state = ArticleState::in_use,
                                  int limit = 5'000);

/// The versions of one record below `before`, the newest first, without their texts.
std::vector<ArticleVersion> list_versions(sql::Connection& connection, ArticleId id, std::int64_t before, int limit);
/// One version with its text.
std::optional<ArticleVersion> find_version(sql::Connection& connection, ArticleId id, std::int64_t version);

/// The script in use with this shortcut.
ArticleId shortcut_owner(sql::Connection& connection, const std::string& shortcut);

/// Inserts version 1 and its line in the history, and queues it for the search index. @pre the id is new
void insert(sql::Connection& connection, const Article& article);
/// Writes the next version over the one before, with its line in the history, and queues it.
/// @pre it exists and `article.version` is one more
void update(sql::Connection& connection, const Article& article, ArticleAct act);

/// The greatest id in use; 0 when there is none. Ids go on after it.
std::int64_t greatest_id(sql::Connection& connection);
/// The next ids of those in use, in their order.
std::vector<std::int64_t> ids_after(sql::Connection& connection, std::int64_t after, int limit);

}  // namespace shouwen::knowledge
