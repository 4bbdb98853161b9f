#include "modules/knowledge/edge/knowledge_routes.hpp"

#include "api/contract_for_tests.hpp"
#include "modules/knowledge/store/articles.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

namespace shouwen::knowledge {
namespace {

namespace json = boost::json;
using http::Method;
using organisation::Permission;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The module's routes over an empty store, asked as an editor unless a test says otherwise.
class KnowledgeRoutes : public testing::Test {
protected:
    // A temporary, as `app` passes it: the handlers must not refer to it.
    KnowledgeRoutes()
    {
        add_routes(routes, {.store = *store,
                            .ids = ids,
                            .scripts = shelf,
                            .search = [this](std::string_view, int) { return hits; },
                            .name_of_staff = [](StaffId) { return std::string{"顾文静"}; },
                            .audit =
                                [this](sql::Connection&, StaffId by, std::string_view action, std::string_view,
                                       ArticleId, std::int64_t version, Instant) {
                                    audited.push_back(std::string{action} + " " + std::to_string(version) + " by " +
                                                      std::to_string(by.value));
                                }});
    }

    http::Response ask(Method method, const std::string& pattern, const std::string& param = {},
                       const std::string& body = {}, http::Fields headers = {}, http::Fields query = {})
    {
        auto request = std::make_shared<http::Request>();
        request->method = method;
        request->path = pattern;
        for (std::size_t from = 0; !param.empty() && from <= param.size();) {  // `id` or `id/version`
            const auto end = std::min(param.find('/', from), param.size());
            request->params.push_back(param.substr(from, end - from));
            from = end + 1;
        }
        request->body = body;
        request->headers = std::move(headers);
        request->query = std::move(query);

        if (taken.empty()) taken = routes.take();
        const auto route = std::ranges::find_if(
            taken, [&](const http::Route& each) { return each.method == method && each.pattern == pattern; });
        if (route == taken.end()) throw std::logic_error("no route " + pattern);
        std::promise<http::Response> answer;
        route->handler(request, [&](http::Response response) { answer.set_value(std::move(response)); });
        return answer.get_future().get();
    }
    static std::vector<std::string> titles(const http::Response& response)
    {
        std::vector<std::string> found;
        const json::value list = json::parse(response.body);
        for (const auto& item : list.at("items").as_array()) found.emplace_back(item.at("title").as_string());
        return found;
    }
    static std::string id_of(const http::Response& response)
    {
        return std::string{json::parse(response.body).at("id").as_string()};
    }

    http::Response create_article(const std::string& title)
    {
        return ask(Method::post, "/api/v1/articles", {},
                   json::serialize(json::object{{"title", title}, {"body", "正文"}, {"class", "repair"}}));
    }
    http::Response create_script(const std::string& title, const std::string& shortcut)
    {
        return ask(Method::post, "/api/v1/scripts", {},
                   json::serialize(
                       json::object{{"title", title}, {"body", "您好"}, {"channel", "phone"}, {"shortcut", shortcut}}));
    }

    http::Response command(const std::string& folder, const std::string& act, const std::string& id, int version)
    {
        return ask(Method::post, "/api/v1/" + folder + "/{id}/commands/" + act, id, "{}",
                   {{"if-match", "\"" + std::to_string(version) + "\""}});
    }

