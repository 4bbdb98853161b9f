#include "platform/http/router.hpp"

#include <algorithm>
#include <stdexcept>

namespace shouwen::http {

std::string_view name_of(Method method)
{
    switch (method) {
        case Method::get: return "GET";
        case Method::head: return "HEAD";
        case Method::post: return "POST";
        case Method::put: return "PUT";
        case Method::patch: return "PATCH";
        case Method::delete_: return "DELETE";
    }
    return "";
}

void Router::add(Method method, std::string_view pattern, std::size_t route)
{
    if (!pattern.starts_with('/'))
        throw std::logic_error("route pattern without leading slash: " + std::string(pattern));
    Node* node = &root_;
    std::string_view rest = pattern.substr(1);
    for (bool last = false; !last;) {
        const auto slash = rest.find('/');
        last = slash == std::string_view::npos;
        const std::string_view segment = rest.substr(0, slash);
        if (!last) rest.remove_prefix(slash + 1);
        auto& next = segment.starts_with('{') ? node->param : node->literals[std::string(segment)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    if (!node->routes.emplace(method, route).second)
        throw std::logic_error("two routes for " + std::string(name_of(method)) + " " + std::string(pattern));
}

bool Router::find(const Node& node, Method method, const Path& segments, std::size_t at, Match& match,
                  std::vector<Method>& others)
{
    if (at == segments.size()) {
        auto found = node.routes.find(method);
        if (found == node.routes.end() && method == Method::head) found = node.routes.find(Method::get);
        if (found != node.routes.end()) {
            match.route = found->second;
            return true;
        }
        for (const auto& [other, route] : node.routes) others.push_back(other);
        return false;
    }
    const auto literal = node.literals.find(segments[at]);
    if (literal != node.literals.end() && find(*literal->second, method, segments, at + 1, match, others)) return true;
    if (!node.param || segments[at].empty()) return false;
    match.params.push_back(segments[at]);
    if (find(*node.param, method, segments, at + 1, match, others)) return true;
    match.params.pop_back();
    return false;
}

Router::Match Router::match(Method method, const std::vector<std::string>& segments) const
{
    static const Path root{""};
    Match match;
    std::vector<Method> others;
    if (find(root_, method, segments.empty() ? root : segments, 0, match, others)) {
        match.kind = Match::Kind::found;
    } else if (!others.empty()) {
        match.kind = Match::Kind::other_method;
        if (std::ranges::count(others, Method::get) > 0) others.push_back(Method::head);
        std::ranges::sort(others);
        const auto repeated = std::ranges::unique(others);
        others.erase(repeated.begin(), repeated.end());
        for (const Method other : others) {
            if (!match.allow.empty()) match.allow += ", ";
            match.allow += name_of(other);
        }
    }
    return match;
}

}  // namespace shouwen::http
