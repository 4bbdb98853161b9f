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

using Command =
    std::variant<Respond, Classify, Amend, Regrade, Note, Reply, CustomerMessage, MakePromise, TellProgress,
                 ResolveAtFirstContact, ProposeSolution, RecordAgreement, FinishImplementation, GiveResult, Rate,
                 StartRework, WaitForCustomer, Resume, Escalate, Archive, Reopen, Cancel, AddAttachment>;

}  // namespace shouwen::ticket
