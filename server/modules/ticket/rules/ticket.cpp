#include "modules/ticket/rules/ticket.hpp"

#include <algorithm>

namespace shouwen::ticket {

const OpenObligation* Ticket::find(ObligationKind kind, int about) const
{
    const auto found =
        std::ranges::find_if(obligations, [&](const auto& each) { return each.kind == kind && each.subject == about; });
    return found == obligations.end() ? nullptr : &*found;
}

const Promise* Ticket::open_promise(bool by_solution) const
{
    const auto found = std::ranges::find_if(
        promises, [&](const auto& each) { return each.is_open() && each.by_solution == by_solution; });
    return found == promises.end() ? nullptr : &*found;
}

const OpenObligation* Ticket::next_due() const
{
    const OpenObligation* next = nullptr;
    for (const auto& each : obligations)
        if (!each.paused_at && (!next || each.due_at < next->due_at)) next = &each;
    return next;
}

}  // namespace shouwen::ticket
