#include "modules/matrix/rules/surroundings.hpp"

#include <algorithm>

namespace shouwen::matrix {
namespace {

bool find_path(const std::vector<policy::Category>& tree, std::string_view code, std::vector<std::string_view>& path)
{
    return std::ranges::any_of(tree, [&](const policy::Category& each) {
        path.emplace_back(each.code);
        if (each.code == code || find_path(each.children, code, path)) return true;
        path.pop_back();
        return false;
    });
}

}  // namespace

Surroundings::Surroundings(organisation::OrganisationPtr organisation, policy::PolicyPtr policy)
    : organisation_(std::move(organisation)), policy_(std::move(policy))
{
    for (const auto& staff : organisation_->staff()) {
        if (staff.is_disabled()) continue;
        for (const auto* at = organisation_->find(staff.unit); at && staffed_.insert(at->id).second;)
            at = organisation_->find(at->parent);
    }
}

bool Surroundings::is_merchant(UnitId unit) const
{
    const auto* found = organisation_->find(unit);
    return found && found->kind == organisation::UnitKind::merchant;
}

bool Surroundings::belongs_to(StaffId staff, UnitId unit) const
{
    const auto* found = organisation_->find(staff);
    if (!found) return false;
    const auto units = organisation_->upwards(found->unit);
    return std::ranges::find(units, unit) != units.end();
}

std::vector<std::string_view> category_path(const policy::Policy& policy, Class of, std::string_view code)
{
    std::vector<std::string_view> path;
    const auto* rules = policy.rules_of(of);
    if (rules && !code.empty()) find_path(rules->categories, code, path);
    return path;
}

}  // namespace shouwen::matrix
