#include "app/follow_ups.hpp"

#include "modules/ticket/rules/check.hpp"
#include "modules/ticket/store/asking.hpp"

namespace shouwen::app {
namespace {

using follow_up::Attempt;
using follow_up::FollowUp;

ticket::Receive matter_that_came_back(const ticket::Ticket& from, const Attempt& attempt, ticket::Desk& desk)
{
    // A category that was retired meanwhile is for a person to replace.
    const bool retired =
        from.class_ && ticket::is_foreign_category(*from.class_, from.category, *desk.surroundings().policy());
    return {.channel = Channel::phone,
            .customer = from.customer,
            .subject = from.subject,
            .content = attempt.experience,
            .demand = from.demand,
            .class_ = from.class_,
            .category = retired ? std::string{} : from.category,
            .area = from.area,
            .merchant = from.merchant,
            .queue_unit = from.owner_unit};
}

/// What is filed is opened again; what waits for its rating goes back to work.
ticket::Command way_on(const ticket::Ticket& ticket, const Attempt& attempt)
{
    if (ticket.is_closed()) return ticket::Reopen{attempt.experience};
    return ticket::StartRework{attempt.experience};
}

Result<TicketId, api::Problem> carry_out(const ticket::RouteContext& c, sql::Connection& db, const api::Actor& actor,
                                         const FollowUp& after, const Attempt& attempt, Instant now)
{
    auto& desk = c.desk;
    const auto stored = desk.load_for_command(db, after.ticket, now).value();
    // Who revisits acts for the unit, whoever owns the ticket.
    auto giver = ticket::giver_for(actor, ticket::scope_of(stored.ticket));
    giver.may_act_for_others = true;
    std::vector<ticket::Command> commands{ticket::RecordFollowUp{
        after.no, attempt.outcome, attempt.experience, attempt.satisfaction, attempt.recurred,
        after.ended_at.has_value(), after.ended_at ? std::nullopt : std::optional{after.next_attempt_at}}};
    if (attempt.recurrence == follow_up::Recurrence::reopen) commands.push_back(way_on(stored.ticket, attempt));
    auto done = desk.carry_out(db, stored, commands, giver, now);
    if (!done) return ticket::problem_of(done.error(), *desk.surroundings().organisation());
    TicketId made;
    if (attempt.recurrence == follow_up::Recurrence::new_ticket) {
        auto received = desk.receive(db, matter_that_came_back(stored.ticket, attempt, desk), giver, now);
        ensure(received.has_value(), "a known customer's matter without a foreign category is taken in");
        made = received->ticket.id;
        const auto link = [&](ticket::Stored& from, const ticket::Ticket& to, ticket::LinkCause cause) {
            auto linked = desk.carry_out(db, from, ticket::LinkTicket{to.id, to.number, cause}, giver, now);
            ensure(linked.has_value(), "a link is never refused");
            from = std::move(*linked);
        };
        link(*received, stored.ticket, ticket::LinkCause::recurrence_of);
        link(*done, received->ticket, ticket::LinkCause::recurred_as);
        c.publish(db, received->ticket, "receive");
    }
    c.publish(db, done->ticket, "record_follow_up");
    return made;
}

}  // namespace

follow_up::Services follow_up_services(const ticket::RouteContext& tickets,
                                       std::function<organisation::OrganisationPtr()> organisation,
                                       std::function<policy::PolicyPtr()> policy)
{
    return {
        .store = tickets.store,
        .clock = tickets.clock,
        .organisation = std::move(organisation),
        .policy = std::move(policy),
        .tickets = [](sql::Connection& db, std::span<const TicketId> ids) { return ticket::load_all(db, ids); },
        .customers = tickets.customers.find_all,
        .scope_of = [](const ticket::Ticket& each) { return ticket::scope_of(each); },
        .lock = [&desk = tickets.desk](sql::Connection& db, TicketId id,
                                       Instant now) { return desk.load_for_command(db, id, now).value().time(now); },
        .carry_out = [tickets](sql::Connection& db, const api::Actor& actor, const FollowUp& after,
                               const Attempt& attempt,
                               Instant now) { return app::carry_out(tickets, db, actor, after, attempt, now); },
        .wake = tickets.wake};
}

}  // namespace shouwen::app
