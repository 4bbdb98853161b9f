#include "modules/ticket/rules/decide.hpp"

#include "modules/ticket/rules/decision.hpp"

#include <algorithm>
#include <array>

namespace shouwen::ticket {
namespace {

using enum ObligationKind;
using Refusal_ = std::optional<Refused>;
constexpr auto allowed = std::nullopt;

bool is_present(Channel channel)
{
    // The customer is at the phone or the counter, or the person who registers a mail or fax is the first to handle it (A2).
    return channel == Channel::phone || channel == Channel::counter || channel == Channel::email ||
           channel == Channel::fax;
}

Refusal_ refuse_closed(const Ticket& ticket)
{
    if (ticket.is_closed()) return Refused{Refusal::ticket_closed};
    return allowed;
}

Refusal_ refuse_unanswered(const Ticket& ticket)
{
    if (auto refused = refuse_closed(ticket)) return refused;
    if (ticket.step == Step::intake) return Refused{Refusal::not_answered_yet};
    return allowed;
}

/// An owner's act: by the owner, or by who may act for others (a supervisor, on record as the actor of the event).
Refusal_ refuse_strangers(const Ticket& ticket, const Giver& by)
{
    if (auto refused = refuse_unanswered(ticket)) return refused;
    if (by.staff && by.staff != ticket.owner && !by.may_act_for_others)
        return Refused{Refusal::not_owner, ticket.owner};
    return allowed;
}

Refusal_ refuse_outside(Step step, const Ticket& ticket, const Giver& by)
{
    if (auto refused = refuse_strangers(ticket, by)) return refused;
    if (ticket.step == Step::triage && step != Step::triage) return Refused{Refusal::not_triaged};
    if (ticket.step != step)
        return Refused{step == Step::handling ? Refusal::not_in_handling : Refusal::not_in_feedback};
    return allowed;
}

/// Where the policy insists on its tree, a category must be one of its class (D3).
bool is_foreign_category(Class of, std::string_view category, const policy::Policy& policy)
{
    return policy.document().strict_categories && !category.empty() && !policy.is_category(of, category);
}

bool is_dissatisfied(const Ticket& ticket, const policy::Policy& policy)
{
    return ticket.rating && ticket.rating->score <= policy.document().dissatisfied_up_to;
}

void start_rework(Decision& d, const std::string& reason)
{
    d.cancel_all_but_promises("rework");
    d.add(ReworkStarted{reason});
    d.open_limits_of_grade();
}

void end_waiting(Decision& d)
{
    if (!d.ticket().waiting_since) return;
    d.add(WaitingEnded{});
    d.resume_after_customer();
    if (d.grade() != Grade::L1) d.cancel(tell_progress, "customer_answered");
}

/// What we tell the customer answers what they wrote; in L3 it is the answer that is owed (E5).
void answer_customer(Decision& d)
{
    d.meet(respond);
    d.meet(start_handling);
    if (d.ticket().step == Step::handling && d.grade() == Grade::L3) d.meet(resolve_or_answer);
}

void after_result(Decision& d)
{
    d.end_limits_of_grade("result_given");
    d.meet(give_result);
    d.keep_promises(Decision::Promises::all);
    d.open(close_out, d.owner(), d.now());
}

// --- One function a command: is it refused? and what does it do? ---------------------------------------------------------

struct Check {
    const Ticket& t;
    const Giver& by;
    const Context& context;
    Instant now;

