#pragma once

#include "platform/sql/sql.hpp"

#include <string>
#include <string_view>

namespace shouwen::postgres {

/// The same transaction, begun anew, may succeed: another one stood in its way (40001, 40P01).
struct TryAgain : sql::Unavailable {
    using sql::Unavailable::Unavailable;
};
/// The server went away, or says that it is going. What was not committed is gone with it.
struct ConnectionLost : sql::Unavailable {
    using sql::Unavailable::Unavailable;
};

/// It cannot be reached, or has fallen silent: to try again at once would be to wait again.
struct ServerAway : ConnectionLost {
    using ConnectionLost::ConnectionLost;
};

/// Throws what an error of the server means. @param state  SQLSTATE; empty: the connection itself broke
/// @param what  the statement's name, never its values
[[noreturn]] void throw_fault(std::string_view state, std::string_view what, std::string_view message);

}  // namespace shouwen::postgres
