#include "modules/improvement/rules/improvement.hpp"

namespace shouwen::improvement {
namespace {

/// From now on somebody owes something else, or by another time: what was told of the old limit is history.
void owe(Improvement& item, StaffId debtor, Instant due_at, Instant now)
{
    item.debtor = debtor;
    item.watched = {};
    item.watched.starts_at = now;
    item.watched.due_at = due_at;
    item.breached_at.reset();
}

void end(Improvement& item, State as, Instant now)
{
    item.state = as;
    item.ended_at = now;
}

}  // namespace

FieldErrors check(const Plan& plan, Instant now, const std::string& pointer)
{
    FieldErrors errors;
    if (plan.measure.empty()) errors.push_back({pointer + "/measure", "required", {}});
    if (plan.due_at <= now) errors.push_back({pointer + "/due_at", "time_in_the_past", {}});
    if (plan.check_at <= plan.due_at) errors.push_back({pointer + "/check_at", "check_before_due", {}});
    return errors;
}

void begin(Improvement& item, const Plan& plan, Instant now)
{
    Round round;
    round.no = static_cast<int>(item.rounds.size()) + 1;
    round.measure = plan.measure;
    round.due_at = plan.due_at;
    round.check_at = plan.check_at;
    item.rounds.push_back(std::move(round));
    item.state = State::open;
    owe(item, item.owner, plan.due_at, now);
}

std::optional<Refusal> finish(Improvement& item, const std::string& summary, Instant now)
{
    if (item.state != State::open) return Refusal::improvement_not_open;
    auto& round = item.rounds.back();
    round.finished_at = now;
    round.summary = summary;
    // Who finishes late leaves the checker as long as was planned between the two.
    if (round.check_at <= now) round.check_at = now + (round.check_at - round.due_at);
    item.state = State::to_check;
    owe(item, item.checker, round.check_at, now);
    return std::nullopt;
}

std::optional<Refusal> assess(Improvement& item, StaffId by, bool effective, const std::string& finding,
                              const std::optional<Plan>& next, Instant now)
{
    if (item.state != State::to_check) return Refusal::improvement_not_finished;
    auto& round = item.rounds.back();
    round.checked_at = now;
    round.checked_by = by;
    round.effective = effective;
    round.finding = finding;
    if (effective)
        end(item, State::effective, now);
    else
        begin(item, *next, now);
    return std::nullopt;
}

std::optional<Refusal> change(Improvement& item, const Change& change, Instant now)
{
    if (item.ended_at) return Refusal::improvement_ended;
    auto& round = item.rounds.back();
    if (change.owner) {
        item.owner = change.owner;
        item.unit = change.unit;
    }
    if (change.checker) item.checker = change.checker;
    if (change.due_at) round.due_at = *change.due_at;
    if (change.check_at) round.check_at = *change.check_at;
    const bool open = item.state == State::open;
    const StaffId debtor = open ? item.owner : item.checker;
    const Instant due_at = open ? round.due_at : round.check_at;
    if (debtor != item.debtor || due_at != item.watched.due_at) owe(item, debtor, due_at, now);
    return std::nullopt;
}

std::optional<Refusal> cancel(Improvement& item, const std::string& reason, Instant now)
{
    if (item.ended_at) return Refusal::improvement_ended;
    item.reason = reason;
    end(item, State::cancelled, now);
    return std::nullopt;
}

}  // namespace shouwen::improvement
