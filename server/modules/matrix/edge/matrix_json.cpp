#include "modules/matrix/edge/matrix_json.hpp"

#include "base/text.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace shouwen::matrix {
namespace {

constexpr std::size_t cooperating_max = 20;

template <class IdType>
void write_named(JsonWriter& out, std::string_view key, IdType id, std::string_view name)
{
    out.key(key);
    if (id)
        out.begin_object().member("id", id).member("name", name).end_object();
    else
        out.value(nullptr);
}

void write_unit(JsonWriter& out, std::string_view key, UnitId id, const Surroundings& around)
{
    write_named(out, key, id, around.organisation().name_of_unit(id));
}

void write_staff(JsonWriter& out, std::string_view key, StaffId id, const Surroundings& around)
{
    write_named(out, key, id, around.organisation().name_of_staff(id));
}

void write_area(JsonWriter& out, std::string_view key, AreaId id, const Surroundings& around)
{
    const auto* area = around.organisation().find(id);
    write_named(out, key, id, area ? std::string_view{area->name} : std::string_view{});
}

void write_cooperating(JsonWriter& out, const std::vector<Cooperation>& cooperating, const Surroundings& around)
{
    out.key("cooperating").begin_array();
    for (const auto& each : cooperating) {
        out.begin_object();
        write_unit(out, "unit", each.unit, around);
        out.member("duty", each.duty).end_object();
    }
    out.end_array();
}

void write_limit(JsonWriter& out, std::string_view key, const std::optional<Limit>& limit)
{
    out.member(key, limit ? std::optional{to_string(*limit)} : std::nullopt);
}

void write_limits(JsonWriter& out, std::string_view key, const OwnLimits& limits)
{
    out.key(key).begin_object();
    for (const Grade grade : all_of<Grade>()) write_limit(out, name_of(grade), limits.of(grade));
    out.end_object();
}

void write_faults(JsonWriter& out, const std::vector<Fault>& faults, const Surroundings& around)
{
    out.key("faults").begin_array();
    for (const auto& fault : faults) {
        out.begin_object().member("code", fault.code).member("part", fault.part);
        write_unit(out, "unit", fault.unit, around);
        write_staff(out, "staff", fault.staff, around);
        out.end_object();
    }
    out.end_array();
}

void write_candidate(JsonWriter& out, const Candidate& candidate, const Surroundings& around)
{
    out.begin_object()
        .member("row_id", candidate.row->id)
        .member("outcome", candidate.outcome)
        .key("matched")
        .begin_array();
    for (const auto& each : candidate.matched)
        out.begin_object().member("field", each.field).member("fit", each.fit).end_object();
    out.end_array();
    write_unit(out, "lead_unit", candidate.row->assignment.lead_unit, around);
    write_faults(out, candidate.faults, around);
    out.end_object();
}

// --- Reading

std::optional<Limit> read_limit(api::ObjectReader& in, std::string_view field)
{
    const auto text = in.optional_text(field, {.min = 1, .max = 50});
    if (text.empty()) return std::nullopt;
    const auto limit = parse_limit(text);
    if (!limit) in.fail(field, "not_a_limit");
    return limit;
}

OwnLimits read_limits(api::ObjectReader& in, std::string_view field)
{
    OwnLimits limits;
    in.object(field, [&](api::ObjectReader& grades) {
        limits = {read_limit(grades, "L1"), read_limit(grades, "L2"), read_limit(grades, "L3")};
    });
    return limits;
}

}  // namespace

void write_row(JsonWriter& out, const Row& row, const Surroundings& around)
{
    const Assignment& a = row.assignment;
    out.begin_object()
        .member("id", row.id)
        .member("version", row.version)
        .member("class", a.key.class_)
        .text_or_null("category", a.key.category);
    write_area(out, "area", a.key.area, around);
    write_unit(out, "merchant", a.key.merchant, around);
    write_unit(out, "lead_unit", a.lead_unit, around);
    write_staff(out, "lead_staff", a.lead_staff, around);
    write_cooperating(out, a.cooperating, around);
    write_unit(out, "teller_unit", a.teller, around);
    write_limits(out, "slip_plan", a.slip_plan);
    write_limits(out, "slip_complete", a.slip_complete);
    out.text_or_null("comment", a.comment).member("updated_at", row.updated_at);
    write_staff(out, "author", row.author, around);
    out.member("retired_at", row.retired_at);
    write_faults(out, row.is_retired() ? std::vector<Fault>{} : faults_of(a, around), around);
    out.end_object();
}

void write_proposal(JsonWriter& out, const Matter& matter, const Proposal& proposal, const Surroundings& around)
{
    out.begin_object()
        .key("matter")
        .begin_object()
        .member("class", matter.class_)
        .text_or_null("category", matter.category);
    write_area(out, "area", matter.area, around);
    write_unit(out, "merchant", matter.merchant, around);
    out.member("grade", matter.grade).end_object();
    out.member("row_id", proposal.row ? proposal.row->id : MatrixRowId{});
    write_unit(out, "lead_unit", proposal.lead_unit, around);
    write_staff(out, "lead_staff", proposal.lead_staff, around);
    write_cooperating(out, proposal.cooperating, around);
    write_unit(out, "teller_unit", proposal.teller, around);
    write_limit(out, "slip_plan", proposal.slip_plan);
    write_limit(out, "slip_complete", proposal.slip_complete);
    out.text_or_null("comment", proposal.row ? std::string_view{proposal.row->assignment.comment} : std::string_view{})
        .key("candidates")
        .begin_array();
    for (const auto& candidate : proposal.candidates) write_candidate(out, candidate, around);
    out.end_array().end_object();
}

void read_assignment(api::ObjectReader& in, Assignment& into)
{
    into.key.class_ = in.optional_choice<Class>("class");
    into.key.category = in.optional_text("category", {.min = 1, .max = 64});
    into.key.area = in.optional_id<AreaId>("area_id");
    into.key.merchant = in.optional_id<UnitId>("merchant_id");
    into.lead_unit = in.id<UnitId>("lead_unit_id");
    into.lead_staff = in.optional_id<StaffId>("lead_staff_id");
    in.array("cooperating", cooperating_max, [&](const boost::json::value& item, const std::string& pointer) {
        FieldErrors errors;
        Cooperation read;
        {
            api::ObjectReader each{item, pointer, errors};
            read = {each.id<UnitId>("unit_id"), std::string{trim(each.text("duty", {.min = 1, .max = 200}))}};
        }
        for (auto& error : errors) in.add(std::move(error));
        into.cooperating.push_back(std::move(read));
    });
    into.teller = in.optional_id<UnitId>("teller_unit_id");
    into.slip_plan = read_limits(in, "slip_plan");
    into.slip_complete = read_limits(in, "slip_complete");
    into.comment = std::string{trim(in.optional_text("comment", {.min = 1, .max = 500}))};
}

}  // namespace shouwen::matrix
