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
    EXPECT_THAT(company.chain_above(agent1), ElementsAre(ElementsAre(supervisor1), ElementsAre(manager1), ElementsAre(leader1)));
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
    const NewStaff bad{"Agent 1", " ", UnitId{999}, {{"agent", {}}, {"king", UnitId{998}}, {"agent", {}}}, "fr", "short"};
    EXPECT_EQ(check(bad, company, {}), (std::vector<FieldError>{{"/login", FieldFault::malformed},
                                                                {"/name", FieldFault::missing},
                                                                {"/unit_id", FieldFault::unknown},
                                                                {"/roles/1/role", FieldFault::unknown},
                                                                {"/roles/1/unit_id", FieldFault::unknown},
                                                                {"/roles/2", FieldFault::taken},
                                                                {"/language", FieldFault::unknown},
                                                                {"/password", FieldFault::too_short}}));
    const NewStaff good{"agent9", "王芳", centre, {{"agent", {}}}, "zh-TW", "correct horse battery"};
    EXPECT_THAT(check(good, company, {}), IsEmpty());
}

TEST(StaffCheck, KnowsLogins)
{
    const Organisation company = organisation();
    struct { const char* login; std::optional<FieldFault> then; } cases[] = {
        {"wang.fang", std::nullopt}, {"wang@shop.cn", std::nullopt}, {"", FieldFault::missing}, {"w", FieldFault::too_short},
        {"agent1", FieldFault::taken}, {"王芳", FieldFault::malformed}, {".w", FieldFault::malformed},
        {"a b", FieldFault::malformed}, {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", FieldFault::too_long},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.login);
        const auto errors = check(NewStaff{c.login, "n", centre, {}, "en", "correct horse battery"}, company, {});
        EXPECT_EQ(errors.empty() ? std::nullopt : std::optional{errors.front().code}, c.then);
    }
    EXPECT_EQ(normal_login("  Agent1 "), "agent1");
}

TEST(StaffCheck, MeasuresPasswordsInCharacters)
{
    const PasswordPolicy policy{.length_min = 12};
    struct { std::string password; std::optional<FieldFault> then; } cases[] = {
        {"", FieldFault::missing},
        {"elevenchars", FieldFault::too_short},
        {"twelve chars", std::nullopt},
        {"首问负责制客户服务中心呀", std::nullopt},
        {"首问负责制", FieldFault::too_short},
        {std::string(128, 'a') + "b", FieldFault::too_long},
        {std::string(127, 'a') + "b", std::nullopt},
        {"aaaaaaaaaaaaaaa", FieldFault::common_password},
        {"Some.Login.Name", FieldFault::common_password},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.password);
        const auto errors = check_password(c.password, "some.login.name", policy);
        EXPECT_EQ(errors.empty() ? std::nullopt : std::optional{errors.front().code}, c.then);
    }
}

TEST(UnitCheck, KeepsATree)
{
    const Organisation company = organisation();
    const auto unit = [](UnitKind kind, const char* name, UnitId parent) { return UnitDraft{kind, name, parent, {}, "", ""}; };
    EXPECT_THAT(check(unit(UnitKind::department, "新部", {}), {}, company), IsEmpty());
    EXPECT_THAT(check(unit(UnitKind::department, "技术部", {}), {}, company), ElementsAre(FieldError{"/name", FieldFault::taken}));
    EXPECT_THAT(check(unit(UnitKind::department, "技术部", {}), technics, company), IsEmpty());
    EXPECT_THAT(check(unit(UnitKind::department, "技术部", repairs), technics, company),
                ElementsAre(FieldError{"/parent_id", FieldFault::cycle}));
    EXPECT_THAT(check(unit(UnitKind::merchant, "店中店", merchant1_desk), {}, company),
                ElementsAre(FieldError{"/parent_id", FieldFault::not_allowed}));
    EXPECT_THAT(check(unit(UnitKind::team, "散班", {}), {}, company), ElementsAre(FieldError{"/parent_id", FieldFault::missing}));
}

TEST(AreaCheck, HasTwoLevels)
{
    const Organisation company = organisation();
    EXPECT_THAT(check(AreaDraft{"宁海路街道", AreaId{1}}, company), IsEmpty());
    EXPECT_THAT(check(AreaDraft{"小巷", AreaId{2}}, company), ElementsAre(FieldError{"/parent_id", FieldFault::too_deep}));
    EXPECT_THAT(check(AreaDraft{"鼓楼区", {}}, company), ElementsAre(FieldError{"/name", FieldFault::taken}));
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
