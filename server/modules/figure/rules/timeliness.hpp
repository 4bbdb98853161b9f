#pragma once

#include "base/id.hpp"
#include "base/words.hpp"
#include "modules/organisation/rules/organisation.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Timeliness (时效): sums over obligations and nothing else.
namespace shouwen::figure {

/// How many obligations ended, or stand, in which way. Each is counted in exactly one.
struct Tally {
    std::int64_t kept = 0;
    std::int64_t kept_late = 0;
    std::int64_t open = 0;
    std::int64_t open_late = 0;
    std::int64_t cancelled = 0;

    Tally& operator+=(const Tally& other);
    bool operator==(const Tally&) const = default;
};

BOOST_DEFINE_ENUM_CLASS(By, kind, grade, unit, staff)

/// The tally of what is alike in everything that figures tell apart.
struct Slice {
    std::string kind;
    std::string grade;
    UnitId debtor_unit;
    StaffId debtor_staff;  ///< none: the unit's queue owes
    Tally tally;
};

struct Figure {
    std::string key;   ///< a word, or an id as the API writes it; empty: a queue, where people are asked for
    std::string name;  ///< of the unit or person; else the key
    Tally tally;

    bool operator==(const Figure&) const = default;
};

/// Whose obligations somebody may have summed up.
struct FigureFence {
    enum class Reach { nothing, units, all };
    Reach reach = Reach::nothing;
    UnitId merchant = {};             ///< only of tickets of this merchant; none: of all
    std::vector<UnitId> units = {};   ///< debtors in these, sorted
    std::vector<StaffId> staff = {};  ///< who belong to the units, sorted

    bool admits(const Slice& slice) const;
};

/// Whoever reads all tickets sees all figures, of their merchant only when they belong to one; whoever reads those of
/// units, or may see figures within units only, those of the debtors there.
FigureFence figure_fence(const organisation::Actor& actor, const organisation::Organisation& organisation);

/// Kinds and grades in the domain's order, units and people by name; what is empty is left out.
std::vector<Figure> fold(std::span<const Slice> slices, By by, const FigureFence& fence,
                         const organisation::Organisation& organisation);

}  // namespace shouwen::figure
