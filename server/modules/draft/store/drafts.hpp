#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"
#include "platform/sql/sql.hpp"

#include <boost/describe/enum.hpp>

#include <optional>
#include <string>
#include <vector>

/// What staff have typed and not sent yet (草稿, E6). Each person's own; nobody else reads it.
namespace shouwen::draft {

BOOST_DEFINE_ENUM_CLASS(DraftKind, reply, note)

struct Draft {
    TicketId ticket;
    DraftKind kind = DraftKind::reply;
    std::string content;
    Instant updated_at{};
};

/// The newest first.
std::vector<Draft> list(sql::Connection& db, StaffId staff, int limit);
/// Replaces what was there; an empty text removes it.
void put(sql::Connection& db, StaffId staff, const Draft& draft);
/// @param kind  nothing: both
void remove(sql::Connection& db, StaffId staff, TicketId ticket, std::optional<DraftKind> kind);

}  // namespace shouwen::draft
