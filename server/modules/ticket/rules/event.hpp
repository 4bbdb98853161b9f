#pragma once

#include "modules/ticket/rules/ticket.hpp"

#include <variant>

namespace shouwen::ticket {

// What happened, in the past tense. The fields are stored and shown as they are named here; an event is never changed
// afterwards (E12).

struct TicketReceived {
    std::string number;
    Channel channel = Channel::phone;
    CustomerId customer_id;
    std::string subject;
    std::string content;
    std::string demand;
    std::optional<Class> class_;
    std::string category;
    AreaId area_id;
    UnitId merchant_id;
    UnitId queue_unit_id;
    std::optional<Instant> occurred_at;
};
struct OwnershipTaken {
    StaffId staff_id;
    UnitId unit_id;
    TenureCause cause = TenureCause::receipt;
};
struct Responded {
    std::string content;
};
struct Classified {
    Class class_ = Class::consultation;
    std::string category;
    Grade grade = Grade::L3;
    Complexity complexity = Complexity::simple;
    bool in_scope = true;
    std::optional<Emotion> emotion;
    bool raised = false;  ///< an angry customer's complaint, graded higher than was given (E4)
};
struct Amended {
    std::optional<std::string> demand;
    std::optional<std::string> category;
    std::optional<AreaId> area_id;
};
struct Regraded {
    std::optional<Grade> from;
    Grade to = Grade::L3;
    std::string reason;
};
struct Noted {
    std::string content;
};
struct Replied {
    std::string content;
};
struct CustomerWrote {
    std::string content;
};
struct Promised {
    int no = 0;
    std::string reason;
    Instant expected_at;
    std::string procedure;
    bool by_solution = false;
    int replaces = 0;  ///< number of the promise that this one changes; 0: none
};
struct PromiseKept {
    int no = 0;
};
/// The date binds no more: the solution was declined, or a supervisor closed the matter.
struct PromiseWithdrawn {
    int no = 0;
    std::string cause;
};
struct ProgressTold {
    std::string content;
};
struct SolutionProposed {
    std::string solution;
    std::string steps;
    Instant expected_at;
};
struct AgreementRecorded {
    bool agreed = false;
    std::string comment;
    Source source = Source::staff;
};
struct ImplementationFinished {
    std::string summary;
};
struct ResultTold {
    std::string handling;
    std::string solution;
    std::string result;
};
struct ResolvedAtFirstContact {
    std::string handling;
    std::string solution;
    std::string result;
    bool at_once =
        true;  ///< whether it counts as a first-contact resolution (A6): in its limit, with nothing in between
};
struct Rated {
    int score = 0;
    std::string reason;
    std::string source;
};
struct ReworkStarted {
    std::string reason;
    bool dissatisfied = false;  ///< the result did not content the customer; older events do not say
};
struct WaitingStarted {
    std::string reason;
};
struct WaitingEnded {};
struct Escalated {
    std::string reason;
};
struct Archived {
    Source cause = Source::staff;
    std::string reason;
};
struct Reopened {
    std::string reason;
};
struct Cancelled {
    std::string reason;
};
struct AttachmentAdded {
    AttachmentId attachment_id;
    std::string filename;
    std::int64_t size_bytes = 0;
    std::string media_type;
};
/// Parts of the work go to units, and the customer was told so. The slips follow, an event each.
struct Transferred {
    std::string told_customer;
    bool ruling = false;  ///< a supervisor's, after rejections
};
struct SlipIssued {
    int no = 0;
    UnitId unit_id;
    StaffId assignee_id;
    std::string problem;
    std::string demand;
    bool lead = false;
    bool ruled = false;
};
struct SlipAcknowledged {
    int no = 0;
};
struct SlipRejected {
    int no = 0;
    std::string reason;
};
struct HandlerAppointed {
    int no = 0;
    StaffId staff_id;
};
struct SlipCustomerContacted {
    int no = 0;
    std::string summary;
};
struct SlipProgressReported {
    int no = 0;
    std::string content;
};
struct SlipSolutionProposed {
    int no = 0;
    std::string solution;
    Instant expected_at;
};
struct ExtensionAsked {
    int no = 0;
    std::string reason;
    Instant new_due_at;
};
struct ExtensionGranted {
    int no = 0;
    std::string reason;
    Instant new_due_at;
    std::string told_customer;  ///< empty: the owner owes it to the customer
};
struct ExtensionDeclined {
    int no = 0;
    std::string reason;
};
struct SlipCompleted {
    int no = 0;
    std::string summary;
    std::string result;
};
struct SlipConfirmed {
    int no = 0;
};
struct SlipReturned {
    int no = 0;
    std::string reason;
};
struct SlipWithdrawn {
    int no = 0;
    std::string reason;
    bool ruling = false;  ///< a supervisor's, after rejections: the owner sees to it
};
struct HandOverOffered {
    StaffId staff_id;
    std::string explanation;
};
struct HandOverDeclined {
    std::string reason;
};
/// Taken back, or another successor was named.
struct HandOverWithdrawn {
    StaffId staff_id;
};
/// One attempt to revisit the customer. What was asked beside stands in the revisit's record.
struct FollowUpRecorded {
    int no = 0;  ///< of the obligation
    FollowUpOutcome outcome = FollowUpOutcome::reached;
    std::string content;              ///< what the customer really experienced
    std::optional<int> satisfaction;  ///< 1 to 5
    std::optional<bool> recurred;
    bool dissatisfied = false;       ///< by the policy of that day
    bool ended = false;              ///< no further attempt is owed
    std::optional<Instant> next_at;  ///< before it, another unanswered call does not count
};
/// Never the number itself, nor what was answered.
struct IdentityVerified {
    IdentityMethod method = IdentityMethod::asked;
    std::string reference;
};
struct TicketLinked {
    TicketId ticket_id;
    std::string number;
    LinkCause cause = LinkCause::recurred_as;
};
struct ObligationOpened {
    OpenObligation obligation;
};
struct ObligationMet {
    int no = 0;
};
/// Regraded, or a pause has ended: the limit was computed anew from the original start.
struct ObligationMoved {
    int no = 0;
    std::optional<Limit> limit;
    Instant due_at;
    std::vector<Pause> pauses;
    std::string cause;
};
/// Owed by another one from now on, within the same limit.
struct ObligationPassed {
    int no = 0;
    Debtor debtor;
};
struct ObligationPaused {
    int no = 0;
};
struct ObligationCancelled {
    int no = 0;
    std::string cause;
};

/// In the order of the names below: `event_name(e)` is the API's `type`.
using Event =
    std::variant<TicketReceived, OwnershipTaken, Responded, Classified, Amended, Regraded, Noted, Replied,
                 CustomerWrote, Promised, PromiseKept, PromiseWithdrawn, ProgressTold, SolutionProposed,
                 AgreementRecorded, ImplementationFinished, ResultTold, ResolvedAtFirstContact, Rated, ReworkStarted,
                 WaitingStarted, WaitingEnded, Escalated, Archived, Reopened, Cancelled, AttachmentAdded, Transferred,
                 SlipIssued, SlipAcknowledged, SlipRejected, HandlerAppointed, SlipCustomerContacted,
                 SlipProgressReported, SlipSolutionProposed, ExtensionAsked, ExtensionGranted, ExtensionDeclined,
                 SlipCompleted, SlipConfirmed, SlipReturned, SlipWithdrawn, HandOverOffered, HandOverDeclined,
                 HandOverWithdrawn, IdentityVerified, FollowUpRecorded, TicketLinked, ObligationOpened, ObligationMet,
                 ObligationMoved, ObligationPassed, ObligationPaused, ObligationCancelled>;
using Events = std::vector<Event>;

constexpr const char* event_names[] = {
    "ticket_received",
    "ownership_taken",
    "responded",
    "classified",
    "amended",
    "regraded",
    "noted",
    "replied",
    "customer_wrote",
    "promised",
    "promise_kept",
    "promise_withdrawn",
    "progress_told",
    "solution_proposed",
    "agreement_recorded",
    "implementation_finished",
    "result_given",
    "resolved_at_first_contact",
    "rated",
    "rework_started",
    "waiting_started",
    "waiting_ended",
    "escalated",
    "archived",
    "reopened",
    "cancelled",
    "attachment_added",
    "transferred",
    "slip_issued",
    "slip_acknowledged",
    "slip_rejected",
    "handler_appointed",
    "slip_customer_contacted",
    "slip_progress_reported",
    "slip_solution_proposed",
    "extension_asked",
    "extension_granted",
    "extension_declined",
    "slip_completed",
    "slip_confirmed",
    "slip_returned",
    "slip_withdrawn",
    "hand_over_offered",
    "hand_over_declined",
    "hand_over_withdrawn",
    "identity_verified",
    "follow_up_recorded",
    "ticket_linked",
    "obligation_opened",
    "obligation_met",
    "obligation_moved",
    "obligation_passed",
    "obligation_paused",
    "obligation_cancelled",
};
static_assert(std::size(event_names) == std::variant_size_v<Event>);

inline std::string_view event_name(const Event& event)
{
    return event_names[event.index()];
}

/// Lets an event happen. Total: an event that was once decided always applies.
/// @param at  when it happened
void evolve(Ticket& ticket, const Event& event, Instant at);

}  // namespace shouwen::ticket
