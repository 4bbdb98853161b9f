#include "modules/policy/edge/document_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace shouwen::policy {
namespace {

namespace json = boost::json;
using api::ObjectReader;

constexpr api::TextLimits name_limits{.min = 1, .max = 100};
constexpr api::TextLimits code_limits{.min = 1, .max = 64};
constexpr std::array<std::string_view, 6> record_fields{"name", "contact", "address", "demand", "category", "area"};

// --- Writing -------------------------------------------------------------------------------------------------------------

void write_named(JsonWriter& out, const Named& name)
{
    out.begin_object().member("zh-CN", name.zh_cn).member("zh-TW", name.zh_tw).member("en", name.en).end_object();
}

void write_categories(JsonWriter& out, const std::vector<Category>& tree)
{
    out.begin_array();
    for (const auto& each : tree) {
        out.begin_object().member("code", each.code).key("name");
        write_named(out, each.name);
        out.member("retired", each.retired).member("needs_identity", each.needs_identity).key("children");
        write_categories(out, each.children);
        out.end_object();
    }
    out.end_array();
}

std::string clock_text(int minutes)
{
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

void write_calendar(JsonWriter& out, const WorkingCalendar& calendar)
{
    out.begin_object()
        .member("id", calendar.id)
        .member("name", calendar.name)
        .member("time_zone", calendar.time_zone)
        .member("kind", calendar.kind)
        .member("uses_public_holidays", calendar.uses_public_holidays)
        .member("make_up_weekday", calendar.make_up_weekday)
        .key("week")
        .begin_object();
    for (const Weekday day : all_of<Weekday>()) {
        out.key(name_of(day)).begin_array();
        for (const auto& window : calendar.week[static_cast<std::size_t>(day)])
            out.begin_object().member("from", clock_text(window.from)).member("to", clock_text(window.to)).end_object();
        out.end_array();
    }
    out.end_object().end_object();
}

// --- Reading -------------------------------------------------------------------------------------------------------------

Named read_named(ObjectReader& in, std::string_view field)
{
    Named name;
    in.required_object(field, [&](ObjectReader& texts) {
        name.zh_cn = texts.text("zh-CN", name_limits);
        name.zh_tw = texts.text("zh-TW", name_limits);
        name.en = texts.text("en", name_limits);
    });
    return name;
}

std::vector<Category> read_categories(ObjectReader& in, std::string_view field, std::set<std::string>& codes, int depth)
{
    std::vector<Category> tree;
    in.array(field, 200, [&](const json::value& item, const std::string& pointer) {
        FieldErrors errors;
        Category category;
        {
            ObjectReader each{item, pointer, errors};
            category.code = each.text("code", code_limits);
            category.name = read_named(each, "name");
            category.retired = each.optional_boolean("retired").value_or(false);
            category.needs_identity = each.optional_boolean("needs_identity").value_or(false);
            if (!category.code.empty() && !codes.insert(category.code).second) each.fail("code", "duplicate");
            if (depth > 1)
                category.children = read_categories(each, "children", codes, depth - 1);
            else if (each.array("children", 0, [](const json::value&, const std::string&) {})) {
            }
        }
        for (auto& error : errors) in.add(std::move(error));
        tree.push_back(std::move(category));
    });
    return tree;
}

std::optional<int> read_clock(std::string_view text)
{
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t i : {0U, 1U, 3U, 4U})
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
    const int hours = (text[0] - '0') * 10 + (text[1] - '0');
    const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
    if (hours > 24 || minutes > 59 || hours * 60 + minutes > 24 * 60) return std::nullopt;
    return hours * 60 + minutes;
}

int read_clock(ObjectReader& in, std::string_view field)
{
    const auto text = in.text(field, {.min = 1, .max = 5});
    const auto minutes = read_clock(text);
    if (!text.empty() && !minutes) in.fail(field, "not_a_clock_time");
    return minutes.value_or(0);
}

WorkingCalendar read_calendar(ObjectReader& in)
{
    WorkingCalendar calendar;
    calendar.id = in.text("id", code_limits);
    calendar.name = in.text("name", name_limits);
    calendar.time_zone = in.text("time_zone", code_limits);
    calendar.kind = in.optional_choice<CalendarKind>("kind").value_or(CalendarKind::working);
    calendar.uses_public_holidays = in.optional_boolean("uses_public_holidays").value_or(true);
    calendar.make_up_weekday = in.optional_choice<Weekday>("make_up_weekday").value_or(Weekday::monday);
    in.required_object("week", [&](ObjectReader& week) {
        for (const Weekday day : all_of<Weekday>())
            week.array(name_of(day), 12, [&](const json::value& item, const std::string& pointer) {
                FieldErrors errors;
                {
                    ObjectReader window{item, pointer, errors};
                    const int from = read_clock(window, "from");
                    calendar.week[static_cast<std::size_t>(day)].push_back({from, read_clock(window, "to")});
                }
                for (auto& error : errors) week.add(std::move(error));
            });
    });
    return calendar;
}

void read_calendars(ObjectReader& in, Document& into)
{
    std::set<std::string> ids;
    in.array("calendars", 100, [&](const json::value& item, const std::string& pointer) {
        FieldErrors errors;
        WorkingCalendar calendar;
        {
            ObjectReader each{item, pointer, errors};
            calendar = read_calendar(each);
            if (!calendar.id.empty() && !ids.insert(calendar.id).second) each.fail("id", "duplicate");
        }
        if (errors.empty())
            for (const auto& error : check(calendar))
                errors.push_back({pointer + error.pointer, std::string{name_of(error.code)}, {}});
        for (auto& error : errors) in.add(std::move(error));
        into.calendars.push_back(std::move(calendar));
    });
    if (!ids.contains(into.default_calendar)) in.fail("default_calendar", "calendar_unknown");
}

Limit read_limit(ObjectReader& in, std::string_view field)
{
    const auto text = in.text(field, {.min = 1, .max = 50});
    const auto limit = parse_limit(text);
    if (!text.empty() && !limit) in.fail(field, "not_a_limit");
    return limit.value_or(Limit{});
}

/// Documents of before there were transfer slips, hand-overs or revisits know no limits of them: the regulations' defaults hold.
bool came_later(ObligationKind kind)
{
    using enum ObligationKind;
    constexpr std::array later{acknowledge_slip, appoint_and_contact, slip_plan,    slip_complete,    confirm_slip,
                               route_again,      rule_on_slip,        explain_plan, answer_hand_over, follow_up};
    return std::ranges::find(later, kind) != later.end();
}

KindLimits default_limits_of(ObligationKind kind)
{
    static const auto defaults = default_document().limits;
    return *std::ranges::find(defaults, kind, &KindLimits::kind);
}

void read_limits(ObjectReader& in, Document& into)
{
    in.required_object("limits", [&](ObjectReader& limits) {
        for (const ObligationKind kind : all_of<ObligationKind>()) {
            if (kind == ObligationKind::keep_promise) continue;  // its limit is the time that was promised
            if (came_later(kind) && !limits.has(name_of(kind))) {
                into.limits.push_back(default_limits_of(kind));
                continue;
            }
            limits.required_object(name_of(kind), [&](ObjectReader& grades) {
                into.limits.push_back(
                    {kind, {read_limit(grades, "L1"), read_limit(grades, "L2"), read_limit(grades, "L3")}});
            });
        }
    });
}

/// What a document of before there were transfer slips lacks has the regulations' defaults.
void read_rejections(ObjectReader& in, Document& into)
{
    const auto defaults = default_document();
    std::set<std::string> codes;
    into.rejection_reasons =
        in.has("rejection_reasons") ? read_categories(in, "rejection_reasons", codes, 1) : defaults.rejection_reasons;
    into.strict_rejection_reasons =
        in.optional_boolean("strict_rejection_reasons").value_or(defaults.strict_rejection_reasons);
    into.rejections_until_ruling = in.has("rejections_until_ruling")
                                       ? static_cast<int>(in.integer("rejections_until_ruling", 1, 9))
                                       : defaults.rejections_until_ruling;
}

std::vector<Question> read_questions(ObjectReader& in)
{
    std::vector<Question> questions;
    std::set<std::string> codes;
    in.array("questions", 30, [&](const json::value& item, const std::string& pointer) {
        FieldErrors errors;
        Question question;
        {
            ObjectReader each{item, pointer, errors};
            question.code = each.text("code", code_limits);
            question.text = read_named(each, "text");
            question.kind = each.choice<QuestionKind>("kind");
            if (!question.code.empty() && !codes.insert(question.code).second) each.fail("code", "duplicate");
        }
        for (auto& error : errors) in.add(std::move(error));
        questions.push_back(std::move(question));
    });
    return questions;
}

/// What a document of before there were revisits lacks has the regulations' defaults.
void read_follow_up(ObjectReader& in, Document& into)
{
    const auto read = [&](ObjectReader& rules) {
        auto& f = into.follow_up;
        for (const auto& word : rules.texts("classes", 6, code_limits)) {
            if (const auto each = parse_name<Class>(word))
                f.classes.push_back(*each);
            else
                rules.fail("classes", "not_a_choice", "consultation, suggestion, complaint, help, repair, business");
        }
        f.after_dissatisfaction = rules.boolean("after_dissatisfaction");
        f.share_percent = static_cast<int>(rules.integer("share_percent", 0, 100));
        f.attempts_max = static_cast<int>(rules.integer("attempts_max", 1, 20));
        f.attempt_interval = rules.text("attempt_interval", {.min = 1, .max = 50});
        const auto interval = parse_iso_duration(f.attempt_interval);
        if (!f.attempt_interval.empty() && (!interval || interval->count() <= 0))
            rules.fail("attempt_interval", "not_a_duration");
        f.questions = read_questions(rules);
    };
    if (!in.object("follow_up", read)) into.follow_up = default_document().follow_up;
}

void read_identity(ObjectReader& in, Document& into)
{
    std::set<std::string> codes;
    into.identity_questions = in.has("identity_questions") ? read_categories(in, "identity_questions", codes, 1)
                                                           : default_document().identity_questions;
}

void write_follow_up(JsonWriter& out, const FollowUpRules& f)
{
    out.key("follow_up").begin_object().key("classes").begin_array();
    for (const auto each : f.classes) out.value(each);
    out.end_array()
        .member("after_dissatisfaction", f.after_dissatisfaction)
        .member("share_percent", f.share_percent)
        .member("attempts_max", f.attempts_max)
        .member("attempt_interval", f.attempt_interval)
        .key("questions")
        .begin_array();
    for (const auto& question : f.questions) {
        out.begin_object().member("code", question.code).key("text");
        write_named(out, question.text);
        out.member("kind", question.kind).end_object();
    }
    out.end_array().end_object();
}

void read_classes(ObjectReader& in, Document& into)
{
    in.required_object("classes", [&](ObjectReader& classes) {
        for (const Class each : all_of<Class>())
            classes.required_object(name_of(each), [&](ObjectReader& rules) {
                std::set<std::string> codes;
                ClassRules read{each, read_categories(rules, "categories", codes, 3),
                                rules.texts("required_fields", 12, code_limits)};
                for (const auto& field : read.required_fields)
                    if (std::ranges::find(record_fields, field) == record_fields.end())
                        rules.fail("required_fields", "not_a_choice", "name, contact, address, demand, category, area");
                into.classes.push_back(std::move(read));
            });
    });
}

void read_warnings(ObjectReader& in, Document& into)
{
    in.array("warnings_percent", 5, [&](const json::value& item, const std::string& pointer) {
        const auto* percent = item.if_int64();
        if (!percent || *percent < 1 || *percent > 99)
            in.add({pointer, "out_of_range", "1..99"});
        else
            into.warnings_percent.push_back(static_cast<int>(*percent));
    });
    std::ranges::sort(into.warnings_percent);
    if (std::ranges::adjacent_find(into.warnings_percent) != into.warnings_percent.end())
        in.fail("warnings_percent", "duplicate");
}

}  // namespace

