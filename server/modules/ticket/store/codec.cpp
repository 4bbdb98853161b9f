#include "modules/ticket/store/codec.hpp"

#include "platform/json/described_pause.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/parse.hpp>
#include <boost/mp11/algorithm.hpp>
#include <fmt/format.h>

namespace shouwen::ticket {

BOOST_DESCRIBE_STRUCT(Tenure, (), (staff_id, unit_id, from, to, cause))
BOOST_DESCRIBE_STRUCT(Promise, (), (no, reason, expected_at, procedure, promised_at, by_solution, kept_at, replaced_at))
BOOST_DESCRIBE_STRUCT(Debtor, (), (staff, unit))
BOOST_DESCRIBE_STRUCT(OpenObligation, (),
                      (no, kind, subject, debtor, calendar, limit, policy_version, starts_at, due_at, pauses,
                       paused_at))
BOOST_DESCRIBE_STRUCT(Solution, (), (solution, steps, expected_at, state, comment))
BOOST_DESCRIBE_STRUCT(ResultGiven, (), (handling, solution, result, given_at))
BOOST_DESCRIBE_STRUCT(Rating, (), (score, reason, source, at))
BOOST_DESCRIBE_STRUCT(Implementation, (), (summary, finished_at))
BOOST_DESCRIBE_STRUCT(Rework, (), (reason, since))
BOOST_DESCRIBE_STRUCT(Extension, (), (reason, new_due_at, asked_at))
BOOST_DESCRIBE_STRUCT(TransferSlip, (),
                      (no, unit, state, lead, ruled, handler, problem, demand, issued_at, due_at, acknowledged_at,
                       contacted_at, solution, expected_at, summary, result, completed_at, ended_at, reason,
                       returned_count, extension))
BOOST_DESCRIBE_STRUCT(HandOverOffer, (), (to, explanation, offered_at))
BOOST_DESCRIBE_STRUCT(Identity, (), (method, reference, at))
BOOST_DESCRIBE_STRUCT(Ticket, (),
                      (id, number, version, step, channel, class_, category, grade, complexity, in_scope, emotion,
                       subject, content, demand, customer, owner, owner_unit, queue_unit, lead_unit, merchant, area,
                       created_at, occurred_at, clock_start, first_response_at, triaged_at, completed_at, archived_at,
                       waiting_since, waiting_reason, escalated_at, first_contact_resolution, tenures, promises,
                       obligations, obligation_count, solution, implementation, result, rating, rework, slips,
                       rejection_count, hand_over, identity, was_dissatisfied, follow_up_no))

BOOST_DESCRIBE_STRUCT(TicketReceived, (),
                      (number, channel, customer_id, subject, content, demand, class_, category, area_id, merchant_id,
                       queue_unit_id, occurred_at))
BOOST_DESCRIBE_STRUCT(OwnershipTaken, (), (staff_id, unit_id, cause))
BOOST_DESCRIBE_STRUCT(Responded, (), (content))
BOOST_DESCRIBE_STRUCT(Classified, (), (class_, category, grade, complexity, in_scope, emotion, raised))
BOOST_DESCRIBE_STRUCT(Amended, (), (demand, category, area_id))
BOOST_DESCRIBE_STRUCT(Regraded, (), (from, to, reason))
BOOST_DESCRIBE_STRUCT(Noted, (), (content))
BOOST_DESCRIBE_STRUCT(Replied, (), (content))
BOOST_DESCRIBE_STRUCT(CustomerWrote, (), (content))
BOOST_DESCRIBE_STRUCT(Promised, (), (no, reason, expected_at, procedure, by_solution, replaces))
BOOST_DESCRIBE_STRUCT(PromiseKept, (), (no))
BOOST_DESCRIBE_STRUCT(PromiseWithdrawn, (), (no, cause))
BOOST_DESCRIBE_STRUCT(ProgressTold, (), (content))
BOOST_DESCRIBE_STRUCT(SolutionProposed, (), (solution, steps, expected_at))
BOOST_DESCRIBE_STRUCT(AgreementRecorded, (), (agreed, comment, source))
BOOST_DESCRIBE_STRUCT(ImplementationFinished, (), (summary))
BOOST_DESCRIBE_STRUCT(ResultTold, (), (handling, solution, result))
BOOST_DESCRIBE_STRUCT(ResolvedAtFirstContact, (), (handling, solution, result, at_once))
BOOST_DESCRIBE_STRUCT(Rated, (), (score, reason, source))
BOOST_DESCRIBE_STRUCT(ReworkStarted, (), (reason, dissatisfied))
BOOST_DESCRIBE_STRUCT(WaitingStarted, (), (reason))
BOOST_DESCRIBE_STRUCT(WaitingEnded, (), ())
BOOST_DESCRIBE_STRUCT(Escalated, (), (reason))
BOOST_DESCRIBE_STRUCT(Archived, (), (cause, reason))
BOOST_DESCRIBE_STRUCT(Reopened, (), (reason))
BOOST_DESCRIBE_STRUCT(Cancelled, (), (reason))
BOOST_DESCRIBE_STRUCT(AttachmentAdded, (), (attachment_id, filename, size_bytes, media_type))
BOOST_DESCRIBE_STRUCT(Transferred, (), (told_customer, ruling))
BOOST_DESCRIBE_STRUCT(SlipIssued, (), (no, unit_id, assignee_id, problem, demand, lead, ruled))
BOOST_DESCRIBE_STRUCT(SlipAcknowledged, (), (no))
BOOST_DESCRIBE_STRUCT(SlipRejected, (), (no, reason))
BOOST_DESCRIBE_STRUCT(HandlerAppointed, (), (no, staff_id))
BOOST_DESCRIBE_STRUCT(SlipCustomerContacted, (), (no, summary))
BOOST_DESCRIBE_STRUCT(SlipProgressReported, (), (no, content))
BOOST_DESCRIBE_STRUCT(SlipSolutionProposed, (), (no, solution, expected_at))
BOOST_DESCRIBE_STRUCT(ExtensionAsked, (), (no, reason, new_due_at))
BOOST_DESCRIBE_STRUCT(ExtensionGranted, (), (no, reason, new_due_at, told_customer))
BOOST_DESCRIBE_STRUCT(ExtensionDeclined, (), (no, reason))
BOOST_DESCRIBE_STRUCT(SlipCompleted, (), (no, summary, result))
BOOST_DESCRIBE_STRUCT(SlipConfirmed, (), (no))
BOOST_DESCRIBE_STRUCT(SlipReturned, (), (no, reason))
BOOST_DESCRIBE_STRUCT(SlipWithdrawn, (), (no, reason, ruling))
BOOST_DESCRIBE_STRUCT(HandOverOffered, (), (staff_id, explanation))
BOOST_DESCRIBE_STRUCT(HandOverDeclined, (), (reason))
BOOST_DESCRIBE_STRUCT(HandOverWithdrawn, (), (staff_id))
BOOST_DESCRIBE_STRUCT(IdentityVerified, (), (method, reference))
BOOST_DESCRIBE_STRUCT(FollowUpRecorded, (),
                      (no, outcome, content, satisfaction, recurred, dissatisfied, ended, next_at))
BOOST_DESCRIBE_STRUCT(TicketLinked, (), (ticket_id, number, cause))
BOOST_DESCRIBE_STRUCT(ObligationOpened, (), (obligation))
BOOST_DESCRIBE_STRUCT(ObligationMet, (), (no))
BOOST_DESCRIBE_STRUCT(ObligationMoved, (), (no, limit, due_at, pauses, cause))
BOOST_DESCRIBE_STRUCT(ObligationPassed, (), (no, debtor))
BOOST_DESCRIBE_STRUCT(ObligationPaused, (), (no))
BOOST_DESCRIBE_STRUCT(ObligationCancelled, (), (no, cause))

std::string to_state_json(const Ticket& ticket)
{
    JsonWriter out;
    out.reserve(2048);
    described::write(out, ticket);
    return out.take();
}

Ticket from_state_json(std::string_view json)
{
    Ticket ticket;
    described::read(boost::json::parse(json), ticket);
    // A field that is not there reads as none, so that older states can be read; these every ticket has had.
    if (!ticket.id || ticket.version < 1) throw described::StoredFormFault("the state of a ticket lacks id or version");
    return ticket;
}

std::string event_data_json(const Event& event)
{
    return std::visit([](const auto& each) { return described::to_json(each); }, event);
}

Event from_event_json(std::string_view type, std::string_view data)
{
    std::optional<Event> event;
    const auto value = boost::json::parse(data);
    std::size_t index = 0;
    boost::mp11::mp_for_each<boost::mp11::mp_rename<Event, boost::mp11::mp_list>>([&]<class E>(E read_into) {
        if (type == event_names[index]) {
            described::read(value, read_into);
            event = std::move(read_into);
        }
        ++index;
    });
    if (!event) throw described::StoredFormFault("unknown type of event: " + std::string{type});
    return std::move(*event);
}

Hash chain_hash(const Hash& before, TicketId ticket, std::int64_t seq, Instant at, StaffId actor, std::string_view type,
                std::string_view data)
{
    fmt::memory_buffer bytes;
    bytes.append(before.raw());
    fmt::format_to(std::back_inserter(bytes), "{}\n{}\n{}\n{}\n{}\n", ticket.value, seq, to_ms(at), actor.value, type);
    bytes.append(data);
    return hash_of({bytes.data(), bytes.size()});
}

}  // namespace shouwen::ticket
