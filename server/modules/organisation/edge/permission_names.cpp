#include "modules/organisation/edge/permission_names.hpp"

#include <boost/json/value.hpp>

namespace shouwen::organisation {

Permissions read_permissions(api::ObjectReader& body, std::string_view member)
{
    if (!body.has(member)) body.fail(member, "required");
    Permissions permissions;
    body.array(member, 100, [&](const boost::json::value& item, const std::string& pointer) {
        const auto* name = item.if_string();
        const auto permission = name ? parse_name<Permission>(std::string_view{*name}) : std::nullopt;
        if (permission)
            permissions.add(*permission);
        else
            body.errors().push_back({pointer, name ? "permission_unknown" : "wrong_type", name ? "" : "string"});
    });
    return permissions;
}

}  // namespace shouwen::organisation
