#pragma once

#include "api/routes.hpp"

#include <optional>
#include <string>

namespace shouwen::api {

/// One Idempotency-Key as one caller used it on one address.
struct IdempotencyKey {
    std::string scope;
    std::string key;
    std::string body_hash;
};

/// Nothing when the request has no key; an empty inner optional when the key is too long.
std::optional<std::optional<IdempotencyKey>> idempotency_key(const Call& call);

/// Runs the work unless the same key with the same body was answered before: then gives that answer again. Answer and
/// effect are one transaction, so that a key never stands for an effect that did not happen.
Written run_once(sql::Connection& db, const IdempotencyKey& key, Language language, Instant now, const WriteWork& work);

/// Forgets keys older than a day. @returns how many.
std::int64_t forget_old_keys(sql::Connection& db, Instant now);

}  // namespace shouwen::api
