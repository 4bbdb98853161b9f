#include "app/case_work.hpp"

#include "platform/outbox/outbox.hpp"

namespace shouwen::app {
namespace {

/// One notice to a person about a ticket, or to nobody a line of the log, in the transaction of its cause.
void tell(sql::Connection& db, StaffId staff, std::string_view kind, TicketId ticket, std::string_view payload,
          Instant now)
{
    const auto target = staff ? staff.text() : std::string{outbox::log_channel};
    outbox::enqueue(db, {staff ? outbox::notice_channel : outbox::log_channel, target, kind, payload, ticket}, now);
}

}  // namespace

void CaseWork::Book::record(sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events, Instant at)
{
    obligations_.record(db, after, events, at);
}

bool CaseWork::Book::fire_due(sql::Connection& db, TicketId ticket, Instant until, Instant now)
{
    return obligations_.fire_due(db, ticket, until, now);
}

CaseWork::CaseWork(const Surroundings& surroundings)
    : obligations_({surroundings.policy, surroundings.organisation, tell,
                    [this](sql::Connection& db, TicketId id, Instant now) { return close_by_policy(db, id, now); },
                    surroundings.announce_fired, surroundings.filing, surroundings.hold_filing}),
      desk_({surroundings.policy, surroundings.organisation, surroundings.known_of_customer, book_, surroundings.index,
             tell, surroundings.announce, surroundings.follow_ups, surroundings.ids, surroundings.zone})
{
}

std::optional<ticket::Refused> CaseWork::close_by_policy(sql::Connection& db, TicketId id, Instant now)
{
    const auto stored = ticket::load(db, id);
    ensure(stored.has_value(), "an obligation is one of a ticket");
    auto filed = desk_.carry_out(db, *stored, ticket::Archive{}, ticket::Desk::the_policy(), now);
    return filed ? std::nullopt : std::optional{std::move(filed).error()};
}

}  // namespace shouwen::app
