#pragma once

#include "modules/ticket/rules/ticket.hpp"

#include <variant>

namespace shouwen::ticket {

// What people (and the policy's clock) ask for, in the imperative.

/// Intake. With the customer at hand (phone, counter, email, fax) the person who takes it is the owner at once (A2).
struct Receive {
    TicketId id;
    std::string number;
    Channel channel = Channel::phone;
    CustomerId customer;
    std::string subject;
    std::string content;
    std::string demand;
    std::optional<Class> class_;
    std::string category;
    AreaId area;
    UnitId merchant;
    UnitId queue_unit;
    std::optional<Instant> occurred_at;
};
struct Respond {
    std::string content;
};
struct Classify {
    Class class_ = Class::consultation;
    std::string category;
    Grade grade = Grade::L3;
    Complexity complexity = Complexity::simple;
    bool in_scope = true;
    std::optional<Emotion> emotion;
};
/// Mends the record (D2): what is given replaces what stands there.
struct Amend {
    std::optional<std::string> demand;
    std::optional<std::string> category;
    std::optional<AreaId> area;
};
struct Regrade {
    Grade grade = Grade::L3;
    std::string reason;
};
struct Note {
    std::string content;
};
struct Reply {
    std::string content;
};
/// The customer writes, by a channel that needs no agent.
struct CustomerMessage {
    std::string content;
};
struct MakePromise {
    std::string reason;
    Instant expected_at;
    std::string procedure;
};
struct TellProgress {
    std::string content;
};
struct ResolveAtFirstContact {
    std::string handling;
    std::string solution;
    std::string result;
};
struct ProposeSolution {
    std::string solution;
    std::string steps;
    Instant expected_at;
};
struct RecordAgreement {
    bool agreed = false;
    std::string comment;
};
struct FinishImplementation {
    std::string summary;
};
struct GiveResult {
    std::string handling;
    std::string solution;
    std::string result;
};
struct Rate {
    int score = 0;
    std::string reason;
    std::string source;  ///< by which way it was said
};
struct StartRework {
    std::string reason;
};
struct WaitForCustomer {
    std::string reason;
};
struct Resume {};
struct Escalate {
    std::string reason;
};
/// @param reason  a supervisor's, to close over a dissatisfied or silent customer
struct Archive {
    std::string reason;
};
struct Reopen {
    std::string reason;
};
struct Cancel {
    std::string reason;
};
struct AddAttachment {
    AttachmentId attachment;
    std::string filename;
    std::int64_t size_bytes = 0;
    std::string media_type;
};

// Transfer slips (转办单, A8, A14). `slip` is the number within the ticket.

/// One part of a transfer.
struct SlipOrder {
    UnitId unit;
    StaffId assignee;  ///< none: the unit appoints a handler itself
    std::string problem;
    std::string demand;
    std::optional<Instant> due_at;  ///< none: as the policy says
    bool lead = false;
};
/// Hands parts of the work to units; the customer has been told to whom (A7). While a ruling is waited for, it is the ruling.
struct Transfer {
    std::vector<SlipOrder> slips;
    std::string told_customer;
};
struct AcknowledgeSlip {
    int slip = 0;
};
/// @param reason  a code of the policy's list, or words where the policy does not insist on the list
struct RejectSlip {
    int slip = 0;
    std::string reason;
};
struct AppointHandler {
    int slip = 0;
    StaffId staff;  ///< none only in the question whether somebody may be appointed at all
};
struct ContactCustomer {
    int slip = 0;
    std::string summary;
};
struct ReportSlipProgress {
    int slip = 0;
    std::string content;
};
struct ProposeForSlip {
    int slip = 0;
    std::string solution;
    Instant expected_at;
};
/// More time, before the limit (D5). From the unit it asks; from who is accountable for the ticket it grants, asked or not.
struct Extend {
    int slip = 0;
    std::string reason;
    Instant new_due_at;
};
/// Grants what the unit asks for. @param told_customer  empty: the customer is still to be told
struct GrantExtension {
    int slip = 0;
    std::string told_customer;
};
struct DeclineExtension {
    int slip = 0;
    std::string reason;
};
struct CompleteSlip {
    int slip = 0;
    std::string summary;
    std::string result;
};
struct ConfirmSlip {
    int slip = 0;
};
struct ReturnSlip {
    int slip = 0;
    std::string reason;
};
/// Takes a part back. Upon a rejected one, while a ruling is waited for, it is the ruling: the owner sees to it (A14).
struct WithdrawSlip {
    int slip = 0;
    std::string reason;
};

// Hand-over (工作交接, A4).

/// The owner explains and names a successor. Only acceptance moves the ownership. Who may act for others names another one.
struct HandOver {
    StaffId to;  ///< none only in the question whether the ticket may be handed over at all
    std::string explanation;
};
/// By the successor, or on their behalf by who may act for others.
struct AcceptHandOver {};
struct DeclineHandOver {
    std::string reason;
};
struct WithdrawHandOver {};

// Identity check (身份核验, E3).

/// What the look-up says of a number: 不需查询 相符 查无 无法查询.
BOOST_DEFINE_ENUM_CLASS(LookUp, not_asked, matched, unknown, down)
/// By voice: the codes of the policy's questions that were asked, and whose answers were repeated back. Else a number, which the
/// system looks up and no person is told about; or a supervisor's word and why.
struct VerifyIdentity {
    IdentityMethod method = IdentityMethod::asked;
    std::string reference;
    LookUp found = LookUp::not_asked;
};

// Revisits (回访, D12). Whether an attempt is in order is decided upon the revisit's record; here is what it does to the ticket.

/// What an attempt to revisit the customer came to.
struct RecordFollowUp {
    int no = 0;  ///< of the obligation
    FollowUpOutcome outcome = FollowUpOutcome::reached;
    std::string content;
    std::optional<int> satisfaction;
    std::optional<bool> recurred;
    bool ends = true;
    std::optional<Instant>
        next_at;  ///< of the next attempt; a later call than the limit that the customer wishes moves the limit
};
/// Notes that another ticket belongs to this one; its number is for people.
struct LinkTicket {
    TicketId ticket;
    std::string number;
    LinkCause cause = LinkCause::recurred_as;
};

using Command = std::variant<Respond, Classify, Amend, Regrade, Note, Reply, CustomerMessage, MakePromise, TellProgress,
                             ResolveAtFirstContact, ProposeSolution, RecordAgreement, FinishImplementation, GiveResult,
                             Rate, StartRework, WaitForCustomer, Resume, Escalate, Archive, Reopen, Cancel,
                             AddAttachment, Transfer, AcknowledgeSlip, RejectSlip, AppointHandler, ContactCustomer,
                             ReportSlipProgress, ProposeForSlip, Extend, GrantExtension, DeclineExtension, CompleteSlip,
                             ConfirmSlip, ReturnSlip, WithdrawSlip, HandOver, AcceptHandOver, DeclineHandOver,
                             WithdrawHandOver, VerifyIdentity, RecordFollowUp, LinkTicket>;

}  // namespace shouwen::ticket
