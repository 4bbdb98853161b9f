#pragma once

#include "modules/ticket/rules/decide.hpp"

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

/// For tests of the rules: one ticket, a clock that the test moves, and a few people.
namespace shouwen::ticket {

namespace people {
inline constexpr UnitId desk{1}, technics{2}, production{3}, night_desk{4}, merchant{10};
inline constexpr StaffId owner{101}, colleague{102}, supervisor{103}, night{104}, technician{201}, fitter{202},
    producer{301};
}  // namespace people

inline Giver as_owner()
{
    return {.staff = people::owner, .unit = people::desk};
}
inline Giver as_colleague()
{
    return {.staff = people::colleague, .unit = people::desk};
}
/// Of another unit, and may own tickets.
inline Giver as_night_shift()
{
    return {.staff = people::night, .unit = people::night_desk};
}
inline Giver as_supervisor()
{
    return {.staff = people::supervisor,
            .unit = people::desk,
            .may_act_for_others = true,
            .may_close_with_reason = true,
            .may_cancel = true};
}
inline Giver as_technician()
{
    return {.staff = people::technician, .unit = people::technics, .works_on_slip = true};
}
inline Giver as_producer()
{
    return {.staff = people::producer, .unit = people::production, .works_on_slip = true};
}
inline Giver as_customer()
{
    return {.source = Source::customer};
}
inline Giver as_policy()
{
    return {.source = Source::policy, .may_act_for_others = true};
}

/// 2026-01-05, a Monday, 09:00 in Shanghai.
inline constexpr Instant monday_9h{Duration{1'767'574'800'000}};

inline policy::PolicyPtr policy_with(const std::function<void(policy::Document&)>& change = {})
{
    auto document = policy::default_document();
    if (change) change(document);
    return std::make_shared<const policy::Policy>(1, std::move(document));
}

class Life {
public:
    explicit Life(policy::PolicyPtr policy_ = policy_with()) : policy(std::move(policy_)) {}

    /// @returns why not, or nothing when it happened
    std::optional<Refusal> receive(Receive command, const Giver& by)
    {
        command.id = TicketId{1};
        command.number = "20260105-000001";
        if (!command.customer) command.customer = CustomerId{7};
        if (!command.queue_unit) command.queue_unit = people::desk;
        return keep(ticket::receive(command, by, context(), now));
    }
    std::optional<Refusal> give(const Command& command, const Giver& by = as_owner())
    {
        return keep(decide(ticket, command, by, context(), now));
    }
    /// The same for steps that lead to the situation of a test.
    Life& with(const Command& command, const Giver& by = as_owner())
    {
        if (const auto refused = give(command, by))
            throw std::logic_error("refused on the way: " + std::string{name_of(*refused)});
        return *this;
    }
    Life& after(Duration time)
    {
        now += time;
        return *this;
    }
    std::vector<std::string_view> commands(const Giver& by = as_owner()) const
    {
        return commands_now(ticket, by, context(), now);
    }
    std::vector<std::string_view> slip_commands(int slip, const Giver& by) const
    {
        return slip_commands_now(ticket, slip, by, context(), now);
    }
    Context context() const
    {
        return {.policy = policy,
                .calendar_of = [](UnitId) { return std::string{}; },
                .at_work = [this](StaffId staff) { return !gone.contains(staff); },
                .known_of_customer = known,
                // A merchant is handed parts of its own tickets only; there is no unit 99.
                .takes_slips = [](UnitId unit, UnitId of) { return unit.value < 10 || unit == of; },
                .works_for = [this](StaffId staff,
                                    UnitId unit) { return !gone.contains(staff) && staff.value / 100 == unit.value; },
                // Whoever works at the desk may own any ticket, others none.
                .takes_over =
                    [this](StaffId staff, const Ticket&) {
                        return !gone.contains(staff) && staff.value / 100 == 1
                                   ? (staff == people::night ? people::night_desk : people::desk)
                                   : UnitId{};
                    }};
    }

    /// Events of the last command that happened.
    template <class E>
    const E* happened() const
    {
        for (const auto& event : events)
            if (const auto* found = std::get_if<E>(&event)) return found;
        return nullptr;
    }
    const OpenObligation* owes(ObligationKind kind) const
    {
        for (const auto& each : ticket.obligations)
            if (each.kind == kind) return &each;
        return nullptr;
    }
    const TransferSlip& slip(int no = 1) const { return *ticket.find_slip(no); }
    std::optional<Instant> due(ObligationKind kind) const
    {
        const auto* open = owes(kind);
        return open ? std::optional{open->due_at} : std::nullopt;
    }
    /// How the obligation of a number ended by the last command: `met`, the cause of its cancelling, or empty.
    std::string ending_of(int no) const
    {
        for (const auto& event : events) {
            if (const auto* met = std::get_if<ObligationMet>(&event); met && met->no == no) return "met";
            if (const auto* cancelled = std::get_if<ObligationCancelled>(&event); cancelled && cancelled->no == no)
                return cancelled->cause;
        }
        return {};
    }