    Refusal_ operator()(const Respond&) const
    {
        if (auto refused = refuse_closed(t)) return refused;
        if (t.step != Step::intake) return Refused{Refusal::already_answered, t.owner};
        return allowed;
    }
    Refusal_ operator()(const Classify& c) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.step != Step::triage) return Refused{Refusal::already_triaged};
        if (is_foreign_category(c.class_, c.category, *context.policy)) return Refused{Refusal::category_unknown};
        return allowed;
    }
    Refusal_ operator()(const Amend& c) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (c.category && t.class_ && is_foreign_category(*t.class_, *c.category, *context.policy))
            return Refused{Refusal::category_unknown};
        return allowed;
    }
    Refusal_ operator()(const Regrade& c) const
    {
        if (auto refused = refuse_closed(t)) return refused;
        if (t.step != Step::intake)
            if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.grade.value_or(Grade::L3) == c.grade && (t.grade || c.grade == Grade::L3))
            return Refused{Refusal::grade_unchanged};
        return allowed;
    }
    Refusal_ operator()(const Note&) const { return refuse_closed(t); }  // E11: what is filed is read-only
    Refusal_ operator()(const Reply&) const { return refuse_unanswered(t); }
    Refusal_ operator()(const CustomerMessage&) const { return refuse_closed(t); }
    Refusal_ operator()(const MakePromise& c) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.step == Step::feedback && t.result) return Refused{Refusal::result_given};
        if (c.expected_at <= now) return Refused{Refusal::time_in_the_past};
        return allowed;
    }
    Refusal_ operator()(const TellProgress&) const { return refuse_strangers(t, by); }
    Refusal_ operator()(const ResolveAtFirstContact&) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.step == Step::feedback) return Refused{Refusal::result_given};
        if (!t.class_) return Refused{Refusal::not_triaged};
        if (t.class_ == Class::complaint) return Refused{Refusal::complaint_needs_handling};
        if (t.complexity == Complexity::complex) return Refused{Refusal::complex_needs_handling};
        if (t.in_scope == false) return Refused{Refusal::out_of_scope};
        if (t.rework) return Refused{Refusal::rework_open};
        return allowed;
    }
    Refusal_ operator()(const ProposeSolution& c) const
    {
        if (auto refused = refuse_outside(Step::handling, t, by)) return refused;
        if (t.solution && t.solution->state == SolutionState::agreed) return Refused{Refusal::solution_agreed};
        if (c.expected_at <= now) return Refused{Refusal::time_in_the_past};
        return allowed;
    }
    Refusal_ operator()(const RecordAgreement&) const
    {
        if (auto refused = refuse_outside(Step::handling, t, by)) return refused;
        if (!t.solution) return Refused{Refusal::solution_missing};
        if (t.solution->state != SolutionState::proposed)
            return Refused{t.solution->state == SolutionState::agreed ? Refusal::solution_agreed
                                                                      : Refusal::solution_missing};
        return allowed;
    }
    Refusal_ operator()(const FinishImplementation&) const
    {
        if (auto refused = refuse_outside(Step::handling, t, by)) return refused;
        if (!t.solution) return Refused{Refusal::solution_missing};
        if (t.solution->state != SolutionState::agreed) return Refused{Refusal::agreement_missing};
        return allowed;
    }
    Refusal_ operator()(const GiveResult&) const
    {
        if (auto refused = refuse_outside(Step::feedback, t, by)) return refused;
        if (t.result) return Refused{Refusal::result_given};
        return allowed;
    }
    Refusal_ operator()(const Rate& c) const
    {
        if (auto refused = refuse_closed(t)) return refused;
        if (t.rating) return Refused{Refusal::already_rated};
        if (t.step != Step::feedback || !t.result) return Refused{Refusal::result_missing};
        if (by.source == Source::customer) return allowed;
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (c.score <= context.policy->document().dissatisfied_up_to && c.reason.empty())
            return Refused{Refusal::reason_required};
        return allowed;
    }
    Refusal_ operator()(const StartRework&) const
    {
        if (t.rework && !t.is_closed()) return Refused{Refusal::rework_open};
        return refuse_outside(Step::feedback, t, by);
    }
    Refusal_ operator()(const WaitForCustomer&) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (t.waiting_since) return Refused{Refusal::already_waiting};
        return allowed;
    }
    Refusal_ operator()(const Resume&) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        if (!t.waiting_since) return Refused{Refusal::not_waiting};
        return allowed;
    }
    Refusal_ operator()(const Escalate&) const { return refuse_unanswered(t); }
    Refusal_ operator()(const Archive& c) const
    {
        if (auto refused = refuse_strangers(t, by)) return refused;
        const bool overruled = by.may_close_with_reason && !c.reason.empty();
        if (is_dissatisfied(t, *context.policy) && overruled) return refuse_incomplete();
        if (is_dissatisfied(t, *context.policy)) return Refused{Refusal::dissatisfaction_open};
        if (t.rework) return Refused{Refusal::rework_open};
        if (t.step == Step::triage) return Refused{Refusal::not_triaged};
        if (!t.result) return Refused{Refusal::result_missing};
        for (const auto& promise : t.promises)
            if (promise.is_open()) return Refused{Refusal::promise_open, promise.expected_at};
        if (auto refused = refuse_incomplete()) return refused;
        if (t.rating || overruled) return allowed;
        // Who wrote after the result is not silent: the policy waits until they are answered.
        if (by.source == Source::policy && t.find(respond)) return Refused{Refusal::not_answered_yet};
        const auto until = rating_waited_until(t);
        if (until && now < *until) return Refused{Refusal::rating_missing, *until};
        return allowed;
    }
    Refusal_ operator()(const Reopen&) const
    {
        if (t.step == Step::cancelled) return Refused{Refusal::cancelled_for_good};
        if (t.step != Step::archived) return Refused{Refusal::ticket_open};
        return allowed;
    }
    Refusal_ operator()(const Cancel&) const
    {
        if (auto refused = refuse_closed(t)) return refused;
        if (!by.may_cancel) return Refused{Refusal::not_permitted};  // A7: nobody drops a customer's matter alone
        return allowed;
    }
    Refusal_ operator()(const AddAttachment&) const { return refuse_closed(t); }

    Refusal_ refuse_incomplete() const
    {
        auto missing = missing_fields(t, context);
        if (!missing.empty()) return Refused{Refusal::record_incomplete, std::move(missing)};
        return allowed;
    }
};

