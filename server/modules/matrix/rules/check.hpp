#pragma once

#include "base/field_error.hpp"
#include "modules/matrix/rules/matrix.hpp"
#include "modules/matrix/rules/surroundings.hpp"

#include <optional>
#include <vector>

namespace shouwen::matrix {

/// What cannot be saved, every field at once; pointers are those of the API's body. A unit in which nobody is at work may be
/// named, as the matrix can be written before the people are hired; it is a fault of the row until then.
FieldErrors check(const Assignment& assignment, const Surroundings& around);

/// The part of a row that has a fault.
BOOST_DEFINE_ENUM_CLASS(Part, category, lead_unit, lead_staff, cooperating, teller)
/// What became of a unit, a person or a category since the row was saved. No unit can be without its record; one that is
/// closed is one in which nobody is at work any more.
BOOST_DEFINE_ENUM_CLASS(FaultCode, unit_closed, staff_disabled, staff_moved, category_retired)

struct Fault {
    FaultCode code = FaultCode::unit_closed;
    Part part = Part::lead_unit;
    UnitId unit = {};
    StaffId staff = {};
    bool operator==(const Fault&) const = default;
};
std::vector<Fault> faults_of(const Assignment& assignment, const Surroundings& around);
/// Nothing of the row can be proposed: nobody is there to lead.
bool is_useless(const std::vector<Fault>& faults);

/// Whether a merchant's staff may know of the row: it names no other merchant (C1).
bool is_open_to_merchant(const Assignment& assignment, UnitId merchant, const organisation::Organisation& organisation);

}  // namespace shouwen::matrix
