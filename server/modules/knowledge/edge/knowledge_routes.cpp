#include "modules/knowledge/edge/knowledge_routes.hpp"

#include "modules/knowledge/edge/article_json.hpp"
#include "modules/knowledge/rules/lifecycle.hpp"
#include "modules/knowledge/store/articles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
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

std::string name_of_person(const Surroundings& around, StaffId person)
{
    return person ? around.name_of_staff(person) : std::string{};
}

std::string json_of(const Article& article, const Surroundings& around)
{
    JsonWriter json;
    const auto updated_by = name_of_person(around, article.updated_by);
    if (article.text.kind == ArticleKind::script)
        write_script(json, article, updated_by);
    else
        write_article(json, article, updated_by);
    return json.take();
}

bool is_editor(const Call& call)
{
    return organisation::can(call.actor(), Permission::article_edit);
}

Answer get_record(const Surroundings& around, ArticleKind kind, const Call& call)
{
    const auto id = call.id_param<ArticleId>(0);
    std::optional<Article> article;
    if (id) around.store.read([&](sql::Connection& connection) { article = find(connection, *id); });
    if (!article || article->text.kind != kind) return api::not_found();
    if (article->state != ArticleState::in_use && !is_editor(call)) return api::not_found();
    return with_version(api::ok(json_of(*article, around)), *article);
}

/// Drafts and what was retired are the editors'.
std::optional<Problem> refuse_state(const Call& call, ArticleState state)
{
    if (state == ArticleState::in_use || is_editor(call)) return std::nullopt;
    return Problem{.code = "not_permitted"};
}

/// The record that a history is asked of; none when it is not there or of the other kind.
std::optional<ArticleId> asked(sql::Connection& connection, ArticleKind kind, const Call& call)
{
    const auto id = call.id_param<ArticleId>(0);
    const auto article = id ? find(connection, *id) : std::nullopt;
    return article && article->text.kind == kind ? id : std::nullopt;
}

std::optional<std::int64_t> read_version_number(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
    return number;
}

Answer get_versions(const Surroundings& around, ArticleKind kind, const Call& call)
{
    api::QueryReader query{*call.request};
    const auto cursor = query.cursor();
    const int limit = query.limit();
    if (auto problem = query.problem()) return *std::move(problem);
    auto before = std::optional{std::numeric_limits<std::int64_t>::max()};
    if (!cursor.empty()) before = read_version_number(cursor);
    if (!before) return Problem{.code = "invalid_cursor"};

    std::vector<ArticleVersion> versions;
    bool known = false;
    around.store.read([&](sql::Connection& connection) {
        const auto id = asked(connection, kind, call);
        known = id.has_value();
        if (id) versions = list_versions(connection, *id, *before, limit + 1);
    });
    if (!known) return api::not_found();
    const bool more = versions.size() > static_cast<std::size_t>(limit);
    if (more) versions.pop_back();

    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const ArticleVersion& each : versions) write(json, each, name_of_person(around, each.saved_by));
    json.end_array()
        .text_or_null("next_cursor", more ? api::encode_cursor(std::to_string(versions.back().version)) : std::string{})
        .end_object();
    return api::ok(json.take());
}

Answer get_version(const Surroundings& around, ArticleKind kind, const Call& call)
{
    const auto number = read_version_number(call.param(1));
    std::optional<ArticleVersion> version;
    if (number)
        around.store.read([&](sql::Connection& connection) {
            if (const auto id = asked(connection, kind, call)) version = find_version(connection, *id, *number);
        });
    if (!version) return api::not_found();
    JsonWriter json;
    write_version(json, *version, kind, name_of_person(around, version->saved_by));
    return api::ok(json.take());
}

Answer list(const Surroundings& around, const Call& call)
{
    api::QueryReader query{*call.request};
    const auto text = query.text("q");
    ListFilter filter{.class_ = query.choice<Class>("class"),
                      .category = query.text("category", 100),
                      .state = query.choice<ArticleState>("state").value_or(ArticleState::in_use)};
    const auto cursor = query.cursor();
    const int limit = query.limit();
    if (auto problem = query.problem()) return *std::move(problem);
    if (!cursor.empty()) {
        const auto before = ArticleId::parse(cursor);
        if (!before) return Problem{.code = "invalid_cursor"};
        filter.before = *before;
    }
    if (auto problem = refuse_state(call, filter.state)) return *std::move(problem);
    // What is not in use is not in the search index either.
    if (!text.empty() && filter.state != ArticleState::in_use)
        return Problem{.code = "invalid_filter", .fill = {{"name", "q"}, {"expected", "state=in_use"}}};

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
    for (const ScriptPtr& script : fitting(*around.scripts.scripts(), moment))
        write_script(json, *script, name_of_person(around, script->updated_by));
    json.end_array().end_object();
    return api::ok(json.take());
}

