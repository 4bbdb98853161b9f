#pragma once

#include "modules/organisation/rules/organisation.hpp"

#include <optional>

namespace shouwen::organisation {

/// A member of staff whom the actor may see or change; nobody when not: an answer must not tell absent from foreign.
inline const Staff* reachable(const Organisation& organisation, std::optional<StaffId> id, const Actor& actor,
                              Permission permission)
{
    const Staff* staff = id ? organisation.find(*id) : nullptr;
    if (!staff || !can_for_unit(actor, permission, staff->unit, organisation.merchant_of(staff->unit))) return nullptr;
    return staff;
}

}  // namespace shouwen::organisation
