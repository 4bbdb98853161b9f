#pragma once

#include "api/json_reader.hpp"
#include "api/language.hpp"
#include "api/problem.hpp"
#include "base/result.hpp"
#include "modules/organisation/rules/actor.hpp"
#include "platform/clock/clock.hpp"
#include "platform/http/http.hpp"
#include "platform/sql/sql.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What all routes share: who asks, what they may, versions, idempotency, one transaction a write, answers and problems.
namespace shouwen::api {

using organisation::Actor;
using organisation::Permission;

/// Who the cookie or token of a request belongs to.
struct Identity {
    Actor actor;
    std::string csrf_token;       ///< empty for programs: their tokens cannot be sent by a foreign page
    std::string session_id = {};  ///< which of the person's sessions; empty for programs
};
using Authenticate = std::function<std::optional<Identity>(const http::Request&)>;

/// Who may use a route at all. There is no default: a new route starts closed.
class Access {
public:
    static Access open() { return Access{Kind::open, std::nullopt}; }
    static Access signed_in() { return Access{Kind::signed_in, std::nullopt}; }
    /// Coarse: somewhere. What concerns one ticket or unit is decided again with it at hand, by `organisation::can`.
    static Access may(Permission permission) { return Access{Kind::permission, permission}; }

    bool is_open() const { return kind_ == Kind::open; }
    std::optional<Permission> permission() const { return permission_; }

private:
    enum class Kind { open, signed_in, permission };
    Access(Kind kind, std::optional<Permission> permission) : kind_(kind), permission_(permission) {}
    Kind kind_;
    std::optional<Permission> permission_;
};

/// One request with what is known about it.
struct Call {
    std::shared_ptr<http::Request> request;
    Language language = Language::zh_cn;
    std::optional<Identity> identity;  ///< always there behind a closed route

    const Actor& actor() const { return identity->actor; }
    const std::string& param(std::size_t index) const { return request->params.at(index); }
    /// The id that stands in the path; not one → `not_found`.
    template <class IdType>
    std::optional<IdType> id_param(std::size_t index) const
    {
        return IdType::parse(param(index));
    }
    /// The version of If-Match (`"7"` or `7`); nothing when absent or not a number.
    std::optional<std::int64_t> if_match() const;
};

/// An answer, or why there is none.
using Answer = Result<http::Response, Problem>;

http::Response ok(std::string json);
http::Response created(std::string json, std::string location);
http::Response no_content();

/// What a write leaves behind when its transaction is on disk.
struct Written {
    Answer answer;
    std::vector<std::function<void()>> after_commit = {};  ///< pushes, caches: short, without blocking
};
/// Runs inside the transaction, perhaps more than once; writes nothing when its answer is a problem.
using WriteWork = std::function<Written(sql::Connection&, Instant now)>;
/// Checks the request on the event loop, before anything is queued, and returns what is to be done.
using Prepare = std::function<Result<WriteWork, Problem>(const Call&)>;
using Read = std::function<Answer(const Call&)>;

/// Collects the routes of all modules.
class Routes {
public:
    Routes(sql::Store& store, const Clock& clock, Authenticate authenticate);

    /// A read on the event loop: for what costs microseconds.
    void get(std::string pattern, Access access, Read read);
    /// A read of what is in memory, on the event loop whatever the store is: it is answered also when the store is not.
    void get_from_memory(std::string pattern, Read read);
    /// A read on the pool: for searches, exports, lists over history.
    void get_slow(std::string pattern, Access access, Read read);
    /// A write in one transaction, durable before it is answered; honours Idempotency-Key.
    void write(http::Method method, std::string pattern, Access access, Prepare prepare,
               std::uint64_t body_bytes_max = 256 << 10);
    void post(std::string pattern, Access access, Prepare prepare)
    {
        write(http::Method::post, std::move(pattern), access, std::move(prepare));
    }
    /// The same where `prepare` has to ask somebody outside first: it runs on the pool.
    void post_slow(std::string pattern, Access access, Prepare prepare);
    void put(std::string pattern, Access access, Prepare prepare)
    {
        write(http::Method::put, std::move(pattern), access, std::move(prepare));
    }
    void delete_(std::string pattern, Access access, Prepare prepare)
    {
        write(http::Method::delete_, std::move(pattern), access, std::move(prepare));
    }
    /// The body streamed to disk as it arrives; prepare finds it as `request->upload`.
    void upload(std::string pattern, Access access, std::uint64_t body_bytes_max, Prepare prepare);
    /// Anything else (sign-in, which hashes a password before it writes): runs on the pool and answers itself.
    void act(http::Method method, std::string pattern, Access access, std::function<Answer(const Call&)> act);

