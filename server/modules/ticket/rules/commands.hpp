#pragma once

#include "modules/ticket/rules/conditions.hpp"
#include "modules/ticket/rules/decision.hpp"

namespace shouwen::ticket {

// One function a command. They are defined by subject, each command's refusals above its effects: `work_commands.cpp`,
// `slip_commands.cpp`, `hand_over_commands.cpp`, `identity_commands.cpp`,
// `follow_up_commands.cpp`.

/// Is it refused?
struct Check {
    const Ticket& t;
    const Giver& by;
    const Context& context;
    Instant now;

    Verdict operator()(const Respond&) const;
    Verdict operator()(const Classify&) const;
    Verdict operator()(const Amend&) const;
    Verdict operator()(const Regrade&) const;
    Verdict operator()(const Note&) const;
    Verdict operator()(const Reply&) const;
    Verdict operator()(const CustomerMessage&) const;
    Verdict operator()(const MakePromise&) const;
    Verdict operator()(const TellProgress&) const;
    Verdict operator()(const ResolveAtFirstContact&) const;
    Verdict operator()(const ProposeSolution&) const;
    Verdict operator()(const RecordAgreement&) const;
    Verdict operator()(const FinishImplementation&) const;
    Verdict operator()(const GiveResult&) const;
    Verdict operator()(const Rate&) const;
    Verdict operator()(const StartRework&) const;
    Verdict operator()(const WaitForCustomer&) const;
    Verdict operator()(const Resume&) const;
    Verdict operator()(const Escalate&) const;
    Verdict operator()(const Archive&) const;
    Verdict operator()(const Reopen&) const;
    Verdict operator()(const Cancel&) const;
    Verdict operator()(const AddAttachment&) const;
    Verdict operator()(const Transfer&) const;
    Verdict operator()(const AcknowledgeSlip&) const;
    Verdict operator()(const RejectSlip&) const;
    Verdict operator()(const AppointHandler&) const;
    Verdict operator()(const ContactCustomer&) const;
    Verdict operator()(const ReportSlipProgress&) const;
    Verdict operator()(const ProposeForSlip&) const;
    Verdict operator()(const Extend&) const;
    Verdict operator()(const GrantExtension&) const;
    Verdict operator()(const DeclineExtension&) const;
    Verdict operator()(const CompleteSlip&) const;
    Verdict operator()(const ConfirmSlip&) const;
    Verdict operator()(const ReturnSlip&) const;
    Verdict operator()(const WithdrawSlip&) const;
    Verdict operator()(const HandOver&) const;
    Verdict operator()(const AcceptHandOver&) const;
    Verdict operator()(const DeclineHandOver&) const;
    Verdict operator()(const WithdrawHandOver&) const;
    Verdict operator()(const VerifyIdentity&) const;
    Verdict operator()(const RecordFollowUp&) const;
    Verdict operator()(const LinkTicket&) const;
};

/// What does it do? @pre `Check` did not refuse it
struct Act {
    Decision& d;

    void operator()(const Respond&) const;
    void operator()(const Classify&) const;
    void operator()(const Amend&) const;
    void operator()(const Regrade&) const;
    void operator()(const Note&) const;
    void operator()(const Reply&) const;
    void operator()(const CustomerMessage&) const;
    void operator()(const MakePromise&) const;
    void operator()(const TellProgress&) const;
    void operator()(const ResolveAtFirstContact&) const;
    void operator()(const ProposeSolution&) const;
    void operator()(const RecordAgreement&) const;
    void operator()(const FinishImplementation&) const;
    void operator()(const GiveResult&) const;
    void operator()(const Rate&) const;
    void operator()(const StartRework&) const;
    void operator()(const WaitForCustomer&) const;
    void operator()(const Resume&) const;
    void operator()(const Escalate&) const;
    void operator()(const Archive&) const;
    void operator()(const Reopen&) const;
    void operator()(const Cancel&) const;
    void operator()(const AddAttachment&) const;
    void operator()(const Transfer&) const;
    void operator()(const AcknowledgeSlip&) const;
    void operator()(const RejectSlip&) const;
    void operator()(const AppointHandler&) const;
    void operator()(const ContactCustomer&) const;
    void operator()(const ReportSlipProgress&) const;
    void operator()(const ProposeForSlip&) const;
    void operator()(const Extend&) const;
    void operator()(const GrantExtension&) const;
    void operator()(const DeclineExtension&) const;
    void operator()(const CompleteSlip&) const;
    void operator()(const ConfirmSlip&) const;
    void operator()(const ReturnSlip&) const;
    void operator()(const WithdrawSlip&) const;
    void operator()(const HandOver&) const;
    void operator()(const AcceptHandOver&) const;
    void operator()(const DeclineHandOver&) const;
    void operator()(const WithdrawHandOver&) const;
    void operator()(const VerifyIdentity&) const;
    void operator()(const RecordFollowUp&) const;
    void operator()(const LinkTicket&) const;
};

}  // namespace shouwen::ticket
