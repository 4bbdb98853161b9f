#pragma once

#include "platform/http/http.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::http {

/// Finds the route of a path. Literal segments go before `{param}`; a trailing slash is a different path.
class Router {
public:
    /// @param route  the caller's number for it
    /// @throws std::logic_error when the same method and shape of pattern is there already: a programming error.
    void add(Method method, std::string_view pattern, std::size_t route);

    struct Match {
        enum class Kind { found, other_method, unknown } kind = Kind::unknown;
        std::size_t route = 0;
        std::vector<std::string> params;
        std::string allow;  ///< for other_method: the value of `Allow`
    };
    /// HEAD is answered by the GET route unless it has a route of its own.
    Match match(Method method, const std::vector<std::string>& segments) const;

private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
        std::unique_ptr<Node> param;
        std::map<Method, std::size_t> routes;
    };
    using Path = std::vector<std::string>;
    static bool find(const Node& node, Method method, const Path& segments, std::size_t at, Match& match,
                     std::vector<Method>& others);

    Node root_;
};

std::string_view name_of(Method method);

}  // namespace shouwen::http
