#include "modules/policy/rules/policy.hpp"

#include <algorithm>

namespace shouwen::policy {
namespace {

bool knows_code(const std::vector<Category>& tree, std::string_view code)
{
    return std::ranges::any_of(
        tree, [&](const Category& each) { return each.code == code || knows_code(each.children, code); });
}

bool has_code(const std::vector<Category>& tree, std::string_view code)
{
    return std::ranges::any_of(tree, [&](const Category& each) {
        return !each.retired && (each.code == code || has_code(each.children, code));
    });
}

bool asks_for_identity(const std::vector<Category>& tree, std::string_view code)
{
    return std::ranges::any_of(tree, [&](const Category& each) {
        // Retired ones too: an old ticket's matter is as private as a new one's.
        const bool is_it = each.code == code;
        return each.needs_identity ? is_it || knows_code(each.children, code)
                                   : !is_it && asks_for_identity(each.children, code);
    });
}

}  // namespace

const Limit& Limits::of(Grade grade) const
{
    switch (grade) {
        case Grade::L1: return L1;
        case Grade::L2: return L2;
        case Grade::L3: return L3;
    }
    return L3;
}

Policy::Policy(int version, Document document, std::shared_ptr<const Holidays> holidays)
    : version_(version),
      document_(std::move(document)),
      chain_interval_(parse_iso_duration(document_.chain_interval).value_or(Duration{})),
      attempt_interval_(parse_iso_duration(document_.follow_up.attempt_interval).value_or(Duration{}))
{
    ensure(chain_interval_.count() > 0, "a policy's chain interval is a positive duration");
    for (const auto& definition : document_.calendars) {
        auto made = Calendar::make(definition, holidays);
        ensure(made.has_value(), "a policy's calendars are valid");
        calendars_.emplace(definition.id, std::move(*made));
    }
    ensure(calendars_.contains(document_.default_calendar), "a policy's default calendar is one of its calendars");
}

const Limit& Policy::limit(ObligationKind kind, Grade grade) const
{
    const auto found = std::ranges::find(document_.limits, kind, &KindLimits::kind);
    ensure(found != document_.limits.end(), "a policy limits each kind of obligation but promises");
    return found->limits.of(grade);
}

const Calendar& Policy::calendar(std::string_view name) const
{
    auto found = calendars_.find(name);
    if (found == calendars_.end()) found = calendars_.find(document_.default_calendar);
    return found->second;
}

bool Policy::pauses_while_waiting(ObligationKind kind) const
{
    return std::ranges::find(document_.paused_while_waiting, kind) != document_.paused_while_waiting.end();
}

const ClassRules* Policy::rules_of(Class of) const
{
    const auto found = std::ranges::find(document_.classes, of, &ClassRules::class_);
    return found == document_.classes.end() ? nullptr : &*found;
}

bool Policy::is_category(Class of, std::string_view code) const
{
    const auto* rules = rules_of(of);
    return rules && has_code(rules->categories, code);
}

bool Policy::needs_identity(Class of, std::string_view code) const
{
    const auto* rules = rules_of(of);
    return rules && asks_for_identity(rules->categories, code);
}

bool Policy::is_rejection_reason(std::string_view code) const
{
    return has_code(document_.rejection_reasons, code);
}

}  // namespace shouwen::policy