    std::vector<std::string> audited;
    sqlite::TemporaryStore store;
    ManualClock clock{from_ms(1'767'575'000'000)};
    IdSource ids;
    ScriptShelf shelf{*store};
    std::vector<ArticleId> hits;  ///< what the search module would find
    organisation::Permissions permissions{Permission::article_read, Permission::article_edit};
    std::vector<organisation::ScopedPermissions> scoped;
    api::Routes routes{*store, clock, [this](const http::Request&) {
                           organisation::Actor actor;
                           actor.staff = StaffId{42};
                           actor.permissions = permissions;
                           actor.scoped = scoped;
                           return std::optional{api::Identity{std::move(actor), {}}};
                       }};
    std::vector<http::Route> taken;
};

TEST_F(KnowledgeRoutes, B1_AnArticleIsMadeReadChangedAndTakenOutOfUse)
{
    const auto made = create_article("停车收费");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto id = id_of(made);

    const auto read = ask(Method::get, "/api/v1/articles/{id}", id);
    EXPECT_EQ(read.body, made.body);
    EXPECT_THAT(read.body, HasSubstr("顾文静"));

    const auto changed = ask(Method::put, "/api/v1/articles/{id}", id, R"({"title":"停车收费与减免","body":"新"})",
                             {{"if-match", "\"1\""}});
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(json::parse(changed.body).at("version").as_int64(), 2);
    EXPECT_TRUE(json::parse(changed.body).at("class").is_null());

    const auto retired = command("articles", "retire", id, 2);
    ASSERT_EQ(retired.status, 200) << retired.body;
    EXPECT_THAT(retired.body, HasSubstr(R"("state":"retired")"));
    EXPECT_EQ(command("articles", "retire", id, 3).status, 409);
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/articles")), ElementsAre());
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/articles", {}, {}, {}, {{"state", "retired"}})),
                ElementsAre("停车收费与减免"));
    ASSERT_EQ(command("articles", "publish", id, 3).status, 200);
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/articles")), ElementsAre("停车收费与减免"));
    EXPECT_THAT(audited, ElementsAre("article_created 1 by 42", "article_changed 2 by 42", "article_retired 3 by 42",
                                     "article_published 4 by 42"));
}

TEST_F(KnowledgeRoutes, B1_ADraftIsTheEditorsUntilItIsPublished)
{
    const auto made = ask(Method::post, "/api/v1/articles", {}, R"({"title":"新规","body":"正文","draft":true})");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto id = id_of(made);
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/articles")), ElementsAre());
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/articles", {}, {}, {}, {{"state", "draft"}})), ElementsAre("新规"));

    permissions = {Permission::article_read};
    EXPECT_EQ(ask(Method::get, "/api/v1/articles/{id}", id).status, 404);
    EXPECT_EQ(ask(Method::get, "/api/v1/articles", {}, {}, {}, {{"state", "draft"}}).status, 403);
    EXPECT_EQ(ask(Method::get, "/api/v1/articles/{id}/versions", id).status, 403);
    EXPECT_EQ(command("articles", "publish", id, 1).status, 403);

    permissions = {Permission::article_read, Permission::article_edit};
    EXPECT_EQ(command("articles", "publish", id, 7).status, 412);
    EXPECT_EQ(ask(Method::post, "/api/v1/articles/{id}/commands/publish", id, "{}").status, 428);
    ASSERT_EQ(command("articles", "publish", id, 1).status, 200);
    EXPECT_EQ(command("articles", "publish", id, 2).status, 409);
    permissions = {Permission::article_read};
    EXPECT_EQ(ask(Method::get, "/api/v1/articles/{id}", id).status, 200);
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/articles")), ElementsAre("新规"));
}

TEST_F(KnowledgeRoutes, B1_EveryVersionStaysAsItWasWritten)
{
    const auto id = id_of(create_article("一"));
    ASSERT_EQ(ask(Method::put, "/api/v1/articles/{id}", id, R"({"title":"二","body":"改过"})", {{"if-match", "\"1\""}})
                  .status,
              200);
    ASSERT_EQ(command("articles", "retire", id, 2).status, 200);

    const auto first = ask(Method::get, "/api/v1/articles/{id}/versions", id, {}, {}, {{"limit", "2"}});
    const json::value page = json::parse(first.body);
    ASSERT_EQ(page.at("items").as_array().size(), 2U);
    EXPECT_EQ(page.at("items").at(0).at("act").as_string(), "retired");
    EXPECT_EQ(page.at("items").at(1).at("version").as_int64(), 2);
    EXPECT_EQ(page.at("items").at(1).at("saved_by").at("name").as_string(), "顾文静");
    const auto cursor = std::string{page.at("next_cursor").as_string()};
    const auto second =
        ask(Method::get, "/api/v1/articles/{id}/versions", id, {}, {}, {{"limit", "2"}, {"cursor", cursor}});
    EXPECT_THAT(second.body, HasSubstr(R"("act":"created")"));
    EXPECT_THAT(second.body, HasSubstr(R"("next_cursor":null)"));

    const auto then = ask(Method::get, "/api/v1/articles/{id}/versions/{version}", id + "/1");
    EXPECT_EQ(then.status, 200) << then.body;
    EXPECT_EQ(json::parse(then.body).at("title").as_string(), "一");
    EXPECT_EQ(json::parse(then.body).at("class").as_string(), "repair");
    EXPECT_EQ(ask(Method::get, "/api/v1/articles/{id}/versions/{version}", id + "/9").status, 404);
    EXPECT_EQ(ask(Method::get, "/api/v1/articles/{id}/versions/{version}", id + "/x").status, 404);
    EXPECT_EQ(ask(Method::get, "/api/v1/scripts/{id}/versions", id).status, 404);
}

TEST_F(KnowledgeRoutes, A5_ADraftHoldsNoShortcutAndTakesItWhenPublished)
{
    const auto draft =
        ask(Method::post, "/api/v1/scripts", {}, R"({"title":"新","body":"您好","shortcut":"dhkc","draft":true})");
    ASSERT_EQ(draft.status, 201) << draft.body;
    const auto used = create_script("旧", "dhkc");
    ASSERT_EQ(used.status, 201) << used.body;
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/scripts")), ElementsAre("旧"));
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/scripts/unused")), ElementsAre("新"));

    EXPECT_THAT(command("scripts", "publish", id_of(draft), 1).body, HasSubstr("shortcut_taken"));
    ASSERT_EQ(command("scripts", "retire", id_of(used), 1).status, 200);
    ASSERT_EQ(command("scripts", "publish", id_of(draft), 1).status, 200);
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/scripts")), ElementsAre("新"));
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/scripts/unused", {}, {}, {}, {{"state", "retired"}})),
                ElementsAre("旧"));
    EXPECT_EQ(ask(Method::get, "/api/v1/scripts/{id}", id_of(used)).status, 200);
    permissions = {Permission::article_read};
    EXPECT_EQ(ask(Method::get, "/api/v1/scripts/{id}", id_of(used)).status, 404);
    EXPECT_EQ(ask(Method::get, "/api/v1/scripts/unused").status, 403);
}

