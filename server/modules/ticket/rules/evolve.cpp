#include "modules/ticket/rules/event.hpp"

#include "base/result.hpp"

#include <algorithm>

namespace shouwen::ticket {
namespace {

OpenObligation& open_obligation(Ticket& ticket, int no)
{
    const auto found = std::ranges::find(ticket.obligations, no, &OpenObligation::no);
    ensure(found != ticket.obligations.end(), "an event names an obligation that is open");
    return *found;
}

void end_obligation(Ticket& ticket, int no)
{
    open_obligation(ticket, no);
    std::erase_if(ticket.obligations, [no](const auto& each) { return each.no == no; });
}

Promise& promise_of(Ticket& ticket, int no)
{
    const auto found = std::ranges::find(ticket.promises, no, &Promise::no);
    ensure(found != ticket.promises.end(), "an event names a promise that was made");
    return *found;
}

TransferSlip& slip_of(Ticket& ticket, int no)
{
    const auto found = std::ranges::find(ticket.slips, no, &TransferSlip::no);
    ensure(found != ticket.slips.end(), "an event names a slip that was issued");
    return *found;
}

/// A slip's limit is that of its obligation and nothing else.
void take_limit(Ticket& ticket, const OpenObligation& obligation)
{
    if (obligation.kind == ObligationKind::slip_complete)
        slip_of(ticket, obligation.subject).due_at = obligation.due_at;
}

void end_tenure(Ticket& ticket, Instant at)
{
    if (!ticket.tenures.empty() && !ticket.tenures.back().to) ticket.tenures.back().to = at;
}

/// Back to work: what was offered and told before stays in the events and counts no more.
void start_round(Ticket& ticket, Instant at)
{
    ticket.clock_start = at;
    ticket.completed_at.reset();
    ticket.solution.reset();
    ticket.implementation.reset();
    ticket.result.reset();
}

struct Evolve {
    Ticket& t;
    Instant at;