    policy::PolicyPtr policy;
    Ticket ticket;
    Instant now = monday_9h;
    Events events;
    Instant received_at = monday_9h;
    std::vector<std::string> known{"name", "contact"};
    std::set<StaffId> gone;

private:
    std::optional<Refusal> keep(Result<Decided, Refused> decided)
    {
        if (!decided) return decided.error().code;
        events = std::move(decided->events);
        ticket = std::move(decided->ticket);
        return std::nullopt;
    }
};

/// A place in a ticket's life, reached by the shortest way.
// clang-format off
BOOST_DEFINE_ENUM_CLASS(Place, web_queue, phone_triage, unclassified_triage, complaint_triage, handling_L1, handling_L2, handling_L3,
    complex_handling, foreign_handling, slip_issued, slip_acknowledged, slip_proposed, extension_asked, slip_completed,
    slip_rejected, awaiting_ruling, slip_ruled, handing_over, promised, waiting, proposed, declined, agreed, implemented, told, rated_well, reworking,
    rework_told, archived, reopened, cancelled)
// clang-format on

inline Receive call(std::optional<Class> of = Class::consultation)
{
    return {.channel = Channel::phone,
            .subject = "发票",
            .content = "想补开一张发票",
            .demand = "补开发票",
            .class_ = of,
            .category = "invoice"};
}
inline Receive web_request()
{
    return {.channel = Channel::web,
            .subject = "电梯故障",
            .content = "三号梯停在二楼",
            .class_ = Class::repair,
            .category = "elevator"};
}
inline Classify classification(Grade grade, Class of = Class::repair)
{
    return {.class_ = of, .category = of == Class::complaint ? "noise" : "elevator", .grade = grade};
}
inline constexpr const char* told_of_transfer = "已转技术部办理";
inline Transfer transfer(std::vector<SlipOrder> orders)
{
    return {std::move(orders), told_of_transfer};
}
inline SlipOrder order_for(UnitId unit)
{
    return {.unit = unit, .problem = "三号梯停在二楼", .demand = "恢复运行"};
}
inline constexpr const char* happy_reason = "";

inline Life at(Place place, policy::PolicyPtr policy = policy_with())
{
    using namespace std::chrono_literals;
    Life life{std::move(policy)};
    const auto start = [&](const Receive& receive, const Giver& by) {
        if (life.receive(receive, by)) throw std::logic_error("intake refused");
    };
    const auto propose = [&] { life.with(ProposeSolution{"换新门机", "停梯、更换、试运行", life.now + 4h}); };
    const auto tell = [&] {
        life.with(FinishImplementation{"已更换"}).with(GiveResult{"派修", "更换门机", "恢复运行"});
    };
    switch (place) {
        case Place::web_queue: start(web_request(), as_customer()); return life;
        case Place::unclassified_triage: start(call(std::nullopt), as_owner()); return life;
        case Place::complaint_triage: start(call(Class::complaint), as_owner()); return life;
        case Place::cancelled: start(call(), as_owner()); return life.with(Cancel{"重复来电"}, as_supervisor());
        default: start(call(), as_owner()); break;
    }
    switch (place) {
        case Place::phone_triage: return life;
        case Place::handling_L1: return life.with(classification(Grade::L1));
        case Place::handling_L2: return life.with(classification(Grade::L2));
        case Place::complex_handling:
            return life.with(Classify{Class::help, "technical", Grade::L3, Complexity::complex, true, {}});
        case Place::foreign_handling:
            return life.with(Classify{Class::help, "technical", Grade::L3, Complexity::simple, false, {}});
        default: life.with(classification(Grade::L3)); break;
    }
    if (place == Place::handling_L3) return life;
    if (place >= Place::slip_issued && place <= Place::slip_ruled) {
        life.with(transfer({order_for(people::technics)}));
        if (place == Place::slip_issued) return life;
        if (place == Place::slip_rejected || place == Place::awaiting_ruling || place == Place::slip_ruled) {
            life.with(RejectSlip{1, "not_our_matter"}, as_technician());
            if (place == Place::slip_rejected) return life;
            life.with(transfer({order_for(people::production)}));
            life.with(RejectSlip{2, "not_our_matter"}, as_producer());
            if (place == Place::awaiting_ruling) return life;
            return life.with(transfer({order_for(people::technics)}), as_supervisor());
        }
        life.with(AcknowledgeSlip{1}, as_technician());
        if (place == Place::slip_acknowledged) return life;
        if (place == Place::extension_asked)
            return life.with(Extend{1, "待备件", life.slip().due_at + 24h}, as_technician());
        life.with(ProposeForSlip{1, "更换门机", life.now + 4h}, as_technician());
        if (place == Place::slip_proposed) return life;
        return life.with(CompleteSlip{1, "已更换", "恢复运行"}, as_technician());
    }
    if (place == Place::handing_over) return life.with(HandOver{people::night, "已约周三上门"});
    if (place == Place::promised) return life.with(MakePromise{"待到货", life.now + 2h, "到货后上门"});
    if (place == Place::waiting) return life.with(WaitForCustomer{"等待订单号"});
    propose();
    if (place == Place::proposed) return life;
    if (place == Place::declined) return life.with(RecordAgreement{false, "太慢"});
    life.with(RecordAgreement{true, {}});
    if (place == Place::agreed) return life;
    if (place == Place::implemented) return life.with(FinishImplementation{"已更换"});
    tell();
    if (place == Place::told) return life;
    if (place == Place::reworking || place == Place::rework_told) {
        life.with(Rate{1, "又坏了", "customer"}, as_customer());
        if (place == Place::reworking) return life;
        propose();
        life.with(RecordAgreement{true, {}});
        tell();
        return life;
    }
    life.with(Rate{5, happy_reason, "customer"}, as_customer());
    if (place == Place::rated_well) return life;
    life.with(Archive{});
    if (place == Place::archived) return life;
    return life.with(Reopen{"再次发生"});
}

}  // namespace shouwen::ticket
