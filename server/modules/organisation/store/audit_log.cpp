#include "modules/organisation/store/audit_log.hpp"

#include "base/result.hpp"

#include <limits>

namespace shouwen::organisation {

namespace {

constexpr sql::Statement read_last{"read_last_audit", "SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1"};
constexpr sql::Statement insert_entry{
    "insert_audit",
    "INSERT INTO audit_entry (id, at, actor_id, action, subject_kind, subject_id, data, prev_hash, hash) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
constexpr sql::Statement count_entries{"count_audit_entries", "SELECT COUNT(*) FROM audit_entry"};
constexpr sql::Statement walk_entries{
    "walk_audit",
    "SELECT id, at, actor_id, action, subject_kind, subject_id, data, hash, prev_hash FROM audit_entry ORDER BY id"};

// One statement an index, so that each filter reads what it shows and not the whole log.
constexpr sql::Statement list_all{
    "list_audit",
    "SELECT id, at, actor_id, action, subject_kind, subject_id, data, hash FROM audit_entry "
    "WHERE at >= $1 AND at < $2 AND id < $3 ORDER BY id DESC LIMIT $4"};
constexpr sql::Statement list_by_actor{
    "list_audit_by_actor",
    "SELECT id, at, actor_id, action, subject_kind, subject_id, data, hash FROM audit_entry "
    "WHERE actor_id = $5 AND at >= $1 AND at < $2 AND id < $3 ORDER BY id DESC LIMIT $4"};
constexpr sql::Statement list_by_action{
    "list_audit_by_action",
    "SELECT id, at, actor_id, action, subject_kind, subject_id, data, hash FROM audit_entry "
    "WHERE action = $5 AND at >= $1 AND at < $2 AND id < $3 ORDER BY id DESC LIMIT $4"};
constexpr sql::Statement list_by_both{
    "list_audit_by_actor_and_action",
    "SELECT id, at, actor_id, action, subject_kind, subject_id, data, hash FROM audit_entry "
    "WHERE actor_id = $5 AND action = $6 AND at >= $1 AND at < $2 AND id < $3 ORDER BY id DESC LIMIT $4"};

constexpr sql::Statement list_by_subject{
    "list_audit_by_subject",
    "SELECT id, at, actor_id, action, subject_kind, subject_id, data, hash FROM audit_entry "
    "WHERE subject_kind = $1 AND subject_id = $2 AND action = $3 ORDER BY id DESC LIMIT $4"};

Hash hash_at(const sql::Row& row, int column)
{
    const auto hash = Hash::from_raw(row.bytes(column));
    ensure(hash.has_value(), "a stored hash has 32 bytes");
    return *hash;
}

StoredAuditEntry read_entry(const sql::Row& row)
{
    return {row.integer(0),
            {row.instant(1), row.id<StaffId>(2), row.string(3), row.string(4), row.string(5), row.string(6)},
            hash_at(row, 7)};
}

}  // namespace

void append_audit(sql::Connection& db, const AuditEntry& entry)
{
    std::int64_t number = 1;
    Hash before;
    sql::serialise(db, "audit");  // each entry knows the one before
    db.each(read_last, [&](const sql::Row& row) {
        number = row.integer(0) + 1;
        before = hash_at(row, 1);
    });
    const Hash hash = audit_hash(number, entry, before);
    db.execute(insert_entry, number, entry.at, entry.actor, entry.action, entry.subject_kind, entry.subject_id,
               entry.data, sql::Value::bytes(before.raw()), sql::Value::bytes(hash.raw()));
}

std::vector<StoredAuditEntry> list_audit(sql::Connection& db, const AuditFilter& filter)
{
    std::vector<StoredAuditEntry> entries;
    const auto collect = [&](const sql::Row& row) { entries.push_back(read_entry(row)); };
    const std::int64_t from = filter.from ? to_ms(*filter.from) : std::numeric_limits<std::int64_t>::min();
    const std::int64_t to = filter.to ? to_ms(*filter.to) : std::numeric_limits<std::int64_t>::max();
    const std::int64_t before = filter.before_number.value_or(std::numeric_limits<std::int64_t>::max());
    if (filter.actor && !filter.action.empty())
        db.each(list_by_both, collect, from, to, before, filter.limit, filter.actor, filter.action);
    else if (filter.actor)
        db.each(list_by_actor, collect, from, to, before, filter.limit, filter.actor);
    else if (!filter.action.empty())
        db.each(list_by_action, collect, from, to, before, filter.limit, filter.action);
    else
        db.each(list_all, collect, from, to, before, filter.limit);
    return entries;
}

std::vector<AuditEntry> list_audit_of(sql::Connection& db, std::string_view subject_kind, std::string_view subject_id,
                                      std::string_view action, int limit)
{
    std::vector<AuditEntry> entries;
    db.each(
        list_by_subject, [&](const sql::Row& row) { entries.push_back(read_entry(row).entry); }, subject_kind,
        subject_id, action, limit);
    return entries;
}

std::optional<std::int64_t> first_broken_audit_entry(sql::Connection& db)
{
    std::optional<std::int64_t> broken;
    std::int64_t expected = 1;
    Hash before;
    db.each(walk_entries, [&](const sql::Row& row) {
        if (broken) return;
        const StoredAuditEntry stored = read_entry(row);
        const bool sound = stored.number == expected && hash_at(row, 8) == before &&
                           stored.hash == audit_hash(stored.number, stored.entry, before);
        if (!sound) broken = expected;
        before = stored.hash;
        ++expected;
    });
    return broken;
}

std::int64_t audit_entry_count(sql::Connection& db)
{
    return db.first(count_entries, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

}  // namespace shouwen::organisation
