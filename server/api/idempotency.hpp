#pragma once

#include "api/routes.hpp"
#include "base/hash.hpp"

#include <optional>
#include <string>

namespace shouwen::api {

/// One Idempotency-Key as one caller used it on one address. What is stored of it is a hash, and the answer is sealed
/// with it: an answer may hold a secret (a request's link), and only who has the key may read it again.
struct IdempotencyKey {
    Hash hash;  ///< of caller, address and key; never stored itself
    std::string body_hash;
};

/// Nothing when the request has no key; an empty inner optional when the key is too long.
std::optional<std::optional<IdempotencyKey>> idempotency_key(const Call& call);

/// Runs the work unless the same key with the same body was answered within a day: then gives that answer again. Answer
/// and effect are one transaction, so that a key never stands for an effect that did not happen.
Written run_once(sql::Connection& db, const IdempotencyKey& key, Language language, Instant now, const WriteWork& work);

/// Forgets keys older than a day; they are not honoured any more anyway. @returns how many.
std::int64_t forget_old_keys(sql::Connection& db, Instant now);

}  // namespace shouwen::api
