#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/limit.hpp"
#include "base/words.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The responsibility matrix (责任矩阵, D4, D8): which unit leads which matters, who works with it, and who tells the customer.
namespace shouwen::matrix {

using MatrixRowId = Id<struct MatrixRowTag>;

/// All rows there can be, retired ones too: the whole matrix is held in memory and shown on one page.
inline constexpr std::size_t rows_max = 2'000;

BOOST_DEFINE_ENUM_CLASS(Refusal, matrix_key_taken, matrix_full, matrix_row_retired, matrix_row_valid)

/// Which matters a row is for. What is none fits any; a category is one of the class's tree, so it has a class beside it.
struct Key {
    std::optional<Class> class_;
    std::string category;  ///< with all below it; empty: any
    AreaId area;           ///< with its streets
    UnitId merchant;

    /// For whatever no other row is for (D8, the last line).
    bool is_fallback() const { return !class_ && category.empty() && !area && !merchant; }
    bool operator==(const Key&) const = default;
};

/// A unit that does a part of the work (协办), and which part.
struct Cooperation {
    UnitId unit;
    std::string duty;
    bool operator==(const Cooperation&) const = default;
};

/// Limits that stand in the place of the policy's; where there is none the policy's holds.
struct OwnLimits {
    std::optional<Limit> L1, L2, L3;

    const std::optional<Limit>& of(Grade grade) const;
    bool operator==(const OwnLimits&) const = default;
};

/// What people edit. Valid when `check` finds nothing.
struct Assignment {
    Key key;
    UnitId lead_unit;    ///< 主办
    StaffId lead_staff;  ///< a person of it who is named; none: the unit appoints
    std::vector<Cooperation> cooperating;
    UnitId teller;            ///< the unit that tells the customer; none: the ticket's owner does
    OwnLimits slip_plan;      ///< until the unit's plan
    OwnLimits slip_complete;  ///< until the unit's part is done
    std::string comment;

    bool operator==(const Assignment&) const = default;
};

struct Row {
    MatrixRowId id;
    std::int64_t version = 1;
    Assignment assignment;
    Instant updated_at{};
    StaffId author;  ///< none: the program itself
    std::optional<Instant> retired_at = {};

    bool is_retired() const { return retired_at.has_value(); }
};

/// Grows with every change of any row, as rows are never removed.
std::int64_t version_of(const std::vector<Row>& rows);

}  // namespace shouwen::matrix
