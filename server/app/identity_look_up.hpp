#pragma once

#include "modules/ticket/edge/ticket_routes.hpp"
#include "platform/outgoing/client.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace shouwen::app {

/// Where account and order numbers are looked up (E3, docs/identity.md).
struct IdentityOptions {
    std::string url = {};              ///< asked by HTTP; empty: the table and the customers' files answer
    std::filesystem::path table = {};  ///< CSV with the header `kind,reference`; empty: none
    Duration timeout = std::chrono::seconds{5};
};

/// Says whether a number is one of ours. What cannot be asked is down, never a yes.
class IdentityLookUp {
public:
    /// Reads the table. @throws std::runtime_error that says which line is wrong
    IdentityLookUp(IdentityOptions options, outgoing::Client& client);
    /// Waits for the answer of others. Thread-safe.
    ticket::LookUp operator()(ticket::IdentityMethod method, const std::string& reference,
                              const customer::CustomerRow& file) const;

private:
    ticket::LookUp ask(ticket::IdentityMethod method, const std::string& reference) const;

    IdentityOptions options_;
    outgoing::Client& client_;
    std::set<std::string> table_;  ///< `account_no:…`, in the form in which numbers are compared
};

}  // namespace shouwen::app
