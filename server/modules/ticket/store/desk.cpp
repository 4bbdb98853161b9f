#include "modules/ticket/store/desk.hpp"

#include "platform/json/json_writer.hpp"

#include <algorithm>
#include <set>

namespace shouwen::ticket {
namespace {

using organisation::Permission;

std::string notice_payload(const Ticket& ticket)
{
    JsonWriter out;
    out.begin_object()
        .member("ticket_number", ticket.number)
        .member("subject", ticket.subject)
        .member("obligation_kind", nullptr)
        .member("due_at", nullptr)
        .member("refusal", nullptr)
        .key("missing")
        .begin_array()
        .end_array()
        .end_object();
    return out.take();
}

}  // namespace

Desk::Desk(Surroundings surroundings) : surroundings_(std::move(surroundings))
{
}

Giver Desk::giver(const organisation::Actor& actor)
{
    return {.staff = actor.staff,
            .unit = actor.unit,
            .source = Source::staff,
            .may_act_for_others = organisation::can_somewhere(actor, Permission::ticket_act_for_others),
            .may_close_with_reason = organisation::can_somewhere(actor, Permission::ticket_close_with_reason),
            .may_cancel = organisation::can_somewhere(actor, Permission::ticket_cancel)};
}

Context Desk::context(sql::Connection& db, CustomerId customer) const
{
    return context(surroundings_.known_of_customer(db, customer));
}

Context Desk::context(std::vector<std::string> known_of_customer) const
{
    const auto policy = surroundings_.policy();
    const auto organisation = surroundings_.organisation();
    return {.policy = policy,
            .calendar_of = [organisation](UnitId unit) { return std::string{organisation->calendar_of(unit)}; },
            .at_work =
                [organisation](StaffId staff) {
                    const auto* person = organisation->find(staff);
                    return person && !person->is_disabled();
                },
            .known_of_customer = std::move(known_of_customer),
            .takes_slips =
                [organisation](UnitId unit, UnitId merchant) {
                    // C1: a merchant works on its own tickets only.
                    const auto of = organisation->merchant_of(unit);
                    return organisation->find(unit) && (!of || of == merchant);
                },
            .works_for =
                [organisation](StaffId staff, UnitId unit) {
                    const auto* person = organisation->find(staff);
                    return person && !person->is_disabled() &&
                           std::ranges::count(organisation->upwards(person->unit), unit) > 0;
                },
            .takes_over =
                [organisation](StaffId staff, const Ticket& ticket) {
                    const auto actor = organisation->actor(staff);
                    if (!actor || !organisation::can_see(*actor, scope_of(ticket))) return UnitId{};
                    const organisation::TicketScope theirs{ticket.merchant, staff, actor->unit, {}, {}};
                    return organisation::can(*actor, Permission::ticket_act, theirs) ? actor->unit : UnitId{};
                }};
}

Result<Stored, Refused> Desk::receive(sql::Connection& db, Receive command, const Giver& by, Instant now,
                                      const std::optional<Hash>& secret_hash)
{
    command.id = surroundings_.ids.next<TicketId>(now);
    command.number = next_number(db, LocalDate{std::chrono::floor<std::chrono::days>(surroundings_.zone->local(now))});
    auto decided = ticket::receive(command, by, context(db, command.customer), now);
    if (!decided) return std::move(decided).error();
    std::vector<Decided> all;
    all.push_back(std::move(*decided));
    return write(db, nullptr, std::move(all), by.staff, now, now, secret_hash);
}

std::optional<Stored> Desk::load_for_command(sql::Connection& db, TicketId id, Instant now)
{
    lock(db, id);
    auto stored = load(db, id);
    if (stored && surroundings_.obligations.fire_due(db, id, stored->time(now), now)) stored = load(db, id);
    return stored;
}

Result<Stored, Refused> Desk::carry_out(sql::Connection& db, const Stored& stored, const Command& command,
                                        const Giver& by, Instant now)
{
    return carry_out(db, stored, {&command, 1}, by, now);
}

Result<Stored, Refused> Desk::carry_out(sql::Connection& db, const Stored& stored, std::span<const Command> commands,
                                        const Giver& by, Instant now)
{
    const Instant at = stored.time(now);
    const auto around = context(db, stored.ticket.customer);
    std::vector<Decided> decided;
    for (const auto& command : commands) {
        auto next = decide(decided.empty() ? stored.ticket : decided.back().ticket, command, by, around, at);
        if (!next) return std::move(next).error();
        decided.push_back(std::move(*next));
    }
    return write(db, &stored, std::move(decided), by.staff, at, now);
}

Stored Desk::write(sql::Connection& db, const Stored* before, std::vector<Decided> decided, StaffId actor, Instant at,
                   Instant now, const std::optional<Hash>& secret_hash)
{
    const auto end = save(db, before, decided, actor, at, surroundings_.ids, secret_hash);
    for (const auto& each : decided) {
        surroundings_.obligations.record(db, each.ticket, each.events, at);
        if (each.ticket.follow_up_no) surroundings_.follow_ups(db, each.ticket, each.events, at);
        tell_of(db, each.ticket, each.events, before == nullptr, actor, now);
        surroundings_.announce(db, each.ticket, each.events, now);
    }
    const Ticket& after = decided.back().ticket;
    surroundings_.index(db, after, !before || scope_of(before->ticket) != scope_of(after));
    return {std::move(decided.back().ticket), end.seq, end.hash, at};
}

void Desk::tell_of(sql::Connection& db, const Ticket& ticket, const Events& events, bool is_new, StaffId actor,
                   Instant now)
{
    const auto organisation = surroundings_.organisation();
    const auto tell_superiors = [&](std::string_view kind) {
        std::set<StaffId> told;
        const auto chain =
            ticket.owner ? organisation->chain_above(ticket.owner) : organisation->chain_above(ticket.queue_unit);
        if (chain.empty()) return;
        for (const StaffId each : chain.front())
            if (each != actor && told.insert(each).second)
                surroundings_.tell(db, each, kind, ticket.id, notice_payload(ticket), now);
    };
    tell_of_slips(db, ticket, events, actor, now);
    tell_of_hand_over(db, ticket, events, actor, now);
    for (const auto& event : events) {
        if (std::holds_alternative<Escalated>(event)) tell_superiors("escalated");
        if (const auto* rated = std::get_if<Rated>(&event); rated && ticket.rework) {
            tell_superiors("rated_low");
            if (ticket.owner && ticket.owner != actor)
                surroundings_.tell(db, ticket.owner, "rated_low", ticket.id, notice_payload(ticket), now);
        }
        // D12: who is dissatisfied after all is the superior's care, and the owner's to know.
        if (const auto* recorded = std::get_if<FollowUpRecorded>(&event); recorded && recorded->dissatisfied) {
            tell_superiors("follow_up_dissatisfied");
            if (ticket.owner && ticket.owner != actor)
                surroundings_.tell(db, ticket.owner, "follow_up_dissatisfied", ticket.id, notice_payload(ticket), now);
        }
        // E4, E7: an angry complaint and whatever is urgent is known to the supervisor at once.
        if (const auto* classified = std::get_if<Classified>(&event);
            classified && (classified->grade == Grade::L1 || classified->raised))
            tell_superiors("escalated");
        if (const auto* regraded = std::get_if<Regraded>(&event); regraded && regraded->to == Grade::L1)
            tell_superiors("escalated");
        if (const auto* taken = std::get_if<OwnershipTaken>(&event); taken && !is_new && taken->staff_id != actor)
            surroundings_.tell(db, taken->staff_id, "assigned", ticket.id, notice_payload(ticket), now);
    }
}

void Desk::tell_of_hand_over(sql::Connection& db, const Ticket& ticket, const Events& events, StaffId actor,
                             Instant now)
{
    const auto tell = [&](StaffId whom, std::string_view kind) {
        if (whom && whom != actor) surroundings_.tell(db, whom, kind, ticket.id, notice_payload(ticket), now);
    };
    for (const auto& event : events) {
        if (const auto* offered = std::get_if<HandOverOffered>(&event)) tell(offered->staff_id, "hand_over_offered");
        if (std::holds_alternative<HandOverDeclined>(event)) tell(ticket.owner, "hand_over_declined");
        if (const auto* withdrawn = std::get_if<HandOverWithdrawn>(&event))
            tell(withdrawn->staff_id, "hand_over_withdrawn");
        const auto* taken = std::get_if<OwnershipTaken>(&event);
        if (taken && taken->cause == TenureCause::hand_over)
            tell(ticket.tenures.at(ticket.tenures.size() - 2).staff_id, "hand_over_accepted");
    }
}

void Desk::tell_of_slips(sql::Connection& db, const Ticket& ticket, const Events& events, StaffId actor, Instant now)
{
    const auto organisation = surroundings_.organisation();
    const auto tell = [&](std::string_view kind, const std::vector<StaffId>& whom) {
        for (const StaffId each : whom)
            if (each && each != actor) surroundings_.tell(db, each, kind, ticket.id, notice_payload(ticket), now);
    };
    const auto tell_owner = [&](std::string_view kind) { tell(kind, {ticket.owner}); };
    // Whoever works on it; before there is anybody, who leads the unit.
    const auto tell_unit = [&](std::string_view kind, int no) {
        const auto* slip = ticket.find_slip(no);
        tell(kind, slip->handler ? std::vector{slip->handler} : organisation->heads_of(slip->unit));
    };
    for (const auto& event : events)
        std::visit(
            [&]([[maybe_unused]] const auto& e) {
                using E = std::remove_cvref_t<decltype(e)>;
                if constexpr (std::is_same_v<E, SlipIssued>) tell_unit("slip_issued", e.no);
                if constexpr (std::is_same_v<E, HandlerAppointed>) tell_unit("slip_appointed", e.no);
                if constexpr (std::is_same_v<E, SlipRejected>) tell_owner("slip_rejected");
                if constexpr (std::is_same_v<E, SlipSolutionProposed>) tell_owner("slip_proposed");
                if constexpr (std::is_same_v<E, ExtensionAsked>) tell_owner("extension_asked");
                if constexpr (std::is_same_v<E, SlipCompleted>) tell_owner("slip_completed");
                if constexpr (std::is_same_v<E, ExtensionGranted> || std::is_same_v<E, ExtensionDeclined>) {
                    tell_unit("extension_decided", e.no);
                    tell_owner("extension_decided");
                }
                if constexpr (std::is_same_v<E, SlipReturned>) tell_unit("slip_returned", e.no);
                if constexpr (std::is_same_v<E, SlipWithdrawn>) {
                    if (!e.ruling) tell_unit("slip_withdrawn", e.no);
                    tell_owner(e.ruling ? "ruled" : "slip_withdrawn");
                }
                if constexpr (std::is_same_v<E, Transferred>)
                    if (e.ruling) tell_owner("ruled");
                if constexpr (std::is_same_v<E, ObligationOpened>)
                    if (e.obligation.kind == ObligationKind::rule_on_slip)
                        tell("ruling_needed", organisation->heads_of(e.obligation.debtor.unit));
            },
            event);
}

organisation::TicketScope scope_of(const Ticket& ticket, const TransferSlip& slip)
{
    return {ticket.merchant, {}, {}, {}, {slip.unit}};
}

organisation::TicketScope scope_of(const Ticket& ticket)
{
    return {ticket.merchant, ticket.owner, ticket.owner_unit, ticket.queue_unit, ticket.slip_units()};
}

}  // namespace shouwen::ticket
