#include "modules/organisation/rules/actor.hpp"

#include <algorithm>
#include <iterator>

namespace shouwen::organisation {

namespace {

bool holds(const std::vector<UnitId>& units, UnitId unit)
{
    return unit && std::find(units.begin(), units.end(), unit) != units.end();
}

bool touches(const std::vector<UnitId>& units, const TicketScope& ticket)
{
    return holds(units, ticket.owner_unit) || holds(units, ticket.queue_unit) ||
           std::any_of(ticket.slip_units.begin(), ticket.slip_units.end(),
                       [&](UnitId unit) { return holds(units, unit); });
}

constexpr Permissions any_reading{Permission::ticket_read_all, Permission::ticket_read_unit};

bool reads(Permissions permissions)
{
    return !(permissions & any_reading).empty();
}

bool outside_own_merchant(const Actor& actor, UnitId merchant)
{
    return actor.merchant && merchant != actor.merchant;
}

/// What concerns the ticket as a whole, and so not a unit that only works on a slip of it.
constexpr Permissions of_whole_ticket{Permission::ticket_respond,           Permission::ticket_act,
                                      Permission::ticket_act_for_others,    Permission::ticket_cancel,
                                      Permission::ticket_close_with_reason, Permission::follow_up_act};

/// What is a slip's unit's to do, and nobody's who merely sees the ticket.
constexpr Permissions of_slip{Permission::slip_act};

bool reaches(const std::vector<UnitId>& units, Permission permission, const TicketScope& ticket)
{
    if (of_slip.has(permission))
        return std::any_of(ticket.slip_units.begin(), ticket.slip_units.end(),
                           [&](UnitId unit) { return holds(units, unit); });
    if (!of_whole_ticket.has(permission)) return touches(units, ticket);
    return holds(units, ticket.owner_unit) || holds(units, ticket.queue_unit);
}

/// Does one of the actor's roles give the permission for this ticket, which the actor can see?
bool given(const Actor& actor, Permission permission, const TicketScope& ticket)
{
    if (actor.permissions.has(permission)) {
        const bool sees_all = actor.permissions.has(Permission::ticket_read_all);
        const bool owns = actor.staff && ticket.owner == actor.staff;
        const bool wide = !of_slip.has(permission) && (sees_all || owns || !of_whole_ticket.has(permission));
        if (wide || reaches(actor.units, permission, ticket)) return true;
    }
    return std::any_of(actor.scoped.begin(), actor.scoped.end(), [&](const ScopedPermissions& role) {
        return role.permissions.has(permission) && reaches(role.units, permission, ticket);
    });
}

}  // namespace

bool Actor::works_for(UnitId of) const
{
    return holds(units, of);
}

bool ReadFence::admits(const TicketScope& ticket) const
{
    if (merchant && ticket.merchant != merchant) return false;
    switch (reach) {
        case Reach::nothing: return false;
        case Reach::units: return (staff && ticket.owner == staff) || touches(units, ticket);
        case Reach::merchant:
        case Reach::all: return true;
    }
    return false;
}

ReadFence fence(const Actor& actor)
{
    using Reach = ReadFence::Reach;
    ReadFence fence{.reach = Reach::nothing, .merchant = actor.merchant, .units = {}, .staff = actor.staff};
    if (actor.permissions.has(Permission::ticket_read_all)) {
        fence.reach = actor.merchant ? Reach::merchant : Reach::all;
        return fence;
    }
    if (actor.permissions.has(Permission::ticket_read_unit)) {
        fence.reach = Reach::units;
        fence.units = actor.units;
    }
    for (const ScopedPermissions& role : actor.scoped) {
        if (!reads(role.permissions)) continue;
        fence.reach = Reach::units;
        fence.units.insert(fence.units.end(), role.units.begin(), role.units.end());
    }
    std::sort(fence.units.begin(), fence.units.end());
    fence.units.erase(std::unique(fence.units.begin(), fence.units.end()), fence.units.end());
    return fence;
}

bool can_see(const Actor& actor, const TicketScope& ticket)
{
    // The same as fence(actor).admits(ticket) without copying units; a property test holds them equal.
    if (outside_own_merchant(actor, ticket.merchant)) return false;
    if (actor.permissions.has(Permission::ticket_read_all)) return true;
    const bool unit_reader = actor.permissions.has(Permission::ticket_read_unit);
    if (unit_reader && touches(actor.units, ticket)) return true;
    const bool owns = actor.staff && ticket.owner == actor.staff;
    return (unit_reader && owns) ||
           std::any_of(actor.scoped.begin(), actor.scoped.end(), [&](const ScopedPermissions& role) {
               return reads(role.permissions) && (owns || touches(role.units, ticket));
           });
}

bool can(const Actor& actor, Permission permission, const TicketScope& ticket)
{
    if (permission == Permission::ticket_create)
        return !outside_own_merchant(actor, ticket.merchant) && can_somewhere(actor, permission);
    if (!can_see(actor, ticket)) return false;
    switch (permission) {
        // Either way of reading is the right to read what the fence admits.
        case Permission::ticket_read_all:
        case Permission::ticket_read_unit: return true;
        case Permission::ticket_act:
            if (actor.staff && ticket.owner == actor.staff && can_somewhere(actor, permission)) return true;
            return given(actor, Permission::ticket_act_for_others, ticket);
        default: return given(actor, permission, ticket);
    }
}

bool can(const Actor& actor, Permission permission)
{
    return actor.permissions.has(permission);
}

bool can_somewhere(const Actor& actor, Permission permission)
{
    return actor.permissions.has(permission) ||
           std::any_of(actor.scoped.begin(), actor.scoped.end(),
                       [&](const ScopedPermissions& role) { return role.permissions.has(permission); });
}

bool can_for_unit(const Actor& actor, Permission permission, UnitId unit, UnitId merchant)
{
    if (outside_own_merchant(actor, merchant)) return false;
    if (actor.permissions.has(permission)) return true;
    return std::any_of(actor.scoped.begin(), actor.scoped.end(), [&](const ScopedPermissions& role) {
        return role.permissions.has(permission) && holds(role.units, unit);
    });
}

bool can_see(const Actor& actor, const ImprovementScope& item)
{
    if (outside_own_merchant(actor, item.merchant)) return false;
    constexpr Permissions any{Permission::improvement_act, Permission::improvement_edit};
    if (!(actor.permissions & any).empty()) {
        const bool is_named = actor.staff == item.owner || actor.staff == item.checker || actor.staff == item.author;
        if (is_named || actor.permissions.has(Permission::ticket_read_all) || actor.works_for(item.unit)) return true;
    }
    return std::any_of(actor.scoped.begin(), actor.scoped.end(), [&](const ScopedPermissions& role) {
        return !(role.permissions & any).empty() && holds(role.units, item.unit);
    });
}

bool can(const Actor& actor, Permission permission, const ImprovementScope& item)
{
    if (!can_see(actor, item)) return false;
    if (permission == Permission::improvement_act)
        return can_somewhere(actor, permission) && (actor.staff == item.owner || actor.staff == item.checker);
    const bool wide = actor.permissions.has(Permission::ticket_read_all) || actor.works_for(item.unit);
    if (actor.permissions.has(permission) && wide) return true;
    return std::any_of(actor.scoped.begin(), actor.scoped.end(), [&](const ScopedPermissions& role) {
        return role.permissions.has(permission) && holds(role.units, item.unit);
    });
}

bool can_see_customer(const Actor& actor, const CustomerScope& customer)
{
    if (!can_somewhere(actor, Permission::customer_read)) return false;
    const bool registered = actor.staff && customer.made_by == actor.staff;
    if (actor.merchant && !registered && !holds(customer.merchants, actor.merchant)) return false;
    const ReadFence tickets = fence(actor);
    switch (tickets.reach) {
        case ReadFence::Reach::nothing: return false;
        case ReadFence::Reach::merchant:
        case ReadFence::Reach::all: return true;
        case ReadFence::Reach::units:
            return registered || std::any_of(customer.units.begin(), customer.units.end(),
                                             [&](UnitId unit) { return holds(tickets.units, unit); });
    }
    return false;
}

Mask mask_for(const Actor& actor)
{
    if (!can_somewhere(actor, Permission::customer_read)) return {};
    return {Sight::full, Sight::masked, Sight::masked, Sight::masked, Sight::masked};
}

}  // namespace shouwen::organisation
