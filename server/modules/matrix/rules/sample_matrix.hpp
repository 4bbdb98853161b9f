#pragma once

#include "modules/matrix/rules/surroundings.hpp"
#include "modules/organisation/rules/sample_organisation.hpp"

#include <algorithm>

/// The sample organisation with the default policy, whose parking questions have two kinds below them; for tests.
namespace shouwen::matrix::sample {

using namespace organisation::sample;

inline constexpr AreaId district{1}, street{2};

inline policy::PolicyPtr policy()
{
    auto document = policy::default_document();
    for (auto& rules : document.classes)
        for (auto& category : rules.categories)
            if (rules.class_ == Class::consultation && category.code == "parking")
                category.children = {{"monthly_card", {"月卡", "月票", "Monthly card"}},
                                     {"old_card", {"旧卡", "舊卡", "Old card"}, true}};
    return std::make_shared<const policy::Policy>(1, std::move(document));
}

/// @param gone  people who are not at work any more
inline Surroundings around(std::initializer_list<StaffId> gone = {})
{
    auto people = staff();
    for (auto& each : people)
        if (std::ranges::find(gone, each.id) != gone.end()) each.disabled_at = Instant{};
    return {std::make_shared<const organisation::Organisation>(
                units(), std::vector<organisation::Area>{{district, "鼓楼区", {}}, {street, "湖南路街道", district}},
                std::move(people), organisation::default_roles()),
            policy()};
}

}  // namespace shouwen::matrix::sample
