#include "modules/organisation/store/sessions.hpp"

#include "modules/organisation/store/organisation_store.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <tuple>

namespace shouwen::organisation {

namespace {

constexpr Duration save_interval = std::chrono::minutes{1};
constexpr std::size_t token_length = 44;

#define SHOUWEN_SESSION \
    "SELECT token_hash, staff_id, last_seen_at, expires_at, created_at, address, user_agent FROM session "
constexpr sql::Statement list_sessions{"list_sessions", SHOUWEN_SESSION "WHERE expires_at > $1"};
constexpr sql::Statement list_sessions_of{"list_sessions_of",
                                          SHOUWEN_SESSION "WHERE staff_id = $1 AND expires_at > $2"};
constexpr sql::Statement find_session{"find_session", SHOUWEN_SESSION "WHERE token_hash = $1 AND expires_at > $2"};
#undef SHOUWEN_SESSION
constexpr sql::Statement insert_session{
    "insert_session",
    "INSERT INTO session (token_hash, staff_id, created_at, last_seen_at, expires_at, address, user_agent) "
    "VALUES ($1, $2, $3, $3, $4, $5, $6)"};
constexpr sql::Statement delete_expired{"delete_expired_sessions", "DELETE FROM session WHERE expires_at <= $1"};
constexpr sql::Statement delete_session{"delete_session",
                                        "DELETE FROM session WHERE token_hash = $1 RETURNING staff_id"};
constexpr sql::Statement delete_sessions_of{"delete_sessions_of", "DELETE FROM session WHERE staff_id = $1"};
constexpr sql::Statement update_last_seen{"update_last_seen",
                                          "UPDATE session SET last_seen_at = $2 WHERE token_hash = $1 "
                                          "AND last_seen_at < $2"};

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
    saved_at_ = clock_.now();
    changes_ = store.feed().subscribe(
        sign_in_topic, {[this](std::span<const std::string> staff) { refresh(staff); }, [this] { reload(); }});
}

std::optional<Sessions::Found> Sessions::read_session(const sql::Row& row)
{
    const auto hash = Hash::from_raw(row.bytes(0));
    if (!hash) return std::nullopt;
    return Found{*hash,
                 {row.id<StaffId>(1),
                  row.instant(2),
                  row.instant(2),
                  row.instant(3),
                  row.instant(4),
                  {row.string(5), row.string(6)}}};
}

void Sessions::reload()
{
    const std::lock_guard reading{reading_mutex_};
    std::vector<Found> found;
    store_.read([&](sql::Connection& db) {
        db.each(
            list_sessions,
            [&](const sql::Row& row) {
                if (auto each = read_session(row)) found.push_back(std::move(*each));
            },
            clock_.now());
    });
    take_over(std::move(found), [](const Session&) { return true; });
}

void Sessions::refresh(std::span<const std::string> staff)
{
    const std::lock_guard reading{reading_mutex_};
    std::vector<Found> found;
    std::vector<StaffId> whose;
    for (const auto& each : staff)
        if (const auto id = StaffId::parse(each)) whose.push_back(*id);
    const Instant now = clock_.now();
    store_.read([&](sql::Connection& db) {
        for (const StaffId id : whose)
            db.each(
                list_sessions_of,
                [&](const sql::Row& row) {
                    if (auto each = read_session(row)) found.push_back(std::move(*each));
                },
                id, now);
    });
    take_over(std::move(found),
              [&](const Session& session) { return std::ranges::find(whose, session.staff) != whose.end(); });
}

/// What was read takes the place of what it replaces; only that a session was seen is never unlearned.
void Sessions::take_over(std::vector<Found> found, const std::function<bool(const Session&)>& replaced)
{
    const Instant now = clock_.now();
    const std::lock_guard lock{mutex_};
    ++changes_count_;
    for (auto& [hash, session] : found)
        if (const auto known = sessions_.find(hash); known != sessions_.end())
            session.last_seen_at = std::max(session.last_seen_at, known->second.last_seen_at);
    std::erase_if(sessions_, [&](const auto& each) { return replaced(each.second); });
    for (auto& [hash, session] : found)
        if (!is_over(session, now)) sessions_.emplace(hash, std::move(session));
}

/// Nothing is remembered when sessions changed meanwhile: what was read may be of before its end.
std::optional<StaffId> Sessions::look_up(std::string_view token, const Hash& hash, Instant now)
{
    if (store_.dialect() == sql::Dialect::sqlite || token.size() != token_length) return std::nullopt;
    std::uint64_t changes_count = 0;
    {
        const std::lock_guard lock{mutex_};
        changes_count = changes_count_;
    }
    std::optional<Found> found;
    store_.read([&](sql::Connection& db) {
        db.each(
            find_session, [&](const sql::Row& row) { found = read_session(row); }, sql::Value::bytes(hash.raw()), now);
    });
    if (!found || is_over(found->second, now)) return std::nullopt;
    const StaffId staff = found->second.staff;
    found->second.last_seen_at = now;
    const std::lock_guard lock{mutex_};
    if (changes_count == changes_count_) sessions_.insert_or_assign(hash, std::move(found->second));
    return staff;
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
    db.announce(sign_in_topic, staff.text());
    return opened;
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
        if (found != sessions_.end() && is_over(found->second, now)) {
            sessions_.erase(found);  // as far as this node has seen it
        } else if (found != sessions_.end()) {
            found->second.last_seen_at = std::max(found->second.last_seen_at, now);
            staff = found->second.staff;
        }
        if (staff && now - saved_at_ >= save_interval) {
            saved_at_ = now;
            unsaved = take_unsaved();
        }
    }
    save(std::move(unsaved));
    return staff ? staff : look_up(token, hash, now);
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

void Sessions::close(sql::Connection& db, const Hash& hash)
{
    const auto whose = db.first(
        delete_session, [](const sql::Row& row) { return row.id<StaffId>(0); }, sql::Value::bytes(hash.raw()));
    if (whose) db.announce(sign_in_topic, whose->text());
}

void Sessions::close(sql::Connection& db, std::string_view token)
{
    close(db, hash_of(token));
}

void Sessions::close_all_of(sql::Connection& db, StaffId staff)
{
    db.execute(delete_sessions_of, staff);
    db.announce(sign_in_topic, staff.text());
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
    close(db, session.hash);
}

std::size_t Sessions::count() const
{
    const std::lock_guard lock{mutex_};
    return sessions_.size();
}

}  // namespace shouwen::organisation
