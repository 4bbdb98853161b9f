#include "modules/knowledge/edge/knowledge_routes.hpp"

#include "modules/knowledge/edge/article_json.hpp"
#include "modules/knowledge/store/articles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace shouwen::knowledge {
namespace {

using api::Access;
using api::Answer;
using api::Call;
using api::Permission;
using api::Problem;
using api::Written;

constexpr int search_hits_max = 100;

http::Response with_version(http::Response response, const Article& article)
{
    response.headers.emplace_back("ETag", fmt::format("\"{}\"", article.version));
    return response;
}

std::string json_of(const Article& article, const Surroundings& around)
{
    JsonWriter json;
    if (article.text.kind == ArticleKind::script)
        write_script(json, article);
    else
        write_article(json, article, article.updated_by ? around.name_of_staff(article.updated_by) : std::string{});
    return json.take();
}

Answer get_article(const Surroundings& around, const Call& call)
{
    const auto id = call.id_param<ArticleId>(0);
    std::optional<Article> article;
    if (id) around.store.read([&](sql::Connection& connection) { article = find(connection, *id); });
    if (!article || article->text.kind != ArticleKind::article || article->disabled_at) return api::not_found();
    return with_version(api::ok(json_of(*article, around)), *article);
}

Answer list(const Surroundings& around, const Call& call)
{
    api::QueryReader query{*call.request};
    const auto text = query.text("q");
    ListFilter filter{.class_ = query.choice<Class>("class"), .category = query.text("category", 100)};
    const auto cursor = query.cursor();
    const int limit = query.limit();
    if (auto problem = query.problem()) return *std::move(problem);
    if (!cursor.empty()) {
        const auto before = ArticleId::parse(cursor);
        if (!before) return Problem{.code = "invalid_cursor"};
        filter.before = *before;
    }

    std::vector<ArticleHead> heads;
    if (text.empty()) {
        filter.limit = limit + 1;  // one more tells whether there is a next page
        around.store.read([&](sql::Connection& connection) { heads = list_articles(connection, filter); });
    } else {
        const auto ids = around.search(text, std::min(limit, search_hits_max));
        around.store.read([&](sql::Connection& connection) { heads = heads_of(connection, ids); });
        std::erase_if(heads, [&](const ArticleHead& head) {
            return (filter.class_ && head.class_ != filter.class_) ||
                   (!filter.category.empty() && head.category != filter.category);
        });
    }
    const bool more = text.empty() && heads.size() > static_cast<std::size_t>(limit);
    if (more) heads.pop_back();

    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const ArticleHead& head : heads) write(json, head);
    json.end_array()
        .text_or_null("next_cursor", more ? api::encode_cursor(heads.back().id.text()) : std::string{})
        .end_object();
    return api::ok(json.take());
}

Answer list_scripts(const Surroundings& around, const Call& call)
{
    api::QueryReader query{*call.request};
    const Moment moment{query.choice<ticket::Step>("step"), query.choice<Channel>("channel"),
                        query.choice<ticket::Emotion>("emotion")};
    if (auto problem = query.problem()) return *std::move(problem);

    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const ScriptPtr& script : fitting(*around.scripts.scripts(), moment)) write_script(json, *script);
    json.end_array().end_object();
    return api::ok(json.take());
}

/// After the commit, so that nobody reads a script that a failing disk takes back.
std::vector<std::function<void()>> shelve(const Surroundings& around, const Article& article)
{
    if (article.text.kind != ArticleKind::script) return {};
    return {[&scripts = around.scripts, article] { scripts.put(article); }};
}

std::optional<Problem> shortcut_problem(sql::Connection& connection, const Article& article)
{
    if (article.text.shortcut.empty() || article.disabled_at) return std::nullopt;
    const ArticleId owner = shortcut_owner(connection, article.text.shortcut);
    if (!owner || owner == article.id) return std::nullopt;
    return Problem{.code = std::string{name_of(Refusal::shortcut_taken)}};
}

/// What all writes check before anything is queued: who may edit for the whole platform.
std::optional<Problem> refusal(const Call& call)
{
    if (organisation::can(call.actor(), Permission::article_edit)) return std::nullopt;
    return Problem{.code = "not_permitted"};
}

/// Shared by the handlers, which outlive the call that adds them.
using Around = std::shared_ptr<const Surroundings>;
using ReadText = void (*)(api::ObjectReader&, ArticleText&);

