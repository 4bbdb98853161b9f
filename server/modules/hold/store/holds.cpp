#include "modules/hold/store/holds.hpp"

#include "base/result.hpp"

#include <limits>

namespace shouwen::hold {
namespace {

constexpr sql::Statement insert_hold{
    "hold.place",
    "INSERT INTO hold (what, cause, details, since) VALUES ($1, $2, $3, $4) ON CONFLICT (what, cause) WHERE released_at IS NULL "
    "DO UPDATE SET details = excluded.details, told_at = NULL RETURNING id"};
constexpr sql::Statement set_released{
    "hold.release",
    "UPDATE hold SET released_at = $2, released_by = $3, comment = $4 WHERE id = $1 AND released_at IS NULL"};
constexpr sql::Statement set_told{"hold.tell", "UPDATE hold SET told_at = $2 WHERE id = $1 AND told_at IS NULL"};
#define SHOUWEN_HOLD \
    "SELECT id, what, cause, details, since, told_at IS NOT NULL, released_at, released_by, comment FROM hold "
constexpr sql::Statement select_one{"hold.find", SHOUWEN_HOLD "WHERE id = $1"};
constexpr sql::Statement select_open{"hold.open", SHOUWEN_HOLD "WHERE released_at IS NULL ORDER BY id"};
constexpr sql::Statement select_page{"hold.list", SHOUWEN_HOLD "WHERE id < $1 ORDER BY id DESC LIMIT $2"};
constexpr sql::Statement select_page_open{
    "hold.list_open", SHOUWEN_HOLD "WHERE id < $1 AND released_at IS NULL ORDER BY id DESC LIMIT $2"};
constexpr sql::Statement select_page_released{
    "hold.list_released", SHOUWEN_HOLD "WHERE id < $1 AND released_at IS NOT NULL ORDER BY id DESC LIMIT $2"};
#undef SHOUWEN_HOLD
constexpr sql::Statement select_filing{
    "hold.filing",
    "SELECT (SELECT COUNT(*) FROM hold WHERE what = 'automatic_filing' AND released_at IS NULL), "
    "(SELECT MAX(released_at) FROM hold WHERE what = 'automatic_filing')"};

constexpr sql::Statement nothing_held{
    "hold.may_leave", "SELECT NOT EXISTS (SELECT 1 FROM hold WHERE what = 'outgoing' AND released_at IS NULL)"};
// The timeline stands in the name of the file that is written now. What `pg_control_checkpoint` tells is that of the last
// checkpoint, which after a promotion may be minutes old. On a standby the name cannot be asked for. All may be called by anybody.
#define SHOUWEN_TIMELINE                                                                    \
    "CASE WHEN pg_is_in_recovery() THEN NULL ELSE CAST(CAST('x' || substr(pg_walfile_name(" \
    "pg_current_wal_lsn()), 1, 8) AS BIT(32)) AS BIGINT) END"
constexpr sql::Statement nothing_held_here{
    "hold.may_leave",
    "SELECT NOT EXISTS (SELECT 1 FROM hold WHERE what = 'outgoing' AND released_at IS NULL) AND EXISTS (SELECT 1 "
    "FROM database_server k JOIN pg_control_system() s ON k.system = CAST(s.system_identifier AS TEXT) "
    "WHERE k.timeline = " SHOUWEN_TIMELINE ")"};
constexpr sql::Statement select_servers{"hold.servers", "SELECT CAST(s.system_identifier AS TEXT), " SHOUWEN_TIMELINE
                                                        ", k.system, k.timeline FROM pg_control_system() s "
                                                        "LEFT JOIN database_server k ON true"};
#undef SHOUWEN_TIMELINE
constexpr sql::Statement write_server{
    "hold.remember_server",
    "INSERT INTO database_server (id, system, timeline, since) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO UPDATE SET "
    "system = excluded.system, timeline = excluded.timeline, since = excluded.since"};

template <class Word>
Word word(const sql::Row& row, int column)
{
    const auto found = parse_name<Word>(row.text(column));
    ensure(found.has_value(), "the schema knows this word");
    return *found;
}

Hold read_hold(const sql::Row& row)
{
    return {.id = row.id<HoldId>(0),
            .what = word<Effect>(row, 1),
            .cause = word<Cause>(row, 2),
            .details = row.string(3),
            .since = row.instant(4),
            .is_told = row.boolean(5),
            .released_at = row.optional_instant(6),
            .released_by = row.id<StaffId>(7),
            .comment = row.optional_string(8)};
}

bool is_true(const sql::Row& row)
{
    return row.boolean(0);
}

}  // namespace

HoldId place(sql::Connection& db, Effect what, Cause cause, std::string_view details, Instant now)
{
    return db
        .first(
            insert_hold, [](const sql::Row& row) { return row.id<HoldId>(0); }, name_of(what), name_of(cause), details,
            now)
        .value();
}

std::optional<Hold> release(sql::Connection& db, HoldId id, StaffId by, std::string_view comment, Instant now)
{
    if (db.execute(set_released, id, now, by, comment) == 0) return std::nullopt;
    return find(db, id);
}

std::optional<Hold> find(sql::Connection& db, HoldId id)
{
    return db.first(select_one, read_hold, id);
}

std::vector<Hold> open_holds(sql::Connection& db)
{
    std::vector<Hold> holds;
    db.each(select_open, [&](const sql::Row& row) { holds.push_back(read_hold(row)); });
    return holds;
}

std::vector<Hold> list(sql::Connection& db, std::optional<bool> open, HoldId before, int limit)
{
    std::vector<Hold> holds;
    const auto below = before ? before.value : std::numeric_limits<std::int64_t>::max();
    db.each(
        !open   ? select_page
        : *open ? select_page_open
                : select_page_released,
        [&](const sql::Row& row) { holds.push_back(read_hold(row)); }, below, limit);
    return holds;
}

bool take_telling(sql::Connection& db, HoldId id, Instant now)
{
    return db.execute(set_told, id, now) > 0;
}

Filing filing(sql::Connection& db)
{
    Filing filing;
    db.each(select_filing, [&](const sql::Row& row) {
        filing.is_held = row.integer(0) > 0;
        filing.confirmed_until = row.optional_instant(1).value_or(Instant{});
    });
    return filing;
}

bool may_leave(sql::Connection& db)
{
    return db.first(db.dialect() == sql::Dialect::sqlite ? nothing_held : nothing_held_here, is_true).value_or(false);
}

std::optional<ServerChange> server_change(sql::Connection& db)
{
    if (db.dialect() == sql::Dialect::sqlite) return std::nullopt;
    std::optional<ServerChange> change;
    db.each(select_servers, [&](const sql::Row& row) {
        if (row.is_null(1)) return;
        change = ServerChange{.before = std::nullopt, .now = {row.string(0), row.integer(1)}};
        if (!row.is_null(2)) change->before = Server{row.string(2), row.integer(3)};
    });
    if (change && change->before == change->now) return std::nullopt;
    return change;
}

void remember_server(sql::Connection& db, const Server& server, Instant now)
{
    db.execute(write_server, server.system, server.timeline, now);
}

}  // namespace shouwen::hold
