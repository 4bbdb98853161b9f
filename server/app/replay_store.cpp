#include "app/replay_store.hpp"

namespace shouwen::app {
namespace {

constexpr sql::Statement select_progress{"replay.progress",
                                         "SELECT file_hash, steps_done, elapsed_ms, finished_at FROM replay"};
constexpr sql::Statement insert_progress{"replay.begin",
                                         "INSERT INTO replay (file_hash, steps_done, elapsed_ms) VALUES ($1, 0, 0)"};
constexpr sql::Statement update_progress{
    "replay.save", "UPDATE replay SET steps_done = $2, elapsed_ms = $3, finished_at = $4 WHERE file_hash = $1"};
constexpr sql::Statement insert_ticket{"replay_ticket.insert",
                                       "INSERT INTO replay_ticket (line, case_id, ticket_id) VALUES ($1, $2, $3)"};
constexpr sql::Statement select_tickets{"replay_ticket.all", "SELECT line, ticket_id FROM replay_ticket ORDER BY line"};

constexpr sql::Statement count_steps{
    "replay.count_steps",
    "SELECT COUNT(*), COUNT(CASE WHEN step = 'archived' THEN 1 END), COUNT(CASE WHEN closed_at IS NULL THEN 1 END) FROM ticket"};
constexpr sql::Statement count_classes{
    "replay.count_classes", "SELECT COALESCE(class, '-'), COUNT(*) FROM ticket GROUP BY class ORDER BY 2 DESC, 1"};
constexpr sql::Statement count_channels{"replay.count_channels",
                                        "SELECT channel, COUNT(*) FROM ticket GROUP BY channel ORDER BY 2 DESC, 1"};
constexpr sql::Statement count_grades{"replay.count_grades",
                                      "SELECT COALESCE(grade, '-'), COUNT(*) FROM ticket GROUP BY grade ORDER BY 1"};
constexpr sql::Statement count_units{
    "replay.count_units",
    "SELECT u.name, COUNT(*) FROM ticket t JOIN unit u ON u.id = COALESCE(t.owner_unit_id, t.queue_unit_id) "
    "GROUP BY u.id, u.name ORDER BY 2 DESC, 1"};
constexpr sql::Statement count_timeliness{
    "replay.timeliness",
    "SELECT kind, COUNT(CASE WHEN met_at IS NOT NULL AND breached_at IS NULL THEN 1 END), "
    "COUNT(CASE WHEN met_at IS NOT NULL AND breached_at IS NOT NULL THEN 1 END), "
    "COUNT(CASE WHEN met_at IS NULL AND breached_at IS NULL THEN 1 END), COUNT(CASE WHEN met_at IS NULL AND breached_at IS NOT NULL THEN 1 END) "
    "FROM obligation WHERE cancelled_at IS NULL GROUP BY kind ORDER BY kind"};

std::vector<Counted> counted(sql::Connection& db, const sql::Statement& statement)
{
    std::vector<Counted> all;
    db.each(statement, [&](const sql::Row& row) { all.push_back({row.string(0), row.integer(1)}); });
    return all;
}

}  // namespace

StoreIs look_at_store(sql::Connection& db, const Hash& file, bool has_staff, ReplayProgress& progress)
{
    bool same = false;
    bool other = false;
    db.each(select_progress, [&](const sql::Row& row) {
        (row.bytes(0) == file.raw() ? same : other) = true;
        progress = {row.integer(1), row.integer(2), row.optional_instant(3)};
    });
    if (same && !other) return StoreIs::begun;
    return has_staff || other ? StoreIs::of_something_else : StoreIs::empty;
}

void begin_progress(sql::Connection& db, const Hash& file)
{
    db.execute(insert_progress, sql::Value::bytes(file.raw()));
}

void save_progress(sql::Connection& db, const Hash& file, const ReplayProgress& progress)
{
    db.execute(update_progress, sql::Value::bytes(file.raw()), progress.steps_done, progress.elapsed_ms,
               progress.finished_at);
}

void remember_ticket(sql::Connection& db, const HistoricTicket& row, TicketId ticket)
{
    db.execute(insert_ticket, row.line, row.case_id, ticket);
}

std::vector<TicketId> remembered_tickets(sql::Connection& db, const HistoricFile& file)
{
    std::vector<TicketId> tickets(file.tickets.size());
    std::size_t at = 0;  // both are in the order of lines
    db.each(select_tickets, [&](const sql::Row& row) {
        while (at < tickets.size() && file.tickets[at].line < row.integer(0)) ++at;
        ensure(at < tickets.size() && file.tickets[at].line == row.integer(0), "every ticket of a replay has its row");
        tickets[at] = row.id<TicketId>(1);
    });
    return tickets;
}

ReplayCounts count_replayed(sql::Connection& db)
{
    ReplayCounts counts;
    db.each(count_steps, [&](const sql::Row& row) {
        counts.received = row.integer(0);
        counts.archived = row.integer(1);
        counts.open = row.integer(2);
    });
    counts.by_class = counted(db, count_classes);
    counts.by_channel = counted(db, count_channels);
    counts.by_grade = counted(db, count_grades);
    counts.by_unit = counted(db, count_units);
    db.each(count_timeliness, [&](const sql::Row& row) {
        counts.timeliness.push_back({row.string(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)});
    });
    return counts;
}

}  // namespace shouwen::app
