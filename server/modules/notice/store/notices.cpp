#include "modules/notice/store/notices.hpp"

#include <limits>
#include <string>

namespace shouwen::notice {
namespace {

const sql::Statement list_sql{
    "notice.list",
    "SELECT id, kind, ticket_id, payload, at, read_at FROM notice WHERE staff_id = $1 AND id < $2 "
    "ORDER BY id DESC LIMIT $3"};
const sql::Statement list_unread_sql{"notice.list_unread",
                                     "SELECT id, kind, ticket_id, payload, at, read_at FROM notice WHERE staff_id = $1 "
                                     "AND read_at IS NULL AND id < $2 ORDER BY id DESC LIMIT $3"};
const sql::Statement count_sql{
    "notice.unread_count",
    "SELECT count(*) FROM (SELECT 1 FROM notice WHERE staff_id = $1 AND read_at IS NULL LIMIT $2) unread"};
#define SHOUWEN_FIND_ALL "SELECT id, kind, ticket_id, payload, at, read_at, staff_id FROM notice WHERE id "
const sql::Statement find_all_sqlite{"notice.find_all",
                                     SHOUWEN_FIND_ALL "IN (SELECT value FROM json_each($1)) ORDER BY id"};
const sql::Statement find_all_postgres{
    "notice.find_all",
    SHOUWEN_FIND_ALL "IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON))) ORDER BY id"};
#undef SHOUWEN_FIND_ALL
const sql::Statement find_sql{
    "notice.find", "SELECT id, kind, ticket_id, payload, at, read_at FROM notice WHERE id = $1 AND staff_id = $2"};
const sql::Statement read_sql{"notice.read",
                              "UPDATE notice SET read_at = $3 WHERE id = $1 AND staff_id = $2 AND read_at IS NULL"};
const sql::Statement read_all_sql{"notice.read_all",
                                  "UPDATE notice SET read_at = $2 WHERE staff_id = $1 AND read_at IS NULL"};

Notice read_notice(const sql::Row& row)
{
    return {row.id<NoticeId>(0), row.string(1),  row.id<TicketId>(2),
            row.string(3),       row.instant(4), row.optional_instant(5)};
}

}  // namespace

std::vector<Notice> list(sql::Connection& db, StaffId staff, bool only_unread, NoticeId before, int limit)
{
    std::vector<Notice> notices;
    const auto below = before ? before.value : std::numeric_limits<std::int64_t>::max();
    db.each(
        only_unread ? list_unread_sql : list_sql, [&](const sql::Row& row) { notices.push_back(read_notice(row)); },
        staff, below, limit);
    return notices;
}

std::vector<Addressed> find_all(sql::Connection& db, std::span<const NoticeId> ids)
{
    std::string list = "[";
    for (const NoticeId id : ids) list += (list.size() > 1 ? "," : "") + std::to_string(id.value);
    list += "]";
    std::vector<Addressed> found;
    db.each(
        db.dialect() == sql::Dialect::sqlite ? find_all_sqlite : find_all_postgres,
        [&](const sql::Row& row) { found.emplace_back(row.id<StaffId>(6), read_notice(row)); }, list);
    return found;
}

int unread_count(sql::Connection& db, StaffId staff)
{
    return static_cast<int>(
        db.first(
              count_sql, [](const sql::Row& row) { return row.integer(0); }, staff, unread_count_max)
            .value_or(0));
}

std::optional<Notice> mark_read(sql::Connection& db, StaffId staff, NoticeId id, Instant now)
{
    db.execute(read_sql, id, staff, now);
    return db.first(find_sql, read_notice, id, staff);
}

void mark_all_read(sql::Connection& db, StaffId staff, Instant now)
{
    db.execute(read_all_sql, staff, now);
}

}  // namespace shouwen::notice
