#include "modules/policy/rules/policy.hpp"
#include "base/names.hpp"

#include <gtest/gtest.h>

#include <set>

namespace shouwen::policy {
namespace {

using namespace std::chrono_literals;

TEST(E5_Policy, DefaultsAreThoseOfTheRegulations)
{
    using enum ObligationKind;
    const Policy policy{1, default_document()};
    const struct {
        ObligationKind kind;
        Grade grade;
        Limit limit;
    } cases[] = {
        {respond, Grade::L1, Limit::natural_time(1min)},
        {respond, Grade::L2, Limit::natural_time(30min)},
        {respond, Grade::L3, Limit::natural_time(2h)},
        {triage, Grade::L3, Limit::natural_time(15min)},
        {start_handling, Grade::L1, Limit::natural_time(15min)},
        {plan, Grade::L2, Limit::natural_time(2h)},
        {resolve_or_answer, Grade::L3, Limit::natural_time(24h)},
        {tell_progress, Grade::L1, Limit::natural_time(15min)},
        {acknowledge_slip, Grade::L1, Limit::natural_time(5min)},
        {acknowledge_slip, Grade::L2, Limit::natural_time(30min)},
        {acknowledge_slip, Grade::L3, Limit::working_time(2h)},
        {appoint_and_contact, Grade::L2, Limit::working_days(1)},
        {confirm_slip, Grade::L1, Limit::natural_time(1h)},
        {confirm_slip, Grade::L3, Limit::working_days(1)},
        {route_again, Grade::L1, Limit::natural_time(5min)},
        {rule_on_slip, Grade::L3, Limit::working_time(1h)},
        {explain_plan, Grade::L3, Limit::natural_time(30min)},
        {answer_hand_over, Grade::L1, Limit::natural_time(5min)},
        {answer_hand_over, Grade::L3, Limit::natural_time(15min)},
        {give_result, Grade::L2, Limit::working_days(1)},
        {close_out, Grade::L3, Limit::working_days(3)},
    };
    for (const auto& c : cases)
        EXPECT_EQ(policy.limit(c.kind, c.grade), c.limit) << name_of(c.kind) << name_of(c.grade);
    EXPECT_EQ(policy.document().warnings_percent, (std::vector{50, 80}));
}

TEST(A14_Policy, ListsReasonsForWhichASlipMayBeRejectedInThreeLanguages)
{
    auto document = default_document();
    ASSERT_FALSE(document.rejection_reasons.empty());
    document.rejection_reasons.front().retired = true;
    const Policy policy{1, document};
    std::set<std::string> codes;
    for (const auto& each : document.rejection_reasons) {
        EXPECT_TRUE(codes.insert(each.code).second) << each.code;
        EXPECT_FALSE(each.name.zh_cn.empty() || each.name.zh_tw.empty() || each.name.en.empty()) << each.code;
        EXPECT_EQ(policy.is_rejection_reason(each.code), !each.retired) << each.code;
    }
    EXPECT_FALSE(policy.is_rejection_reason("no_such_reason"));
    EXPECT_EQ(document.rejections_until_ruling, 2);
}

TEST(E5_Policy, LimitsEachKindButPromises)
{
    const Policy policy{1, default_document()};
    for (const auto kind : all_of<ObligationKind>())
        for (const Grade grade : all_of<Grade>())
            if (kind != ObligationKind::keep_promise) EXPECT_NO_THROW(policy.limit(kind, grade)) << name_of(kind);
}

TEST(D3_Policy, HasATreeOfUniqueCodesForEachClassInThreeLanguages)
{
    const Policy policy{1, default_document()};
    for (const Class each : all_of<Class>()) {
        SCOPED_TRACE(name_of(each));
        const auto* rules = policy.rules_of(each);
        ASSERT_TRUE(rules);
        std::set<std::string> codes;
        for (const auto& category : rules->categories) {
            EXPECT_TRUE(codes.insert(category.code).second) << category.code;
            EXPECT_TRUE(policy.is_category(each, category.code));
            EXPECT_FALSE(category.name.zh_cn.empty() || category.name.zh_tw.empty() || category.name.en.empty())
                << category.code;
        }
        EXPECT_FALSE(policy.is_category(each, "no_such_category"));
    }
}

TEST(D3_Policy, ARetiredCategoryAndWhatIsBeneathItCannotBeChosen)
{
    auto document = default_document();
    document.classes[0].categories = {
        {.code = "parking",
         .name = {"停车", "停車", "Parking"},
         .children = {{.code = "monthly", .name = {"月卡", "月卡", "Monthly"}},
                      {.code = "coupon", .name = {"券", "券", "Coupon"}, .retired = true}}},
        {.code = "invoice",
         .name = {"发票", "發票", "Invoices"},
         .retired = true,
         .children = {{.code = "paper", .name = {"纸质", "紙本", "Paper"}}}}};
    const Class of = document.classes[0].class_;
    const Policy policy{1, document};
    EXPECT_TRUE(policy.is_category(of, "parking"));
    EXPECT_TRUE(policy.is_category(of, "monthly"));
    EXPECT_FALSE(policy.is_category(of, "coupon"));
    EXPECT_FALSE(policy.is_category(of, "invoice"));
    EXPECT_FALSE(policy.is_category(of, "paper"));
}

TEST(E5_Policy, FallsBackToItsDefaultCalendar)
{
    const Policy policy{1, default_document()};
    const Instant monday_9h{Duration{1'767'574'800'000}};
    EXPECT_EQ(policy.calendar("").add_working_time(monday_9h, 1h),
              policy.calendar("office").add_working_time(monday_9h, 1h));
    EXPECT_EQ(policy.calendar("gone").add_working_days(monday_9h, 1),
              policy.calendar("office").add_working_days(monday_9h, 1));
}

TEST(E5_Policy, RefusesToBeMadeOfAnInvalidDocument)
{
    auto without_interval = default_document();
    without_interval.chain_interval = "PT0S";
    EXPECT_THROW((Policy{1, without_interval}), BrokenInvariant);
    auto without_calendar = default_document();
    without_calendar.default_calendar = "gone";
    EXPECT_THROW((Policy{1, without_calendar}), BrokenInvariant);
}

}  // namespace
}  // namespace shouwen::policy
