#pragma once

#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "modules/organisation/rules/permission.hpp"
#include "platform/clock/clock.hpp"
#include "platform/sql/feed.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace shouwen::organisation {

using ApiTokenId = Id<struct ApiTokenTag>;

/// Tokens for programs, each acting for a person with some of that person's permissions. Only hashes are stored; all
/// tokens in force are held in memory, so that asking costs no query and revoking takes effect with its commit, on other
/// nodes within moments. Thread-safe.
class ApiTokens {
public:
    ApiTokens(sql::Store& store, const Clock& clock);

    struct Token {
        ApiTokenId id;
        StaffId staff;
        std::string name;
        Permissions scopes;
        Instant created_at{};
        std::optional<Instant> last_used_at;
    };
    struct Issued {
        Token token;
        Hash hash;
        std::string text;  ///< shown once, stored nowhere
    };
    Issued issue(sql::Connection& db, IdSource& ids, Instant now, StaffId staff, std::string_view name,
                 Permissions scopes);

    /// The token in force, which counts as being used.
    std::optional<Token> used(std::string_view text);
    /// A person's tokens in force, oldest first.
    std::vector<Token> of(StaffId staff) const;

    /// @returns whether the person has such a token in force.
    bool revoke(sql::Connection& db, ApiTokenId id, StaffId staff, Instant now);
    void revoke_all_of(sql::Connection& db, StaffId staff, Instant now);

private:
    struct HashOfHash {
        std::size_t operator()(const Hash& hash) const;
    };
    struct Entry {
        Token token;
        std::optional<Instant> saved_at;  ///< the `last_used_at` that is stored
    };

    using Found = std::pair<Hash, Entry>;
    static std::optional<Found> read_token(const sql::Row& row);
    void reload();
    void refresh(std::span<const std::string> staff);
    void take_over(std::vector<Found> found, const std::function<bool(const Token&)>& replaced);
    /// On another node it may have been issued an instant ago.
    void look_up(const Hash& hash);

    sql::Store& store_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::unordered_map<Hash, Entry, HashOfHash> tokens_;
    std::uint64_t changes_count_ = 0;  ///< of `take_over`
    sql::Feed::Subscription changes_;
};

/// The greatest id of a token, revoked ones too; 0 when there is none. Ids go on after it.
std::int64_t greatest_token_id(sql::Connection& db);

}  // namespace shouwen::organisation
