#pragma once

#include "api/document.hpp"
#include "api/routes.hpp"

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The document and the routes, held against each other. For tests only.
namespace shouwen::api {

/// What stands at a JSON pointer, or null.
inline const boost::json::value* at_pointer(const boost::json::value& value, std::string_view pointer)
{
    boost::json::error_code absent;
    return value.find_pointer(pointer, absent);
}

inline const boost::json::object& parsed_document()
{
    static const boost::json::value document = boost::json::parse(openapi_document());
    return document.as_object();
}

/// `/tickets/{id}` → `/tickets/{}`: what a hole is called is nobody's contract.
inline std::string without_hole_names(std::string_view pattern)
{
    std::string text;
    bool in_hole = false;
    for (const char c : pattern) {
        if (!in_hole || c == '}') text += c;
        in_hole = c == '{' || (in_hole && c != '}');
    }
    return text;
}

struct Documented {
    std::string operation_id;
    std::string permission;      ///< or `public`, `signed_in`
    boost::json::value example;  ///< of the body; null when there is none
};

/// The operations of a module (all for an empty tag) by method and address, without those that upgrade to a WebSocket.
inline std::map<std::string, Documented> documented(std::string_view tag)
{
    std::map<std::string, Documented> found;
    for (const auto& [path, item] : parsed_document().at("paths").as_object()) {
        const bool at_root = item.as_object().contains("servers");
        for (const auto& [method, value] : item.as_object()) {
            if (!value.is_object()) continue;
            const auto& operation = value.as_object();
            if (operation.at("responses").as_object().contains("101")) continue;
            if (!tag.empty() && operation.at("tags").as_array().at(0).as_string() != tag) continue;
            Documented entry{std::string{operation.at("operationId").as_string()},
                             std::string{operation.at("x-permission").as_string()}, nullptr};
            if (const auto* example = at_pointer(value, "/requestBody/content/application~1json/example"))
                entry.example = *example;
            found.emplace(std::string{method} + " " + (at_root ? "" : "/api/v1") + without_hole_names(path),
                          std::move(entry));
        }
    }
    return found;
}

inline std::string method_and_address(const Routes::Registered& route)
{
    static const std::map<http::Method, std::string> words{
        {http::Method::get, "get"}, {http::Method::head, "head"},   {http::Method::post, "post"},
        {http::Method::put, "put"}, {http::Method::patch, "patch"}, {http::Method::delete_, "delete"}};
    return words.at(route.method) + " " + without_hole_names(route.pattern);
}

inline std::string permission_of(const Access& access)
{
    if (access.is_open()) return "public";
    return access.permission() ? std::string{name_of(*access.permission())} : "signed_in";
}

/// What a module's routes and its part of the document do not agree on. A route that ends in `/{command}` stands for all
/// documented commands there; who may give each of them is decided command by command.
/// @param tag  the module's name, or empty for everything
inline std::vector<std::string> disagreements(const std::vector<Routes::Registered>& routes, std::string_view tag)
{
    auto missing = documented(tag);
    std::vector<std::string> found;
    for (const auto& route : routes) {
        const auto key = method_and_address(route);
        if (route.pattern.ends_with("/commands/{command}")) {
            const auto prefix = key.substr(0, key.size() - 2);
            std::erase_if(missing, [&](const auto& entry) { return entry.first.starts_with(prefix); });
            continue;
        }
        const auto entry = missing.find(key);
        if (entry == missing.end()) {
            found.push_back(key + " is not in the document");
            continue;
        }
        if (entry->second.permission != permission_of(route.access))
            found.push_back(key + " is documented for " + entry->second.permission + " and open to " +
                            permission_of(route.access));
        missing.erase(entry);
    }
    for (const auto& [key, entry] : missing) found.push_back(key + " (" + entry.operation_id + ") has no route");
    return found;
}

/// The document's own example of a request body.
inline std::string example_of(std::string_view operation_id)
{
    for (const auto& [key, entry] : documented({}))
        if (entry.operation_id == operation_id) return boost::json::serialize(entry.example);
    return {};
}

}  // namespace shouwen::api
