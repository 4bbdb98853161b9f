#pragma once

#include "app/demo_players.hpp"

namespace shouwen::app::demonstration {

/// Who takes part in which story.
class Cast {
public:
    Cast(const organisation::Organisation& organisation, const Material& material, Chance& chance);

    /// Owner, supervisor, place and customer of one telling. @param owner  none: whoever's turn it is
    Life life(const Story& story, StaffId owner = {});

    const std::vector<StaffId>& agents() const { return agents_; }
    /// Who works for the merchant of that name.
    StaffId merchant_agent(const std::string& merchant) const;

private:
    const Person& person(const std::string& language);

    Chance& chance_;
    std::vector<StaffId> agents_;
    StaffId supervisor_;
    std::map<std::string, UnitId> units_;
    std::map<std::string, AreaId> areas_;
    std::map<std::string, StaffId> merchant_agents_;
    std::map<std::string, std::vector<const Person*>> people_;
};

}  // namespace shouwen::app::demonstration
