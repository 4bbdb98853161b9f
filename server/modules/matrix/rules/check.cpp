#include "modules/matrix/rules/check.hpp"

#include <algorithm>
#include <string>

namespace shouwen::matrix {
namespace {

void check_key(const Key& key, const Surroundings& around, FieldErrors& errors)
{
    if (!key.category.empty() && !key.class_)
        errors.push_back({"/class", "required"});
    else if (!key.category.empty() && !around.policy().is_category(*key.class_, key.category))
        errors.push_back({"/category", "category_unknown"});
    if (key.area && !around.organisation().find(key.area)) errors.push_back({"/area_id", "area_unknown"});
    if (key.merchant && !around.is_merchant(key.merchant)) errors.push_back({"/merchant_id", "merchant_unknown"});
}

void check_lead(const Assignment& a, const Surroundings& around, FieldErrors& errors)
{
    const bool is_known = around.organisation().find(a.lead_unit) != nullptr;
    if (!is_known) errors.push_back({"/lead_unit_id", "unit_unknown"});
    if (!a.lead_staff) return;
    const auto* staff = around.organisation().find(a.lead_staff);
    if (!staff)
        errors.push_back({"/lead_staff_id", "staff_unknown"});
    else if (staff->is_disabled())
        errors.push_back({"/lead_staff_id", "staff_disabled"});
    else if (is_known && !around.belongs_to(a.lead_staff, a.lead_unit))
        errors.push_back({"/lead_staff_id", "staff_elsewhere"});
}

void check_cooperating(const Assignment& a, const Surroundings& around, FieldErrors& errors)
{
    for (std::size_t i = 0; i < a.cooperating.size(); ++i) {
        const UnitId unit = a.cooperating[i].unit;
        const auto pointer = "/cooperating/" + std::to_string(i) + "/unit_id";
        const auto first = std::ranges::find(a.cooperating, unit, &Cooperation::unit);
        if (!around.organisation().find(unit))
            errors.push_back({pointer, "unit_unknown"});
        else if (unit == a.lead_unit)
            errors.push_back({pointer, "unit_leads"});
        else if (first != a.cooperating.begin() + static_cast<std::ptrdiff_t>(i))
            errors.push_back({pointer, "duplicate"});
    }
}

}  // namespace

FieldErrors check(const Assignment& assignment, const Surroundings& around)
{
    FieldErrors errors;
    check_key(assignment.key, around, errors);
    check_lead(assignment, around, errors);
    check_cooperating(assignment, around, errors);
    if (assignment.teller && !around.organisation().find(assignment.teller))
        errors.push_back({"/teller_unit_id", "unit_unknown"});
    return errors;
}

std::vector<Fault> faults_of(const Assignment& a, const Surroundings& around)
{
    std::vector<Fault> faults;
    if (!a.key.category.empty() && !around.policy().is_category(*a.key.class_, a.key.category))
        faults.push_back({FaultCode::category_retired, Part::category});
    if (!around.is_staffed(a.lead_unit)) faults.push_back({FaultCode::unit_closed, Part::lead_unit, a.lead_unit});
    if (const auto* staff = around.organisation().find(a.lead_staff)) {
        if (staff->is_disabled())
            faults.push_back({FaultCode::staff_disabled, Part::lead_staff, {}, a.lead_staff});
        else if (!around.belongs_to(a.lead_staff, a.lead_unit))
            faults.push_back({FaultCode::staff_moved, Part::lead_staff, {}, a.lead_staff});
    }
    for (const auto& each : a.cooperating)
        if (!around.is_staffed(each.unit)) faults.push_back({FaultCode::unit_closed, Part::cooperating, each.unit});
    if (a.teller && !around.is_staffed(a.teller)) faults.push_back({FaultCode::unit_closed, Part::teller, a.teller});
    return faults;
}

bool is_useless(const std::vector<Fault>& faults)
{
    return std::ranges::find(faults, Part::lead_unit, &Fault::part) != faults.end();
}

bool is_open_to_merchant(const Assignment& a, UnitId merchant, const organisation::Organisation& organisation)
{
    const auto is_open = [&](UnitId unit) {
        const UnitId of = organisation.merchant_of(unit);
        return !of || of == merchant;
    };
    return is_open(a.key.merchant) && is_open(a.lead_unit) && is_open(a.teller) &&
           std::ranges::all_of(a.cooperating, [&](const Cooperation& each) { return is_open(each.unit); });
}

}  // namespace shouwen::matrix
