#pragma once

#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
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

struct SessionPolicy {
    Duration idle_max = std::chrono::hours{4};
    Duration length_max = std::chrono::hours{14};  ///< a long shift; then everybody signs in again
};

/// Who is signed in. The rows outlive a restart; while the process runs, memory decides: a request costs no query, and an
/// end takes effect with its commit, on other nodes within moments. Only where there are several, a token that memory does
/// not know is looked up: it may have been opened on another node an instant ago. Thread-safe.
class Sessions {
public:
    /// Reads the sessions that are still going on.
    Sessions(sql::Store& store, const Clock& clock, SessionPolicy policy = {});

    /// Where somebody signed in, as far as the server was told: for people to recognise their own sign-ins by.
    struct Origin {
        std::string address;     ///< of the network
        std::string user_agent;  ///< what the browser says about itself, at most 200 characters; may be empty
    };
    struct Opened {
        std::string token;  ///< 256 random bits as text: for the cookie, stored nowhere
        Hash hash;
        StaffId staff;
        Instant at{};
        Instant expires_at{};
        Origin origin = {};
    };
    /// Writes a new session, always with a token of its own; removes what is over.
    Opened open(sql::Connection& db, StaffId staff, Instant now, Origin origin = {});

    /// Whose session it is, which counts as being seen. Nothing when it is over or never was.
    std::optional<StaffId> seen(std::string_view token);

    void close(sql::Connection& db, std::string_view token);
    void close_all_of(sql::Connection& db, StaffId staff);

    /// A session as its person may look at it. Its id opens nothing: it is made from the token, but leads to nothing back.
    struct Listed {
        std::string id;  ///< 32 hexadecimal digits
        Hash hash;
        Instant created_at{};
        Instant last_seen_at{};
        Instant expires_at{};
        Origin origin = {};
    };
    /// A person's sessions that are going on, the one seen last first.
    std::vector<Listed> of(StaffId staff) const;
    /// Ends one that `of` has listed.
    void close(sql::Connection& db, const Listed& session);

    /// Writes when the sessions were last seen; happens by itself about once a minute.
    void save_last_seen();
    /// Reads when other nodes last saw the sessions.
    void reload();
    std::size_t count() const;

    /// What a page must send along with a write: bound to the session, learned from the server only.
    static std::string csrf_token_of(std::string_view token);
    /// The id under which `of` lists the session with that token.
    static std::string id_of(std::string_view token);

private:
    struct Session {
        StaffId staff;
        Instant last_seen_at{};
        Instant saved_at{};  ///< the `last_seen_at` that is stored
        Instant expires_at{};
        Instant created_at{};
        Origin origin = {};
    };
    struct Sighting {
        Hash hash;
        Instant at{};
    };
    struct HashOfHash {
        std::size_t operator()(const Hash& hash) const;
    };

    using Found = std::pair<Hash, Session>;
    static std::optional<Found> read_session(const sql::Row& row);
    static void close(sql::Connection& db, const Hash& hash);
    /// Reads the sessions of these people again.
    void refresh(std::span<const std::string> staff);
    void take_over(std::vector<Found> found, const std::function<bool(const Session&)>& replaced);
    std::optional<StaffId> look_up(std::string_view token, const Hash& hash, Instant now);
    bool is_over(const Session& session, Instant now) const;
    std::vector<Sighting> take_unsaved();
    void save(std::vector<Sighting> sightings);

    sql::Store& store_;
    const Clock& clock_;
    const SessionPolicy policy_;
    std::mutex
        reading_mutex_;  ///< one after the other, so that what was read first is not put over what was read later
    mutable std::mutex mutex_;
    std::unordered_map<Hash, Session, HashOfHash> sessions_;
    std::uint64_t changes_count_ = 0;  ///< of `take_over`
    Instant saved_at_{};
    sql::Feed::Subscription changes_;
};

}  // namespace shouwen::organisation
