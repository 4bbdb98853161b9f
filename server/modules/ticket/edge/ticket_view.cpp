#include "modules/ticket/edge/ticket_view.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace shouwen::ticket {
namespace {

void write_customer(JsonWriter& out, const customer::CustomerRow& row, const organisation::Mask& mask)
{
    const auto shown = customer::shown(row, mask);
    out.key("customer").begin_object().member("id", row.id).member("name", shown.name);
    out.text_or_null("phone", shown.phone).text_or_null("email", shown.email);
    out.text_or_null("account_no", shown.account_no).text_or_null("address", shown.address).end_object();
}

void write_flags(JsonWriter& out, const Ticket& t, bool overdue, bool incomplete)
{
    out.key("flags").begin_array();
    if (overdue) out.value("overdue");
    if (t.waiting_since) out.value("waiting");
    if (t.escalated_at && !t.is_closed()) out.value("escalated");
    if (t.first_contact_resolution) out.value("first_contact_resolution");
    if (t.rework) out.value("rework");
    if (incomplete) out.value("incomplete");
    if (t.emotion == Emotion::angry) out.value("angry");
    out.end_array();
}

void write_promises(JsonWriter& out, const Ticket& t)
{
    out.key("promises").begin_array();
    for (const auto& promise : t.promises)
        out.begin_object()
            .member("id", child_id(t.id, promise.no))
            .member("reason", promise.reason)
            .member("expected_at", promise.expected_at)
            .member("procedure", promise.procedure)
            .member("made_at", promise.promised_at)
            .member("by_solution", promise.by_solution)
            .member("kept_at", promise.kept_at)
            .member("replaced_at", promise.replaced_at)
            .end_object();
    out.end_array();
}

void write_solution(JsonWriter& out, const Ticket& t)
{
    out.key("solution");
    if (!t.solution) {
        out.value(nullptr);
        return;
    }
    out.begin_object()
        .member("solution", t.solution->solution)
        .member("steps", t.solution->steps)
        .member("expected_at", t.solution->expected_at)
        .member("state", t.solution->state)
        .text_or_null("comment", t.solution->comment)
        .end_object();
}

void write_result(JsonWriter& out, const Ticket& t)
{
    out.key("result");
    if (!t.result) {
        out.value(nullptr);
        return;
    }
    out.begin_object()
        .member("handling", t.result->handling)
        .member("solution", t.result->solution)
        .member("result", t.result->result)
        .member("given_at", t.result->given_at)
        .end_object();
}

void write_rating(JsonWriter& out, const Ticket& t)
{
    out.key("rating");
    if (!t.rating) {
        out.value(nullptr);
        return;
    }
    out.begin_object().member("score", t.rating->score).text_or_null("reason", t.rating->reason);
    out.member("source", t.rating->source).member("at", t.rating->at).end_object();
}

std::vector<std::string> missing_of(const Ticket& t, const customer::CustomerRow& row, const policy::Policy& policy)
{
    // The policy outlives this call; the context only borrows it.
    const Context context{policy::PolicyPtr{policy::PolicyPtr{}, &policy}, {}, {}, customer::known_fields(row)};
    return missing_fields(t, context);
}

}  // namespace

void write_person(JsonWriter& out, std::string_view key, StaffId id, const organisation::Organisation& organisation)
{
    out.key(key);
    if (!id)
        out.value(nullptr);
    else
        out.begin_object().member("id", id).member("name", organisation.name_of_staff(id)).end_object();
}

