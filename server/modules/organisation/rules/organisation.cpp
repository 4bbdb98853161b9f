#include "modules/organisation/rules/organisation.hpp"

#include <algorithm>

namespace shouwen::organisation {

namespace {

std::string lower(std::string_view text)
{
    std::string lower{text};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

template <class IdType, class Thing>
const Thing* look_up(const std::unordered_map<IdType, std::size_t>& at, const std::vector<Thing>& things, IdType id)
{
    const auto found = at.find(id);
    return found == at.end() ? nullptr : &things[found->second];
}

template <class Thing>
auto positions(const std::vector<Thing>& things)
{
    std::unordered_map<decltype(Thing::id), std::size_t> at;
    for (std::size_t i = 0; i < things.size(); ++i) at.emplace(things[i].id, i);
    return at;
}

}  // namespace

bool Staff::has_role(std::string_view role) const
{
    return std::any_of(roles.begin(), roles.end(), [&](const RoleGrant& grant) { return grant.role == role; });
}

Organisation::Organisation(std::vector<Unit> units, std::vector<Area> areas, std::vector<Staff> staff,
                           std::vector<Role> roles)
    : units_(std::move(units)),
      areas_(std::move(areas)),
      staff_(std::move(staff)),
      roles_(std::move(roles)),
      unit_at_(positions(units_)),
      area_at_(positions(areas_)),
      staff_at_(positions(staff_))
{
    for (std::size_t i = 0; i < staff_.size(); ++i) {
        login_at_.emplace(lower(staff_[i].login), i);
        members_at_[staff_[i].unit].push_back(i);
    }
    for (const Unit& unit : units_) children_at_[unit.parent].push_back(unit.id);
}

const Unit* Organisation::find(UnitId id) const
{
    return look_up(unit_at_, units_, id);
}

const Area* Organisation::find(AreaId id) const
{
    return look_up(area_at_, areas_, id);
}

const Staff* Organisation::find(StaffId id) const
{
    return look_up(staff_at_, staff_, id);
}

const Staff* Organisation::find_login(std::string_view login) const
{
    const auto found = login_at_.find(lower(login));
    return found == login_at_.end() ? nullptr : &staff_[found->second];
}

const Role* Organisation::find_role(std::string_view name) const
{
    const auto found = std::find_if(roles_.begin(), roles_.end(), [&](const Role& role) { return role.name == name; });
    return found == roles_.end() ? nullptr : &*found;
}

std::string_view Organisation::name_of_staff(StaffId id) const
{
    const Staff* staff = find(id);
    return staff ? std::string_view{staff->name} : std::string_view{};
}

std::string_view Organisation::name_of_unit(UnitId id) const
{
    const Unit* unit = find(id);
    return unit ? std::string_view{unit->name} : std::string_view{};
}

std::vector<UnitId> Organisation::subtree(UnitId top) const
{
    std::vector<UnitId> units;
    if (!find(top)) return units;
    units.push_back(top);
    for (std::size_t i = 0; i < units.size(); ++i) {
        const auto below = children_at_.find(units[i]);
        if (below != children_at_.end()) units.insert(units.end(), below->second.begin(), below->second.end());
    }
    std::sort(units.begin(), units.end());
    return units;
}

std::vector<UnitId> Organisation::upwards(UnitId from) const
{
    std::vector<UnitId> units;
    for (const Unit* unit = find(from); unit; unit = find(unit->parent)) units.push_back(unit->id);
    return units;
}

UnitId Organisation::merchant_of(UnitId unit) const
{
    for (const Unit* at = find(unit); at; at = find(at->parent))
        if (at->kind == UnitKind::merchant) return at->id;
    return {};
}

std::string_view Organisation::calendar_of(UnitId unit) const
{
    for (const Unit* at = find(unit); at; at = find(at->parent))
        if (!at->calendar.empty()) return at->calendar;
    return {};
}

std::string_view Organisation::time_zone_of(UnitId unit) const
{
    for (const Unit* at = find(unit); at; at = find(at->parent))
        if (!at->time_zone.empty()) return at->time_zone;
    return {};
}

std::vector<StaffId> Organisation::members_of(UnitId unit) const
{
    std::vector<StaffId> members;
    const auto found = members_at_.find(unit);
    if (found == members_at_.end()) return members;
    for (const std::size_t i : found->second)
        if (!staff_[i].is_disabled()) members.push_back(staff_[i].id);
    return members;
}

Permissions Organisation::permissions_of(const RoleGrant& grant, UnitId merchant) const
{
    const Role* role = find_role(grant.role);
    if (!role) return {};
    return merchant ? role->permissions.without(only_for_platform()) : role->permissions;
}

std::optional<Actor> Organisation::actor(StaffId id, const std::optional<Permissions>& scopes) const
{
    const Staff* staff = find(id);
    if (!staff || staff->is_disabled()) return std::nullopt;
    Actor actor;
    actor.staff = staff->id;
    actor.name = staff->name;
    actor.unit = staff->unit;
    actor.merchant = merchant_of(staff->unit);
    actor.units = subtree(staff->unit);
    actor.language = staff->language;
    actor.by_token = scopes.has_value();
    if (staff->one_time_until) return actor;
    for (const RoleGrant& grant : staff->roles) {
        const Permissions given = permissions_of(grant, actor.merchant) & scopes.value_or(Permissions::all());
        if (!grant.within)
            actor.permissions = actor.permissions | given;
        else if (!given.empty())
            actor.scoped.push_back({given, subtree(grant.within)});
    }
    return actor;
}

}  // namespace shouwen::organisation