struct Act {
    Decision& d;

    void operator()(const Respond& c) const
    {
        d.add(Responded{c.content});
        d.add(OwnershipTaken{d.by().staff, d.by().unit, TenureCause::first_response});
        d.meet(respond);
        d.open(triage, d.owner(), d.now());
    }
    void operator()(const Classify& c) const
    {
        const bool raised = c.class_ == Class::complaint && c.emotion == Emotion::angry && c.grade == Grade::L3 &&
                            d.context().policy->document().raise_angry_complaints;
        d.add(Classified{c.class_, c.category, raised ? Grade::L2 : c.grade, c.complexity, c.in_scope, c.emotion,
                         raised});
        d.meet(triage);
        d.cancel(tell_progress, "classified");
        d.open_limits_of_grade();
    }
    void operator()(const Amend& c) const { d.add(Amended{c.demand, c.category, c.area}); }
    void operator()(const Regrade& c) const
    {
        d.add(Regraded{d.ticket().grade, c.grade, c.reason});
        d.recompute(respond, "regraded");
        if (d.ticket().step != Step::handling) return;
        const auto pauses = d.pauses_of_grade_limits();
        d.end_limits_of_grade("regraded");
        d.open_limits_of_grade(pauses);
    }
    void operator()(const Note& c) const { d.add(Noted{c.content}); }
    void operator()(const Reply& c) const
    {
        d.add(Replied{c.content});
        answer_customer(d);
    }
    void operator()(const CustomerMessage& c) const
    {
        d.add(CustomerWrote{c.content});
        end_waiting(d);
        if (d.ticket().owner && !d.ticket().find(respond)) d.open(respond, d.owner(), d.now());
    }
    void operator()(const MakePromise& c) const
    {
        const auto* before = d.ticket().open_promise(false);
        const int replaced = before ? before->no : 0;
        const int no = static_cast<int>(d.ticket().promises.size()) + 1;
        // A change told in time frees from the old date; told too late, the old promise stays broken and ends late (A9).
        const bool in_time = before && d.now() < before->expected_at;
        d.add(Promised{no, c.reason, c.expected_at, c.procedure, false, replaced});
        if (const auto* owed = replaced ? d.ticket().find(keep_promise, replaced) : nullptr)
            d.add(in_time ? Event{ObligationCancelled{owed->no, "promise_changed"}} : Event{ObligationMet{owed->no}});
        d.open_until(keep_promise, d.owner(), c.expected_at, no);
        answer_customer(d);
    }
    void operator()(const TellProgress& c) const
    {
        d.add(ProgressTold{c.content});
        answer_customer(d);
        d.meet(tell_progress);
        // E7: until the result, so also between the end of the work and telling it.
        const bool goes_on =
            d.ticket().step == Step::handling || (d.ticket().step == Step::feedback && !d.ticket().result);
        if (d.grade() == Grade::L1 && goes_on) d.open(tell_progress, d.owner(), d.now());
    }
    void operator()(const ResolveAtFirstContact& c) const
    {
        end_waiting(d);
        if (d.ticket().step == Step::triage) {
            const auto& t = d.ticket();
            d.add(Classified{*t.class_, t.category, t.grade.value_or(Grade::L3),
                             t.complexity.value_or(Complexity::simple), t.in_scope.value_or(true), std::nullopt,
                             false});
            d.meet(triage);
        }
        d.meet(respond);
        meet_grade_limits();
        d.add(ResolvedAtFirstContact{c.handling, c.solution, c.result});
        after_result(d);
    }
    void operator()(const ProposeSolution& c) const
    {
        const auto* before = d.ticket().open_promise(true);
        const int replaced = before ? before->no : 0;
        d.add(SolutionProposed{c.solution, c.steps, c.expected_at});
        answer_customer(d);
        d.meet(plan);
        d.meet(resolve_or_answer);
        const int no = static_cast<int>(d.ticket().promises.size()) + 1;
        d.add(Promised{no, c.solution, c.expected_at, c.steps, true, replaced});
        if (replaced) d.cancel(keep_promise, replaced, "solution_changed");
        d.open_until(keep_promise, d.owner(), c.expected_at, no);
    }
    void operator()(const RecordAgreement& c) const
    {
        d.add(AgreementRecorded{c.agreed, c.comment, d.by().source});
        end_waiting(d);
        if (c.agreed) return;
        // Declined: the date of that solution binds no more, and another plan is owed.
        d.withdraw_promises(Decision::Promises::of_solutions, "solution_declined");
        if (!d.ticket().find(plan)) d.open(plan, d.owner(), d.now());
    }
    void operator()(const FinishImplementation& c) const
    {
        d.add(ImplementationFinished{c.summary});
        d.keep_promises(Decision::Promises::of_solutions);
        meet_grade_limits();
        end_waiting(d);
        d.open(give_result, d.owner(), d.now());
        if (d.grade() == Grade::L1 && !d.ticket().find(tell_progress)) d.open(tell_progress, d.owner(), d.now());
    }
    void operator()(const GiveResult& c) const
    {
        d.add(ResultTold{c.handling, c.solution, c.result});
        d.meet(respond);
        end_waiting(d);
        after_result(d);
    }
    void operator()(const Rate& c) const
    {
        d.add(Rated{c.score, c.reason, c.source});
        end_waiting(d);
        if (is_dissatisfied(d.ticket(), *d.context().policy)) start_rework(d, c.reason);
    }
    void operator()(const StartRework& c) const
    {
        end_waiting(d);
        start_rework(d, c.reason);
    }
    void operator()(const WaitForCustomer& c) const { d.add(WaitingStarted{c.reason}); }
    void operator()(const Resume&) const { end_waiting(d); }
    void operator()(const Escalate& c) const { d.add(Escalated{c.reason}); }
    void operator()(const Archive& c) const
    {
        const bool by_policy = d.by().source == Source::policy;
        if (by_policy)
            d.cancel(close_out, "customer_silent");
        else
            d.meet(close_out);
        d.withdraw_promises(Decision::Promises::all, "archived");
        d.cancel_all("archived");
        if (d.ticket().waiting_since) d.add(WaitingEnded{});
        d.add(Archived{by_policy ? Source::policy : Source::staff, c.reason});
    }
    void operator()(const Reopen& c) const
    {
        const StaffId before = d.ticket().owner;
        const UnitId unit = d.ticket().owner_unit;
        const bool same = before && d.context().at_work(before);
        d.add(Reopened{c.reason});
        d.add(OwnershipTaken{same ? before : d.by().staff, same ? unit : d.by().unit, TenureCause::reopening});
        d.open(triage, d.owner(), d.now());
    }
    void operator()(const Cancel& c) const
    {
        d.withdraw_promises(Decision::Promises::all, "cancelled");
        d.cancel_all("cancelled");
        if (d.ticket().waiting_since) d.add(WaitingEnded{});
        d.add(Cancelled{c.reason});
    }
    void operator()(const AddAttachment& c) const
    {
        d.add(AttachmentAdded{c.attachment, c.filename, c.size_bytes, c.media_type});
    }

