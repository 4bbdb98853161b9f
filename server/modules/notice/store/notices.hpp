#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// The staff's own notices (通知). The outbox writes them, exactly once each; here they are read and ticked off.
namespace shouwen::notice {

struct Notice {
    NoticeId id;
    std::string kind;
    TicketId ticket;
    std::string payload;  ///< a JSON object as its cause wrote it
    Instant at{};
    std::optional<Instant> read_at;
};

constexpr int unread_count_max = 1000;

/// Newest first. @param before  the last one of the page before; none: the first page
std::vector<Notice> list(sql::Connection& db, StaffId staff, bool only_unread, NoticeId before, int limit);
/// Those of the ids that are there, each with whose it is.
using Addressed = std::pair<StaffId, Notice>;
std::vector<Addressed> find_all(sql::Connection& db, std::span<const NoticeId> ids);
/// At most `unread_count_max`.
int unread_count(sql::Connection& db, StaffId staff);
/// @returns nothing when it is not this person's. Reading twice keeps the first moment.
std::optional<Notice> mark_read(sql::Connection& db, StaffId staff, NoticeId id, Instant now);
void mark_all_read(sql::Connection& db, StaffId staff, Instant now);

}  // namespace shouwen::notice
