#include "modules/ticket/rules/check.hpp"

#include "modules/ticket/rules/commands.hpp"

namespace shouwen::ticket {

std::optional<Refused> check(const Command& command, const Ticket& ticket, const Giver& by, const Context& context,
                             Instant now)
{
    return std::visit(Check{ticket, by, context, now}, command);
}

bool is_accountable(const Ticket& ticket, const Giver& by)
{
    return !by.staff || by.staff == ticket.owner || by.may_act_for_others;
}

bool is_foreign_category(Class of, std::string_view category, const policy::Policy& policy)
{
    return policy.document().strict_categories && !category.empty() && !policy.is_category(of, category);
}

bool is_dissatisfied(const Ticket& ticket, const policy::Policy& policy)
{
    return ticket.rating && ticket.rating->score <= policy.document().dissatisfied_up_to;
}

}  // namespace shouwen::ticket