api::Prepare create(const Around& around, ReadText read_text, const std::string& folder)
{
    return [around, read_text, folder](const Call& call) -> Result<api::WriteWork, Problem> {
        if (auto problem = refusal(call)) return *std::move(problem);
        auto text = api::read_body<ArticleText>(call, read_text);
        if (!text) return std::move(text).error();
        return api::WriteWork{[around, folder, text = *std::move(text), by = call.actor().staff](
                                  sql::Connection& connection, Instant now) -> Written {
            const Article article{
                .id = around->ids.next<ArticleId>(now), .text = text, .updated_at = now, .updated_by = by};
            if (auto problem = shortcut_problem(connection, article)) return {*std::move(problem)};
            insert(connection, article);
            return {with_version(api::created(json_of(article, *around), folder + article.id.text()), article),
                    shelve(*around, article)};
        }};
    };
}

/// The record as it stands, ready to be changed, or why not.
Result<Article, Problem> to_change(sql::Connection& connection, ArticleId id, ArticleKind kind,
                                   std::optional<std::int64_t> version)
{
    auto article = find(connection, id);
    if (!article || article->disabled_at || article->text.kind != kind) return api::not_found();
    if (version && article->version != *version) {
        const auto now = std::to_string(article->version);
        return Problem{.code = "version_stale", .fill = {{"version", now}}, .members = "\"version\":" + now};
    }
    return *std::move(article);
}

api::Prepare change(const Around& around, ReadText read_text, ArticleKind kind)
{
    return [around, read_text, kind](const Call& call) -> Result<api::WriteWork, Problem> {
        if (auto problem = refusal(call)) return *std::move(problem);
        const auto id = call.id_param<ArticleId>(0);
        if (!id) return api::not_found();
        const auto version = call.if_match();
        if (!version) return Problem{.code = "version_missing"};
        auto text = api::read_body<ArticleText>(call, read_text);
        if (!text) return std::move(text).error();
        return api::WriteWork{[around, kind, id = *id, version, text = *std::move(text), by = call.actor().staff](
                                  sql::Connection& connection, Instant now) -> Written {
            auto old = to_change(connection, id, kind, version);
            if (!old) return {std::move(old).error()};
            const Article article{
                .id = id, .text = text, .version = old->version + 1, .updated_at = now, .updated_by = by};
            if (auto problem = shortcut_problem(connection, article)) return {*std::move(problem)};
            update(connection, article);
            return {with_version(api::ok(json_of(article, *around)), article), shelve(*around, article)};
        }};
    };
}

api::Prepare disable(const Around& around, ArticleKind kind)
{
    return [around, kind](const Call& call) -> Result<api::WriteWork, Problem> {
        if (auto problem = refusal(call)) return *std::move(problem);
        const auto id = call.id_param<ArticleId>(0);
        if (!id) return api::not_found();
        return api::WriteWork{
            [around, kind, id = *id, by = call.actor().staff](sql::Connection& connection, Instant now) -> Written {
                auto article = to_change(connection, id, kind, std::nullopt);
                if (!article) return {std::move(article).error()};
                ++article->version;
                article->updated_at = now;
                article->updated_by = by;
                article->disabled_at = now;
                update(connection, *article);
                return {api::no_content(), shelve(*around, *article)};
            }};
    };
}

}  // namespace

void add_routes(api::Routes& routes, Surroundings surroundings)
{
    const auto around = std::make_shared<const Surroundings>(std::move(surroundings));
    const Access read = Access::may(Permission::article_read);
    const Access edit = Access::may(Permission::article_edit);
    const auto bind = [around](auto act) { return [around, act](const Call& call) { return act(*around, call); }; };

    routes.get_slow("/api/v1/articles", read, bind(list));
    routes.get_slow("/api/v1/articles/{id}", read, bind(get_article));
    routes.get("/api/v1/scripts", read, bind(list_scripts));
    routes.post("/api/v1/articles", edit, create(around, read_article, "/api/v1/articles/"));
    routes.put("/api/v1/articles/{id}", edit, change(around, read_article, ArticleKind::article));
    routes.delete_("/api/v1/articles/{id}", edit, disable(around, ArticleKind::article));
    routes.post("/api/v1/scripts", edit, create(around, read_script, "/api/v1/scripts/"));
    routes.put("/api/v1/scripts/{id}", edit, change(around, read_script, ArticleKind::script));
    routes.delete_("/api/v1/scripts/{id}", edit, disable(around, ArticleKind::script));
}

}  // namespace shouwen::knowledge
