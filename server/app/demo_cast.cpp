#include "app/demo_cast.hpp"

namespace shouwen::app::demonstration {

Cast::Cast(const organisation::Organisation& organisation, const Material& material, Chance& chance) : chance_(chance)
{
    for (const auto& staff : organisation.staff()) {
        if (staff.has_role("agent")) agents_.push_back(staff.id);
        if (staff.has_role("supervisor")) supervisor_ = staff.id;
        if (staff.has_role("merchant_agent"))
            merchant_agents_[std::string{organisation.name_of_unit(organisation.merchant_of(staff.unit))}] = staff.id;
    }
    ensure(!agents_.empty() && supervisor_, "the demo's house has agents and a supervisor");
    for (const auto& unit : organisation.units()) units_[unit.name] = unit.id;
    for (const auto& area : organisation.areas()) areas_[area.name] = area.id;
    for (const auto& person : material.people) people_[person.language].push_back(&person);
}

StaffId Cast::merchant_agent(const std::string& merchant) const
{
    const auto found = merchant_agents_.find(merchant);
    return found == merchant_agents_.end() ? StaffId{} : found->second;
}

const Person& Cast::person(const std::string& language)
{
    const auto& those = people_.at(language);
    return *those[static_cast<std::size_t>(chance_.up_to(static_cast<std::int64_t>(those.size())))];
}

Life Cast::life(const Story& story, StaffId owner)
{
    Life life;
    life.story = &story;
    life.supervisor = supervisor_;
    const auto place = areas_.find(story.street.empty() ? story.area : story.street);
    if (place != areas_.end()) life.area = place->second;
    if (!story.merchant.empty()) {
        life.merchant = units_.at(story.merchant);
        // A merchant's own people do the work; nobody else may see it but the platform.
        life.owner = merchant_agent(story.merchant);
    }
    if (owner) life.owner = owner;
    if (!life.owner)
        life.owner = agents_[static_cast<std::size_t>(chance_.up_to(static_cast<std::int64_t>(agents_.size())))];
    life.person = &person(story.language);
    return life;
}

}  // namespace shouwen::app::demonstration
