#include "modules/policy/rules/policy.hpp"

namespace shouwen::policy {
namespace {

using namespace std::chrono_literals;

Limits same(Limit limit)
{
    return {limit, limit, limit};
}

std::vector<KindLimits> default_limits()
{
    using enum ObligationKind;
    const auto natural = [](Duration duration) { return Limit::natural_time(duration); };
    return {
        {respond, {natural(1min), natural(30min), natural(2h)}},  // E5
        {triage, same(natural(15min))},
        {start_handling, same(natural(15min))},                         // E5, L1
        {plan, same(natural(2h))},                                      // E5, L2
        {resolve_or_answer, same(natural(24h))},                        // E5, L3
        {tell_progress, {natural(15min), natural(24h), natural(24h)}},  // E7, C7
        {acknowledge_slip, {natural(5min), natural(30min), Limit::working_time(2h)}},
        {appoint_and_contact, same(Limit::working_days(1))},                 // D5
        {slip_plan, {natural(30min), natural(2h), Limit::working_days(1)}},  // E8
        {slip_complete, {natural(4h), Limit::working_days(1), Limit::working_days(3)}},
        {confirm_slip, {natural(1h), natural(4h), Limit::working_days(1)}},
        {route_again, {natural(5min), natural(15min), Limit::working_time(1h)}},
        {rule_on_slip, {natural(5min), natural(15min), Limit::working_time(1h)}},
        {explain_plan, same(natural(30min))},                                 // E8
        {answer_hand_over, {natural(5min), natural(15min), natural(15min)}},  // A4
        {give_result, same(Limit::working_days(1))},                          // D7
        {close_out, same(Limit::working_days(3))},
        {follow_up, same(Limit::working_days(3))},  // D12
    };
}

WorkingCalendar office_hours()
{
    WorkingCalendar calendar;
    calendar.id = "office";
    calendar.name = "行政班（周一至周五）";
    for (std::size_t day = 0; day < 5; ++day) calendar.week[day] = {{9 * 60, 12 * 60}, {13 * 60 + 30, 18 * 60}};
    return calendar;
}

WorkingCalendar every_day()
{
    WorkingCalendar calendar;
    calendar.id = "every_day";
    calendar.name = "营业班（每日）";
    calendar.uses_public_holidays = false;
    for (auto& day : calendar.week) day = {{9 * 60, 22 * 60}};
    return calendar;
}

std::vector<ClassRules> default_classes()
{
    return {
        {Class::consultation,
         {{"product", {"产品与功能", "產品與功能", "Products and features"}},
          {"service_policy", {"服务政策", "服務政策", "Service policy"}},
          {"opening_hours", {"营业时间与位置", "營業時間與位置", "Opening hours and places"}},
          {"membership", {"会员与积分", "會員與點數", "Membership and points"}},
          {"parking", {"停车", "停車", "Parking"}},
          {"invoice", {"发票", "發票", "Invoices"}},
          {"other", {"其他咨询", "其他諮詢", "Other questions"}}},
         {"name"}},
        {Class::suggestion,
         {{"product_improvement", {"产品改进", "產品改善", "Better products"}},
          {"new_feature", {"新增功能", "新增功能", "New features"}},
          {"service_improvement", {"服务优化", "服務優化", "Better service"}},
          {"environment", {"环境与设施", "環境與設施", "Surroundings and facilities"}}},
         {"name"}},
        {Class::complaint,
         {{"product_quality", {"产品质量", "產品品質", "Product quality"}},
          {"service_attitude", {"服务态度", "服務態度", "Service attitude"}},
          {"service_quality", {"服务水平", "服務水準", "Service quality"}},
          {"charges", {"收费争议", "收費爭議", "Disputed charges"}},
          {"refund", {"退换货", "退換貨", "Returns and refunds"}},
          {"merchant", {"商家纠纷", "商家糾紛", "Disputes with merchants"}},
          {"safety", {"安全隐患", "安全疑慮", "Safety"}},
          {"noise", {"噪音扰民", "噪音擾民", "Noise"}}},
         {"name", "contact", "demand"}},
        {Class::help,
         {{"lost_property", {"失物招领", "失物招領", "Lost property"}},
          {"technical", {"技术协助", "技術協助", "Technical help"}},
          {"special_need", {"特殊需求", "特殊需求", "Special needs"}},
          {"emergency", {"紧急求助", "緊急求助", "Emergencies"}},
          {"other", {"其他求助", "其他求助", "Other help"}}},
         {"name", "contact"}},
        {Class::repair,
         {{"product_fault", {"产品故障", "產品故障", "Faulty product"}},
          {"elevator", {"电梯", "電梯", "Lifts"}},
          {"air_conditioning", {"空调", "空調", "Air conditioning"}},
          {"water_power", {"水电", "水電", "Water and power"}},
          {"charging", {"充电桩", "充電樁", "Charging points"}},
          {"system", {"系统异常", "系統異常", "System faults"}},
          {"other", {"其他报修", "其他報修", "Other repairs"}}},
         {"name", "contact"}},
        {Class::business,
         {{"parking_card", {"泊车卡办理", "停車卡辦理", "Parking card"}},
          {"inspection_card", {"检测卡办理", "檢測卡辦理", "Inspection card"}},
          {.code = "account_change", .name = {"资料变更", "資料變更", "Change of data"}, .needs_identity = true},
          {"contract", {"合同与入驻", "合約與進駐", "Contracts and tenancy"}},
          {"other", {"其他业务", "其他業務", "Other business"}}},
         {"name", "contact"}},
    };
}

std::vector<Category> default_rejection_reasons()
{
    return {
        {"not_our_matter", {"不属于本部门职责", "不屬於本部門職責", "Not this department's matter"}},
        {"other_department_leads", {"应由其他部门主办", "應由其他部門主辦", "Another department should lead"}},
        {"facts_missing", {"情况不清，需补充材料", "情況不明，需補充資料", "Facts are missing"}},
        {"already_in_work", {"同一问题已在办理", "同一問題已在辦理", "The same matter is in work already"}},
        {"beyond_means", {"超出本部门权限或条件", "超出本部門權限或條件", "Beyond the department's means"}},
    };
}

/// The regulation wants to know what the customer really experienced and whether it came back (D12); both are asked always,
/// these beside.
FollowUpRules default_follow_up()
{
    return {
        .classes = {Class::complaint},
        .after_dissatisfaction = true,
        .share_percent = 10,
        .attempts_max = 3,
        .attempt_interval = "PT4H",
        .questions = {{"attitude",
                       {"服务人员态度如何？", "服務人員態度如何？", "How was our staff's manner?"},
                       QuestionKind::score},
                      {"in_time",
                       {"是否在承诺的时间内解决？", "是否在承諾的時間內解決？", "Was it solved by the promised time?"},
                       QuestionKind::yes_no},
                      {"suggestion",
                       {"对我们的服务有什么建议？", "對我們的服務有什麼建議？", "What should we do better?"},
                       QuestionKind::text}}};
}

/// What is asked is repeated back and never written down (E3).
std::vector<Category> default_identity_questions()
{
    return {
        {"name", {"登记姓名", "登記姓名", "Name on file"}},
        {"phone_tail", {"预留手机号后四位", "預留手機號碼後四碼", "Last four digits of the phone number on file"}},
        {"email", {"注册邮箱", "註冊電子信箱", "E-mail address on file"}},
        {"last_service", {"最近一次办理的业务", "最近一次辦理的業務", "The service last used"}},
    };
}

}  // namespace

Document default_document()
{
    using enum ObligationKind;
    Document document;
    document.limits = default_limits();
    document.warnings_percent = {50, 80};
    document.chain_interval = "PT30M";
    document.paused_while_waiting = {start_handling, plan, resolve_or_answer, slip_plan, slip_complete, give_result};
    document.rejection_reasons = default_rejection_reasons();
    document.follow_up = default_follow_up();
    document.identity_questions = default_identity_questions();
    document.default_calendar = "office";
    document.calendars = {office_hours(), every_day()};
    document.classes = default_classes();
    document.consent_text_zh_cn =
        "为处理您的诉求，我们会记录您的姓名、联系方式和诉求内容，仅用于本次服务及后续回访，您可随时要求查看、更正或删除。";
    document.consent_text_zh_tw =
        "為處理您的訴求，我們會記錄您的姓名、聯絡方式和訴求內容，僅用於本次服務及後續回訪，您可隨時要求查閱、更正或刪除。";
    document.consent_text_en =
        "To handle your request we record your name, contact and what you write, for this service and its follow-up only. You may ask to see, "
        "correct or delete it at any time.";
    return document;
}

}  // namespace shouwen::policy