void write_document(JsonWriter& out, const Document& d)
{
    out.begin_object().key("limits").begin_object();
    for (const auto& each : d.limits)
        out.key(name_of(each.kind))
            .begin_object()
            .member("L1", to_string(each.limits.L1))
            .member("L2", to_string(each.limits.L2))
            .member("L3", to_string(each.limits.L3))
            .end_object();
    out.end_object().key("warnings_percent").begin_array();
    for (const int percent : d.warnings_percent) out.value(percent);
    out.end_array().member("chain_interval", d.chain_interval).key("paused_while_waiting").begin_array();
    for (const auto kind : d.paused_while_waiting) out.value(kind);
    out.end_array()
        .member("dissatisfied_up_to", d.dissatisfied_up_to)
        .member("archive_when_unanswered", d.archive_when_unanswered)
        .member("confirm_filing_above", d.confirm_filing_above)
        .member("raise_angry_complaints", d.raise_angry_complaints)
        .member("strict_categories", d.strict_categories)
        .key("rejection_reasons");
    write_categories(out, d.rejection_reasons);
    out.member("strict_rejection_reasons", d.strict_rejection_reasons)
        .member("rejections_until_ruling", d.rejections_until_ruling);
    write_follow_up(out, d.follow_up);
    out.key("identity_questions");
    write_categories(out, d.identity_questions);
    out.member("default_calendar", d.default_calendar).key("calendars").begin_array();
    for (const auto& calendar : d.calendars) write_calendar(out, calendar);
    out.end_array().key("classes").begin_object();
    for (const auto& rules : d.classes) {
        out.key(name_of(rules.class_)).begin_object().key("categories");
        write_categories(out, rules.categories);
        out.key("required_fields").begin_array();
        for (const auto& field : rules.required_fields) out.value(field);
        out.end_array().end_object();
    }
    out.end_object().key("consent").begin_object();
    out.member("zh-CN", d.consent_text_zh_cn)
        .member("zh-TW", d.consent_text_zh_tw)
        .member("en", d.consent_text_en)
        .end_object()
        .end_object();
}

