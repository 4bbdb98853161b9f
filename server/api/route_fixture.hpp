#pragma once

#include "api/routes.hpp"
#include "modules/organisation/rules/sample_organisation.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <algorithm>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/// For tests of routes without a socket.
namespace shouwen::api {

/// A store, a clock that stands still, and routes that anybody of the sample organisation may ask.
class RouteFixture {
public:
    /// One question; `path` as a browser sends it, without escapes.
    struct Ask {
        http::Method method = http::Method::get;
        std::string path;
        std::string body = {};
        http::Fields headers = {};
        http::Fields query = {};
        std::optional<http::Upload> upload = {};
    };

    http::Response ask(StaffId who, Ask question)
    {
        if (taken_.empty()) taken_ = routes.take();
        auto request = std::make_shared<http::Request>();
        request->method = question.method;
        request->path = question.path;
        request->body = std::move(question.body);
        request->headers = std::move(question.headers);
        request->query = std::move(question.query);
        request->upload = std::move(question.upload);
        request->id = "test";
        asking_ = who;
        for (const auto& route : taken_) {
            if (route.method != question.method || !matches(route.pattern, question.path, request->params)) continue;
            std::promise<http::Response> answer;
            route.handler(request, [&](http::Response response) { answer.set_value(std::move(response)); });
            return answer.get_future().get();
        }
        throw std::logic_error("no route for " + question.path);
    }
    http::Response get(StaffId who, std::string path, http::Fields query = {})
    {
        return ask(who, {.method = http::Method::get, .path = std::move(path), .query = std::move(query)});
    }
    http::Response post(StaffId who, std::string path, std::string body = {})
    {
        return ask(who, {.method = http::Method::post, .path = std::move(path), .body = std::move(body)});
    }
    http::Response put(StaffId who, std::string path, std::string body, std::int64_t version = 0)
    {
        http::Fields headers;
        if (version > 0) headers.emplace_back("if-match", "\"" + std::to_string(version) + "\"");
        return ask(who, {.method = http::Method::put,
                         .path = std::move(path),
                         .body = std::move(body),
                         .headers = std::move(headers)});
    }
    Actor actor(StaffId who) const { return organisation->actor(who).value(); }

    sqlite::TemporaryStore store;
    ManualClock clock{from_ms(1'767'574'800'000)};  // 2026-01-05, a Monday, 09:00 in Shanghai
    IdSource ids;
    organisation::OrganisationPtr organisation =
        std::make_shared<organisation::Organisation>(organisation::sample::organisation());
    Routes routes{*store, clock, [this](const http::Request&) -> std::optional<Identity> {
                      auto actor = organisation->actor(asking_);
                      if (!actor) return std::nullopt;
                      return Identity{std::move(*actor), {}};
                  }};

private:
    static std::vector<std::string> pieces(std::string_view path)
    {
        std::vector<std::string> parts;
        for (std::size_t at = 0; at <= path.size();) {
            const auto end = std::min(path.find('/', at), path.size());
            parts.emplace_back(path.substr(at, end - at));
            at = end + 1;
        }
        return parts;
    }
    static bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& params)
    {
        const auto wanted = pieces(pattern);
        const auto given = pieces(path);
        params.clear();
        if (wanted.size() != given.size()) return false;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (wanted[i].starts_with('{'))
                params.push_back(given[i]);
            else if (wanted[i] != given[i])
                return false;
        }
        return true;
    }

    StaffId asking_;
    std::vector<http::Route> taken_;
};

}  // namespace shouwen::api