    void meet_grade_limits() const
    {
        for (const auto kind : {start_handling, plan, resolve_or_answer}) d.meet(kind);
    }
};

}  // namespace

Result<Decided, Refused> receive(const Receive& c, const Giver& by, const Context& context, Instant now)
{
    if (c.class_ && is_foreign_category(*c.class_, c.category, *context.policy))
        return Refused{Refusal::category_unknown};
    Ticket fresh;
    fresh.id = c.id;
    Decision d{std::move(fresh), by, context, now};
    d.add(TicketReceived{c.number, c.channel, c.customer, c.subject, c.content, c.demand, c.class_, c.category, c.area,
                         c.merchant, c.queue_unit, c.occurred_at});
    if (by.staff && is_present(c.channel)) {
        d.add(OwnershipTaken{by.staff, by.unit, TenureCause::receipt});
        d.open(triage, d.owner(), now);
    } else {
        d.open(respond, {{}, c.queue_unit}, now);
    }
    auto decided = std::move(d).finish();
    decided.ticket.version = 1;
    return decided;
}

Result<Decided, Refused> decide(const Ticket& ticket, const Command& command, const Giver& by, const Context& context,
                                Instant now)
{
    if (auto refused = std::visit(Check{ticket, by, context, now}, command)) return std::move(*refused);
    Decision d{ticket, by, context, now};
    std::visit(Act{d}, command);
    auto decided = std::move(d).finish();
    ++decided.ticket.version;
    return decided;
}

