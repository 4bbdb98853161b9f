#include "modules/organisation/rules/sample_organisation.hpp"
#include "modules/organisation/rules/validate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::organisation {
namespace {

using namespace sample;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Organisation, KnowsWhatLiesBelowAndAbove)
{
    const Organisation company = organisation();
    EXPECT_THAT(company.subtree(technics), ElementsAre(technics, repairs));
    EXPECT_THAT(company.upwards(repairs), ElementsAre(repairs, technics));
    EXPECT_EQ(company.merchant_of(merchant1_desk), merchant1);
    EXPECT_EQ(company.merchant_of(repairs), UnitId{});
    EXPECT_EQ(company.calendar_of(repairs), "standard");
    EXPECT_EQ(company.time_zone_of(merchant1_desk), "Asia/Shanghai");
    EXPECT_THAT(company.subtree(UnitId{999}), IsEmpty());
    EXPECT_EQ(company.find_login("AGENT1"), company.find(agent1));
    EXPECT_EQ(company.name_of_staff(StaffId{999}), "");
}

TEST(A13_Chain, ClimbsFromTheOwnerToTheLeader)
{
    const Organisation company = organisation();
    EXPECT_THAT(company.chain_above(agent1),
                ElementsAre(ElementsAre(supervisor1), ElementsAre(manager1), ElementsAre(leader1)));
    EXPECT_THAT(company.chain_above(supervisor1), ElementsAre(ElementsAre(manager1), ElementsAre(leader1)));
    EXPECT_THAT(company.chain_above(leader1), IsEmpty());
    EXPECT_THAT(company.superiors_of(agent1), ElementsAre(supervisor1));
}

TEST(A13_Chain, AsksADepartmentsAndAMerchantsOwnHeadFirst)
{
    const Organisation company = organisation();
    EXPECT_THAT(company.superiors_of(repairer), ElementsAre(tech_head));
    EXPECT_THAT(company.superiors_of(merchant1_agent), ElementsAre(merchant1_admin));
    EXPECT_THAT(company.chain_above(merchant1_agent)[1], ElementsAre(supervisor1));
    EXPECT_THAT(company.superiors_of(merchant2_agent), ElementsAre(supervisor1)) << "no head of its own";
    EXPECT_THAT(company.chain_above(repairs).front(), ElementsAre(tech_head));
    EXPECT_THAT(company.holders_for(role::supervisor, repairs), ElementsAre(helper)) << "the nearest supervisor";
}

TEST(A13_Chain, LeavesOutTheDisabled)
{
    auto people = staff();
    for (Staff& person : people)
        if (person.id == tech_head) person.disabled_at = Instant{};
    const Organisation company{units(), {}, people, default_roles()};
    EXPECT_THAT(company.superiors_of(tech1), ElementsAre(supervisor1));
    EXPECT_FALSE(company.actor(tech_head));
}

TEST(StaffCheck, CollectsAllErrorsAtOnce)
{
    const Organisation company = organisation();
    const NewStaff bad{"Agent 1", " ",    UnitId{999}, {{"agent", {}}, {"king", UnitId{998}}, {"agent", {}}},
                       "fr",      "short"};
    EXPECT_EQ(check(bad, company, {}), (FieldErrors{{"/login", "login_shape"},
                                                    {"/name", "required"},
                                                    {"/unit_id", "unit_unknown"},
                                                    {"/unit_roles/0/role", "role_unknown"},
                                                    {"/unit_roles/0/unit_id", "unit_unknown"},
                                                    {"/roles/1", "duplicate"},
                                                    {"/language", "not_a_choice", "zh-CN, zh-TW, en"},
                                                    {"/password", "password_weak", "12"}}));
    const NewStaff good{"agent9", "王芳", centre, {{"agent", {}}}, "zh-TW", "correct horse battery"};
    EXPECT_THAT(check(good, company, {}), IsEmpty());
}

std::string first_code(const FieldErrors& errors)
{
    return errors.empty() ? "" : errors.front().code;
}

