#pragma once

#include "modules/organisation/rules/permission.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace shouwen::organisation {

/// A named set of permissions (角色): data, editable. Names are part of the API.
struct Role {
    std::string name;
    Permissions permissions;
};

namespace role {
inline constexpr std::string_view agent = "agent";                    // 坐席
inline constexpr std::string_view merchant_agent = "merchant_agent";  // 商家客服
inline constexpr std::string_view handler = "handler";                // 部门处理人
inline constexpr std::string_view unit_head = "unit_head";            // 部门/商家负责人
inline constexpr std::string_view supervisor = "supervisor";          // 客服主管
inline constexpr std::string_view manager = "manager";                // 客服经理
inline constexpr std::string_view inspector = "inspector";            // 监察/质检
inline constexpr std::string_view leader = "leader";                  // 高层领导
inline constexpr std::string_view admin = "admin";                    // 系统管理员
inline constexpr std::string_view auditor = "auditor";                // 审计
}  // namespace role

/// The ten roles as a new store has them.
std::vector<Role> default_roles();

/// What no role gives to a merchant's staff: it concerns the whole platform.
Permissions only_for_platform();

}  // namespace shouwen::organisation
