#include "modules/ticket/rules/decision.hpp"

#include <algorithm>

namespace shouwen::ticket {

Decision::Decision(Ticket before, const Giver& by, const Context& context, Instant now)
    : ticket_(std::move(before)), by_(by), context_(context), now_(now)
{
    for (const auto& each : ticket_.obligations)
        if (each.due_at <= now_) over_before_.push_back(each.no);
}

void Decision::add(Event event)
{
    evolve(ticket_, event, now_);
    events_.push_back(std::move(event));
}

std::string Decision::calendar_for(const Debtor& debtor) const
{
    return context_.calendar_of(debtor.unit);
}

Instant Decision::due(const std::string& calendar, Instant starts_at, const Limit& limit,
                      const std::vector<Pause>& pauses) const
{
    const auto deadline = shouwen::due(context_.policy->calendar(calendar), starts_at, limit, pauses);
    ensure(deadline.has_value(), "a policy's calendars have working time");
    return deadline->at;
}

void Decision::open(ObligationKind kind, Debtor debtor, Instant starts_at, const std::vector<Pause>& pauses,
                    int subject)
{
    const Limit& limit = context_.policy->limit(kind, grade());
    const auto calendar = calendar_for(debtor);
    add(ObligationOpened{{.no = ticket_.obligation_count + 1,
                          .kind = kind,
                          .subject = subject,
                          .debtor = debtor,
                          .calendar = calendar,
                          .limit = limit,
                          .policy_version = context_.policy->version(),
                          .starts_at = starts_at,
                          .due_at = due(calendar, starts_at, limit, pauses),
                          .pauses = pauses,
                          .paused_at = {}}});
}

void Decision::open_until(ObligationKind kind, Debtor debtor, Instant due_at, int subject)
{
    add(ObligationOpened{{.no = ticket_.obligation_count + 1,
                          .kind = kind,
                          .subject = subject,
                          .debtor = debtor,
                          .calendar = calendar_for(debtor),
                          .limit = std::nullopt,
                          .policy_version = context_.policy->version(),
                          .starts_at = now_,
                          .due_at = due_at,
                          .pauses = {},
                          .paused_at = {}}});
}

void Decision::meet(ObligationKind kind, int subject)
{
    while (const auto* found = ticket_.find(kind, subject)) {
        const auto open = *found;
        if (open.paused_at) end_pause(open, "met");
        add(ObligationMet{open.no});
    }
}

void Decision::cancel(ObligationKind kind, const std::string& cause)
{
    const auto open = ticket_.obligations;  // adding events changes the list
    for (const auto& each : open)
        if (each.kind == kind) add(ObligationCancelled{each.no, cause});
}

void Decision::cancel(ObligationKind kind, int subject, const std::string& cause)
{
    if (const auto* open = ticket_.find(kind, subject)) add(ObligationCancelled{open->no, cause});
}

void Decision::cancel_all(const std::string& cause)
{
    const auto open = ticket_.obligations;
    for (const auto& each : open) add(ObligationCancelled{each.no, cause});
}

void Decision::cancel_round(const std::string& cause)
{
    const auto open = ticket_.obligations;
    for (const auto& each : open)
        if (each.kind != ObligationKind::keep_promise && each.kind != ObligationKind::answer_hand_over)
            add(ObligationCancelled{each.no, cause});
}

void Decision::cancel_all_but(ObligationKind kept, const std::string& cause)
{
    const auto open = ticket_.obligations;
    for (const auto& each : open)
        if (each.kind != kept) add(ObligationCancelled{each.no, cause});
}

std::vector<Pause> Decision::pauses_until_now(const OpenObligation& open) const
{
    auto pauses = open.pauses;
    if (open.paused_at) pauses.push_back({*open.paused_at, now_});
    return pauses;
}

void Decision::recompute(ObligationKind kind, const std::string& cause)
{
    const auto open = ticket_.obligations;
    for (const auto& each : open) {
        if (each.kind != kind || !each.limit) continue;
        const Limit limit = context_.policy->limit(kind, grade());
        const auto pauses = pauses_until_now(each);
        add(ObligationMoved{each.no, limit, due(each.calendar, each.starts_at, limit, pauses), pauses, cause});
    }
}

void Decision::put_off(ObligationKind kind, int subject, Instant due_at, const std::string& cause)
{
    const auto* open = ticket_.find(kind, subject);
    ensure(open != nullptr, "what is put off is owed");
    add(ObligationMoved{open->no, std::nullopt, due_at, pauses_until_now(*open), cause});
}

void Decision::pass(int no, const Debtor& debtor)
{
    const auto found = std::ranges::find(ticket_.obligations, no, &OpenObligation::no);
    if (found->debtor != debtor) add(ObligationPassed{no, debtor});
}

void Decision::pause_for_customer()
{
    const auto open = ticket_.obligations;
    for (const auto& each : open) {
        if (each.paused_at || !each.limit || !context_.policy->pauses_while_waiting(each.kind)) continue;
        // Opened too late already: its breach is told before anything stands still.
        const bool untold = each.due_at <= now_ && std::ranges::find(over_before_, each.no) == over_before_.end();
        if (!untold) add(ObligationPaused{each.no});
    }
}

/// What stood still until now had all that time more, and is not late for it: not even when it began to stand still in the night
/// before its last moment, and now it is night again.
void Decision::end_pause(const OpenObligation& paused, const std::string& cause)
{
    const auto pauses = pauses_until_now(paused);
    const auto moved = due(paused.calendar, paused.starts_at, *paused.limit, pauses);
    add(ObligationMoved{paused.no, paused.limit, std::max(moved, now_ + Duration{1}), pauses, cause});
}

void Decision::resume_after_customer()
{
    const auto open = ticket_.obligations;
    for (const auto& each : open)
        if (each.paused_at) end_pause(each, "customer_answered");
}

std::vector<Pause> Decision::pauses_of_grade_limits() const
{
    using enum ObligationKind;
    for (const auto kind : {start_handling, plan, resolve_or_answer})
        if (const auto* open = ticket_.find(kind)) return pauses_until_now(*open);
    return {};
}

void Decision::open_limits_of_grade(const std::vector<Pause>& pauses)
{
    using enum ObligationKind;
    switch (grade()) {
        case Grade::L1:
            open(start_handling, owner(), ticket_.clock_start, pauses);
            open(tell_progress, owner(), now_);
            break;
        case Grade::L2: open(plan, owner(), ticket_.clock_start, pauses); break;
        case Grade::L3: open(resolve_or_answer, owner(), ticket_.clock_start, pauses); break;
    }
}

Instant Decision::limit_of_grade() const
{
    using enum ObligationKind;
    const ObligationKind kind = grade() == Grade::L1 ? start_handling : grade() == Grade::L2 ? plan : resolve_or_answer;
    return due(calendar_for(owner()), ticket_.clock_start, context_.policy->limit(kind, grade()), {});
}

void Decision::end_limits_of_grade(const std::string& cause)
{
    using enum ObligationKind;
    for (const auto kind : {start_handling, tell_progress, plan, resolve_or_answer}) cancel(kind, cause);
}

void Decision::keep_promises(Promises which)
{
    const auto promises = ticket_.promises;
    for (const auto& each : promises) {
        if (!each.is_open() || (which == Promises::of_solutions && !each.by_solution)) continue;
        add(PromiseKept{each.no});
        meet(ObligationKind::keep_promise, each.no);
    }
}

void Decision::withdraw_promises(Promises which, const std::string& cause)
{
    const auto promises = ticket_.promises;
    for (const auto& each : promises) {
        if (!each.is_open() || (which == Promises::of_solutions && !each.by_solution)) continue;
        add(PromiseWithdrawn{each.no, cause});
        cancel(ObligationKind::keep_promise, each.no, cause);
    }
}

Decided Decision::finish() &&
{
    if (!ticket_.is_closed() && ticket_.waiting_since) pause_for_customer();
    if (!ticket_.is_closed() && !ticket_.next_due()) {
        // Nothing presses: then the customer is owed the next word (C7), so that nothing can be forgotten.
        open(ObligationKind::tell_progress, ticket_.owner ? owner() : Debtor{{}, ticket_.queue_unit}, now_);
    }
    return {std::move(events_), std::move(ticket_)};
}

}  // namespace shouwen::ticket