std::optional<Instant> rating_waited_until(const Ticket& ticket)
{
    const auto* open = ticket.find(close_out);
    if (!open) return std::nullopt;
    return open->due_at;
}

std::vector<std::string> missing_fields(const Ticket& ticket, const Context& context)
{
    std::vector<std::string> missing;
    const auto* rules = ticket.class_ ? context.policy->rules_of(*ticket.class_) : nullptr;
    if (!rules) return missing;
    for (const auto& field : rules->required_fields) {
        const bool present =
            field == "demand"     ? !ticket.demand.empty()
            : field == "category" ? !ticket.category.empty()
            : field == "area"     ? static_cast<bool>(ticket.area)
                              : std::ranges::find(context.known_of_customer, field) != context.known_of_customer.end();
        if (!present) missing.push_back(field);
    }
    return missing;
}

std::vector<std::string_view> commands_now(const Ticket& ticket, const Giver& by, const Context& context, Instant now)
{
    const Instant later = now + std::chrono::hours{1};
    const Class of = ticket.class_.value_or(Class::consultation);
    const Grade other = ticket.grade == Grade::L1 ? Grade::L2 : Grade::L1;
    const std::array<std::pair<std::string_view, Command>, 21> samples{{
        {"respond", Respond{}},
        {"classify", Classify{of, {}, Grade::L3, Complexity::simple, true, std::nullopt}},
        {"amend", Amend{}},
        {"regrade", Regrade{other, {}}},
        {"note", Note{}},
        {"reply", Reply{}},
        {"promise", MakePromise{{}, later, {}}},
        {"tell_progress", TellProgress{}},
        {"resolve_at_first_contact", ResolveAtFirstContact{}},
        {"propose_solution", ProposeSolution{{}, {}, later}},
        {"record_agreement", RecordAgreement{}},
        {"finish_implementation", FinishImplementation{}},
        {"give_result", GiveResult{}},
        {"rate", Rate{5, {}, {}}},
        {"rework", StartRework{}},
        {"wait_for_customer", WaitForCustomer{}},
        {"resume", Resume{}},
        {"escalate", Escalate{}},
        {"archive", Archive{by.may_close_with_reason ? "reason" : ""}},
        {"reopen", Reopen{}},
        {"cancel", Cancel{}},
    }};
    std::vector<std::string_view> names;
    for (const auto& [name, command] : samples)
        if (!std::visit(Check{ticket, by, context, now}, command)) names.push_back(name);
    return names;
}

}  // namespace shouwen::ticket
