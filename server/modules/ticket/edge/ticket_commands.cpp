#include "modules/ticket/edge/ticket_commands.hpp"

#include <boost/json/value.hpp>

namespace shouwen::ticket {
namespace {

using api::ObjectReader;
using organisation::Permission;

constexpr api::TextLimits content{.min = 1, .max = 10'000};
constexpr api::TextLimits optional_content{.min = 0, .max = 10'000};
constexpr api::TextLimits reason{.min = 1, .max = 2'000};
constexpr api::TextLimits optional_reason{.min = 0, .max = 2'000};
constexpr std::size_t slips_max = 20;  // of one transfer
constexpr api::TextLimits category{.min = 0, .max = 100};

template <class T>
Command content_only(ObjectReader& in)
{
    return T{in.text("content", content)};
}
template <class T>
Command reason_only(ObjectReader& in)
{
    return T{in.text("reason", reason)};
}
template <class T>
Command three_parts(ObjectReader& in)
{
    // Evaluated in this order, so that errors come in the order of the fields (D7).
    return T{.handling = in.text("handling", content),
             .solution = in.text("solution", content),
             .result = in.text("result", content)};
}

Command read_classify(ObjectReader& in)
{
    return Classify{.class_ = in.choice<Class>("class"),
                    .category = in.optional_text("category", category),
                    .grade = in.choice<Grade>("grade"),
                    .complexity = in.choice<Complexity>("complexity"),
                    .in_scope = in.boolean("in_scope"),
                    .emotion = in.optional_choice<Emotion>("emotion")};
}
Command read_verify_identity(ObjectReader& in)
{
    const auto method = in.choice<IdentityMethod>("method");
    return VerifyIdentity{method, in.text("reference", {.min = 1, .max = 200}), LookUp::not_asked};
}
Command read_amend(ObjectReader& in)
{
    Amend amend;
    if (in.has("demand")) amend.demand = in.text("demand", content);
    if (in.has("category")) amend.category = in.text("category", {.min = 1, .max = 100});
    if (in.has("area_id")) amend.area = in.id<AreaId>("area_id");
    if (!amend.demand && !amend.category && !amend.area) in.fail("demand", "required");
    return amend;
}
Command read_regrade(ObjectReader& in)
{
    return Regrade{.grade = in.choice<Grade>("grade"), .reason = in.text("reason", reason)};
}
Command read_promise(ObjectReader& in)
{
    return MakePromise{.reason = in.text("reason", reason),
                       .expected_at = in.instant("expected_at"),
                       .procedure = in.text("procedure", reason)};
}
Command read_propose_solution(ObjectReader& in)
{
    return ProposeSolution{.solution = in.text("solution", content),
                           .steps = in.text("steps", content),
                           .expected_at = in.instant("expected_at")};
}
Command read_record_agreement(ObjectReader& in)
{
    return RecordAgreement{.agreed = in.boolean("agreed"), .comment = in.optional_text("comment", optional_reason)};
}
Command read_finish_implementation(ObjectReader& in)
{
    return FinishImplementation{in.text("summary", content)};
}
Command read_rate(ObjectReader& in)
{
    const auto score = in.integer("score", 1, 5);
    const auto why = in.optional_text("reason", optional_reason);
    const auto source = in.optional_text("source", {.min = 0, .max = 50});
    return Rate{.score = static_cast<int>(score), .reason = why, .source = source.empty() ? "staff" : source};
}
Command read_archive(ObjectReader& in)
{
    return Archive{in.optional_text("reason", optional_reason)};
}

Command read_transfer(ObjectReader& in)
{
    Transfer transfer;
    in.array("slips", slips_max, [&](const boost::json::value& item, const std::string& pointer) {
        FieldErrors errors;
        SlipOrder order;
        {
            ObjectReader each{item, pointer, errors};
            order.unit = each.id<UnitId>("unit_id");
            order.assignee = each.optional_id<StaffId>("assignee_id");
            order.problem = each.text("problem", content);
            order.demand = each.text("demand", content);
            order.due_at = each.optional_instant("due_at");
            order.lead = each.optional_boolean("lead").value_or(false);
        }
        for (auto& error : errors) in.add(std::move(error));
        transfer.slips.push_back(std::move(order));
    });
    if (transfer.slips.empty()) in.fail("slips", "required");
    transfer.told_customer = in.text("told_customer", content);
    return transfer;
}
Command read_hand_over(ObjectReader& in)
{
    return HandOver{.to = in.id<StaffId>("to_staff_id"), .explanation = in.text("explanation", content)};
}
template <class T>
Command slip_only(ObjectReader&, int slip)
{
    return T{slip};
}
template <class T>
Command slip_reason(ObjectReader& in, int slip)
{
    return T{slip, in.text("reason", reason)};
}

}  // namespace

const std::vector<CommandForm>& command_forms()
{
    using enum Permission;
    static const std::vector<CommandForm> forms{
        {"respond", ticket_respond, content_only<Respond>},
        {"verify_identity", ticket_respond, read_verify_identity},
        {"classify", ticket_act, read_classify},
        {"amend", ticket_act, read_amend},
        {"regrade", ticket_act, read_regrade},
        {"note", ticket_note, content_only<Note>},
        {"reply", ticket_respond, content_only<Reply>},
        {"promise", ticket_act, read_promise},
        {"tell_progress", ticket_act, content_only<TellProgress>},
        {"resolve_at_first_contact", ticket_act, three_parts<ResolveAtFirstContact>},
        {"propose_solution", ticket_act, read_propose_solution},
        {"record_agreement", ticket_act, read_record_agreement},
        {"finish_implementation", ticket_act, read_finish_implementation},
        {"give_result", ticket_act, three_parts<GiveResult>},
        {"rate", ticket_act, read_rate},
        {"rework", ticket_act, reason_only<StartRework>},
        {"wait_for_customer", ticket_act, reason_only<WaitForCustomer>},
        {"resume", ticket_act, [](ObjectReader&) -> Command { return Resume{}; }},
        {"escalate", ticket_respond, reason_only<Escalate>},
        {"archive", ticket_act, read_archive},
        {"reopen", ticket_respond, reason_only<Reopen>},
        {"cancel", ticket_cancel, reason_only<Cancel>},
        {"transfer", ticket_act, read_transfer},
        {"hand_over", ticket_act, read_hand_over},
        {"accept_hand_over", ticket_act, [](ObjectReader&) -> Command { return AcceptHandOver{}; }},
        {"decline_hand_over", ticket_act, reason_only<DeclineHandOver>},
        {"withdraw_hand_over", ticket_act, [](ObjectReader&) -> Command { return WithdrawHandOver{}; }},
    };
    return forms;
}

const std::vector<SlipCommandForm>& slip_command_forms()
{
    using enum Permission;
    // The unit's part of the work is the unit's; what becomes of it is decided by who is accountable for the ticket.
    static const std::vector<SlipCommandForm> forms{
        {"acknowledge", {slip_act}, slip_only<AcknowledgeSlip>},
        {"reject", {slip_act}, slip_reason<RejectSlip>},
        {"appoint_handler",
         {slip_act},
         [](ObjectReader& in, int slip) -> Command {
             return AppointHandler{slip, in.id<StaffId>("staff_id")};
         }},
        {"contact_customer",
         {slip_act},
         [](ObjectReader& in, int slip) -> Command {
             return ContactCustomer{slip, in.text("summary", content)};
         }},
        {"progress",
         {slip_act},
         [](ObjectReader& in, int slip) -> Command {
             return ReportSlipProgress{slip, in.text("content", content)};
         }},
        {"propose",
         {slip_act},
         [](ObjectReader& in, int slip) -> Command {
             return ProposeForSlip{
                 .slip = slip, .solution = in.text("solution", content), .expected_at = in.instant("expected_at")};
         }},
        {"extend",
         {slip_act, ticket_act},
         [](ObjectReader& in, int slip) -> Command {
             return Extend{.slip = slip, .reason = in.text("reason", reason), .new_due_at = in.instant("new_due_at")};
         }},
        {"grant_extension",
         {ticket_act},
         [](ObjectReader& in, int slip) -> Command {
             return GrantExtension{slip, in.optional_text("told_customer", optional_content)};
         }},
        {"decline_extension", {ticket_act}, slip_reason<DeclineExtension>},
        {"complete",
         {slip_act},
         [](ObjectReader& in, int slip) -> Command {
             return CompleteSlip{
                 .slip = slip, .summary = in.text("summary", content), .result = in.text("result", content)};
         }},
        {"confirm", {ticket_act}, slip_only<ConfirmSlip>},
        {"return_for_rework", {ticket_act}, slip_reason<ReturnSlip>},
        {"withdraw", {ticket_act}, slip_reason<WithdrawSlip>},
    };
    return forms;
}

}  // namespace shouwen::ticket
