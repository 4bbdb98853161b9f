#include "modules/ticket/rules/commands.hpp"

#include <string>

namespace shouwen::ticket {
namespace {

using enum ObligationKind;

/// The successor answers, or their superior for them; never the owner, who would answer the own wish.
Verdict refuse_unconcerned(const Ticket& t, const Giver& by)
{
    if (auto refused = refuse_unanswered(t)) return refused;
    if (!t.hand_over) return Refused{Refusal::hand_over_missing};
    const bool answers = by.staff == t.hand_over->to || (by.may_act_for_others && by.staff != t.owner);
    if (!answers) return Refused{Refusal::not_successor, t.hand_over->to};
    return allowed;
}

Verdict refuse_successor(const Ticket& t, StaffId to, const Context& context)
{
    if (to == t.owner || !context.takes_over(to, t))
        return Refused{Refusal::successor_unknown, std::vector<std::string>{"to_staff_id"}};
    return allowed;
}

void withdraw_hand_over(Decision& d, const std::string& cause)
{
    d.add(HandOverWithdrawn{d.ticket().hand_over->to});
    d.cancel(answer_hand_over, cause);
}

}  // namespace

Verdict Check::operator()(const HandOver& c) const
{
    if (auto refused = refuse_strangers(t, by)) return refused;
    if (t.hand_over && !by.may_act_for_others) return Refused{Refusal::hand_over_open, t.hand_over->to};
    if (!c.to) return allowed;
    return refuse_successor(t, c.to, context);
}
void Act::operator()(const HandOver& c) const
{
    if (d.ticket().hand_over) withdraw_hand_over(d, "renamed");
    d.add(HandOverOffered{c.to, c.explanation});
    d.open(answer_hand_over, {c.to, d.context().takes_over(c.to, d.ticket())}, d.now());
}

Verdict Check::operator()(const AcceptHandOver&) const
{
    if (auto refused = refuse_unconcerned(t, by)) return refused;
    return refuse_successor(t, t.hand_over->to, context);
}
void Act::operator()(const AcceptHandOver&) const
{
    const StaffId to = d.ticket().hand_over->to;
    const UnitId unit = d.context().takes_over(to, d.ticket());
    const Debtor before = d.owner();
    d.meet(answer_hand_over);
    d.add(OwnershipTaken{to, unit, TenureCause::hand_over});
    // What the owner owed is the successor's now, with its time; what the unit owes, to rule upon a slip or to
    // revisit the customer, is that of the successor's unit.
    const auto open = d.ticket().obligations;
    for (const auto& each : open) {
        if (each.kind == rule_on_slip || each.kind == follow_up)
            d.pass(each.no, {{}, unit});
        else if (each.debtor == before && !is_owed_by_unit_of_slip(each.kind))
            d.pass(each.no, d.owner());
    }
}

Verdict Check::operator()(const DeclineHandOver&) const
{
    return refuse_unconcerned(t, by);
}
void Act::operator()(const DeclineHandOver& c) const
{
    d.add(HandOverDeclined{c.reason});
    d.meet(answer_hand_over);  // a no in time is an answer in time
}

Verdict Check::operator()(const WithdrawHandOver&) const
{
    if (auto refused = refuse_strangers(t, by)) return refused;
    if (!t.hand_over) return Refused{Refusal::hand_over_missing};
    return allowed;
}
void Act::operator()(const WithdrawHandOver&) const
{
    withdraw_hand_over(d, "withdrawn");
}

}  // namespace shouwen::ticket
