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

const TransferSlip* Ticket::find_slip(int no) const
{
    const auto found = std::ranges::find(slips, no, &TransferSlip::no);
    return found == slips.end() ? nullptr : &*found;
}

bool Ticket::has_open_slip() const
{
    return std::ranges::any_of(slips, &TransferSlip::is_open);
}

bool is_owed_by_unit_of_slip(ObligationKind kind)
{
    using enum ObligationKind;
    return kind == acknowledge_slip || kind == appoint_and_contact || kind == slip_plan || kind == slip_complete;
}

Instant Ticket::next_due_of(const TransferSlip& slip) const
{
    Instant next = slip.due_at;
    for (const auto& each : obligations) {
        const bool of_slip = is_owed_by_unit_of_slip(each.kind) && each.kind != ObligationKind::slip_complete;
        if (of_slip && each.subject == slip.no && !each.paused_at) next = std::min(next, each.due_at);
    }
    return next;
}

std::vector<UnitId> Ticket::slip_units() const
{
    std::vector<UnitId> units;
    for (const auto& each : slips) units.push_back(each.unit);
    std::ranges::sort(units);
    const auto twice = std::ranges::unique(units);
    units.erase(twice.begin(), twice.end());
    return units;
}

const OpenObligation* Ticket::next_due() const
{
    const OpenObligation* next = nullptr;
    for (const auto& each : obligations)
        if (!each.paused_at && (!next || each.due_at < next->due_at)) next = &each;
    return next;
}

}  // namespace shouwen::ticket