void write_slip_members(JsonWriter& out, const Ticket& t, const TransferSlip& slip,
                        const organisation::Organisation& organisation)
{
    out.member("id", child_id(t.id, slip.no))
        .member("number", t.number + "-" + std::to_string(slip.no))
        .member("ticket_id", t.id)
        .member("unit_id", slip.unit)
        .member("unit_name", organisation.name_of_unit(slip.unit))
        .member("lead", slip.lead)
        .member("ruled", slip.ruled)
        .member("state", slip.state);
    write_person(out, "handler", slip.handler, organisation);
    out.member("problem", slip.problem)
        .member("demand", slip.demand)
        .member("due_at", slip.due_at)
        .member("issued_at", slip.issued_at)
        .member("acknowledged_at", slip.acknowledged_at)
        .member("contacted_at", slip.contacted_at)
        .text_or_null("solution", slip.solution)
        .member("expected_at", slip.expected_at)
        .text_or_null("summary", slip.summary)
        .text_or_null("result", slip.result)
        .member("completed_at", slip.completed_at)
        .member("ended_at", slip.ended_at)
        .text_or_null("reason", slip.reason)
        .member("returned_count", slip.returned_count)
        .key("extension");
    if (!slip.extension) {
        out.value(nullptr);
        return;
    }
    out.begin_object()
        .member("reason", slip.extension->reason)
        .member("new_due_at", slip.extension->new_due_at)
        .member("asked_at", slip.extension->asked_at)
        .end_object();
}

void write_identity(JsonWriter& out, const Ticket& t, const policy::Policy& policy)
{
    const bool needed = t.class_ && policy.needs_identity(*t.class_, t.category);
    out.key("identity").begin_object().member("needed", needed).member("may_be_asked", is_spoken(t.channel));
    out.key("verified");
    if (t.identity)
        out.begin_object()
            .member("method", t.identity->method)
            .member("reference", t.identity->reference)
            .member("at", t.identity->at)
            .end_object();
    else
        out.value(nullptr);
    out.end_object();
}

void write_hand_over(JsonWriter& out, const Ticket& t, const organisation::Organisation& organisation)
{
    out.key("hand_over");
    if (!t.hand_over) {
        out.value(nullptr);
        return;
    }
    out.begin_object();
    write_person(out, "to", t.hand_over->to, organisation);
    out.member("explanation", t.hand_over->explanation).member("offered_at", t.hand_over->offered_at).end_object();
}

void write_ticket_members(JsonWriter& out, const Ticket& t, const customer::CustomerRow& customer, bool overdue,
                          const ViewContext& context)
{
    const auto missing = missing_of(t, customer, context.policy);
    out.member("id", t.id)
        .member("number", t.number)
        .member("version", t.version)
        .member("step", t.step)
        .member("channel", t.channel)
        .member("class", t.class_)
        .text_or_null("category", t.category)
        .member("grade", t.grade)
        .member("complexity", t.complexity)
        .member("emotion", t.emotion)
        .member("in_scope", t.in_scope)
        .member("subject", t.subject)
        .member("content", t.content)
        .text_or_null("demand", t.demand)
        .text_or_null("address", customer::shown(customer, context.mask).address);
    write_customer(out, customer, context.mask);
    write_person(out, "owner", t.owner, context.organisation);
    out.key("lead_unit");
    if (t.lead_unit)
        out.begin_object()
            .member("id", t.lead_unit)
            .member("name", context.organisation.name_of_unit(t.lead_unit))
            .end_object();
    else
        out.value(nullptr);
    out.member("queue_unit_id", t.queue_unit)
        .member("merchant_id", t.merchant)
        .member("area_id", t.area)
        .member("occurred_at", t.occurred_at)
        .member("waiting_since", t.waiting_since)
        .text_or_null("waiting_reason", t.waiting_reason)
        .member("created_at", t.created_at)
        .member("first_response_at", t.first_response_at)
        .member("completed_at", t.completed_at)
        .member("archived_at", t.archived_at);
    out.key("next_due");
    if (const auto* next = t.is_closed() ? nullptr : t.next_due())
        out.begin_object()
            .member("obligation_id", child_id(t.id, next->no))
            .member("kind", next->kind)
            .member("due_at", next->due_at)
            .end_object();
    else
        out.value(nullptr);
    write_flags(out, t, overdue, !missing.empty());
    out.key("missing").begin_array();
    for (const auto& field : missing) out.value(field);
    out.end_array();
    out.member("first_contact_resolution", t.first_contact_resolution).key("slips").begin_array();
    for (const auto& slip : t.slips) {
        out.begin_object();
        write_slip_members(out, t, slip, context.organisation);
        out.end_object();
    }
    out.end_array().member("rejection_count", t.rejection_count).member("waits_for_ruling", t.waits_for_ruling());
    write_hand_over(out, t, context.organisation);
    write_identity(out, t, context.policy);
    write_promises(out, t);
    write_solution(out, t);
    out.key("implementation");
    if (t.implementation)
        out.begin_object()
            .member("summary", t.implementation->summary)
            .member("finished_at", t.implementation->finished_at)
            .end_object();
    else
        out.value(nullptr);
    write_result(out, t);
    write_rating(out, t);
    out.key("rework");
    if (t.rework)
        out.begin_object().text_or_null("reason", t.rework->reason).member("since", t.rework->since).end_object();
    else
        out.value(nullptr);
    out.member("complaint", nullptr).member("task_force", nullptr);
}

