#include "api/idempotency.hpp"

#include "base/hash.hpp"

#include <fmt/format.h>

namespace shouwen::api {
namespace {

constexpr std::size_t key_bytes_max = 255;
constexpr auto kept_for = std::chrono::hours{24};

constexpr sql::Statement find_key{
    "idempotency.find",
    "SELECT body_hash, status, response, content_type, location FROM idempotency WHERE scope = $1 AND key = $2"};
constexpr sql::Statement keep_key{
    "idempotency.keep",
    "INSERT INTO idempotency (scope, key, body_hash, status, response, content_type, location, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr sql::Statement forget_keys{"idempotency.forget", "DELETE FROM idempotency WHERE created_at < $1"};

std::string location_of(const http::Response& response)
{
    for (const auto& [name, value] : response.headers)
        if (name == "Location") return value;
    return {};
}

}  // namespace

std::optional<std::optional<IdempotencyKey>> idempotency_key(const Call& call)
{
    const auto& request = *call.request;
    const auto given = request.header("idempotency-key");
    if (given.empty()) return std::nullopt;
    if (given.size() > key_bytes_max) return std::optional<IdempotencyKey>{};
    const std::string who = call.identity ? call.actor().staff.text() : request.remote_address;
    const auto& content = request.upload ? request.upload->blake2b_hex : request.body;
    return IdempotencyKey{fmt::format("{} {}", who, request.path), std::string{given}, hash_of(content).hex()};
}

Written run_once(sql::Connection& db, const IdempotencyKey& key, Language language, Instant now, const WriteWork& work)
{
    std::optional<Written> before;
    db.each(
        find_key,
        [&](const sql::Row& row) {
            if (row.text(0) != key.body_hash) {
                before = Written{Problem{.code = "idempotency_key_reused"}};
                return;
            }
            http::Response response;
            response.status = static_cast<int>(row.integer(1));
            response.body = row.string(2);
            response.content_type = row.string(3);
            if (!row.is_null(4)) response.headers.emplace_back("Location", row.string(4));
            before = Written{std::move(response)};
        },
        key.scope, key.key);
    if (before) return std::move(*before);

    Written written = work(db, now);
    const http::Response response = written.answer ? *written.answer : respond(written.answer.error(), language);
    const auto location = location_of(response);
    db.execute(keep_key, key.scope, key.key, key.body_hash, response.status, response.body, response.content_type,
               location.empty() ? std::optional<std::string>{} : std::optional{location}, now);
    return written;
}

std::int64_t forget_old_keys(sql::Connection& db, Instant now)
{
    return db.execute(forget_keys, now - kept_for);
}

}  // namespace shouwen::api