/// What editors put aside: read from the store, since the shelf holds what agents look for.
Answer list_unused_scripts(const Surroundings& around, const Call& call)
{
    api::QueryReader query{*call.request};
    const auto state =
        query.one_of("state", {"draft", "retired"}) == "draft" ? ArticleState::draft : ArticleState::retired;
    const int limit = query.limit();
    if (auto problem = query.problem()) return *std::move(problem);
    std::vector<Article> scripts;
    around.store.read([&](sql::Connection& connection) { scripts = load_scripts(connection, state, limit); });
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const Article& script : scripts) write_script(json, script, name_of_person(around, script.updated_by));
    json.end_array().end_object();
    return api::ok(json.take());
}

std::optional<Problem> shortcut_problem(sql::Connection& connection, const Article& article)
{
    if (article.text.shortcut.empty() || article.state != ArticleState::in_use) return std::nullopt;
    const ArticleId owner = shortcut_owner(connection, article.text.shortcut);
    if (!owner || owner == article.id) return std::nullopt;
    return Problem{.code = std::string{name_of(Refusal::shortcut_taken)}};
}

/// What all writes check before anything is queued: who may edit for the whole platform.
std::optional<Problem> refusal(const Call& call)
{
    if (is_editor(call)) return std::nullopt;
    return Problem{.code = "not_permitted"};
}

/// Shared by the handlers, which outlive the call that adds them.
using Around = std::shared_ptr<const Surroundings>;
using ReadText = void (*)(api::ObjectReader&, ArticleText&);

std::string_view action_of(ArticleKind kind, ArticleAct act)
{
    const bool script = kind == ArticleKind::script;
    switch (act) {
        case ArticleAct::created: return script ? "script_created" : "article_created";
        case ArticleAct::changed: return script ? "script_changed" : "article_changed";
        case ArticleAct::published: return script ? "script_published" : "article_published";
        case ArticleAct::retired: return script ? "script_retired" : "article_retired";
    }
    return {};
}

void audit(const Surroundings& around, sql::Connection& connection, const Article& article, ArticleAct act)
{
    const auto kind = article.text.kind;
    around.audit(connection, article.updated_by, action_of(kind, act), name_of(kind), article.id, article.version,
                 article.updated_at);
}

/// What POST takes: the text, and whether it is to be a draft.
struct NewArticle {
    ArticleText text;
    ArticleState state = ArticleState::in_use;
};

api::Prepare create(const Around& around, ReadText read_text, const std::string& folder)
{
    return [around, read_text, folder](const Call& call) -> Result<api::WriteWork, Problem> {
        if (auto problem = refusal(call)) return *std::move(problem);
        auto fresh = api::read_body<NewArticle>(call, [read_text](api::ObjectReader& body, NewArticle& into) {
            read_text(body, into.text);
            if (body.optional_boolean("draft").value_or(false)) into.state = ArticleState::draft;
        });
        if (!fresh) return std::move(fresh).error();
        return api::WriteWork{[around, folder, fresh = *std::move(fresh), by = call.actor().staff](
                                  sql::Connection& connection, Instant now) -> Written {
            const Article article{.id = around->ids.next<ArticleId>(now),
                                  .text = fresh.text,
                                  .updated_at = now,
                                  .updated_by = by,
                                  .state = fresh.state};
            if (auto problem = shortcut_problem(connection, article)) return {*std::move(problem)};
            insert(connection, article);
            audit(*around, connection, article, ArticleAct::created);
            return {with_version(api::created(json_of(article, *around), folder + article.id.text()), article)};
        }};
    };
}

/// The record as it stands, ready to be changed, or why not.
Result<Article, Problem> to_change(sql::Connection& connection, ArticleId id, ArticleKind kind, std::int64_t version)
{
    auto article = find(connection, id);
    if (!article || article->text.kind != kind) return api::not_found();
    if (article->version != version) {
        const auto now = std::to_string(article->version);
        return Problem{.code = "version_stale", .fill = {{"version", now}}, .members = "\"version\":" + now};
    }
    return *std::move(article);
}

