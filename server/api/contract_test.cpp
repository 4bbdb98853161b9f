#include "api/contract_for_tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace shouwen::api {
namespace {

namespace json = boost::json;
using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Routes::Registered route(http::Method method, std::string pattern, Access access)
{
    return {method, std::move(pattern), access};
}

/// The knowledge module's routes as documented.
std::vector<Routes::Registered> as_documented()
{
    using enum http::Method;
    const Access read = Access::may(Permission::article_read);
    const Access edit = Access::may(Permission::article_edit);
    std::vector<Routes::Registered> routes{route(get, "/api/v1/scripts/unused", edit)};
    for (const std::string folder : {"/api/v1/articles", "/api/v1/scripts"}) {
        routes.insert(routes.end(),
                      {route(get, folder, read), route(get, folder + "/{article}", read), route(post, folder, edit),
                       route(put, folder + "/{id}", edit), route(post, folder + "/{id}/commands/publish", edit),
                       route(post, folder + "/{id}/commands/retire", edit), route(get, folder + "/{id}/versions", edit),
                       route(get, folder + "/{id}/versions/{number}", edit)});
    }
    return routes;
}

TEST(Contract, AgreesWithRoutesAsDocumented)
{
    EXPECT_THAT(disagreements(as_documented(), "knowledge"), IsEmpty());
}

TEST(Contract, FindsWhatIsMissingExtraOrOpenToOthers)
{
    auto routes = as_documented();
    routes.erase(routes.begin() + 1);
    routes.at(1).access = Access::open();
    routes.push_back(route(http::Method::get, "/api/v1/articles/{id}/secrets", Access::signed_in()));

    const auto found = disagreements(routes, "knowledge");
    EXPECT_EQ(found.size(), 3U);
    EXPECT_THAT(found, Contains("get /api/v1/articles (list_articles) has no route"));
    EXPECT_THAT(found, Contains("get /api/v1/articles/{} is documented for article_read and open to public"));
    EXPECT_THAT(found, Contains("get /api/v1/articles/{}/secrets is not in the document"));
}

TEST(Contract, OneCommandRouteStandsForAllCommands)
{
    const auto count = [](const std::vector<std::string>& texts) {
        return std::ranges::count_if(
            texts, [](const std::string& text) { return text.find("/tickets/{}/commands/") != std::string::npos; });
    };
    EXPECT_GE(count(disagreements({}, "ticket")), 20);
    EXPECT_EQ(
        count(disagreements({route(http::Method::post, "/api/v1/tickets/{id}/commands/{command}", Access::signed_in())},
                            "ticket")),
        0);
}

TEST(Document, NamesPermissionsThatExist)
{
    for (const auto& [key, operation] : documented({}))
        EXPECT_TRUE(operation.permission == "public" || operation.permission == "signed_in" ||
                    parse_name<Permission>(operation.permission))
            << key << ": " << operation.permission;
}

/// Calls `look` for each schema in the document, with its place.
void each_schema(const json::value& value, const std::string& place,
                 const std::function<void(const json::object&, const std::string&)>& look)
{
    if (const auto* object = value.if_object()) {
        if (object->contains("type")) look(*object, place);
        for (const auto& [name, inner] : *object)
            if (name != "example") each_schema(inner, place + "/" + std::string{name}, look);
    } else if (const auto* array = value.if_array()) {
        for (std::size_t i = 0; i < array->size(); ++i) each_schema((*array)[i], place + "/" + std::to_string(i), look);
    }
}

TEST(Document, EveryBodyIsClosedAndEveryTextInItIsBounded)
{
    const auto& schemas = parsed_document().at("components").at("schemas").as_object();
    int closed = 0;
    each_schema(schemas, "", [&](const json::object& schema, const std::string& place) {
        if (!schema.contains("additionalProperties") || schema.at("additionalProperties") != json::value(false)) return;
        ++closed;
        for (const auto& [name, property] : schema.at("properties").as_object()) {
            const auto* type = property.as_object().if_contains("type");
            const bool is_text = type && json::serialize(*type).find("\"string\"") != std::string::npos;
            if (!is_text) continue;
            EXPECT_TRUE(property.as_object().contains("maxLength") || property.as_object().contains("enum") ||
                        property.as_object().contains("format") || property.as_object().contains("pattern"))
                << place << "/" << name;
        }
    });
    EXPECT_GT(closed, 10);
    for (const auto& [path, item] : parsed_document().at("paths").as_object())
        for (const auto& [method, operation] : item.as_object()) {
            if (!operation.is_object()) continue;
            const auto* schema = at_pointer(operation, "/requestBody/content/application~1json/schema");
            if (schema && schema->as_object().contains("type"))
                EXPECT_TRUE(schema->as_object().contains("additionalProperties")) << path;
        }
}

TEST(Document, EveryOperationTellsItsProblems)
{
    for (const auto& [path, item] : parsed_document().at("paths").as_object())
        for (const auto& [method, operation] : item.as_object()) {
            if (!operation.is_object() || item.as_object().contains("servers")) continue;
            const auto& responses = operation.at("responses").as_object();
            EXPECT_TRUE(responses.contains("400") && responses.contains("429") && responses.contains("503")) << path;
            if (operation.at("x-permission") != "public")
                EXPECT_TRUE(responses.contains("401") && responses.contains("403")) << path;
            if (std::string_view{path}.find('{') != std::string_view::npos)
                EXPECT_TRUE(responses.contains("404")) << path;
            if (operation.as_object().contains("requestBody"))
                EXPECT_TRUE(responses.contains("413") && responses.contains("422")) << path;
        }
}

}  // namespace
}  // namespace shouwen::api
