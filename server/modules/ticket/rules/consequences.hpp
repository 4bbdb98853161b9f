#pragma once

#include "modules/ticket/rules/decision.hpp"

#include <string>

namespace shouwen::ticket {

// What commands of several subjects bring about.

/// The customer is waited for no more; nothing happens when nobody waited.
void end_waiting(Decision& decision);
/// What we tell the customer answers what they wrote; in L3 it is the answer that is owed (E5).
void answer_customer(Decision& decision);
/// The owner owes the customer the next word (A8).
void owe_next_word(Decision& decision);
/// The unit of the owner revisits the customer (D12), unless it owes that already.
void owe_follow_up(Decision& decision);
/// Whether the policy wants this ticket's result to be revisited: its class, whoever was dissatisfied, and a share of the others,
/// spread evenly over the numbers of each day.
bool is_revisited(const Ticket& ticket, const policy::Policy& policy);
/// Takes a slip back, with all that its unit owes.
void withdraw_slip(Decision& decision, int slip, const std::string& reason, const std::string& cause);

}  // namespace shouwen::ticket
