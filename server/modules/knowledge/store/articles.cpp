#include "modules/knowledge/store/articles.hpp"

#include "base/result.hpp"

namespace shouwen::knowledge {
namespace {

const sql::Statement select_article{
    "select_article",
    "SELECT id, kind, title, body, class, category, step, channel, emotion, shortcut, version, updated_at, "
    "updated_by, state, disabled_at FROM article WHERE id = $1"};
const sql::Statement select_scripts{
    "select_scripts",
    "SELECT id, kind, title, body, class, category, step, channel, emotion, shortcut, version, updated_at, "
    "updated_by, state, disabled_at FROM article WHERE kind = 'script' AND state = $1 ORDER BY id DESC LIMIT $2"};
// A parameter that is NULL narrows nothing; the casts tell PostgreSQL its type.
const sql::Statement select_heads{
    "select_article_heads",
    "SELECT id, title, class, category, version, updated_at, state, disabled_at FROM article "
    "WHERE kind = 'article' AND state = $1 AND id < $2 "
    "AND (CAST($3 AS TEXT) IS NULL OR class = $3) AND (CAST($4 AS TEXT) IS NULL OR category = $4) "
    "ORDER BY id DESC LIMIT $5"};
const sql::Statement select_head{
    "select_article_head",
    "SELECT id, title, class, category, version, updated_at, state, disabled_at FROM article "
    "WHERE id = $1 AND kind = 'article' AND state = 'in_use'"};
const sql::Statement select_ids_after{"article.ids_after",
                                      "SELECT id FROM article WHERE id > $1 AND state = 'in_use' ORDER BY id LIMIT $2"};
const sql::Statement select_greatest_id{"greatest_article_id", "SELECT COALESCE(MAX(id), 0) FROM article"};
const sql::Statement select_shortcut{"select_shortcut_owner",
                                     "SELECT id FROM article WHERE shortcut = $1 AND state = 'in_use'"};
const sql::Statement insert_article{
    "insert_article",
    "INSERT INTO article (id, kind, title, body, class, category, step, channel, emotion, shortcut, "
    "version, updated_at, updated_by, state, disabled_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"};
const sql::Statement update_article{
    "update_article",
    "UPDATE article SET title = $2, body = $3, class = $4, category = $5, step = $6, channel = $7, "
    "emotion = $8, shortcut = $9, version = $10, updated_at = $11, updated_by = $12, state = $13, disabled_at = $14 "
    "WHERE id = $1 AND version = $10 - 1"};
const sql::Statement insert_version{
    "insert_article_version",
    "INSERT INTO article_version (article_id, version, act, title, body, class, category, step, channel, emotion, "
    "shortcut, saved_at, saved_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"};
const sql::Statement select_versions{
    "select_article_versions",
    "SELECT version, act, saved_at, saved_by FROM article_version WHERE article_id = $1 AND version < $2 "
    "ORDER BY version DESC LIMIT $3"};
const sql::Statement select_version{
    "select_article_version",
    "SELECT version, act, saved_at, saved_by, title, body, class, category, step, channel, emotion, shortcut "
    "FROM article_version WHERE article_id = $1 AND version = $2"};
const sql::Statement queue_for_search{"queue_article_for_search",
                                      "INSERT INTO search_queue (kind, ref_id) VALUES ('article', $1)"};

template <NamedEnum E>
std::optional<E> word(const sql::Row& row, int column)
{
    return row.is_null(column) ? std::nullopt : parse_name<E>(row.text(column));
}

template <NamedEnum E>
std::optional<std::string_view> name_or_null(std::optional<E> value)
{
    return value ? std::optional{name_of(*value)} : std::nullopt;
}

std::optional<std::string_view> text_or_null(std::string_view text)
{
    return text.empty() ? std::nullopt : std::optional{text};
}

Article read_article(const sql::Row& row)
{
    return {.id = row.id<ArticleId>(0),
            .text = {.kind = word<ArticleKind>(row, 1).value_or(ArticleKind::article),
                     .title = row.string(2),
                     .body = row.string(3),
                     .class_ = word<Class>(row, 4),
                     .category = row.string(5),
                     .step = word<ticket::Step>(row, 6),
                     .channel = word<Channel>(row, 7),
                     .emotion = word<ticket::Emotion>(row, 8),
                     .shortcut = row.string(9)},
            .version = row.integer(10),
            .updated_at = row.instant(11),
            .updated_by = row.id<StaffId>(12),
            .state = word<ArticleState>(row, 13).value_or(ArticleState::retired),
            .disabled_at = row.optional_instant(14)};
}

ArticleHead read_head(const sql::Row& row)
{
    return {.id = row.id<ArticleId>(0),
            .title = row.string(1),
            .class_ = word<Class>(row, 2),
            .category = row.string(3),
            .version = row.integer(4),
            .updated_at = row.instant(5),
            .state = word<ArticleState>(row, 6).value_or(ArticleState::retired),
            .disabled_at = row.optional_instant(7)};
}

ArticleVersion read_version(const sql::Row& row)
{
    return {.version = row.integer(0),
            .act = word<ArticleAct>(row, 1).value_or(ArticleAct::changed),
            .saved_at = row.instant(2),
            .saved_by = row.id<StaffId>(3),
            .text = {}};
}

void record(sql::Connection& connection, const Article& article, ArticleAct act)
{
    if (article.text.kind == ArticleKind::script) connection.announce(script_topic, article.id.text());
    const ArticleText& text = article.text;
    connection.execute(insert_version, article.id, article.version, name_of(act), text.title, text.body,
                       name_or_null(text.class_), text_or_null(text.category), name_or_null(text.step),
                       name_or_null(text.channel), name_or_null(text.emotion), text_or_null(text.shortcut),
                       article.updated_at, article.updated_by);
    if (text.kind == ArticleKind::article) connection.execute(queue_for_search, article.id);
}

}  // namespace

std::optional<Article> find(sql::Connection& connection, ArticleId id)
{
    return connection.first(select_article, read_article, id);
}

std::vector<ArticleHead> list_articles(sql::Connection& connection, const ListFilter& filter)
{
    std::vector<ArticleHead> heads;
    const ArticleId before = filter.before ? filter.before : ArticleId{INT64_MAX};
    connection.each(
        select_heads, [&](const sql::Row& row) { heads.push_back(read_head(row)); }, name_of(filter.state), before,
        name_or_null(filter.class_), text_or_null(filter.category), filter.limit);
    return heads;
}

std::vector<ArticleHead> heads_of(sql::Connection& connection, const std::vector<ArticleId>& ids)
{
    // A page of search hits: point reads by key, at most as many as the page is long.
    std::vector<ArticleHead> heads;
    for (const ArticleId id : ids)
        if (auto head = connection.first(select_head, read_head, id)) heads.push_back(std::move(*head));
    return heads;
}

std::vector<Article> load_scripts(sql::Connection& connection, ArticleState state, int limit)
{
    std::vector<Article> scripts;
    connection.each(
        select_scripts, [&](const sql::Row& row) { scripts.push_back(read_article(row)); }, name_of(state), limit);
    return scripts;
}

std::vector<ArticleVersion> list_versions(sql::Connection& connection, ArticleId id, std::int64_t before, int limit)
{
    std::vector<ArticleVersion> versions;
    connection.each(
        select_versions, [&](const sql::Row& row) { versions.push_back(read_version(row)); }, id, before, limit);
    return versions;
}

std::optional<ArticleVersion> find_version(sql::Connection& connection, ArticleId id, std::int64_t version)
{
    return connection.first(
        select_version,
        [](const sql::Row& row) {
            ArticleVersion found = read_version(row);
            found.text = {.title = row.string(4),
                          .body = row.string(5),
                          .class_ = word<Class>(row, 6),
                          .category = row.string(7),
                          .step = word<ticket::Step>(row, 8),
                          .channel = word<Channel>(row, 9),
                          .emotion = word<ticket::Emotion>(row, 10),
                          .shortcut = row.string(11)};
            return found;
        },
        id, version);
}

ArticleId shortcut_owner(sql::Connection& connection, const std::string& shortcut)
{
    return connection
        .first(
            select_shortcut, [](const sql::Row& row) { return row.id<ArticleId>(0); }, shortcut)
        .value_or(ArticleId{});
}

void insert(sql::Connection& connection, const Article& article)
{
    const ArticleText& text = article.text;
    connection.execute(insert_article, article.id, name_of(text.kind), text.title, text.body, name_or_null(text.class_),
                       text_or_null(text.category), name_or_null(text.step), name_or_null(text.channel),
                       name_or_null(text.emotion), text_or_null(text.shortcut), article.version, article.updated_at,
                       article.updated_by, name_of(article.state), article.disabled_at);
    record(connection, article, ArticleAct::created);
}

void update(sql::Connection& connection, const Article& article, ArticleAct act)
{
    const ArticleText& text = article.text;
    const auto changed = connection.execute(
        update_article, article.id, text.title, text.body, name_or_null(text.class_), text_or_null(text.category),
        name_or_null(text.step), name_or_null(text.channel), name_or_null(text.emotion), text_or_null(text.shortcut),
        article.version, article.updated_at, article.updated_by, name_of(article.state), article.disabled_at);
    ensure(changed == 1, "an article is written over the version before it");
    record(connection, article, act);
}

std::vector<std::int64_t> ids_after(sql::Connection& connection, std::int64_t after, int limit)
{
    std::vector<std::int64_t> ids;
    connection.each(
        select_ids_after, [&](const sql::Row& row) { ids.push_back(row.integer(0)); }, after, limit);
    return ids;
}

std::int64_t greatest_id(sql::Connection& connection)
{
    return connection.first(select_greatest_id, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

}  // namespace shouwen::knowledge
