#include "api/routes.hpp"

#include "api/idempotency.hpp"
#include "platform/log/log.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>

namespace shouwen::api {
namespace {

constexpr auto retry_at_most = std::chrono::seconds{30};
constexpr int unknown_max = 3;

Problem overloaded(const sql::Store& store)
{
    const auto wait = std::chrono::ceil<std::chrono::seconds>(store.expected_wait());
    const auto seconds = std::to_string(std::clamp(wait, std::chrono::seconds{1}, retry_at_most).count());
    return {.code = "overloaded", .fill = {{"seconds", seconds}}, .headers = {{"Retry-After", seconds}}};
}

bool is_unknown(const std::exception_ptr& fault)
{
    try {
        std::rethrow_exception(fault);
    } catch (const sql::CommitUnknown&) {
        return true;
    } catch (...) {
        return false;
    }
}

bool is_unsafe(http::Method method)
{
    return method != http::Method::get && method != http::Method::head;
}

http::Response respond_to(const Answer& answer, Language language)
{
    return answer ? *answer : respond(answer.error(), language);
}

/// What the world did, told apart by what the store threw. The store has logged what concerns it as a whole; what
/// concerns this request alone is on record under its number.
http::Response respond_to(std::exception_ptr fault, const Call& call, const sql::Store& store)
{
    std::string what = "unknown";
    try {
        std::rethrow_exception(fault);
    } catch (const sql::DiskFull&) {
        return respond(Problem{.code = "store_full"}, call.language);
    } catch (const sql::WritingStopped&) {
        return respond(Problem{.code = "store_failed"}, call.language);
    } catch (const sql::Unavailable& unavailable) {
        log::warning("store_unavailable",
                     {{"request", log::Machine{call.request->id}}, {"what", log::Machine{unavailable.what()}}});
        return respond(overloaded(store), call.language);
    } catch (const std::exception& other) {
        what = other.what();
    } catch (...) {
    }
    log::error("request_failed", {{"request", log::Machine{call.request->id}}, {"what", log::Machine{what}}});
    return respond(Problem{.code = "internal", .fill = {{"request", call.request->id}}}, call.language);
}

/// Runs what answers by itself. What it throws becomes the answer.
http::Response answer_of(const std::function<Answer(const Call&)>& act, const Call& call, const sql::Store& store)
{
    try {
        return respond_to(act(call), call.language);
    } catch (...) {
        return respond_to(std::current_exception(), call, store);
    }
}

}  // namespace

std::optional<std::int64_t> Call::if_match() const
{
    std::string_view text = request->header("if-match");
    if (text.starts_with("W/")) text.remove_prefix(2);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    std::int64_t version = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return version;
}

http::Response ok(std::string json)
{
    http::Response response;
    response.body = std::move(json);
    return response;
}

http::Response created(std::string json, std::string location)
{
    http::Response response = ok(std::move(json));
    response.status = 201;
    response.headers.emplace_back("Location", std::move(location));
    return response;
}

http::Response no_content()
{
    http::Response response;
    response.status = 204;
    response.content_type.clear();
    return response;
}

Problem invalid(FieldErrors errors)
{
    const auto count = std::to_string(errors.size());
    return {.code = "invalid", .errors = std::move(errors), .fill = {{"count", count}}};
}

Problem not_found()
{
    return {.code = "not_found"};
}

Routes::Routes(sql::Store& store, const Clock& clock, Authenticate authenticate)
    : store_(store), clock_(clock), authenticate_(std::move(authenticate))
{
}

Routes::Gate Routes::gate(http::Method method, Access access) const
{
    return [this, method, access](std::shared_ptr<http::Request> request) -> Result<Call, Problem> {
        Call call{request, pick_language(request->header("accept-language")), std::nullopt};
        if (access.is_open()) return call;
        call.identity = authenticate_(*request);
        if (!call.identity) return Problem{.code = "not_signed_in", .headers = {{"WWW-Authenticate", "Bearer"}}};
        if (is_unsafe(method) && !call.identity->csrf_token.empty() &&
            request->header("x-csrf-token") != call.identity->csrf_token)
            return Problem{.code = "csrf_failed"};
        if (access.permission() && !organisation::can_somewhere(call.actor(), *access.permission()))
            return Problem{.code = "not_permitted"};
        return call;
    };
}

void Routes::add(http::Route route, Access access)
{
    registered_.push_back({route.method, route.pattern, access});
    routes_.push_back(std::move(route));
}

void Routes::add_read(std::string pattern, Access access, Read read, http::Lane lane)
{
    auto handler = [this, gate = gate(http::Method::get, access), read = std::move(read)](
                       std::shared_ptr<http::Request> request, const http::Reply& reply) {
        auto call = gate(request);
        if (!call) return reply(respond(call.error(), pick_language(request->header("accept-language"))));
        reply(answer_of(read, *call, store_));
    };
    add({http::Method::get, std::move(pattern), std::move(handler), lane}, access);
}

void Routes::get(std::string pattern, Access access, Read read)
{
    add_read(std::move(pattern), access, std::move(read), quick_lane());
}

/// A database on another machine may keep a read waiting, also the one that finds out who asks: no event loop waits with it.
http::Lane Routes::quick_lane() const
{
    return store_.dialect() == sql::Dialect::sqlite ? http::Lane::loop : http::Lane::pool;
}

void Routes::get_from_memory(std::string pattern, Read read)
{
    add_read(std::move(pattern), Access::open(), std::move(read), http::Lane::loop);
}

void Routes::get_slow(std::string pattern, Access access, Read read)
{
    add_read(std::move(pattern), access, std::move(read), http::Lane::pool);
}

void Routes::act(http::Method method, std::string pattern, Access access, std::function<Answer(const Call&)> act)
{
    auto handler = [this, gate = gate(method, access), act = std::move(act)](std::shared_ptr<http::Request> request,
                                                                             const http::Reply& reply) {
        auto call = gate(request);
        if (!call) return reply(respond(call.error(), pick_language(request->header("accept-language"))));
        reply(answer_of(act, *call, store_));
    };
    const auto body = is_unsafe(method) ? http::Body::memory : http::Body::none;
    add({method, std::move(pattern), std::move(handler), http::Lane::pool, body, 64 << 10}, access);
}

void Routes::write(http::Method method, std::string pattern, Access access, Prepare prepare,
                   std::uint64_t body_bytes_max)
{
    add_write({method, std::move(pattern), {}, quick_lane(), http::Body::memory, body_bytes_max}, access,
              std::move(prepare));
}

void Routes::post_slow(std::string pattern, Access access, Prepare prepare)
{
    add_write({http::Method::post, std::move(pattern), {}, http::Lane::pool, http::Body::memory, 256 << 10}, access,
              std::move(prepare));
}

void Routes::upload(std::string pattern, Access access, std::uint64_t body_bytes_max, Prepare prepare)
{
    add_write({http::Method::post, std::move(pattern), {}, http::Lane::pool, http::Body::disk, body_bytes_max}, access,
              std::move(prepare));
}

/// One write on its way.
struct Routes::Writing {
    Writing(std::shared_ptr<Call> asked, http::Reply answer, std::optional<IdempotencyKey> by_key, WriteWork what)
        : call(std::move(asked)), reply(std::move(answer)), key(std::move(by_key)), work(std::move(what))
    {
    }
    const std::shared_ptr<Call> call;
    const http::Reply reply;
    const std::optional<IdempotencyKey> key;
    const WriteWork work;
    Written outcome{not_found()};
    int unknown_count = 0;
};

void Routes::add_write(http::Route route, Access access, Prepare prepare)
{
    route.handler = [this, gate = gate(route.method, access), prepare = std::move(prepare)](
                        std::shared_ptr<http::Request> request, http::Reply reply) {
        auto gated = gate(request);
        if (!gated) return reply(respond(gated.error(), pick_language(request->header("accept-language"))));
        const auto call = std::make_shared<Call>(std::move(*gated));
        auto work = prepare(*call);
        if (!work) return reply(respond(work.error(), call->language));

        const auto key = idempotency_key(*call);
        if (key && !*key) return reply(respond(invalid({{"/Idempotency-Key", "too_long", "255"}}), call->language));
        const auto writing = std::make_shared<Writing>(call, reply, key.value_or(std::nullopt), std::move(*work));
        submit(writing);
    };
    add(std::move(route), access);
}

void Routes::submit(const std::shared_ptr<Writing>& writing)
{
    const auto queued =
        store_.submit({[this, writing](sql::Connection& db) {
                           const Instant now = clock_.now();
                           writing->outcome =
                               writing->key ? run_once(db, *writing->key, writing->call->language, now, writing->work)
                                            : writing->work(db, now);
                       },
                       [this, writing](const std::exception_ptr& fault) {
                           // Whether it was committed is not known, but the key will tell: then its answer is there, or nothing is.
                           if (fault && writing->key && is_unknown(fault) && ++writing->unknown_count <= unknown_max)
                               return submit(writing);
                           if (fault) return writing->reply(respond_to(fault, *writing->call, store_));
                           for (const auto& effect : writing->outcome.after_commit) effect();
                           writing->reply(respond_to(writing->outcome.answer, writing->call->language));
                       }});
    if (queued != sql::Queued::yes) writing->reply(respond(overloaded(store_), writing->call->language));
}

namespace detail {

Result<JsonBody, Problem> parse_body(const Call& call)
{
    const auto type = call.request->header("content-type");
    if (!type.empty() && !type.starts_with("application/json")) return Problem{.code = "unsupported_media_type"};
    std::string why;
    // A command without a body means one without fields.
    auto body = JsonBody::parse(
        call.request->body.empty() ? std::string_view{"{}"} : std::string_view{call.request->body}, why);
    if (!body) return Problem{.code = "malformed", .fill = {{"why", why}}};
    if (!body->value().is_object()) return invalid({{"", "wrong_type", "object"}});
    return std::move(*body);
}

}  // namespace detail
}  // namespace shouwen::api