TEST_F(KnowledgeRoutes, AreThoseOfTheDocumentAndTakeItsExamples)
{
    EXPECT_THAT(api::disagreements(routes.registered(), "knowledge"), IsEmpty());

    const auto article = ask(Method::post, "/api/v1/articles", {}, api::example_of("create_article"));
    const auto script = ask(Method::post, "/api/v1/scripts", {}, api::example_of("create_script"));
    ASSERT_EQ(article.status, 201) << article.body;
    ASSERT_EQ(script.status, 201) << script.body;
    const http::Fields first{{"if-match", "\"1\""}};
    EXPECT_EQ(
        ask(Method::put, "/api/v1/articles/{id}", id_of(article), api::example_of("update_article"), first).status,
        200);
    EXPECT_EQ(ask(Method::put, "/api/v1/scripts/{id}", id_of(script), api::example_of("update_script"), first).status,
              200);
}

TEST_F(KnowledgeRoutes, B1_TheListGoesPageByPage)
{
    for (const auto* title : {"一", "二", "三"}) ASSERT_EQ(create_article(title).status, 201);

    const auto first = ask(Method::get, "/api/v1/articles", {}, {}, {}, {{"limit", "2"}});
    EXPECT_THAT(titles(first), ElementsAre("三", "二"));
    const auto cursor = std::string{json::parse(first.body).at("next_cursor").as_string()};
    const auto second = ask(Method::get, "/api/v1/articles", {}, {}, {}, {{"limit", "2"}, {"cursor", cursor}});
    EXPECT_THAT(titles(second), ElementsAre("一"));
    EXPECT_TRUE(json::parse(second.body).at("next_cursor").is_null());
}

