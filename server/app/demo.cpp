#include "app/demo.hpp"

#include "app/command_line.hpp"
#include "app/demo_improvements.hpp"
#include "modules/knowledge/store/articles.hpp"
#include "modules/matrix/store/rows.hpp"
#include "modules/organisation/store/password.hpp"
#include "platform/postgres/postgres_store.hpp"
#include "platform/sql/parts.hpp"

#include <fmt/format.h>

#include <iostream>

namespace shouwen::app {
namespace demonstration {
namespace {

/// What the lines of the matrix name.
struct Named {
    std::map<std::string, UnitId> units;
    std::map<std::string, StaffId> staff;
    std::map<std::string, AreaId> areas;
};

/// An empty name is none.
template <class IdType>
IdType id_of(const std::map<std::string, IdType>& known, const std::string& name)
{
    return name.empty() ? IdType{} : known.at(name);
}

matrix::OwnLimits own_limits(const LimitsLine& line)
{
    return {parse_limit(line.L1), parse_limit(line.L2), parse_limit(line.L3)};
}

matrix::Assignment assignment_of(const MatrixLine& line, const Named& named)
{
    matrix::Assignment assignment{
        .key = {line.class_, line.category, id_of(named.areas, line.area), id_of(named.units, line.merchant)},
        .lead_unit = named.units.at(line.lead),
        .lead_staff = id_of(named.staff, line.person),
        .teller = id_of(named.units, line.teller),
        .slip_plan = own_limits(line.slip_plan),
        .slip_complete = own_limits(line.slip_complete),
        .comment = line.comment};
    for (const auto& each : line.cooperating) assignment.cooperating.push_back({named.units.at(each.unit), each.duty});
    return assignment;
}

}  // namespace

void make_house(Centre& centre, const Material& material, std::string_view password_hash, Instant now)
{
    auto& ids = centre.ids();
    centre.store().write([&](sql::Connection& db) {
        organisation::install_default_roles(db);
        Named named;
        auto& units = named.units;
        for (const auto& unit : material.house.units)
            units[unit.key] =
                organisation::create_unit(db, ids, now,
                                          {.kind = parse_name<organisation::UnitKind>(unit.kind).value(),
                                           .name = unit.name,
                                           .parent = unit.parent.empty() ? UnitId{} : units.at(unit.parent)});
        for (const auto& staff : material.house.staff) {
            organisation::NewStaff member{.login = staff.login, .name = staff.name, .unit = units.at(staff.unit)};
            for (const auto& role : staff.roles) member.roles.push_back({role, {}});
            named.staff[staff.login] = organisation::create_staff(db, ids, now, member, password_hash);
        }
        for (const auto& area : material.house.areas) {
            const AreaId parent = organisation::create_area(db, ids, now, {.name = area.name});
            named.areas[area.name] = parent;
            for (const auto& street : area.streets)
                named.areas[street] = organisation::create_area(db, ids, now, {.name = street, .parent = parent});
        }
        for (const auto& line : material.matrix)
            matrix::insert(db, {.id = ids.next<matrix::MatrixRowId>(now),
                                .assignment = assignment_of(line, named),
                                .updated_at = now});
        for (const auto& article : material.articles)
            knowledge::insert(db, {.id = ids.next<ArticleId>(now),
                                   .text = {.title = article.title,
                                            .body = article.body,
                                            .class_ = article.class_,
                                            .category = article.category},
                                   .updated_at = now});
        for (const auto& script : material.scripts)
            knowledge::insert(db, {.id = ids.next<ArticleId>(now),
                                   .text = {.kind = knowledge::ArticleKind::script,
                                            .title = script.title,
                                            .body = script.body,
                                            .step = script.step,
                                            .channel = script.channel,
                                            .emotion = script.emotion,
                                            .shortcut = script.shortcut},
                                   .updated_at = now});
    });
}

}  // namespace demonstration

namespace {

/// As the command line takes it.
std::string store_argument(const std::string& store)
{
    return postgres::is_address(store) ? store : "sqlite:" + store;
}

void print_logins(const Centre& centre, const organisation::Organisation& organisation, const DemoOptions& options,
                  std::ostream& out)
{
    out << "\nLogins, all with the password " << options.password << "\n";
    for (const auto& staff : organisation.staff()) {
        std::string roles;
        for (const auto& grant : staff.roles) roles += (roles.empty() ? "" : ", ") + grant.role;
        out << fmt::format("  {:<16} {:<28} {}, {}\n", staff.login, roles, staff.name,
                           organisation.name_of_unit(staff.unit));
    }
    out << "\nNext: shouwen serve --store " << store_argument(centre.options().store)
        << "\n      then sign in at http://127.0.0.1:8080/ as agent1\n";
}

void print_made(const demonstration::Made& made, Duration taken, std::ostream& out)
{
    const auto seconds = static_cast<double>(std::max<std::int64_t>(taken.count(), 1)) / 1000;
    out << fmt::format("{} tickets by {} commands in {:.1f} s ({:.0f} tickets/s)\n", made.tickets, made.commands,
                       seconds, static_cast<double>(made.tickets) / seconds);
    for (const auto& [code, count] : made.refusals)
        out << fmt::format("  refused by the rules: {} ({})\n", code, count);
    if (!made.links.empty()) out << "\nCustomers' links (number, secret, step)\n";
    for (const auto& link : made.links) out << fmt::format("  {}  {}  {}\n", link.number, link.secret, link.step);
}

}  // namespace

int demo(const DemoOptions& options, std::ostream& out)
{
    using namespace demonstration;
    const SystemClock wall;
    const Instant end = wall.now();
    const bool volumes = options.tickets > 0;
    ManualClock clock{end - (volumes ? volumes_length : stories_length)};
    Centre centre{{.store = options.place.store,
                   .data_dir = options.place.data_dir,
                   .time_zone = options.place.time_zone,
                   .use = sqlite::Use::filling,
                   .confirms_filing = false},
                  clock};
    if (!centre.directory().current()->staff().empty()) {
        std::cerr << shown_store(options.place.store) << " has staff already: a demo is made in a store of its own\n";
        return 2;
    }
    sql::make_parts(centre.store(), clock.now(), end);
    const Material material = load_material();
    make_house(centre, material, organisation::hash_password(options.password), clock.now());
    const auto made = volumes ? make_volumes(centre, clock, material, end, options.tickets, std::cerr)
                              : tell_stories(centre, clock, material, end);
    if (!volumes) make_improvements(centre, end);
    out << "Made " << shown_store(options.place.store) << ": " << material.house.name << "\n";
    print_made(made, wall.now() - end, out);
    print_logins(centre, *centre.directory().current(), options, out);
    return 0;
}

}  // namespace shouwen::app
