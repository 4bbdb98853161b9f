#include "modules/draft/store/drafts.hpp"

namespace shouwen::draft {
namespace {

const sql::Statement list_sql{
    "draft.list",
    "SELECT ticket_id, kind, content, updated_at FROM draft WHERE staff_id = $1 ORDER BY updated_at DESC LIMIT $2"};
const sql::Statement put_sql{
    "draft.put",
    "INSERT INTO draft (staff_id, ticket_id, kind, content, updated_at) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (staff_id, ticket_id, kind) DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at"};
const sql::Statement remove_sql{"draft.remove",
                                "DELETE FROM draft WHERE staff_id = $1 AND ticket_id = $2 AND ($3 = '' OR kind = $3)"};

}  // namespace

std::vector<Draft> list(sql::Connection& db, StaffId staff, int limit)
{
    std::vector<Draft> drafts;
    db.each(
        list_sql,
        [&](const sql::Row& row) {
            drafts.push_back({row.id<TicketId>(0), parse_name<DraftKind>(row.text(1)).value_or(DraftKind::note),
                              row.string(2), row.instant(3)});
        },
        staff, limit);
    return drafts;
}

void put(sql::Connection& db, StaffId staff, const Draft& draft)
{
    if (draft.content.empty()) return remove(db, staff, draft.ticket, draft.kind);
    db.execute(put_sql, staff, draft.ticket, name_of(draft.kind), draft.content, draft.updated_at);
}

void remove(sql::Connection& db, StaffId staff, TicketId ticket, std::optional<DraftKind> kind)
{
    db.execute(remove_sql, staff, ticket, kind ? name_of(*kind) : std::string_view{});
}

}  // namespace shouwen::draft