/// The next version of a record, or why there is none.
using Next = std::function<Result<Article, Refusal>(const Article&, const Editing&)>;

/// What every write over a version shares: find it, compare versions, take the rule's answer, store, record, tell.
Written write_next(const Surroundings& around, sql::Connection& connection, ArticleId id, ArticleKind kind,
                   std::int64_t version, ArticleAct act, const Editing& editing, const Next& next)
{
    auto before = to_change(connection, id, kind, version);
    if (!before) return {std::move(before).error()};
    const auto after = next(*before, editing);
    if (!after) return {Problem{.code = std::string{name_of(after.error())}}};
    if (auto problem = shortcut_problem(connection, *after)) return {*std::move(problem)};
    update(connection, *after, act);
    audit(around, connection, *after, act);
    return {with_version(api::ok(json_of(*after, around)), *after)};
}

/// Of the request of a write over a version: which record, which version, who.
struct Over {
    ArticleId id;
    std::int64_t version = 0;
    StaffId by;
};
Result<Over, Problem> read_over(const Call& call)
{
    if (auto problem = refusal(call)) return *std::move(problem);
    const auto id = call.id_param<ArticleId>(0);
    if (!id) return api::not_found();
    const auto version = call.if_match();
    if (!version) return Problem{.code = "version_missing"};
    return Over{*id, *version, call.actor().staff};
}

api::Prepare change(const Around& around, ReadText read_text, ArticleKind kind)
{
    return [around, read_text, kind](const Call& call) -> Result<api::WriteWork, Problem> {
        auto over = read_over(call);
        if (!over) return std::move(over).error();
        auto text = api::read_body<ArticleText>(call, read_text);
        if (!text) return std::move(text).error();
        return api::WriteWork{
            [around, kind, over = *over, text = *std::move(text)](sql::Connection& connection, Instant now) -> Written {
                const auto next = [&text](const Article& article, const Editing& editing) -> Result<Article, Refusal> {
                    return changed(article, text, editing);
                };
                return write_next(*around, connection, over.id, kind, over.version, ArticleAct::changed, {over.by, now},
                                  next);
            }};
    };
}

api::Prepare command(const Around& around, ArticleKind kind, ArticleAct act,
                     Result<Article, Refusal> (*next)(const Article&, const Editing&))
{
    return [around, kind, act, next](const Call& call) -> Result<api::WriteWork, Problem> {
        auto over = read_over(call);
        if (!over) return std::move(over).error();
        auto body = api::read_body<Done>(call, [](api::ObjectReader&, Done&) {});
        if (!body) return std::move(body).error();
        return api::WriteWork{
            [around, kind, act, next, over = *over](sql::Connection& connection, Instant now) -> Written {
                return write_next(*around, connection, over.id, kind, over.version, act, {over.by, now}, next);
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
    const auto bind_to = [around](auto act, ArticleKind kind) {
        return [around, act, kind](const Call& call) { return act(*around, kind, call); };
    };

    routes.get_slow("/api/v1/articles", read, bind(list));
    routes.get("/api/v1/scripts", read, bind(list_scripts));
    routes.get_slow("/api/v1/scripts/unused", edit, bind(list_unused_scripts));
    const struct {
        ArticleKind kind;
        std::string folder;
        ReadText read_text;
    } kinds[] = {{ArticleKind::article, "/api/v1/articles", read_article},
                 {ArticleKind::script, "/api/v1/scripts", read_script}};
    for (const auto& [kind, folder, read_text] : kinds) {
        routes.post(folder, edit, create(around, read_text, folder + "/"));
        routes.get_slow(folder + "/{id}", read, bind_to(get_record, kind));
        routes.put(folder + "/{id}", edit, change(around, read_text, kind));
        routes.post(folder + "/{id}/commands/publish", edit, command(around, kind, ArticleAct::published, published));
        routes.post(folder + "/{id}/commands/retire", edit, command(around, kind, ArticleAct::retired, retired));
        routes.get_slow(folder + "/{id}/versions", edit, bind_to(get_versions, kind));
        routes.get_slow(folder + "/{id}/versions/{version}", edit, bind_to(get_version, kind));
    }
}

}  // namespace shouwen::knowledge