TEST_F(KnowledgeRoutes, B1_ASearchKeepsTheOrderOfItsHits)
{
    const auto one = ArticleId::parse(id_of(create_article("一")));
    const auto two = ArticleId::parse(id_of(create_article("二")));
    hits = {*one, *two};
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/articles", {}, {}, {}, {{"q", "停车"}})), ElementsAre("一", "二"));
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/articles", {}, {}, {}, {{"q", "停车"}, {"class", "help"}})),
                ElementsAre());
}

TEST_F(KnowledgeRoutes, AStaleVersionChangesNothingAndTellsTheOneNow)
{
    const auto id = id_of(create_article("一"));
    const std::string body = R"({"title":"二","body":"正文"})";
    ASSERT_EQ(ask(Method::put, "/api/v1/articles/{id}", id, body, {{"if-match", "\"1\""}}).status, 200);

    const auto stale =
        ask(Method::put, "/api/v1/articles/{id}", id, R"({"title":"三","body":"正文"})", {{"if-match", "\"1\""}});
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(json::parse(stale.body).at("version").as_int64(), 2);
    EXPECT_EQ(ask(Method::put, "/api/v1/articles/{id}", id, body).status, 428);
    EXPECT_THAT(ask(Method::get, "/api/v1/articles/{id}", id).body, HasSubstr("二"));
}

TEST_F(KnowledgeRoutes, A5_AScriptIsFoundAsSoonAsItIsSaved)
{
    const auto made = create_script("电话开场", "dhkc");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/scripts", {}, {}, {}, {{"channel", "phone"}})),
                ElementsAre("电话开场"));
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/scripts", {}, {}, {}, {{"channel", "chat"}})), ElementsAre());

    ASSERT_EQ(ask(Method::put, "/api/v1/scripts/{id}", id_of(made), R"({"title":"问候","body":"您好"})",
                  {{"if-match", "\"1\""}})
                  .status,
              200);
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/scripts")), ElementsAre("问候"));
    ASSERT_EQ(command("scripts", "retire", id_of(made), 2).status, 200);
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/scripts")), ElementsAre());
}

TEST_F(KnowledgeRoutes, A5_AShortcutBelongsToOneScript)
{
    ASSERT_EQ(create_script("一", "dhkc").status, 201);
    const auto second = create_script("二", "dhkc");
    EXPECT_EQ(second.status, 409);
    EXPECT_THAT(second.body, HasSubstr("shortcut_taken"));
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/scripts")), ElementsAre("一"));
}

TEST_F(KnowledgeRoutes, AllFaultsOfABodyAreToldAtOnce)
{
    const auto refused = create_script("", "Not OK");
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr("/title"));
    EXPECT_THAT(refused.body, HasSubstr("shortcut_shape"));
    EXPECT_EQ(ask(Method::post, "/api/v1/articles", {}, R"({"title":"一","body":"正文","step":"intake"})").status, 422);
    EXPECT_EQ(ask(Method::get, "/api/v1/scripts", {}, {}, {}, {{"mood", "angry"}}).status, 400);
}

TEST_F(KnowledgeRoutes, OnlyEditorsWriteAndOnlyReadersRead)
{
    permissions = {Permission::article_read};
    EXPECT_EQ(create_article("一").status, 403);
    EXPECT_EQ(ask(Method::get, "/api/v1/scripts").status, 200);
    permissions = {};
    EXPECT_EQ(ask(Method::get, "/api/v1/scripts").status, 403);
    EXPECT_EQ(ask(Method::get, "/api/v1/articles").status, 403);
}

TEST_F(KnowledgeRoutes, AnEditorWithinOneUnitDoesNotWriteForAll)
{
    permissions = {Permission::article_read};
    scoped = {{{Permission::article_edit}, {UnitId{7}}}};
    EXPECT_EQ(create_article("一").status, 403);
    EXPECT_EQ(create_script("一", "dhkc").status, 403);
    EXPECT_THAT(titles(ask(Method::get, "/api/v1/articles")), ElementsAre());
}

}  // namespace
}  // namespace shouwen::knowledge
