#pragma once

#include "base/id.hpp"
#include "base/names.hpp"
#include "modules/organisation/rules/permission.hpp"

#include <optional>
#include <string>
#include <vector>

namespace shouwen::organisation {

/// A role held within some units only.
struct ScopedPermissions {
    Permissions permissions;
    std::vector<UnitId> units;  ///< the unit and all below, sorted
};

/// The person, or the program with a person's token, who asks; as of now, never kept beyond a request.
struct Actor {
    StaffId staff;
    std::string name;
    UnitId unit;
    UnitId merchant;                        ///< none for the platform's staff
    std::vector<UnitId> units;              ///< the own unit and all below, sorted
    Permissions permissions;                ///< of the roles held without a restriction to units
    std::vector<ScopedPermissions> scoped;  ///< of the other roles; mostly empty
    std::string language = "zh-CN";         ///< `zh-CN`, `zh-TW` or `en`
    bool by_token = false;                  ///< a program: its permissions are already cut to the token's scopes

    bool works_for(UnitId of) const;
};

/// What decides about a ticket. Whoever loads a ticket can fill this in.
struct TicketScope {
    UnitId merchant;  ///< none: the platform's own matter
    StaffId owner;    ///< none before the first response
    UnitId owner_unit;
    UnitId queue_unit;               ///< whose queue it waits in
    std::vector<UnitId> slip_units;  ///< of all slips, ended ones too: whoever worked on it may look it up

    bool operator==(const TicketScope&) const = default;
};

/// What lists, searches, exports and pushes must add to their condition:
///   all       nothing
///   merchant  `merchant_id = merchant`
///   units     `owner_id = staff OR owner_unit_id IN units OR queue_unit_id IN units OR a slip's unit_id IN units`,
///             AND `merchant_id = merchant` when there is a merchant
///   nothing   the answer is empty
struct ReadFence {
    enum class Reach { nothing, units, merchant, all };
    Reach reach = Reach::nothing;
    UnitId merchant;
    std::vector<UnitId> units;
    StaffId staff;

    /// The same condition for one ticket.
    bool admits(const TicketScope& ticket) const;
};

/// Which tickets the actor may read.
ReadFence fence(const Actor& actor);

/// THE decision about a ticket, used by routes, push, search, lists and files alike.
/// - Nothing without reading: who cannot see the ticket cannot do anything with it (answer 404, not 403).
/// - A merchant's staff are fenced to their merchant whatever their roles say.
/// - `ticket_act` holds for the owner, and for others who have `ticket_act_for_others`.
/// - Who sees a ticket only because a unit works on a slip of it may read and note, but not decide about the whole.
/// - `slip_act` holds for the slips of the own units, whatever else is seen or owned. For one slip, ask with its unit alone.
/// - `ticket_create` asks only for the merchant: the ticket is in no unit yet.
bool can(const Actor& actor, Permission permission, const TicketScope& ticket);
/// May the actor read this ticket?
bool can_see(const Actor& actor, const TicketScope& ticket);

/// For what concerns no ticket. Roles held within units only do not count.
bool can(const Actor& actor, Permission permission);
/// Is there any ticket for which `can` might hold? For hints on pages, never instead of `can`.
bool can_somewhere(const Actor& actor, Permission permission);

/// For what concerns a unit and its people: a merchant's staff only within their merchant; a role held within units
/// only within these. @param merchant  of that unit
bool can_for_unit(const Actor& actor, Permission permission, UnitId unit, UnitId merchant);

/// An improvement item: which unit it is of, and the people who have to do with it.
struct ImprovementScope {
    UnitId merchant;
    UnitId unit;
    StaffId owner;
    StaffId checker;
    StaffId author;
};
/// May the actor see it? Those named in it; those of its unit and above; everybody who reads all tickets.
bool can_see(const Actor& actor, const ImprovementScope& item);
/// `improvement_act`: those named in it. `improvement_edit`: within the units for which the role is held.
bool can(const Actor& actor, Permission permission, const ImprovementScope& item);

/// Where a customer is known; the tickets decide.
struct CustomerScope {
    std::vector<UnitId> merchants;  ///< that have tickets of the customer
    std::vector<UnitId> units;      ///< that own, queue or work on tickets of the customer
    StaffId made_by;                ///< who registered the customer: may see it before there is a ticket
};
bool can_see_customer(const Actor& actor, const CustomerScope& customer);

/// How much of a personal field is shown. Nobody sees a field in full by default: `customer_reveal` is on record.
enum class Sight { hidden, masked, full };
struct Mask {
    Sight name = Sight::masked;
    Sight phone = Sight::hidden;
    Sight email = Sight::hidden;
    Sight account_no = Sight::hidden;
    Sight address = Sight::hidden;
};
Mask mask_for(const Actor& actor);

}  // namespace shouwen::organisation
