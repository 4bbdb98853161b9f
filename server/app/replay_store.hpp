#pragma once

#include "app/replay.hpp"
#include "platform/sql/sql.hpp"

#include <string>
#include <vector>

/// The rows in which a replay keeps its place, and the counts that its report shows.
namespace shouwen::app {

struct ReplayProgress {
    std::int64_t steps_done = 0;
    std::int64_t elapsed_ms = 0;
    std::optional<Instant> finished_at;
};

/// What a store is to a replay.
enum class StoreIs { empty, begun, of_something_else };
StoreIs look_at_store(sql::Connection& db, const Hash& file, bool has_staff, ReplayProgress& progress);

void begin_progress(sql::Connection& db, const Hash& file);
void save_progress(sql::Connection& db, const Hash& file, const ReplayProgress& progress);
void remember_ticket(sql::Connection& db, const HistoricTicket& row, TicketId ticket);
/// By the place in `file.tickets`; none where the ticket is not received yet.
std::vector<TicketId> remembered_tickets(sql::Connection& db, const HistoricFile& file);

struct Counted {
    std::string name;
    std::int64_t count = 0;
};
struct Timeliness {
    std::string kind;
    std::int64_t kept = 0, kept_late = 0, open = 0, open_late = 0;
};
struct ReplayCounts {
    std::int64_t received = 0, archived = 0, open = 0;
    std::vector<Counted> by_class, by_channel, by_grade, by_unit;
    std::vector<Timeliness> timeliness;
};
ReplayCounts count_replayed(sql::Connection& db);

}  // namespace shouwen::app
