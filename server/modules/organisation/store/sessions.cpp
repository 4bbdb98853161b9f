#include "modules/organisation/store/sessions.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <tuple>

namespace shouwen::organisation {

namespace {

constexpr Duration save_interval = std::chrono::minutes{1};

constexpr sql::Statement list_sessions{
    "list_sessions",
    "SELECT token_hash, staff_id, last_seen_at, expires_at, created_at, address, user_agent FROM session "
    "WHERE expires_at > $1"};
constexpr sql::Statement insert_session{
    "insert_session",
    "INSERT INTO session (token_hash, staff_id, created_at, last_seen_at, expires_at, address, user_agent) "
    "VALUES ($1, $2, $3, $3, $4, $5, $6)"};
constexpr sql::Statement delete_expired{"delete_expired_sessions", "DELETE FROM session WHERE expires_at <= $1"};
constexpr sql::Statement delete_session{"delete_session", "DELETE FROM session WHERE token_hash = $1"};
constexpr sql::Statement delete_sessions_of{"delete_sessions_of", "DELETE FROM session WHERE staff_id = $1"};
constexpr sql::Statement update_last_seen{"update_last_seen",
                                          "UPDATE session SET last_seen_at = $2 WHERE token_hash = $1"};

std::string id_from(const Hash& hash)
{
    return mac_of(hash.raw(), "session").hex().substr(0, 32);
}

}  // namespace

std::size_t Sessions::HashOfHash::operator()(const Hash& hash) const
{
    std::size_t value = 0;
    std::memcpy(&value, hash.bytes.data(), sizeof value);
    return value;
}

Sessions::Sessions(sql::Store& store, const Clock& clock, SessionPolicy policy)
    : store_(store), clock_(clock), policy_(policy)
{
    const Instant now = clock_.now();
    saved_at_ = now;
    store_.read([&](sql::Connection& db) {
        db.each(
            list_sessions,
            [&](const sql::Row& row) {
                const Session session{row.id<StaffId>(1), row.instant(2), row.instant(2),
                                      row.instant(3),     row.instant(4), {row.string(5), row.string(6)}};
                const auto hash = Hash::from_raw(row.bytes(0));
                if (hash && !is_over(session, now)) sessions_.emplace(*hash, session);
            },
            now);
    });
}

bool Sessions::is_over(const Session& session, Instant now) const
{
    return now >= session.expires_at || now - session.last_seen_at >= policy_.idle_max;
}

std::string Sessions::csrf_token_of(std::string_view token)
{
    return mac_of(hash_of(token).raw(), "csrf").hex();
}

std::string Sessions::id_of(std::string_view token)
{
    return id_from(hash_of(token));
}

Sessions::Opened Sessions::open(sql::Connection& db, StaffId staff, Instant now, Origin origin)
{
    const std::string token = new_secret() + new_secret();
    Opened opened{token, hash_of(token), staff, now, now + policy_.length_max, std::move(origin)};
    db.execute(delete_expired, now);
    db.execute(insert_session, sql::Value::bytes(opened.hash.raw()), staff, now, opened.expires_at,
               opened.origin.address, opened.origin.user_agent);
    return opened;
}

void Sessions::admit(const Opened& opened)
{
    const std::lock_guard lock{mutex_};
    std::erase_if(sessions_, [&](const auto& each) { return is_over(each.second, opened.at); });
    sessions_.emplace(opened.hash,
                      Session{opened.staff, opened.at, opened.at, opened.expires_at, opened.at, opened.origin});
}

std::optional<StaffId> Sessions::seen(std::string_view token)
{
    const Hash hash = hash_of(token);
    const Instant now = clock_.now();
    std::vector<Sighting> unsaved;
    std::optional<StaffId> staff;
    {
        const std::lock_guard lock{mutex_};
        const auto found = sessions_.find(hash);
        if (found == sessions_.end()) return std::nullopt;
        if (is_over(found->second, now)) {
            sessions_.erase(found);
            return std::nullopt;
        }
        found->second.last_seen_at = std::max(found->second.last_seen_at, now);
        staff = found->second.staff;
        if (now - saved_at_ >= save_interval) {
            saved_at_ = now;
            unsaved = take_unsaved();
        }
    }
    save(std::move(unsaved));
    return staff;
}

std::vector<Sessions::Sighting> Sessions::take_unsaved()
{
    std::vector<Sighting> unsaved;
    for (auto& [hash, session] : sessions_) {
        if (session.last_seen_at == session.saved_at) continue;
        session.saved_at = session.last_seen_at;
        unsaved.push_back({hash, session.last_seen_at});
    }
    return unsaved;
}

void Sessions::save(std::vector<Sighting> sightings)
{
    if (sightings.empty()) return;
    // A lost write makes a session look idle for a minute longer after a restart: not worth waiting for, nor repeating.
    const auto shared = std::make_shared<const std::vector<Sighting>>(std::move(sightings));
    (void)store_.submit({[shared](sql::Connection& db) {
                             for (const Sighting& each : *shared)
                                 db.execute(update_last_seen, sql::Value::bytes(each.hash.raw()), each.at);
                         },
                         [](const std::exception_ptr&) {}});
}

void Sessions::save_last_seen()
{
    std::vector<Sighting> unsaved;
    {
        const std::lock_guard lock{mutex_};
        saved_at_ = clock_.now();
        unsaved = take_unsaved();
    }
    save(std::move(unsaved));
}

void Sessions::close(sql::Connection& db, std::string_view token)
{
    db.execute(delete_session, sql::Value::bytes(hash_of(token).raw()));
}

void Sessions::close_all_of(sql::Connection& db, StaffId staff)
{
    db.execute(delete_sessions_of, staff);
}

void Sessions::forget(std::string_view token)
{
    const std::lock_guard lock{mutex_};
    sessions_.erase(hash_of(token));
}

void Sessions::forget_all_of(StaffId staff)
{
    const std::lock_guard lock{mutex_};
    std::erase_if(sessions_, [&](const auto& each) { return each.second.staff == staff; });
}

std::vector<Sessions::Listed> Sessions::of(StaffId staff) const
{
    const Instant now = clock_.now();
    std::vector<Listed> listed;
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [hash, session] : sessions_)
            if (session.staff == staff && !is_over(session, now))
                listed.push_back({id_from(hash), hash, session.created_at, session.last_seen_at, session.expires_at,
                                  session.origin});
    }
    std::ranges::sort(listed, [](const Listed& a, const Listed& b) {
        return std::tie(b.last_seen_at, b.created_at, a.id) < std::tie(a.last_seen_at, a.created_at, b.id);
    });
    return listed;
}

void Sessions::close(sql::Connection& db, const Listed& session)
{
    db.execute(delete_session, sql::Value::bytes(session.hash.raw()));
}

void Sessions::forget(const Listed& session)
{
    const std::lock_guard lock{mutex_};
    sessions_.erase(session.hash);
}

std::size_t Sessions::count() const
{
    const std::lock_guard lock{mutex_};
    return sessions_.size();
}

}  // namespace shouwen::organisation
