#include "modules/organisation/rules/organisation.hpp"

#include <algorithm>

namespace shouwen::organisation {

namespace {

void drop(std::vector<StaffId>& from, StaffId who)
{
    from.erase(std::remove(from.begin(), from.end(), who), from.end());
}

/// Appends a step of the chain without those who are in an earlier one.
void add_step(std::vector<std::vector<StaffId>>& chain, std::vector<StaffId> step, StaffId except)
{
    drop(step, except);
    for (const auto& earlier : chain)
        for (const StaffId who : earlier) drop(step, who);
    if (!step.empty()) chain.push_back(std::move(step));
}

}  // namespace

std::vector<StaffId> Organisation::holders(std::string_view role) const
{
    std::vector<StaffId> holders;
    for (const Staff& staff : staff_)
        if (!staff.is_disabled() && staff.has_role(role)) holders.push_back(staff.id);
    return holders;
}

std::vector<StaffId> Organisation::holders_for(std::string_view role, UnitId unit) const
{
    const UnitId merchant = merchant_of(unit);
    const auto reaches = [&](const Staff& staff, UnitId at) {
        return std::any_of(staff.roles.begin(), staff.roles.end(), [&](const RoleGrant& grant) {
            return grant.role == role && (grant.within ? grant.within == at : staff.unit == at);
        });
    };
    for (const UnitId at : upwards(unit)) {
        std::vector<StaffId> nearest;
        for (const Staff& staff : staff_) {
            const UnitId theirs = merchant_of(staff.unit);
            if (!staff.is_disabled() && (!theirs || theirs == merchant) && reaches(staff, at))
                nearest.push_back(staff.id);
        }
        if (!nearest.empty()) return nearest;
    }
    std::vector<StaffId> platform;
    for (const Staff& staff : staff_) {
        const bool everywhere = std::any_of(staff.roles.begin(), staff.roles.end(), [&](const RoleGrant& grant) {
            return grant.role == role && !grant.within;
        });
        if (!staff.is_disabled() && everywhere && !merchant_of(staff.unit)) platform.push_back(staff.id);
    }
    return platform;
}

std::vector<StaffId> Organisation::heads_of(UnitId unit) const
{
    for (const UnitId at : upwards(unit)) {
        const Unit* here = find(at);
        const Staff* head = find(here->head);
        if (head && !head->is_disabled()) return {head->id};
        std::vector<StaffId> heads;
        for (const Staff& staff : staff_)
            for (const RoleGrant& grant : staff.roles)
                if (!staff.is_disabled() && grant.role == role::unit_head &&
                    (grant.within ? grant.within : staff.unit) == at) {
                    heads.push_back(staff.id);
                    break;
                }
        if (!heads.empty()) return heads;
        // What concerns a merchant stays with the merchant: nobody above it leads its people.
        if (here->kind == UnitKind::merchant) break;
    }
    return {};
}

std::vector<std::vector<StaffId>> Organisation::chain(std::vector<StaffId> first, UnitId unit, StaffId except) const
{
    std::vector<std::vector<StaffId>> chain;
    add_step(chain, std::move(first), except);
    const Staff* person = find(except);
    const auto holds = [&](std::string_view role) { return person && person->has_role(role); };
    // Nobody is escalated to somebody below: the chain starts above the highest role of the person.
    const bool is_leader = holds(role::leader);
    const bool is_manager = is_leader || holds(role::manager);
    const bool is_supervisor = is_manager || holds(role::supervisor);
    if (!is_supervisor) add_step(chain, holders_for(role::supervisor, unit), except);
    if (!is_manager) add_step(chain, holders_for(role::manager, unit), except);
    if (!is_leader) add_step(chain, holders_for(role::leader, unit), except);
    return chain;
}

std::vector<std::vector<StaffId>> Organisation::chain_above(StaffId id) const
{
    const Staff* staff = find(id);
    if (!staff) return {};
    const bool leads =
        staff->has_role(role::supervisor) || staff->has_role(role::manager) || staff->has_role(role::leader);
    return chain(leads ? std::vector<StaffId>{} : heads_of(staff->unit), staff->unit, id);
}

std::vector<std::vector<StaffId>> Organisation::chain_above(UnitId unit) const
{
    return chain(heads_of(unit), unit, {});
}

std::vector<StaffId> Organisation::superiors_of(StaffId staff) const
{
    auto above = chain_above(staff);
    return above.empty() ? std::vector<StaffId>{} : std::move(above.front());
}

}  // namespace shouwen::organisation
