#pragma once

#include "modules/organisation/rules/organisation.hpp"

/// A small centre for tests: two departments of the platform with a team, two merchants, one person a role.
namespace shouwen::organisation::sample {

inline constexpr UnitId centre{1}, technics{2}, repairs{3}, merchant1{10}, merchant1_desk{11}, merchant2{20};
inline constexpr StaffId agent1{101}, agent2{102}, supervisor1{103}, manager1{104}, leader1{105}, inspector1{106},
    admin1{107}, auditor1{108}, tech1{111}, tech_head{112}, repairer{113}, merchant1_admin{121}, merchant1_agent{122},
    merchant1_handler{123}, merchant2_agent{131}, helper{141};

inline std::vector<Unit> units()
{
    return {{centre, UnitKind::department, "客服中心", {}, {}, "standard", "Asia/Shanghai"},
            {technics, UnitKind::department, "技术部", {}, {}, "standard", "Asia/Shanghai"},
            {repairs, UnitKind::team, "维修班", technics, {}, "", ""},
            {merchant1, UnitKind::merchant, "一号店", {}, {}, "", "Asia/Shanghai"},
            {merchant1_desk, UnitKind::team, "一号店客服", merchant1, {}, "", ""},
            {merchant2, UnitKind::merchant, "二号店", {}, {}, "", ""}};
}

inline std::vector<Staff> staff()
{
    const auto person = [](StaffId id, const char* login, UnitId unit, std::vector<RoleGrant> roles) {
        return Staff{id, login, login, unit, std::move(roles), "zh-CN", std::nullopt, Instant{}};
    };
    return {
        person(agent1, "agent1", centre, {{"agent", {}}}), person(agent2, "agent2", centre, {{"agent", {}}}),
        person(supervisor1, "supervisor1", centre, {{"supervisor", {}}}),
        person(manager1, "manager1", centre, {{"manager", {}}}), person(leader1, "leader1", centre, {{"leader", {}}}),
        person(inspector1, "inspector1", centre, {{"inspector", {}}}), person(admin1, "admin", centre, {{"admin", {}}}),
        person(auditor1, "auditor1", centre, {{"auditor", {}}}), person(tech1, "tech1", technics, {{"handler", {}}}),
        person(tech_head, "tech_head", technics, {{"unit_head", {}}}),
        person(repairer, "repairer", repairs, {{"handler", {}}}),
        person(merchant1_admin, "merchant1_admin", merchant1, {{"unit_head", {}}, {"merchant_agent", {}}}),
        person(merchant1_agent, "merchant1_agent", merchant1_desk, {{"merchant_agent", {}}}),
        person(merchant1_handler, "merchant1_handler", merchant1_desk, {{"handler", {}}}),
        person(merchant2_agent, "merchant2_agent", merchant2, {{"merchant_agent", {}}}),
        // An agent who also stands in as a supervisor, but only for the repairs.
        person(helper, "helper", centre, {{"agent", {}}, {"supervisor", repairs}})};
}

inline Organisation organisation()
{
    return {units(), {{AreaId{1}, "鼓楼区", {}}, {AreaId{2}, "湖南路街道", AreaId{1}}}, staff(), default_roles()};
}

}  // namespace shouwen::organisation::sample
