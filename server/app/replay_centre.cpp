#include "app/replay_centre.hpp"

#include "modules/customer/store/customers.hpp"
#include "modules/organisation/store/organisation_store.hpp"
#include "modules/policy/edge/document_json.hpp"
#include "modules/policy/store/policies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace shouwen::app {
namespace {

constexpr int agents_per_unit = 4;
constexpr std::string_view service_desk_department = "INFO";  // answers what belongs to no other
constexpr const char* calendar_name = "boston";

std::string lower_letters(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) out += lower;
    }
    return out;
}

/// The service desk first, so that it is found as such.
std::vector<std::string> departments_of(const HistoricFile& file)
{
    std::set<std::string> names;
    for (const auto& ticket : file.tickets) names.insert(ticket.department);
    std::vector<std::string> ordered{names.begin(), names.end()};
    std::ranges::stable_partition(ordered, [](const auto& name) { return name == service_desk_department; });
    return ordered;
}

std::set<std::string> areas_of(const HistoricFile& file)
{
    std::set<std::string> names;
    for (const auto& ticket : file.tickets) names.insert(ticket.area);
    return names;
}

std::string unit_name(std::string_view department)
{
    return department == service_desk_department ? fmt::format("Boston 311 ({})", department)
                                                 : fmt::format("Boston {}", department);
}

/// Nobody real: a domain that never exists (RFC 2606).
customer::NewCustomer residents_of(const std::string& area)
{
    customer::NewCustomer file;
    file.name = area.empty() ? "Residents of Boston" : "Residents: " + area;
    file.email = (area.empty() ? std::string{"unknown"} : lower_letters(area)) + "@boston-311.invalid";
    file.language = "en";
    return file;
}

void use_calendar_of_boston(sql::Connection& db, const policy::Policy& policy, Instant now)
{
    auto document = policy.document();
    WorkingCalendar calendar;
    calendar.id = calendar_name;
    calendar.name = "Boston City Hall";
    calendar.time_zone = std::string{historic_zone};
    calendar.uses_public_holidays = false;  // the built-in ones are China's
    for (std::size_t day = 0; day < 5; ++day) calendar.week[day] = {{9 * 60, 17 * 60}};
    document.calendars.push_back(std::move(calendar));
    document.default_calendar = calendar_name;
    JsonWriter out;
    policy::write_document(out, document);
    policy::add_version(db, {policy.version() + 1, out.take(), now, {}});
}

}  // namespace

void make_historic_centre(sql::Connection& db, Centre& centre, const HistoricFile& file,
                          const std::string& password_hash, Instant now)
{
    auto& ids = centre.ids();
    organisation::install_default_roles(db);
    bool is_first = true;
    for (const auto& department : departments_of(file)) {
        const auto unit = organisation::create_unit(
            db, ids, now,
            {.name = unit_name(department), .calendar = calendar_name, .time_zone = std::string{historic_zone}});
        const auto hire = [&](const std::string& login, const std::string& name, const std::string& role) {
            organisation::create_staff(
                db, ids, now, {.login = login, .name = name, .unit = unit, .roles = {{role, {}}}, .language = "en"},
                password_hash);
        };
        const auto code = lower_letters(department);
        for (int i = 1; i <= agents_per_unit; ++i)
            hire(fmt::format("{}{}", code, i), fmt::format("{} agent {}", department, i), "agent");
        if (is_first) {
            hire("supervisor", "311 supervisor", "supervisor");
            hire("admin", "311 administrator", "admin");
        }
        is_first = false;
    }
    for (const auto& area : areas_of(file)) {
        if (!area.empty()) organisation::create_area(db, ids, now, {.name = area});
        customer::find_or_create(db, ids, residents_of(area), {}, now);
    }
    use_calendar_of_boston(db, *centre.policies().current(), now);
    organisation::bump_version(db);
}

HistoricCentre find_historic_centre(sql::Connection& db, Centre& centre, const HistoricFile& file)
{
    HistoricCentre found;
    const auto organisation = centre.directory().current();
    for (const auto& department : departments_of(file))
        for (const auto& unit : organisation->units()) {
            if (unit.name != unit_name(department)) continue;
            found.unit_of[department] = unit.id;
            auto& agents = found.agents_of[department];
            for (const StaffId member : organisation->members_of(unit.id))
                if (organisation->find(member)->has_role("agent"))
                    agents.push_back(ticket::Desk::giver(*organisation->actor(member)));
        }
    for (const auto& area : organisation->areas()) found.area_of[area.name] = area.id;
    for (const auto& area : areas_of(file)) {
        const auto same = customer::find_same(db, residents_of(area));
        ensure(!same.empty(), "the file of the residents was made with the centre");
        found.customer_of[area] = same.front().id;
    }
    return found;
}

}  // namespace shouwen::app
