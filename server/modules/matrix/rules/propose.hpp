#pragma once

#include "modules/matrix/rules/check.hpp"
#include "modules/matrix/rules/matrix.hpp"
#include "modules/matrix/rules/surroundings.hpp"

#include <optional>
#include <span>
#include <vector>

namespace shouwen::matrix {

/// A matter for which somebody is looked for; what is not known is none.
struct Matter {
    std::optional<Class> class_;
    std::string category;
    AreaId area;
    UnitId merchant;
    std::optional<Grade> grade;  ///< none counts as L3
};

/// The fields of a key, the one that tells more about a matter first.
BOOST_DEFINE_ENUM_CLASS(KeyField, category, merchant, area, class_)
/// A field of a row fits because it is the matter's own, or because it stands above it (a category's parent, a street's area).
BOOST_DEFINE_ENUM_CLASS(Fit, same, above)

struct Matched {
    KeyField field;
    Fit fit;
    bool operator==(const Matched&) const = default;
};

BOOST_DEFINE_ENUM_CLASS(Outcome, proposed, less_specific, faulty)

/// A row that is for the matter, and what became of it.
struct Candidate {
    const Row* row = nullptr;
    std::vector<Matched> matched;  ///< which of its fields fit; none: the fallback row
    Outcome outcome = Outcome::less_specific;
    std::vector<Fault> faults;
};

/// Who would get a matter, and why. Points into the rows that were asked.
struct Proposal {
    std::vector<Candidate> candidates;  ///< the most specific first
    const Row* row = nullptr;           ///< the one that is followed; none: a person has to know
    UnitId lead_unit;
    StaffId lead_staff;
    std::vector<Cooperation> cooperating;
    UnitId teller;                       ///< none: the owner tells the customer
    std::optional<Limit> slip_plan;      ///< none: the policy's limit
    std::optional<Limit> slip_complete;  ///< none: the policy's limit
};

/// The most specific row that is in use and for the matter (D4). The order of two rows is decided by the first of these in which
/// they differ:
///   1. category: the deeper one in the tree, then any          (what the matter is about says most)
///   2. merchant: a named one before any
///   3. area: a street before its area before any
///   4. class: a named one before any
/// Rows of one key cannot both be in use, so there are no ties. A row whose lead unit is closed is passed over and told as `faulty`:
/// the next one proposes. Closed cooperating units, a closed teller and a person who left are left out of the proposal and told
/// among the row's faults.
Proposal propose(std::span<const Row> rows, const Matter& matter, const Surroundings& around);

}  // namespace shouwen::matrix
