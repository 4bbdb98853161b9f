#include "modules/organisation/edge/staff_bodies.hpp"

#include <boost/json/value.hpp>

namespace shouwen::organisation {

void read_staff_change(api::ObjectReader& body, StaffBody& staff)
{
    StaffChange& change = staff.change;
    change.name = body.text("name", {.min = 1, .max = 80});
    change.unit = body.id<UnitId>("unit_id");
    if (!body.has("roles")) body.fail("roles", "required");
    for (std::string& role : body.texts("roles", 20, {.min = 1, .max = 50}))
        change.roles.push_back({std::move(role), {}});
    staff.has_unit_roles =
        body.array("unit_roles", 20, [&](const boost::json::value& item, const std::string& pointer) {
            api::ObjectReader grant{item, pointer, body.errors()};
            std::string role = grant.text("role", {.min = 1, .max = 50});
            change.roles.push_back({std::move(role), grant.id<UnitId>("unit_id")});
        });
    staff.has_language = body.has("language");
    change.language = staff.has_language ? body.text("language", {.min = 2, .max = 10}) : "zh-CN";
}

void read_new_staff(api::ObjectReader& body, StaffBody& staff)
{
    staff.login = normal_login(body.text("login", {.min = 1, .max = 200}));
    staff.password = body.optional_text("password", {.min = 1, .max = 200});
    read_staff_change(body, staff);
}

}  // namespace shouwen::organisation
