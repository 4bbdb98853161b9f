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
/// Takes a slip back, with all that its unit owes.
void withdraw_slip(Decision& decision, int slip, const std::string& reason, const std::string& cause);

}  // namespace shouwen::ticket
