#include "modules/ticket/edge/public_form.hpp"
#include "platform/json/json_writer.hpp"

#include <fmt/format.h>

namespace shouwen::ticket {
namespace {

std::string clock_text(int minutes)
{
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

void write_hours(JsonWriter& out, const WorkingCalendar& calendar)
{
    out.begin_object().member("time_zone", calendar.time_zone).key("week").begin_object();
    for (const Weekday day : all_of<Weekday>()) {
        out.key(name_of(day)).begin_array();
        for (const auto& window : calendar.week[static_cast<std::size_t>(day)])
            out.begin_object().member("from", clock_text(window.from)).member("to", clock_text(window.to)).end_object();
        out.end_array();
    }
    out.end_object().end_object();
}

}  // namespace

std::string public_form_json(const policy::Policy& policy, const organisation::Organisation& organisation,
                             api::Language language)
{
    const auto& d = policy.document();
    const auto named = [&](const policy::Named& name) {
        return language == api::Language::en ? name.en : language == api::Language::zh_tw ? name.zh_tw : name.zh_cn;
    };
    JsonWriter out;
    out.begin_object().key("classes").begin_array();
    for (const Class each : all_of<Class>()) out.value(each);
    out.end_array().key("categories").begin_array();
    for (const auto& rules : d.classes)
        for (const auto& category : rules.categories) {
            if (category.retired) continue;
            out.begin_object()
                .member("class", rules.class_)
                .member("code", category.code)
                .member("name", named(category.name))
                .end_object();
        }
    out.end_array().key("areas").begin_array();
    for (const auto& area : organisation.areas())
        out.begin_object()
            .member("id", area.id)
            .member("name", area.name)
            .member("parent_id", area.parent)
            .end_object();
    out.end_array().key("merchants").begin_array();
    for (const auto& unit : organisation.units())
        if (unit.kind == organisation::UnitKind::merchant)
            out.begin_object().member("id", unit.id).member("name", unit.name).end_object();
    out.end_array().member("consent", named({d.consent_text_zh_cn, d.consent_text_zh_tw, d.consent_text_en}));
    // Nobody has graded a fresh request, and what is ungraded counts as L3.
    out.member("answer_within", to_string(policy.limit(ObligationKind::respond, Grade::L3)))
        .member("dissatisfied_up_to", d.dissatisfied_up_to);
    write_hours(out.key("hours"), policy.calendar(d.default_calendar).definition());
    return out.end_object().take();
}

}  // namespace shouwen::ticket
