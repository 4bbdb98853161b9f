#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "modules/hold/rules/hold.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The rows of holds. They are read where the work is claimed, in its transaction, so no copy of them can be old.
namespace shouwen::hold {

using HoldId = Id<struct HoldTag>;

struct Hold {
    HoldId id;
    Effect what = Effect::outgoing;
    Cause cause = Cause::restored;
    std::string details = "{}";  ///< a JSON object: the figures behind the cause
    Instant since{};
    bool is_told = false;  ///< to those who may release it
    std::optional<Instant> released_at;
    StaffId released_by;  ///< none though released: on the command line
    std::optional<std::string> comment;
};

/// One of a cause is enough: a second time renews its details, and it is told again.
HoldId place(sql::Connection& db, Effect what, Cause cause, std::string_view details, Instant now);
/// @param by  none: on the command line  @returns nothing when there is no such hold, or it is released already
std::optional<Hold> release(sql::Connection& db, HoldId id, StaffId by, std::string_view comment, Instant now);

std::optional<Hold> find(sql::Connection& db, HoldId id);
std::vector<Hold> open_holds(sql::Connection& db);
/// Newest first. @param open  only those that are open, or only those that are not  @param before  the last of the page before
std::vector<Hold> list(sql::Connection& db, std::optional<bool> open, HoldId before, int limit);
/// @returns whether it is this node that tells
bool take_telling(sql::Connection& db, HoldId id, Instant now);

/// How far the filing by the policy may go.
struct Filing {
    bool is_held = false;
    Instant confirmed_until{};  ///< what was due by then needs no confirmation any more
};
Filing filing(sql::Connection& db);

/// Whether messages may leave for the outside: no hold is open, and the server is the one that the store was written on.
///
/// Nothing can be sent between a failover and its discovery. This is asked in the transaction that claims a message, and a message
/// is sent only after that transaction is committed. A transaction lives in one session of one server, and the timeline of a
/// server that takes writes does not change while a session writes; so the claim is made on the very server that was compared. The
/// row with the timeline is replicated with all others, so a standby that was promoted holds its predecessor's and differs from
/// it with its first claim. Who is still connected to the old server sends what that one held: those messages wait on the new one.
/// The answer comes from one statement: row and hold are changed together, and seen together.
bool may_leave(sql::Connection& db);

/// The server is another than the store was written on, or nobody has written down yet which it is.
struct ServerChange {
    std::optional<Server> before;
    Server now;
};
/// Always nothing on an embedded store, and on a server that takes no writes.
std::optional<ServerChange> server_change(sql::Connection& db);
void remember_server(sql::Connection& db, const Server& server, Instant now);

}  // namespace shouwen::hold
