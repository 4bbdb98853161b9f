#include "modules/organisation/rules/permission.hpp"

namespace shouwen::organisation {

Permissions Permissions::all()
{
    Permissions every;
    for (const Permission p : all_of<Permission>()) every.add(p);
    return every;
}

std::vector<std::string_view> Permissions::names() const
{
    std::vector<std::string_view> names;
    for (const Permission p : all_of<Permission>())
        if (has(p)) names.push_back(name_of(p));
    return names;
}

}  // namespace shouwen::organisation