    /// As registered, for the server and for the test that holds them against the OpenAPI document.
    struct Registered {
        http::Method method;
        std::string pattern;
        Access access;
    };
    const std::vector<Registered>& registered() const { return registered_; }
    std::vector<http::Route> take() { return std::move(routes_); }

    /// For sockets: the same look at cookie and token as routes take.
    std::optional<Identity> authenticate(const http::Request& request) const { return authenticate_(request); }

private:
    using Gate = std::function<Result<Call, Problem>(std::shared_ptr<http::Request>)>;
    Gate gate(http::Method method, Access access) const;
    http::Lane quick_lane() const;
    void add(http::Route route, Access access);
    void add_read(std::string pattern, Access access, Read read, http::Lane lane);
    void add_write(http::Route route, Access access, Prepare prepare);
    struct Writing;
    void submit(const std::shared_ptr<Writing>& writing);

    sql::Store& store_;
    const Clock& clock_;
    Authenticate authenticate_;
    std::vector<http::Route> routes_;
    std::vector<Registered> registered_;
};

/// Parses the body as a JSON object and lets `read` take its fields. Collects all errors into one 422.
template <class T, class ReadBody>
Result<T, Problem> read_body(const Call& call, ReadBody&& read);

/// The problem for a list of field errors.
Problem invalid(FieldErrors errors);
Problem not_found();

/// Query parameters, all of them accounted for: an unknown one is a 400.
class QueryReader {
public:
    explicit QueryReader(const http::Request& request) : request_(request) {}
    std::string text(std::string_view name, std::size_t max = 200);
    std::int64_t integer(std::string_view name, std::int64_t otherwise, std::int64_t min, std::int64_t max);
    std::optional<bool> boolean(std::string_view name);
    std::optional<Instant> instant(std::string_view name);
    template <class IdType>
    IdType id(std::string_view name)
    {
        const auto given = take(name);
        if (!given || given->empty()) return {};
        const auto id = IdType::parse(*given);
        if (!id) fault(name, "id");
        return id.value_or(IdType{});
    }
    template <NamedEnum E>
    std::optional<E> choice(std::string_view name)
    {
        const auto given = take(name);
        if (!given || given->empty()) return std::nullopt;
        const auto found = parse_name<E>(*given);
        if (!found) {
            std::string expected;
            for (const E each : all_of<E>()) (expected += expected.empty() ? "" : ", ") += name_of(each);
            fault(name, expected);
        }
        return found;
    }
    /// One of the words given. @returns the first word when absent.
    std::string one_of(std::string_view name, std::initializer_list<std::string_view> words);
    /// `limit`, 1 to 200, 50 when absent.
    int limit() { return static_cast<int>(integer("limit", 50, 1, 200)); }
    /// `cursor`, decoded; empty on the first page.
    std::string cursor();
    /// Nothing when all is well.
    std::optional<Problem> problem();

private:
    std::optional<std::string_view> take(std::string_view name);
    void fault(std::string_view name, std::string expected);

    const http::Request& request_;
    std::vector<std::string> asked_;
    std::optional<Problem> problem_;
};

/// An opaque cursor around a position.
std::string encode_cursor(std::string_view position);

namespace detail {
Result<JsonBody, Problem> parse_body(const Call& call);
}

template <class T, class ReadBody>
Result<T, Problem> read_body(const Call& call, ReadBody&& read)
{
    auto body = detail::parse_body(call);
    if (!body) return std::move(body).error();
    FieldErrors errors;
    T value{};
    {
        ObjectReader reader{body->value(), "", errors};
        read(reader, value);
    }
    if (!errors.empty()) return invalid(std::move(errors));
    return value;
}

}  // namespace shouwen::api
