#include "modules/ticket/rules/commands.hpp"
#include "modules/ticket/rules/consequences.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace shouwen::ticket {

using enum ObligationKind;

bool is_revisited(const Ticket& ticket, const policy::Policy& policy)
{
    const auto& rules = policy.document().follow_up;
    if (ticket.class_ && std::ranges::count(rules.classes, *ticket.class_) > 0) return true;
    if (rules.after_dissatisfaction && ticket.was_dissatisfied) return true;
    const auto dash = ticket.number.rfind('-');
    const auto counted = std::string_view{ticket.number}.substr(dash == std::string::npos ? 0 : dash + 1);
    std::int64_t number = 0;
    std::from_chars(counted.data(), counted.data() + counted.size(), number);
    return number * rules.share_percent / 100 > (number - 1) * rules.share_percent / 100;
}

void owe_follow_up(Decision& d)
{
    if (!d.ticket().find(follow_up)) d.open(follow_up, {{}, d.ticket().owner_unit}, d.now());
}

// Also of what is filed, which stays as it is but for this record.
Verdict Check::operator()(const RecordFollowUp& c) const
{
    const auto* owed = t.find(follow_up);
    if (!owed || owed->no != c.no) return Refused{Refusal::follow_up_ended};
    return allowed;
}
void Act::operator()(const RecordFollowUp& c) const
{
    const bool dissatisfied = c.satisfaction && *c.satisfaction <= d.context().policy->document().dissatisfied_up_to;
    d.add(FollowUpRecorded{c.no, c.outcome, c.content, c.satisfaction, c.recurred, dissatisfied, c.ends, c.next_at});
    if (c.ends) return d.meet(follow_up);
    const auto* owed = d.ticket().find(follow_up);
    // Who asks for a later call gets it, and nobody is late for it.
    const bool wishes = c.outcome == FollowUpOutcome::call_later && c.next_at;
    if (wishes && *c.next_at > owed->due_at && d.now() < owed->due_at)
        d.put_off(follow_up, 0, *c.next_at, "customer_wishes");
}

Verdict Check::operator()(const LinkTicket&) const
{
    return allowed;
}
void Act::operator()(const LinkTicket& c) const
{
    d.add(TicketLinked{c.ticket, c.number, c.cause});
}

}  // namespace shouwen::ticket
