#include "platform/postgres/fault.hpp"

#include <fmt/format.h>

namespace shouwen::postgres {

void throw_fault(std::string_view state, std::string_view what, std::string_view message)
{
    const auto line = message.substr(0, message.find('\n'));  // the lines after it quote values
    const auto text = fmt::format("{}: {} ({})", what, line, state.empty() ? "connection" : state);
    if (state.empty() || state.starts_with("08") || state.starts_with("57P")) throw ConnectionLost(text);
    if (state.starts_with("23")) throw sql::ConstraintViolated(text);
    if (state == "40001" || state == "40P01") throw TryAgain(text);
    // The statement took too long: it waits for another's locks, or the server is busy.
    if (state == "57014") throw sql::Unavailable(text);
    if (state == "53100") throw sql::DiskFull(text);
    throw sql::DatabaseFault(text);
}

}  // namespace shouwen::postgres