TEST(StaffCheck, KnowsLogins)
{
    const Organisation company = organisation();
    struct {
        std::string login;
        std::string then;
    } cases[] = {
        {"wang.fang", ""},
        {"w-f_2", ""},
        {"2nd", ""},
        {"", "required"},
        {"w", "login_shape"},
        {"王芳", "login_shape"},
        {".w", "login_shape"},
        {"a b", "login_shape"},
        {"Wang", "login_shape"},
        {std::string(40, 'a'), ""},
        {std::string(41, 'a'), "login_shape"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.login);
        EXPECT_EQ(first_code(check(NewStaff{c.login, "n", centre, {}, "en", "correct horse battery"}, company, {})),
                  c.then);
    }
    EXPECT_EQ(normal_login("  Agent1 "), "agent1");
}

TEST(StaffCheck, MeasuresPasswordsInCharacters)
{
    const PasswordPolicy policy{.length_min = 12};
    struct {
        std::string password;
        std::string then;
    } cases[] = {
        {"", "required"},
        {"elevenchars", "password_weak"},
        {"twelve chars", ""},
        {"首问负责制客户服务中心呀", ""},
        {"首问负责制", "password_weak"},
        {std::string(128, 'a') + "b", "too_long"},
        {std::string(127, 'a') + "b", ""},
        {"aaaaaaaaaaaaaaa", "password_guessable"},
        {"Some.Login.Name", "password_guessable"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.password);
        EXPECT_EQ(first_code(check_password(c.password, "some.login.name", policy)), c.then);
    }
}

TEST(StaffCheck, KeepsAMerchantsStaffWithinTheMerchant)
{
    const Organisation company = organisation();
    const StaffChange change{"王芳", merchant1_desk, {{"supervisor", merchant2}}, "zh-CN"};
    EXPECT_EQ(check(change, company), (FieldErrors{{"/unit_roles/0/unit_id", "unit_unknown"}}));
}

TEST(UnitCheck, KeepsATree)
{
    const Organisation company = organisation();
    const auto unit = [](UnitKind kind, const char* name, UnitId parent) {
        return UnitDraft{kind, name, parent, {}, "", ""};
    };
    EXPECT_THAT(check(unit(UnitKind::department, "新部", {}), {}, company), IsEmpty());
    EXPECT_EQ(check(unit(UnitKind::department, "技术部", {}), {}, company), (FieldErrors{{"/name", "name_taken"}}));
    EXPECT_THAT(check(unit(UnitKind::department, "技术部", {}), technics, company), IsEmpty());
    EXPECT_EQ(check(unit(UnitKind::department, "技术部", repairs), technics, company),
              (FieldErrors{{"/parent_id", "unit_cycle"}}));
    EXPECT_EQ(check(unit(UnitKind::merchant, "店中店", merchant1_desk), {}, company),
              (FieldErrors{{"/parent_id", "merchant_nested"}}));
    EXPECT_EQ(check(unit(UnitKind::team, "散班", {}), {}, company), (FieldErrors{{"/parent_id", "required"}}));
}

TEST(AreaCheck, HasTwoLevels)
{
    const Organisation company = organisation();
    EXPECT_THAT(check(AreaDraft{"宁海路街道", AreaId{1}}, {}, company), IsEmpty());
    EXPECT_EQ(check(AreaDraft{"小巷", AreaId{2}}, {}, company), (FieldErrors{{"/parent_id", "area_depth"}}));
    EXPECT_EQ(check(AreaDraft{"鼓楼区", {}}, {}, company), (FieldErrors{{"/name", "name_taken"}}));
}

TEST(RoleGrants, GiveAwayOnlyWhatOneHas)
{
    const Organisation company = organisation();
    const Actor admin = company.actor(admin1).value();
    const Actor manager = company.actor(manager1).value();
    EXPECT_TRUE(may_grant(admin, {{"manager", {}}}, centre, company));
    EXPECT_TRUE(may_grant(manager, {{"agent", {}}}, centre, company));
    EXPECT_FALSE(may_grant(manager, {{"agent", {}}, {"admin", {}}}, centre, company));
    EXPECT_FALSE(may_grant(manager, {{"unknown", {}}}, centre, company));
}

TEST(RoleGrants, LeaveAnAdministrator)
{
    EXPECT_TRUE(keeps_an_admin(organisation()));
    auto people = staff();
    for (Staff& person : people)
        if (person.id == admin1) person.disabled_at = Instant{};
    EXPECT_FALSE(keeps_an_admin({units(), {}, people, default_roles()}));
}

}  // namespace
}  // namespace shouwen::organisation
