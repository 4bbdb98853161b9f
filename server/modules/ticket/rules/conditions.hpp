#pragma once

#include "modules/ticket/rules/decide.hpp"

namespace shouwen::ticket {

/// Why not; nothing when it may be.
using Verdict = std::optional<Refused>;
constexpr auto allowed = std::nullopt;

// What commands of several subjects ask for. Each includes the ones above it.

Verdict refuse_closed(const Ticket& ticket);
Verdict refuse_unanswered(const Ticket& ticket);
/// What is the owner's to do.
Verdict refuse_strangers(const Ticket& ticket, const Giver& by);
/// What belongs into one step: `handling`, or `feedback`.
Verdict refuse_outside(Step step, const Ticket& ticket, const Giver& by);
/// A8: the matter comes to its end when every unit's part has.
Verdict refuse_unfinished_slips(const Ticket& ticket);

/// E3: what is about an account is answered to whom we know.
Verdict refuse_unidentified(const Ticket& ticket, const Context& context);

}  // namespace shouwen::ticket
