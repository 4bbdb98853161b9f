#pragma once

#include "modules/ticket/rules/decide.hpp"

namespace shouwen::ticket {

/// Why the rules refuse a command in the ticket's present state, or nothing when they do not. Changes nothing.
std::optional<Refused> check(const Command& command, const Ticket& ticket, const Giver& by, const Context& context,
                             Instant now);

/// Whether what is the owner's to do is theirs: the owner, who may act for others (a supervisor, on record as the actor of
/// the event), the customer or the policy's clock.
bool is_accountable(const Ticket& ticket, const Giver& by);

/// Where the policy insists on its tree, a category must be one of its class (D3).
bool is_foreign_category(Class of, std::string_view category, const policy::Policy& policy);

/// The customer's opinion of the last result asks for a rework (D11).
bool is_dissatisfied(const Ticket& ticket, const policy::Policy& policy);

}  // namespace shouwen::ticket
