#include "modules/organisation/rules/sample_organisation.hpp"

#include <gtest/gtest.h>

#include <string>

namespace shouwen::organisation {
namespace {

using namespace sample;
using enum Permission;

class C1_Rights : public ::testing::Test {
protected:
    Actor actor(StaffId id) const { return company_.actor(id).value(); }
    bool can(StaffId who, Permission permission, const TicketScope& ticket) const
    {
        return organisation::can(actor(who), permission, ticket);
    }

    Organisation company_ = organisation();
};

const TicketScope waiting_on_platform{{}, {}, {}, centre, {}};
const TicketScope of_agent1{{}, agent1, centre, {}, {}};
const TicketScope of_agent1_with_slip_to_repairs{{}, agent1, centre, {}, {repairs}};
const TicketScope of_repairer{{}, repairer, repairs, {}, {}};
const TicketScope waiting_at_merchant1{merchant1, {}, {}, merchant1_desk, {}};
const TicketScope of_merchant1_agent{merchant1, merchant1_agent, merchant1_desk, {}, {}};
const TicketScope of_merchant1_owned_by_agent1{merchant1, agent1, centre, {}, {}};
const TicketScope of_merchant2_agent{merchant2, merchant2_agent, merchant2, {}, {}};

TEST_F(C1_Rights, FollowFromRoleUnitAndMerchant)
{
    struct {
        const char* name;
        StaffId who;
        Permission what;
        const TicketScope& ticket;
        bool then;
    } cases[] = {
        {"an agent reads every ticket", agent1, ticket_read_all, of_merchant2_agent, true},
        {"an agent acts on the own ticket", agent1, ticket_act, of_agent1, true},
        {"an agent does not act on a colleague's", agent2, ticket_act, of_agent1, false},
        {"an agent may note on a colleague's", agent2, ticket_note, of_agent1, true},
        {"an agent does not cancel", agent1, ticket_cancel, of_agent1, false},
        {"a supervisor acts for others", supervisor1, ticket_act, of_agent1, true},
        {"a supervisor closes with a reason", supervisor1, ticket_close_with_reason, of_agent1, true},
        {"an inspector reads", inspector1, ticket_read_all, of_agent1, true},
        {"an inspector does not act", inspector1, ticket_act, of_agent1, false},
        {"an inspector does not even note", inspector1, ticket_note, of_agent1, false},
        {"an auditor sees no ticket", auditor1, ticket_read_all, of_agent1, false},
        {"an admin reads for support", admin1, ticket_read_all, of_agent1, true},
        {"an admin does not act", admin1, ticket_act, of_agent1, false},
        {"a handler does not see a ticket elsewhere", tech1, ticket_read_unit, of_agent1, false},
        {"a handler sees one with a slip of a unit below", tech1, ticket_read_unit, of_agent1_with_slip_to_repairs,
         true},
        {"asking for the wider right gives the same answer", tech1, ticket_read_all, of_agent1_with_slip_to_repairs,
         true},
        {"the handler of the team sees it as well", repairer, ticket_read_unit, of_agent1_with_slip_to_repairs, true},
        {"the handler does not act on the owner's ticket", repairer, ticket_act, of_agent1_with_slip_to_repairs, false},
        {"the head of a unit with a slip neither", tech_head, ticket_act, of_agent1_with_slip_to_repairs, false},
        {"but may note on it", tech_head, ticket_note, of_agent1_with_slip_to_repairs, true},
        {"the handler works on the slip", repairer, slip_act, of_agent1_with_slip_to_repairs, true},
        {"and so does the department above", tech1, slip_act, of_agent1_with_slip_to_repairs, true},
        {"who owns the ticket does not, as no slip of theirs", agent1, slip_act, of_agent1_with_slip_to_repairs, false},
        {"a supervisor who sees everything neither", supervisor1, slip_act, of_agent1_with_slip_to_repairs, false},
        {"nor the unit that owns a ticket", tech_head, slip_act, of_repairer, false},
        {"and acts on what the own people own", tech_head, ticket_act, of_repairer, true},
        {"a merchant's agent sees the merchant's", merchant1_agent, ticket_read_all, waiting_at_merchant1, true},
        {"also when the platform owns it", merchant1_agent, ticket_read_all, of_merchant1_owned_by_agent1, true},
        {"but not the platform's", merchant1_agent, ticket_read_all, waiting_on_platform, false},
        {"and not another merchant's", merchant1_agent, ticket_read_all, of_merchant2_agent, false},
        {"a merchant's head acts for the merchant's people", merchant1_admin, ticket_act, of_merchant1_agent, true},
        {"but not on another merchant's", merchant1_admin, ticket_act, of_merchant2_agent, false},
        {"a merchant's handler sees the unit's only", merchant1_handler, ticket_read_unit, of_merchant1_owned_by_agent1,
         false},
        {"a merchant's handler sees the unit's", merchant1_handler, ticket_read_unit, waiting_at_merchant1, true},
        {"a merchant's agent makes tickets of the merchant",
         merchant1_agent,
         ticket_create,
         {merchant1, {}, {}, {}, {}},
         true},
        {"but none of another", merchant1_agent, ticket_create, {merchant2, {}, {}, {}, {}}, false},
        {"a role within a unit holds there", helper, ticket_act, of_repairer, true},
        {"and nowhere else", helper, ticket_act, of_agent1, false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(can(c.who, c.what, c.ticket), c.then);
    }
}

TEST_F(C1_Rights, AMerchantsStaffAreFencedWhateverTheirRoleSays)
{
    for (const Role& role : company_.roles()) {
        SCOPED_TRACE(role.name);
        auto people = staff();
        people.push_back(
            {StaffId{900}, "mole", "mole", merchant1_desk, {{role.name, {}}, {role.name, centre}}, "en", {}, {}});
        const Actor mole = Organisation{units(), {}, people, default_roles()}.actor(StaffId{900}).value();
        for (const Permission permission : all_of<Permission>()) {
            EXPECT_FALSE(organisation::can(mole, permission, of_agent1)) << name_of(permission);
            EXPECT_FALSE(organisation::can(mole, permission, of_merchant2_agent)) << name_of(permission);
        }
        EXPECT_TRUE((mole.permissions & only_for_platform()).empty());
        EXPECT_FALSE(can_for_unit(mole, staff_edit, centre, {}));
    }
}

/// Every scope that the sample's units, people and merchants can form, one slip at most.
std::vector<TicketScope> all_scopes()
{
    std::vector<TicketScope> scopes;
    const UnitId places[]{{}, centre, technics, repairs, merchant1, merchant1_desk, merchant2};
    for (const UnitId merchant : {UnitId{}, merchant1, merchant2})
        for (const StaffId owner : {StaffId{}, agent1, tech1, merchant1_handler, helper})
            for (const UnitId owner_unit : places)
                for (const UnitId queue : places)
                    for (const UnitId slip : places)
                        scopes.push_back(
                            {merchant, owner, owner_unit, queue, slip ? std::vector{slip} : std::vector<UnitId>{}});
    return scopes;
}

TEST_F(C1_Rights, TheFenceOfListsIsTheRuleForOneTicket)
{
    for (const Staff& person : company_.staff()) {
        SCOPED_TRACE(person.login);
        const Actor who = actor(person.id);
        const ReadFence reach = fence(who);
        for (const TicketScope& scope : all_scopes()) ASSERT_EQ(reach.admits(scope), can_see(who, scope));
    }
}

TEST_F(C1_Rights, NothingIsAllowedOnATicketThatCannotBeSeen)
{
    for (const Staff& person : company_.staff()) {
        const Actor who = actor(person.id);
        for (const TicketScope& scope : all_scopes())
            for (const Permission permission : all_of<Permission>())
                if (permission != ticket_create && !can_see(who, scope))
                    ASSERT_FALSE(organisation::can(who, permission, scope))
                        << person.login << ' ' << name_of(permission);
    }
}

TEST_F(C1_Rights, OfATokenNeverExceedItsScopes)
{
    const Actor program = company_.actor(supervisor1, Permissions{ticket_read_all, policy_edit}).value();
    EXPECT_TRUE(organisation::can(program, ticket_read_all, of_agent1));
    EXPECT_FALSE(organisation::can(program, ticket_note, of_agent1));
    EXPECT_FALSE(organisation::can(program, policy_edit));  // the person has no such right either
    EXPECT_TRUE(program.by_token);
}

TEST_F(C1_Rights, ToCustomersFollowTheTickets)
{
    const CustomerScope of_both{{merchant1, merchant2}, {merchant1_desk, merchant2}, {}};
    const CustomerScope of_merchant2{{merchant2}, {merchant2}, {}};
    const CustomerScope new_by_merchant1{{}, {}, merchant1_agent};
    EXPECT_TRUE(can_see_customer(actor(agent1), of_merchant2));
    EXPECT_TRUE(can_see_customer(actor(merchant1_agent), of_both));
    EXPECT_FALSE(can_see_customer(actor(merchant1_agent), of_merchant2));
    EXPECT_TRUE(can_see_customer(actor(merchant1_agent), new_by_merchant1));
    EXPECT_FALSE(can_see_customer(actor(merchant2_agent), new_by_merchant1));
    EXPECT_FALSE(can_see_customer(actor(tech1), of_both));
    EXPECT_TRUE(can_see_customer(actor(tech1), {{}, {repairs}, {}}));
    EXPECT_FALSE(can_see_customer(actor(auditor1), of_both));
}

TEST_F(C1_Rights, NobodySeesPersonalFieldsInFull)
{
    for (const Staff& person : company_.staff()) {
        const Mask mask = mask_for(actor(person.id));
        for (const Sight sight : {mask.phone, mask.email, mask.account_no, mask.address}) EXPECT_NE(sight, Sight::full);
    }
    EXPECT_EQ(mask_for(actor(agent1)).phone, Sight::masked);
    EXPECT_EQ(mask_for(actor(auditor1)).phone, Sight::hidden);
}

/// One line a role and permission: which of six tickets it holds for. Reading this table is the review of a change.
std::string matrix(const Organisation& company)
{
    std::string table;
    for (const Role& role : company.roles()) {
        const UnitId unit = role.name == role::merchant_agent ? merchant1_desk : technics;
        auto people = staff();
        people.push_back({StaffId{900}, "x", "x", unit, {{role.name, {}}}, "en", {}, {}});
        const Organisation with{units(), {}, people, company.roles()};
        const Actor who = with.actor(StaffId{900}).value();
        const UnitId mine = who.merchant;
        const std::pair<char, TicketScope> tickets[]{
            {'o', {mine, who.staff, unit, {}, {}}},            // owned by the person
            {'u', {mine, StaffId{1}, unit, {}, {}}},           // owned in the person's unit
            {'q', {mine, {}, {}, unit, {}}},                   // waiting in the unit's queue
            {'s', {mine, StaffId{1}, centre, {}, {unit}}},     // with a slip of the unit
            {'x', {mine, StaffId{1}, centre, {}, {}}},         // elsewhere, same merchant or platform
            {'m', {merchant2, StaffId{1}, merchant2, {}, {}}}  // of (another) merchant
        };
        for (const Permission permission : all_of<Permission>()) {
            std::string line;
            for (const auto& [letter, ticket] : tickets)
                line += organisation::can(who, permission, ticket) ? letter : '-';
            const bool plainly = organisation::can(who, permission);
            if (line == "------" && !plainly) continue;
            table += role.name + ' ' + std::string{name_of(permission)} + ' ' + line + (plainly ? " +\n" : "\n");
        }
    }
    return table;
}

extern const char* const expected_matrix;

TEST_F(C1_Rights, OfEveryRoleAreThisTable)
{
    EXPECT_EQ(matrix(company_), expected_matrix);
}

const char* const expected_matrix = R"(agent ticket_read_all ouqsxm +
agent ticket_read_unit ouqsxm
agent ticket_create ouqsxm +
agent ticket_respond ouqsxm +
agent ticket_act o----- +
agent ticket_note ouqsxm +
agent slip_act ---s-- +
agent follow_up_act ouqsxm +
agent improvement_act ouqsxm +
agent customer_read ouqsxm +
agent customer_edit ouqsxm +
agent customer_reveal ouqsxm +
agent policy_read ouqsxm +
agent staff_read ouqsxm +
agent article_read ouqsxm +
agent notice_read ouqsxm +
merchant_agent ticket_read_all ouqsx- +
merchant_agent ticket_read_unit ouqsx-
merchant_agent ticket_create ouqsx- +
merchant_agent ticket_respond ouqsx- +
merchant_agent ticket_act o----- +
merchant_agent ticket_note ouqsx- +
merchant_agent slip_act ---s-- +
merchant_agent follow_up_act ouqsx- +
merchant_agent improvement_act ouqsx- +
merchant_agent customer_read ouqsx- +
merchant_agent customer_edit ouqsx- +
merchant_agent customer_reveal ouqsx- +
merchant_agent policy_read ouqsx- +
merchant_agent staff_read ouqsx- +
merchant_agent article_read ouqsx- +
merchant_agent notice_read ouqsx- +
handler ticket_read_all ouqs--
handler ticket_read_unit ouqs-- +
handler ticket_act o----- +
handler ticket_note ouqs-- +
handler slip_act ---s-- +
handler improvement_act ouqs-- +
handler customer_read ouqs-- +
handler customer_reveal ouqs-- +
handler policy_read ouqs-- +
handler staff_read ouqs-- +
handler article_read ouqs-- +
handler notice_read ouqs-- +
unit_head ticket_read_all ouqs--
unit_head ticket_read_unit ouqs-- +
unit_head ticket_respond ouq--- +
unit_head ticket_act ouq--- +
unit_head ticket_act_for_others ouq--- +
unit_head ticket_note ouqs-- +
unit_head slip_act ---s-- +
unit_head follow_up_act ouq--- +
unit_head improvement_act ouqs-- +
unit_head improvement_edit ouqs-- +
unit_head customer_read ouqs-- +
unit_head customer_reveal ouqs-- +
unit_head policy_read ouqs-- +
unit_head staff_read ouqs-- +
unit_head figure_read ouqs-- +
unit_head article_read ouqs-- +
unit_head notice_read ouqs-- +
supervisor ticket_read_all ouqsxm +
supervisor ticket_read_unit ouqsxm
supervisor ticket_create ouqsxm +
supervisor ticket_respond ouqsxm +
supervisor ticket_act ouqsxm +
supervisor ticket_act_for_others ouqsxm +
supervisor ticket_note ouqsxm +
supervisor slip_act ---s-- +
supervisor follow_up_act ouqsxm +
supervisor improvement_act ouqsxm +
supervisor improvement_edit ouqsxm +
supervisor ticket_cancel ouqsxm +
supervisor ticket_close_with_reason ouqsxm +
supervisor customer_read ouqsxm +
supervisor customer_edit ouqsxm +
supervisor customer_reveal ouqsxm +
supervisor policy_read ouqsxm +
supervisor staff_read ouqsxm +
supervisor figure_read ouqsxm +
supervisor article_read ouqsxm +
supervisor article_edit ouqsxm +
supervisor notice_read ouqsxm +
manager ticket_read_all ouqsxm +
manager ticket_read_unit ouqsxm
manager ticket_create ouqsxm +
manager ticket_respond ouqsxm +
manager ticket_act ouqsxm +
manager ticket_act_for_others ouqsxm +
manager ticket_note ouqsxm +
manager slip_act ---s-- +
manager follow_up_act ouqsxm +
manager improvement_act ouqsxm +
manager improvement_edit ouqsxm +
manager ticket_cancel ouqsxm +
manager ticket_close_with_reason ouqsxm +
manager customer_read ouqsxm +
manager customer_edit ouqsxm +
manager customer_reveal ouqsxm +
manager policy_read ouqsxm +
manager policy_edit ouqsxm +
manager staff_read ouqsxm +
manager figure_read ouqsxm +
manager article_read ouqsxm +
manager article_edit ouqsxm +
manager token_issue ouqsxm +
manager notice_read ouqsxm +
manager approve_card ouqsxm +
manager approve_emergency ouqsxm +
manager backup_manage ouqsxm +
inspector ticket_read_all ouqsxm +
inspector ticket_read_unit ouqsxm
inspector improvement_act ouqsxm +
inspector improvement_edit ouqsxm +
inspector customer_read ouqsxm +
inspector customer_reveal ouqsxm +
inspector policy_read ouqsxm +
inspector staff_read ouqsxm +
inspector figure_read ouqsxm +
inspector article_read ouqsxm +
inspector notice_read ouqsxm +
leader ticket_read_all ouqsxm +
leader ticket_read_unit ouqsxm
leader ticket_note ouqsxm +
leader improvement_act ouqsxm +
leader customer_read ouqsxm +
leader policy_read ouqsxm +
leader staff_read ouqsxm +
leader figure_read ouqsxm +
leader article_read ouqsxm +
leader notice_read ouqsxm +
leader approve_card ouqsxm +
leader approve_emergency ouqsxm +
admin ticket_read_all ouqsxm +
admin ticket_read_unit ouqsxm
admin customer_read ouqsxm +
admin policy_read ouqsxm +
admin policy_edit ouqsxm +
admin staff_read ouqsxm +
admin staff_edit ouqsxm +
admin unit_edit ouqsxm +
admin role_edit ouqsxm +
admin figure_read ouqsxm +
admin article_read ouqsxm +
admin article_edit ouqsxm +
admin token_issue ouqsxm +
admin notice_read ouqsxm +
admin webhook_edit ouqsxm +
admin backup_manage ouqsxm +
admin clock_move ouqsxm +
auditor audit_read ------ +
)";

}  // namespace
}  // namespace shouwen::organisation