void read_document(ObjectReader& in, Document& into)
{
    read_limits(in, into);
    read_warnings(in, into);
    into.chain_interval = in.text("chain_interval", {.min = 1, .max = 50});
    const auto interval = parse_iso_duration(into.chain_interval);
    if (!into.chain_interval.empty() && (!interval || interval->count() <= 0))
        in.fail("chain_interval", "not_a_duration");
    for (const auto& word : in.texts("paused_while_waiting", 50, code_limits)) {
        if (const auto kind = parse_name<ObligationKind>(word))
            into.paused_while_waiting.push_back(*kind);
        else
            in.fail("paused_while_waiting", "not_a_choice", word);
    }
    into.dissatisfied_up_to = static_cast<int>(in.integer("dissatisfied_up_to", 0, 4));
    into.archive_when_unanswered = in.boolean("archive_when_unanswered");
    into.confirm_filing_above =
        static_cast<int>(in.optional_integer("confirm_filing_above", 1, 100'000).value_or(into.confirm_filing_above));
    into.raise_angry_complaints = in.boolean("raise_angry_complaints");
    into.strict_categories = in.boolean("strict_categories");
    read_rejections(in, into);
    read_follow_up(in, into);
    read_identity(in, into);
    into.default_calendar = in.text("default_calendar", code_limits);
    read_calendars(in, into);
    read_classes(in, into);
    in.required_object("consent", [&](ObjectReader& texts) {
        into.consent_text_zh_cn = texts.text("zh-CN", {.min = 1, .max = 5'000});
        into.consent_text_zh_tw = texts.text("zh-TW", {.min = 1, .max = 5'000});
        into.consent_text_en = texts.text("en", {.min = 1, .max = 5'000});
    });
}

}  // namespace shouwen::policy
