#include "api/idempotency.hpp"

#include "base/result.hpp"
#include "base/seal.hpp"

#include <fmt/format.h>

namespace shouwen::api {
namespace {

constexpr std::size_t key_bytes_max = 255;
constexpr auto kept_for = std::chrono::hours{24};

constexpr sql::Statement find_key{"idempotency.find",
                                  "SELECT body_mac, status, answer, content_type, location FROM idempotency "
                                  "WHERE key_hash = $1 AND created_at > $2"};
constexpr sql::Statement keep_key{
    "idempotency.keep",
    "INSERT INTO idempotency (key_hash, body_mac, status, answer, content_type, location, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (key_hash) DO UPDATE SET body_mac = excluded.body_mac, status = excluded.status, answer = excluded.answer, "
    "content_type = excluded.content_type, location = excluded.location, created_at = excluded.created_at"};
constexpr sql::Statement forget_keys{"idempotency.forget", "DELETE FROM idempotency WHERE created_at <= $1"};

/// What a key is for: to be found by, to know the body by, to seal the answer with. None tells the others.
Hash part(const IdempotencyKey& key, std::string_view purpose)
{
    return mac_of(key.hash.raw(), purpose);
}

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
    return IdempotencyKey{hash_of(fmt::format("{} {}\n{}", who, request.path, given)), hash_of(content).hex()};
}

Written run_once(sql::Connection& db, const IdempotencyKey& key, Language language, Instant now, const WriteWork& work)
{
    const Hash name = part(key, "name");
    const Hash body_mac = part(key, "body " + key.body_hash);
    const Hash answer_key = part(key, "answer");
    std::optional<Written> before;
    sql::serialise(db, name.hex());  // the same key may be under way on another node
    db.each(
        find_key,
        [&](const sql::Row& row) {
            if (Hash::from_raw(row.bytes(0)) != body_mac) {
                before = Written{Problem{.code = "idempotency_key_reused"}};
                return;
            }
            http::Response response;
            response.status = static_cast<int>(row.integer(1));
            auto body = unseal(answer_key, row.bytes(2));
            ensure(body.has_value(), "a stored answer opens with the key by which it is found");
            response.body = std::move(*body);
            response.content_type = row.string(3);
            if (!row.is_null(4)) response.headers.emplace_back("Location", row.string(4));
            before = Written{std::move(response)};
        },
        sql::Value::bytes(name.raw()), now - kept_for);
    if (before) return std::move(*before);

    Written written = work(db, now);
    const http::Response response = written.answer ? *written.answer : respond(written.answer.error(), language);
    const auto location = location_of(response);
    const auto sealed = seal(answer_key, response.body);
    db.execute(keep_key, sql::Value::bytes(name.raw()), sql::Value::bytes(body_mac.raw()), response.status,
               sql::Value::bytes(sealed), response.content_type,
               location.empty() ? std::optional<std::string>{} : std::optional{location}, now);
    return written;
}

std::int64_t forget_old_keys(sql::Connection& db, Instant now)
{
    return db.execute(forget_keys, now - kept_for);
}

}  // namespace shouwen::api
