#include "app/demo_improvements.hpp"

#include "modules/follow_up/store/follow_ups.hpp"
#include "modules/improvement/store/improvements.hpp"

#include <array>

namespace shouwen::app::demonstration {
namespace {

using namespace std::chrono_literals;
using improvement::Improvement;
using improvement::Source;

struct Line {
    const char* title;
    const char* problem;
    const char* measure;
    const char* owner;
    Source source;
    int age_days;
    const char* summary;  ///< empty: the owner is still at it
    const char* finding;  ///< empty: nobody has checked it yet
};
constexpr std::array lines{
    Line{"装修施工时间提前告知", "住户投诉早间施工噪音，事先没有收到通知。",
         "施工许可附带公示要求，提前三天张贴并短信告知住户。", "quality1", Source::complaint, 6, "", ""},
    Line{"食品异物投诉的留样核查", "同一商家一个月内三起异物投诉，留样不全。",
         "商家每批次留样四十八小时，每周抽查一次并登记。", "production1", Source::follow_up, 20,
         "已下发留样登记表，首周抽查合格。", ""},
    Line{"服务台一次告知清单", "客户因缺少材料往返三次。", "十类常办业务制作一次告知清单，放在服务台和小程序。",
         "aftersales1", Source::complaint, 45, "清单已上线并培训服务台人员。", "一个月内未再发生因缺材料往返。"},
};

Improvement item_of(const Line& line, const follow_up::FollowUp* from, Centre& centre, Instant now)
{
    const auto organisation = centre.directory().current();
    const Instant made = now - 24h * line.age_days;
    Improvement item;
    item.id = centre.ids().next<ImprovementId>(made);
    item.source = line.source;
    if (from) item.ticket = from->ticket;
    item.title = line.title;
    item.problem = line.problem;
    item.owner = organisation->find_login(line.owner)->id;
    item.unit = organisation->find(item.owner)->unit;
    item.merchant = organisation->merchant_of(item.unit);
    item.checker = organisation->find_login("inspector1")->id;
    item.author = organisation->find_login("supervisor1")->id;
    item.created_at = made;
    improvement::begin(item, {line.measure, made + 24h * 10, made + 24h * 40}, made);
    return item;
}

}  // namespace

void make_improvements(Centre& centre, Instant now)
{
    centre.store().write([&](sql::Connection& db) {
        const organisation::ReadFence everything{
            .reach = organisation::ReadFence::Reach::all, .merchant = {}, .units = {}, .staff = {}};
        const auto due = follow_up::list(db, everything, {}, static_cast<int>(lines.size()));
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto* from = i < due.items.size() ? &due.items[i] : nullptr;
            auto item = item_of(lines[i], from, centre, now);
            if (from)
                if (const auto stored = ticket::load(db, from->ticket)) item.reference = stored->ticket.number;
            improvement::insert(db, item, *centre.policies().current());
            const Instant made = item.created_at;
            if (*lines[i].summary) improvement::finish(item, lines[i].summary, made + 24h * 8);
            if (*lines[i].finding) improvement::assess(item, item.checker, true, lines[i].finding, {}, made + 24h * 41);
            improvement::update(db, item, *centre.policies().current());
        }
    });
}

}  // namespace shouwen::app::demonstration
