#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"
#include "modules/organisation/rules/actor.hpp"
#include "modules/organisation/rules/role.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace shouwen::organisation {

BOOST_DEFINE_ENUM_CLASS(UnitKind, department, merchant, team)

/// A department, a merchant or a team within one (部门/商家/班组).
struct Unit {
    UnitId id;
    UnitKind kind = UnitKind::department;
    std::string name;
    UnitId parent;
    StaffId head;           ///< none: the holders of `unit_head` within the unit
    std::string calendar;   ///< name of a calendar of the policy; empty: the parent's
    std::string time_zone;  ///< IANA; empty: the parent's
};

/// A district, or a street within one (区域/街道): a tree of two levels.
struct Area {
    AreaId id;
    std::string name;
    AreaId parent;
};

struct RoleGrant {
    std::string role;
    UnitId within;  ///< none: wherever the staff member's unit reaches
    bool operator==(const RoleGrant&) const = default;
};

struct Staff {
    StaffId id;
    std::string login;  ///< lower case
    std::string name;
    UnitId unit;
    std::vector<RoleGrant> roles;
    std::string language = "zh-CN";
    std::optional<Instant> disabled_at;
    Instant created_at{};
    /// Until when the present password, which somebody else was shown, lets its person in to set their own; none: it is
    /// their own.
    std::optional<Instant> one_time_until = {};

    bool password_is_over(Instant now) const { return one_time_until && now >= *one_time_until; }
    bool is_disabled() const { return disabled_at.has_value(); }
    bool has_role(std::string_view role) const;
};

/// Everything about who belongs where, as of one moment. Immutable; replaced as a whole when something changes.
class Organisation {
public:
    Organisation() = default;
    /// @pre parents exist and form no cycle, staff members' units exist (held by the schema and the validation)
    Organisation(std::vector<Unit> units, std::vector<Area> areas, std::vector<Staff> staff, std::vector<Role> roles);

    const std::vector<Unit>& units() const { return units_; }
    const std::vector<Area>& areas() const { return areas_; }
    const std::vector<Staff>& staff() const { return staff_; }
    const std::vector<Role>& roles() const { return roles_; }

    const Unit* find(UnitId id) const;
    const Area* find(AreaId id) const;
    const Staff* find(StaffId id) const;
    /// @param login  in any letter case
    const Staff* find_login(std::string_view login) const;
    const Role* find_role(std::string_view name) const;

    /// Empty text when there is none.
    std::string_view name_of_staff(StaffId id) const;
    std::string_view name_of_unit(UnitId id) const;

    /// The unit and all below, sorted by id.
    std::vector<UnitId> subtree(UnitId top) const;
    /// The unit, its parent, and so on up.
    std::vector<UnitId> upwards(UnitId from) const;
    /// The nearest merchant from the unit upwards; none: the platform.
    UnitId merchant_of(UnitId unit) const;
    /// Calendar and time zone: the nearest stated one upwards; empty when none is.
    std::string_view calendar_of(UnitId unit) const;
    std::string_view time_zone_of(UnitId unit) const;

    /// Staff at work (not disabled) who belong to the unit itself.
    std::vector<StaffId> members_of(UnitId unit) const;
    /// Who leads the unit: its head, else the holders of `unit_head` in it or within it, else the parent's.
    std::vector<StaffId> heads_of(UnitId unit) const;
    /// Staff at work who hold the role.
    std::vector<StaffId> holders(std::string_view role) const;
    /// Holders of the role for matters of this unit: those nearest upwards from it within the same merchant; when there
    /// are none, the platform's. A merchant's people are never answers for another's unit.
    std::vector<StaffId> holders_for(std::string_view role, UnitId unit) const;

    /// The escalation chain above a person, nearest first, each step not empty, nobody twice and not the person:
    /// (a merchant's or department's staff: heads of the unit) → supervisors → managers → leaders.
    std::vector<std::vector<StaffId>> chain_above(StaffId staff) const;
    /// The same for a debt of a whole unit: its heads first.
    std::vector<std::vector<StaffId>> chain_above(UnitId unit) const;
    /// The first step of the chain: who is told of a breach. Empty for who has nobody above.
    std::vector<StaffId> superiors_of(StaffId staff) const;

    /// The person as the one who asks. @param scopes  of a token; the permissions are cut to them
    /// Whoever has not yet replaced a one-time password may do nothing but that: somebody else knows it.
    /// @returns nothing for the unknown and the disabled
    std::optional<Actor> actor(StaffId staff, const std::optional<Permissions>& scopes = std::nullopt) const;

private:
    Permissions permissions_of(const RoleGrant& grant, UnitId merchant) const;
    std::vector<std::vector<StaffId>> chain(std::vector<StaffId> first, UnitId unit, StaffId except) const;

    std::vector<Unit> units_;
    std::vector<Area> areas_;
    std::vector<Staff> staff_;
    std::vector<Role> roles_;
    std::unordered_map<UnitId, std::size_t> unit_at_;
    std::unordered_map<AreaId, std::size_t> area_at_;
    std::unordered_map<StaffId, std::size_t> staff_at_;
    std::unordered_map<std::string, std::size_t> login_at_;
    std::unordered_map<UnitId, std::vector<std::size_t>> members_at_;
    std::unordered_map<UnitId, std::vector<UnitId>> children_at_;
};

using OrganisationPtr = std::shared_ptr<const Organisation>;

}  // namespace shouwen::organisation
