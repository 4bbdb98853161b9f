#include "modules/matrix/rules/propose.hpp"

#include <algorithm>
#include <tuple>

namespace shouwen::matrix {
namespace {

/// The matter's place in the trees, from the top; what the trees do not know stands for itself.
struct Place {
    std::vector<std::string_view> categories;
    std::vector<AreaId> areas;
};

Place place_of(const Matter& matter, const Surroundings& around)
{
    Place place;
    if (matter.class_) place.categories = category_path(around.policy(), *matter.class_, matter.category);
    if (place.categories.empty() && !matter.category.empty()) place.categories = {matter.category};
    if (!matter.area) return place;
    const auto* area = around.organisation().find(matter.area);
    if (area && area->parent) place.areas.push_back(area->parent);
    place.areas.push_back(matter.area);
    return place;
}

/// How far down in the tree, from 1; 0: not at all.
template <class Path, class Code>
int depth_in(const Path& path, const Code& code)
{
    const auto found = std::ranges::find(path, code);
    return found == path.end() ? 0 : static_cast<int>(found - path.begin()) + 1;
}

/// In the order of `propose`; greater is more specific.
using Specificity = std::tuple<int, int, int, int>;

struct Found {
    Specificity specificity;
    Candidate candidate;
};

Fit fit_at(int depth, std::size_t deepest)
{
    return depth == static_cast<int>(deepest) ? Fit::same : Fit::above;
}

std::optional<Found> match(const Row& row, const Matter& matter, const Place& place)
{
    const Key& key = row.assignment.key;
    if (row.is_retired() || (key.class_ && key.class_ != matter.class_)) return std::nullopt;
    if (key.merchant && key.merchant != matter.merchant) return std::nullopt;
    const int category = key.category.empty() ? 0 : depth_in(place.categories, std::string_view{key.category});
    if (!key.category.empty() && category == 0) return std::nullopt;
    const int area = key.area ? depth_in(place.areas, key.area) : 0;
    if (key.area && area == 0) return std::nullopt;

    Found found{{category, key.merchant ? 1 : 0, area, key.class_ ? 1 : 0}, {.row = &row}};
    auto& matched = found.candidate.matched;
    if (category > 0) matched.push_back({KeyField::category, fit_at(category, place.categories.size())});
    if (key.merchant) matched.push_back({KeyField::merchant, Fit::same});
    if (area > 0) matched.push_back({KeyField::area, fit_at(area, place.areas.size())});
    if (key.class_) matched.push_back({KeyField::class_, Fit::same});
    return found;
}

bool tells_of(const std::vector<Fault>& faults, Part part, UnitId unit = {})
{
    return std::ranges::any_of(faults, [&](const Fault& each) { return each.part == part && each.unit == unit; });
}

void follow(Proposal& proposal, const Candidate& candidate, Grade grade)
{
    const Assignment& a = candidate.row->assignment;
    const auto& faults = candidate.faults;
    const bool has_staff = std::ranges::find(faults, Part::lead_staff, &Fault::part) == faults.end();
    proposal.row = candidate.row;
    proposal.lead_unit = a.lead_unit;
    if (has_staff) proposal.lead_staff = a.lead_staff;
    for (const auto& each : a.cooperating)
        if (!tells_of(faults, Part::cooperating, each.unit)) proposal.cooperating.push_back(each);
    if (!tells_of(faults, Part::teller, a.teller)) proposal.teller = a.teller;
    proposal.slip_plan = a.slip_plan.of(grade);
    proposal.slip_complete = a.slip_complete.of(grade);
}

}  // namespace

Proposal propose(std::span<const Row> rows, const Matter& matter, const Surroundings& around)
{
    const Place place = place_of(matter, around);
    std::vector<Found> found;
    for (const auto& row : rows)
        if (auto match_of_row = match(row, matter, place)) found.push_back(*std::move(match_of_row));
    std::ranges::sort(found, std::ranges::greater{}, &Found::specificity);

    Proposal proposal;
    for (auto& [specificity, candidate] : found) {
        candidate.faults = faults_of(candidate.row->assignment, around);
        if (is_useless(candidate.faults)) {
            candidate.outcome = Outcome::faulty;
        } else if (!proposal.row) {
            candidate.outcome = Outcome::proposed;
            follow(proposal, candidate, matter.grade.value_or(Grade::L3));
        }
        proposal.candidates.push_back(std::move(candidate));
    }
    return proposal;
}

}  // namespace shouwen::matrix