std::string ticket_json(const Ticket& ticket, const customer::CustomerRow& customer, bool overdue,
                        const ViewContext& context, const std::vector<std::string_view>& commands,
                        const std::vector<SlipCommands>& slip_commands)
{
    JsonWriter out;
    out.reserve(2048);
    out.begin_object();
    write_ticket_members(out, ticket, customer, overdue, context);
    out.key("commands").begin_array();
    for (const auto name : commands) out.value(name);
    out.end_array().key("slip_commands").begin_array();
    for (const auto& each : slip_commands) {
        out.begin_object().member("slip_id", child_id(ticket.id, each.slip)).key("commands").begin_array();
        for (const auto name : each.commands) out.value(name);
        out.end_array().end_object();
    }
    out.end_array().end_object();
    return out.take();
}

std::string public_json(const Ticket& t, const std::vector<StoredEvent>& events,
                        const organisation::Organisation& organisation)
{
    JsonWriter out;
    out.begin_object()
        .member("number", t.number)
        .member("step", t.step)
        .member("channel", t.channel)
        .member("class", t.class_)
        .member("subject", t.subject)
        .member("content", t.content)
        .text_or_null("demand", t.demand)
        .member("created_at", t.created_at)
        .text_or_null("owner_name", organisation.name_of_staff(t.owner))
        .member("waiting_since", t.waiting_since)
        .text_or_null("waiting_reason", t.waiting_reason);
    out.key("answer_by");
    if (const auto* answer = t.find(ObligationKind::respond))
        out.value(answer->due_at);
    else
        out.value(nullptr);
    out.key("next_promise");
    if (const auto* promise = t.open_promise(false))
        out.begin_object()
            .member("expected_at", promise->expected_at)
            .member("procedure", promise->procedure)
            .end_object();
    else
        out.value(nullptr);
    out.key("messages").begin_array();
    for (const auto& event : events) {
        const bool by_customer = event.type == "customer_wrote";
        // What was said to the customer, and nothing else: notes, reasons and the house's own reckoning stay inside.
        const bool told = event.type == "transferred" || event.type == "extension_granted";
        if (!by_customer && !told && event.type != "responded" && event.type != "replied" &&
            event.type != "progress_told")
            continue;
        const auto data = boost::json::parse(event.data);
        const std::string_view words = data.at(told ? "told_customer" : "content").as_string();
        if (words.empty()) continue;  // granted, and told in words of their own
        out.begin_object()
            .member("at", event.at)
            .member("from", by_customer ? "customer" : "staff")
            .member("content", words)
            .end_object();
    }
    out.end_array().key("files").begin_array();
    for (const auto& event : events) {
        if (event.type != "attachment_added" || event.actor) continue;  // the staff's own files stay inside
        const auto data = boost::json::parse(event.data);
        out.begin_object()
            .member("id", std::string_view{data.at("attachment_id").as_string()})
            .member("at", event.at)
            .member("filename", std::string_view{data.at("filename").as_string()})
            .member("media_type", std::string_view{data.at("media_type").as_string()})
            .member("size_bytes", data.at("size_bytes").as_int64())
            .end_object();
    }
    out.end_array();
    write_solution(out, t);
    write_result(out, t);
    write_rating(out, t);
    out.member("can_agree", t.step == Step::handling && t.solution && t.solution->state == SolutionState::proposed)
        .member("can_rate", t.step == Step::feedback && t.result.has_value() && !t.rating)
        .member("can_write", !t.is_closed())
        .end_object();
    return out.take();
}

}  // namespace shouwen::ticket
