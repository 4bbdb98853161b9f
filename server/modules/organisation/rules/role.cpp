#include "modules/organisation/rules/role.hpp"

namespace shouwen::organisation {

std::vector<Role> default_roles()
{
    using enum Permission;
    // Everybody at work on tickets: texts to answer from, colleagues to send to, the rules, the own notices.
    constexpr Permissions daily_work{article_read, staff_read, policy_read, notice_read};
    constexpr Permissions front =
        daily_work | Permissions{ticket_read_all, ticket_create, ticket_respond, ticket_act,
                                 ticket_note,     slip_act,      customer_read,  customer_edit,
                                 customer_reveal, follow_up_act, improvement_act};
    constexpr Permissions back = daily_work | Permissions{ticket_read_unit, ticket_act,      ticket_note,    slip_act,
                                                          customer_read,    customer_reveal, improvement_act};
    constexpr Permissions lead = front | Permissions{ticket_act_for_others, ticket_cancel, ticket_close_with_reason,
                                                     figure_read,           article_edit,  improvement_edit};
    return {
        {std::string{role::agent}, front},
        // The same work as an agent's; the fence around the merchant does not come from the role.
        {std::string{role::merchant_agent}, front},
        {std::string{role::handler}, back},
        {std::string{role::unit_head},
         back | Permissions{ticket_respond, ticket_act_for_others, figure_read, follow_up_act, improvement_edit}},
        {std::string{role::supervisor}, lead},
        {std::string{role::manager},
         lead | Permissions{policy_edit, token_issue, approve_card, approve_emergency, backup_manage}},
        // Reads, but does not act: whoever checks the work is no part of it.
        {std::string{role::inspector},
         Permissions{ticket_read_all, customer_read, customer_reveal, figure_read, article_read, staff_read,
                     policy_read, notice_read, improvement_act, improvement_edit}},
        {std::string{role::leader},
         Permissions{ticket_read_all, ticket_note, customer_read, figure_read, article_read, staff_read, policy_read,
                     notice_read, approve_card, approve_emergency, improvement_act}},
        // Runs the system and reads tickets for support. No audit_read: who changes rights does not judge the record.
        {std::string{role::admin},
         Permissions{ticket_read_all, customer_read, staff_read, staff_edit, unit_edit, role_edit, policy_read,
                     policy_edit, article_read, article_edit, figure_read, token_issue, notice_read, webhook_edit,
                     backup_manage, clock_move}},
        {std::string{role::auditor}, Permissions{audit_read}},
    };
}

Permissions only_for_platform()
{
    using enum Permission;
    return {policy_edit,       unit_edit,    role_edit,     audit_read, article_edit,
            approve_emergency, webhook_edit, backup_manage, clock_move};
}

}  // namespace shouwen::organisation
