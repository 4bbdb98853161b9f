#include "modules/figure/rules/timeliness.hpp"

#include <algorithm>
#include <map>

namespace shouwen::figure {
namespace {

using organisation::Permission;
using organisation::ReadFence;

std::string key_of(const Slice& slice, By by)
{
    switch (by) {
        case By::kind: return slice.kind;
        case By::grade: return slice.grade;
        case By::unit: return slice.debtor_unit ? slice.debtor_unit.text() : std::string{};
        case By::staff: return slice.debtor_staff ? slice.debtor_staff.text() : std::string{};
    }
    return {};
}

std::string name_of(const Slice& slice, By by, const organisation::Organisation& organisation)
{
    switch (by) {
        case By::kind: return slice.kind;
        case By::grade: return slice.grade;
        case By::unit: return std::string{organisation.name_of_unit(slice.debtor_unit)};
        case By::staff: return std::string{organisation.name_of_staff(slice.debtor_staff)};
    }
    return {};
}

/// The place in the domain's own order, for words.
std::size_t rank_of(const Figure& figure, By by)
{
    if (by == By::kind)
        if (const auto kind = parse_name<ObligationKind>(figure.key)) return static_cast<std::size_t>(*kind);
    if (by == By::grade)
        if (const auto grade = parse_name<Grade>(figure.key)) return static_cast<std::size_t>(*grade);
    return 0;
}

FigureFence within(std::vector<UnitId> units, UnitId merchant, const organisation::Organisation& organisation)
{
    FigureFence fence{.reach = units.empty() ? FigureFence::Reach::nothing : FigureFence::Reach::units,
                      .merchant = merchant};
    std::ranges::sort(units);
    fence.units = std::move(units);
    for (const auto& person : organisation.staff())
        if (std::ranges::binary_search(fence.units, person.unit)) fence.staff.push_back(person.id);
    std::ranges::sort(fence.staff);
    return fence;
}

}  // namespace

Tally& Tally::operator+=(const Tally& other)
{
    kept += other.kept;
    kept_late += other.kept_late;
    open += other.open;
    open_late += other.open_late;
    cancelled += other.cancelled;
    return *this;
}

bool FigureFence::admits(const Slice& slice) const
{
    switch (reach) {
        case Reach::nothing: return false;
        case Reach::all: return true;
        case Reach::units: break;
    }
    // Who owes tells more than for which unit they owed it then.
    return slice.debtor_staff ? std::ranges::binary_search(staff, slice.debtor_staff)
                              : std::ranges::binary_search(units, slice.debtor_unit);
}

FigureFence figure_fence(const organisation::Actor& actor, const organisation::Organisation& organisation)
{
    std::vector<UnitId> units;
    if (actor.permissions.has(Permission::figure_read)) {
        switch (organisation::fence(actor).reach) {
            case ReadFence::Reach::all:
            case ReadFence::Reach::merchant: return {.reach = FigureFence::Reach::all, .merchant = actor.merchant};
            case ReadFence::Reach::units: units = actor.units; break;
            case ReadFence::Reach::nothing: break;
        }
    }
    for (const auto& role : actor.scoped)
        if (role.permissions.has(Permission::figure_read))
            units.insert(units.end(), role.units.begin(), role.units.end());
    return within(std::move(units), actor.merchant, organisation);
}

std::vector<Figure> fold(std::span<const Slice> slices, By by, const FigureFence& fence,
                         const organisation::Organisation& organisation)
{
    std::map<std::string, Figure> by_key;
    for (const auto& slice : slices) {
        if (!fence.admits(slice)) continue;
        Figure& figure = by_key[key_of(slice, by)];
        figure.key = key_of(slice, by);
        figure.name = name_of(slice, by, organisation);
        figure.tally += slice.tally;
    }
    std::vector<Figure> figures;
    for (auto& [key, figure] : by_key) figures.push_back(std::move(figure));
    std::ranges::stable_sort(figures, [by](const Figure& a, const Figure& b) {
        const auto rank_a = rank_of(a, by);
        const auto rank_b = rank_of(b, by);
        return rank_a != rank_b ? rank_a < rank_b : a.name < b.name;
    });
    return figures;
}

}  // namespace shouwen::figure