    void operator()(const TicketReceived& e) const
    {
        t.number = e.number;
        t.channel = e.channel;
        t.customer = e.customer_id;
        t.subject = e.subject;
        t.content = e.content;
        t.demand = e.demand;
        t.class_ = e.class_;
        t.category = e.category;
        t.area = e.area_id;
        t.merchant = e.merchant_id;
        t.queue_unit = e.queue_unit_id;
        t.occurred_at = e.occurred_at;
        t.created_at = at;
        t.clock_start = at;
        t.step = Step::intake;
    }
    void operator()(const OwnershipTaken& e) const
    {
        end_tenure(t, at);
        t.tenures.push_back({e.staff_id, e.unit_id, at, std::nullopt, e.cause});
        t.owner = e.staff_id;
        t.owner_unit = e.unit_id;
        t.hand_over.reset();
        if (t.step == Step::intake) {
            t.step = Step::triage;
            t.first_response_at = at;
            t.queue_unit = {};  // it waits in no queue any more
        }
    }
    void operator()(const Responded&) const {}
    void operator()(const Classified& e) const
    {
        t.class_ = e.class_;
        t.category = e.category;
        t.grade = e.grade;
        t.complexity = e.complexity;
        t.in_scope = e.in_scope;
        if (e.emotion) t.emotion = e.emotion;
        t.triaged_at = at;
        t.step = Step::handling;
    }
    void operator()(const Amended& e) const
    {
        if (e.demand) t.demand = *e.demand;
        if (e.category) t.category = *e.category;
        if (e.area_id) t.area = *e.area_id;
    }
    void operator()(const Regraded& e) const { t.grade = e.to; }
    void operator()(const Noted&) const {}
    void operator()(const Replied&) const {}
    void operator()(const CustomerWrote&) const {}
    void operator()(const Promised& e) const
    {
        if (e.replaces) promise_of(t, e.replaces).replaced_at = at;
        t.promises.push_back(
            {e.no, e.reason, e.expected_at, e.procedure, at, e.by_solution, std::nullopt, std::nullopt});
    }
    void operator()(const PromiseKept& e) const { promise_of(t, e.no).kept_at = at; }
    void operator()(const PromiseWithdrawn& e) const { promise_of(t, e.no).replaced_at = at; }
    void operator()(const ProgressTold&) const {}
    void operator()(const SolutionProposed& e) const
    {
        t.solution = Solution{e.solution, e.steps, e.expected_at, SolutionState::proposed, {}};
    }
    void operator()(const AgreementRecorded& e) const
    {
        t.solution->state = e.agreed ? SolutionState::agreed : SolutionState::declined;
        t.solution->comment = e.comment;
    }
    void operator()(const ImplementationFinished& e) const
    {
        t.implementation = Implementation{e.summary, at};
        t.completed_at = at;
        t.step = Step::feedback;
    }
    void operator()(const ResultTold& e) const { tell(e.handling, e.solution, e.result); }
    void operator()(const ResolvedAtFirstContact& e) const
    {
        t.solution = Solution{e.solution, {}, at, SolutionState::agreed, {}};
        t.implementation = Implementation{e.handling, at};
        t.completed_at = at;
        t.first_contact_resolution = e.at_once;
        t.step = Step::feedback;
        tell(e.handling, e.solution, e.result);
    }
    void operator()(const Rated& e) const { t.rating = Rating{e.score, e.reason, e.source, at}; }
    void operator()(const ReworkStarted& e) const
    {
        start_round(t, at);
        t.rework = Rework{e.reason, at};
        if (e.dissatisfied) t.was_dissatisfied = true;
        t.first_contact_resolution = false;
        t.step = Step::handling;
    }
    void operator()(const WaitingStarted& e) const
    {
        t.waiting_since = at;
        t.waiting_reason = e.reason;
    }
    void operator()(const WaitingEnded&) const
    {
        t.waiting_since.reset();
        t.waiting_reason.clear();
    }
    void operator()(const Escalated&) const { t.escalated_at = at; }
    void operator()(const Archived&) const
    {
        t.step = Step::archived;
        t.archived_at = at;
        t.hand_over.reset();
        end_tenure(t, at);
    }
    void operator()(const Reopened&) const
    {
        start_round(t, at);
        t.archived_at.reset();
        t.rating.reset();
        t.rework.reset();
        t.triaged_at.reset();
        t.identity.reset();  // who asks now is to be known anew
        t.first_contact_resolution = false;
        t.step = Step::triage;
    }
    void operator()(const Cancelled&) const
    {
        t.step = Step::cancelled;
        t.archived_at = at;
        t.hand_over.reset();
        end_tenure(t, at);
    }
    void operator()(const AttachmentAdded&) const {}
    void operator()(const Transferred&) const {}
    void operator()(const SlipIssued& e) const
    {
        if (e.lead) {
            for (auto& each : t.slips)
                if (each.is_open()) each.lead = false;
            t.lead_unit = e.unit_id;
        }
        TransferSlip slip;
        slip.no = e.no;
        slip.unit = e.unit_id;
        slip.lead = e.lead;
        slip.ruled = e.ruled;
        slip.handler = e.assignee_id;
        slip.problem = e.problem;
        slip.demand = e.demand;
        slip.issued_at = at;
        t.slips.push_back(std::move(slip));
    }
    void operator()(const SlipAcknowledged& e) const
    {
        auto& slip = slip_of(t, e.no);
        slip.state = SlipState::acknowledged;
        slip.acknowledged_at = at;
    }
    void operator()(const SlipRejected& e) const
    {
        end_slip(e.no, SlipState::rejected, e.reason);
        ++t.rejection_count;
    }
    void operator()(const HandlerAppointed& e) const { work_on(e.no).handler = e.staff_id; }
    void operator()(const SlipCustomerContacted& e) const
    {
        auto& slip = work_on(e.no);
        if (!slip.contacted_at) slip.contacted_at = at;
    }
    void operator()(const SlipProgressReported& e) const { work_on(e.no); }
    void operator()(const SlipSolutionProposed& e) const
    {
        auto& slip = slip_of(t, e.no);
        slip.state = SlipState::proposed;
        slip.solution = e.solution;
        slip.expected_at = e.expected_at;
    }
    void operator()(const ExtensionAsked& e) const
    {
        slip_of(t, e.no).extension = Extension{e.reason, e.new_due_at, at};
    }
    void operator()(const ExtensionGranted& e) const { slip_of(t, e.no).extension.reset(); }
    void operator()(const ExtensionDeclined& e) const { slip_of(t, e.no).extension.reset(); }
    void operator()(const SlipCompleted& e) const
    {
        auto& slip = slip_of(t, e.no);
        slip.state = SlipState::completed;
        slip.summary = e.summary;
        slip.result = e.result;
        slip.completed_at = at;
        slip.extension.reset();
    }
    void operator()(const SlipConfirmed& e) const
    {
        auto& slip = slip_of(t, e.no);
        slip.state = SlipState::confirmed;
        slip.ended_at = at;
    }
    void operator()(const SlipReturned& e) const
    {
        auto& slip = slip_of(t, e.no);
        slip.state = SlipState::in_progress;
        slip.completed_at.reset();
        slip.reason = e.reason;
        ++slip.returned_count;
    }
    void operator()(const SlipWithdrawn& e) const { end_slip(e.no, SlipState::withdrawn, e.reason); }
    void operator()(const HandOverOffered& e) const { t.hand_over = HandOverOffer{e.staff_id, e.explanation, at}; }
    void operator()(const HandOverDeclined&) const { t.hand_over.reset(); }
    void operator()(const HandOverWithdrawn&) const { t.hand_over.reset(); }
    void operator()(const IdentityVerified& e) const { t.identity = Identity{e.method, e.reference, at}; }
    void operator()(const FollowUpRecorded&) const {}
    void operator()(const TicketLinked&) const {}
    void operator()(const ObligationOpened& e) const
    {
        t.obligations.push_back(e.obligation);
        t.obligation_count = e.obligation.no;
        if (e.obligation.kind == ObligationKind::follow_up) t.follow_up_no = e.obligation.no;
        take_limit(t, e.obligation);
    }
    void operator()(const ObligationMet& e) const { end_obligation(t, e.no); }
    void operator()(const ObligationMoved& e) const
    {
        auto& moved = open_obligation(t, e.no);
        moved.limit = e.limit;
        moved.due_at = e.due_at;
        moved.pauses = e.pauses;
        moved.paused_at.reset();
        take_limit(t, moved);
    }
    void operator()(const ObligationPassed& e) const { open_obligation(t, e.no).debtor = e.debtor; }
    void operator()(const ObligationPaused& e) const { open_obligation(t, e.no).paused_at = at; }
    void operator()(const ObligationCancelled& e) const { end_obligation(t, e.no); }

    TransferSlip& work_on(int no) const
    {
        auto& slip = slip_of(t, no);
        if (slip.state == SlipState::acknowledged) slip.state = SlipState::in_progress;
        return slip;
    }
    /// Ended without its work: whoever led leads no more.
    void end_slip(int no, SlipState as, const std::string& reason) const
    {
        auto& slip = slip_of(t, no);
        if (slip.is_open() && slip.lead) t.lead_unit = {};
        slip.state = as;
        slip.reason = reason;
        slip.ended_at = at;
        slip.extension.reset();
    }

    /// A new result asks for a new opinion.
    void tell(const std::string& handling, const std::string& solution, const std::string& result) const
    {
        t.result = ResultGiven{handling, solution, result, at};
        t.rating.reset();
        t.rework.reset();
    }
};

}  // namespace

void evolve(Ticket& ticket, const Event& event, Instant at)
{
    std::visit(Evolve{ticket, at}, event);
}

}  // namespace shouwen::ticket
