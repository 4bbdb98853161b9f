#pragma once

#include "modules/organisation/rules/organisation.hpp"
#include "modules/policy/rules/policy.hpp"

#include <string_view>
#include <unordered_set>
#include <vector>

namespace shouwen::matrix {

/// What is true of units, people and categories at one moment, made ready for questions about many rows.
class Surroundings {
public:
    Surroundings(organisation::OrganisationPtr organisation, policy::PolicyPtr policy);

    const organisation::Organisation& organisation() const { return *organisation_; }
    const policy::Policy& policy() const { return *policy_; }
    /// Whether anybody is at work in the unit or below it.
    bool is_staffed(UnitId unit) const { return staffed_.contains(unit); }
    bool is_merchant(UnitId unit) const;
    /// Whether the person belongs to the unit or to one below it.
    bool belongs_to(StaffId staff, UnitId unit) const;

private:
    organisation::OrganisationPtr organisation_;
    policy::PolicyPtr policy_;
    std::unordered_set<UnitId> staffed_;
};

/// The codes from the top of the class's tree down to this one, also of a retired category; empty when the tree has no such
/// code. The texts are the policy's.
std::vector<std::string_view> category_path(const policy::Policy& policy, Class of, std::string_view code);

}  // namespace shouwen::matrix
