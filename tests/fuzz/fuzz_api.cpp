// Any request to any route: path, filters and cursors, headers, and the bodies of all commands, read by the routes themselves
// over a small centre that nobody can change. Input: `METHOD target`, header lines, an empty line, the body.

#include "fuzz/target.hpp"
#include "platform/http/router.hpp"
#include "platform/http/target.hpp"
#include "scenario/centre.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <future>
#include <optional>
#include <string>

using namespace shouwen;
using fuzz::require;

namespace {

/// A centre with a ticket in each step; after that its store takes nothing.
class SealedCentre {
public:
    SealedCentre()
    {
        centre_.call();
        centre_.call_in_handling();
        const auto told = centre_.call_with_result();
        const auto request = centre_.web_request();
        // Corpus files name things by these words, as ids differ from run to run.
        names_ = {{"TICKET", told},
                  {"NUMBER", request.number},
                  {"SECRET", request.secret},
                  {"STAFF", centre_.staff("agent1")},
                  {"UNIT", centre_.unit("一号店")}};
        for (const auto* who : {"admin", "manager1", "agent1", "merchant1_agent"}) centre_.session(who);
        centre_.settle();
        centre_.refuse_writes();
        for (std::size_t i = 0; i < centre_.routes().size(); ++i)
            router_.add(centre_.routes()[i].method, centre_.routes()[i].pattern, i);
    }

    /// @returns nothing when no route takes it
    std::optional<http::Response> ask(http::Method method, const std::string& target, http::Fields headers,
                                      std::string body)
    {
        const auto parsed = http::parse_target(target);
        if (!parsed) return std::nullopt;
        const auto match = router_.match(method, parsed->segments);
        if (match.kind != http::Router::Match::Kind::found) return std::nullopt;
        const auto& route = centre_.routes()[match.route];
        if (route.body == http::Body::disk) return std::nullopt;  // it wants a file, not bytes
        // Hashing a password takes as long as thousands of other inputs.
        if (method == http::Method::post && route.pattern == "/api/v1/session") return std::nullopt;
        auto request = std::make_shared<http::Request>();
        request->method = method;
        request->path = parsed->path;
        request->query = parsed->query;
        request->params = match.params;
        request->headers = std::move(headers);
        if (route.body == http::Body::memory && body.size() <= route.body_bytes_max) request->body = std::move(body);
        // Nobody comes twice from one address: else the limits on attempts would answer for the routes.
        request->remote_address = "client " + std::to_string(++clients_);
        request->id = "fuzz";
        std::promise<http::Response> promised;
        route.handler(request, [&](http::Response response) { promised.set_value(std::move(response)); });
        return promised.get_future().get();
    }

    void sign_in(std::string_view who, http::Fields& headers)
    {
        const auto& session = centre_.session(who);
        headers.emplace_back("cookie", session.cookie);
        headers.emplace_back("x-csrf-token", session.csrf);
    }
    std::string named(std::string text) const
    {
        for (const auto& [word, id] : names_)
            for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + id.size()))
                text.replace(at, word.size(), id);
        return text;
    }

private:
    scenario::Centre centre_;
    http::Router router_;
    std::vector<std::pair<std::string, std::string>> names_;
    std::uint64_t clients_ = 0;
};

std::string_view take_line(std::string_view& bytes)
{
    const auto end = bytes.find('\n');
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    return line;
}

std::optional<http::Method> take_method(std::string_view& line)
{
    for (const auto method :
         {http::Method::get, http::Method::post, http::Method::put, http::Method::patch, http::Method::delete_}) {
        const auto name = http::name_of(method);
        if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ') continue;
        line.remove_prefix(name.size() + 1);
        return method;
    }
    return std::nullopt;
}

/// An answer is one: a status that was meant, and JSON that names what is wrong.
void check(const http::Response& response)
{
    require(response.status >= 200 && response.status < 600 && response.status != 500);
    for (const auto& [name, value] : response.headers) require(value.find_first_of("\r\n") == std::string::npos);
    if (response.status < 400) return;
    const auto problem = boost::json::parse(response.body);
    require(!problem.at("code").as_string().empty() && !problem.at("detail").as_string().empty());
    if (response.status != 422) return;
    for (const auto& error : problem.at("errors").as_array())
        require(!error.at("pointer").as_string().empty() && !error.at("detail").as_string().empty());
}

}  // namespace

FUZZ_TARGET(fuzz_api)
{
    static SealedCentre centre;
    auto line = take_line(bytes);
    const auto method = take_method(line);
    if (!method) return;
    http::Fields headers;
    bool signed_in = false;
    while (!bytes.empty()) {
        const auto header = take_line(bytes);
        if (header.empty()) break;
        const auto colon = header.find(": ");
        if (colon == std::string_view::npos) return;
        std::string name{header.substr(0, colon)};
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        if (name == "as" && !signed_in) {
            for (const auto* who : {"admin", "manager1", "agent1", "merchant1_agent"})
                if (header.substr(colon + 2) == who) {
                    centre.sign_in(who, headers);
                    signed_in = true;
                }
            continue;
        }
        headers.emplace_back(std::move(name), centre.named(std::string{header.substr(colon + 2)}));
    }
    if (const auto response =
            centre.ask(*method, centre.named(std::string{line}), std::move(headers), centre.named(std::string{bytes})))
        check(*response);
}
