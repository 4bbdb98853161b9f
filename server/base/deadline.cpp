#include "base/deadline.hpp"

#include <algorithm>

namespace shouwen {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using Pauses = std::vector<Pause>;

/// Ascending, apart, none empty, none before `start`.
Pauses tidy(std::span<const Pause> pauses, Instant start)
{
    Pauses sorted;
    if (pauses.empty()) return sorted;
    for (const auto& p : pauses)
        if (p.from < p.to && p.to > start) sorted.push_back({std::max(p.from, start), p.to});
    std::ranges::sort(sorted, {}, &Pause::from);
    Pauses merged;
    for (const auto& p : sorted) {
        if (!merged.empty() && p.from <= merged.back().to)
            merged.back().to = std::max(merged.back().to, p.to);
        else
            merged.push_back(p);
    }
    return merged;
}

/// The first moment at which `amount` has passed outside the pauses.
/// @param between  how much of [a, b) counts   @param add  the first moment at which so much has passed
template <class Between, class Add>
std::optional<Instant> add_unpaused(Instant at, Duration amount, const Pauses& pauses, Between between, Add add)
{
    for (const auto& pause : pauses) {
        if (amount <= Duration::zero()) break;
        if (pause.to <= at) continue;
        const Duration before = pause.from > at ? between(at, pause.from) : Duration::zero();
        if (amount <= before) break;
        amount -= before;
        at = pause.to;
    }
    return add(at, amount);
}

std::optional<Instant> add_working_time(const Calendar& calendar, Instant at, Duration amount, const Pauses& pauses)
{
    if (pauses.empty()) return calendar.add_working_time(at, amount);
    return add_unpaused(
        at, amount, pauses, [&](Instant a, Instant b) { return calendar.working_time_between(a, b); },
        [&](Instant a, Duration d) { return calendar.add_working_time(a, d); });
}

std::optional<Instant> add_working_days(const Calendar& calendar, Instant start, int count, const Pauses& pauses)
{
    const auto unpaused = calendar.add_working_days(start, count);
    if (!unpaused || pauses.empty()) return unpaused;
    Duration paused{};
    for (const auto& pause : pauses)
        if (pause.from < *unpaused) paused += calendar.working_time_between(pause.from, std::min(pause.to, *unpaused));
    // From here on only what lies past the first deadline is left to leave out: the rest is in `paused`.
    auto at = add_working_time(calendar, *unpaused, paused, pauses);
    // The opening of a day stays the opening of a later one, instead of the closing before it.
    if (at && calendar.is_working(*unpaused)) at = calendar.next_working_instant(*at);
    // A pause that took no working time yet may still go on at the deadline.
    for (const auto& pause : pauses)
        if (at && pause.from < *at && *at < pause.to) at = calendar.next_working_instant(pause.to);
    return at;
}

std::optional<Instant> end_of(const Calendar& calendar, Instant start, const Limit& limit, const Pauses& pauses)
{
    switch (limit.kind) {
        case LimitKind::working_time: return add_working_time(calendar, start, limit.duration, pauses);
        case LimitKind::working_days: return add_working_days(calendar, start, limit.days, pauses);
        case LimitKind::natural_time: break;
    }
    return add_unpaused(
        start, limit.duration, pauses, [](Instant a, Instant b) { return b - a; },
        [](Instant a, Duration d) { return a + d; });
}

int local_year(const Calendar& calendar, Instant at)
{
    return static_cast<int>(LocalDate{calendar.zone().date(at)}.year());
}

Deadline with_warnings(const Calendar& calendar, Instant start, Instant at, const Limit& limit)
{
    Deadline deadline{at};
    if (limit.kind == LimitKind::natural_time || !calendar.uses_public_holidays()) return deadline;
    const int last = local_year(calendar, at);
    for (int year = local_year(calendar, start); year <= last; ++year)
        if (!calendar.knows_year(year)) deadline.years_without_data.push_back(year);
    return deadline;
}

/// Collects spans that follow one another and joins equal neighbours.
class SpanList {
public:
    SpanList(Instant from, Instant to) : at_(from), end_(to) {}
    void add(Instant to, bool counted, SpanReason reason, const std::string& label = {})
    {
        to = std::min(to, end_);
        if (to <= at_) return;
        if (!spans.empty() && spans.back().counted == counted && spans.back().reason == reason &&
            spans.back().label == label)
            spans.back().to = to;
        else
            spans.push_back({at_, to, counted, reason, label});
        at_ = to;
    }
    Instant at() const { return at_; }
    bool full() const { return at_ >= end_; }
    std::vector<Span> spans;

private:
    Instant at_;
    Instant end_;
};

/// One local day, as far as the stretch reaches.
void add_day(const Calendar& calendar, std::chrono::local_days day, const Zone::Stretch& stretch, SpanList& list)
{
    const Instant midnight{Duration{day.time_since_epoch()} - stretch.offset};
    const Instant end = std::min(midnight + days{1}, stretch.end);
    const auto* special = calendar.special_day(day);
    const auto windows = calendar.windows_on(day);
    if (special && special->kind == SpecialDayKind::off)
        return list.add(end, false, SpanReason::holiday, special->name);
    if (windows.empty()) return list.add(end, false, SpanReason::weekend);
    const SpanReason working = special ? SpanReason::make_up : SpanReason::working;
    const std::string label = special ? special->name : std::string{};
    for (std::size_t i = 0; i < windows.size(); ++i) {
        list.add(std::min(end, midnight + minutes{windows[i].from}), false,
                 i == 0 ? SpanReason::closed : SpanReason::break_);
        list.add(std::min(end, midnight + minutes{windows[i].to}), true, working, label);
    }
    list.add(end, false, SpanReason::closed);
}

std::vector<Span> unpaused_spans(const Calendar& calendar, Instant start, Instant end, const Limit& limit)
{
    SpanList list{start, end};
    if (limit.kind == LimitKind::natural_time || calendar.definition().kind == CalendarKind::natural) {
        list.add(end, true, SpanReason::natural);
        return list.spans;
    }
    const auto& zone = calendar.zone();
    while (!list.full()) {
        const auto& stretch = zone.stretches()[zone.stretch_at(list.at())];
        const auto day = std::chrono::floor<days>(LocalTime{list.at().time_since_epoch() + stretch.offset});
        add_day(calendar, day, stretch, list);
    }
    return list.spans;
}

std::vector<Span> with_pauses(const std::vector<Span>& spans, const Pauses& pauses, Instant start, Instant end)
{
    SpanList list{start, end};
    auto pause = pauses.begin();
    for (const auto& span : spans) {
        while (list.at() < span.to) {
            while (pause != pauses.end() && pause->to <= list.at()) ++pause;
            const bool paused = pause != pauses.end() && pause->from <= list.at();
            if (paused)
                list.add(std::min(span.to, pause->to), false, SpanReason::paused);
            else
                list.add(pause == pauses.end() ? span.to : std::min(span.to, pause->from), span.counted, span.reason,
                         span.label);
        }
    }
    return list.spans;
}

}  // namespace

std::vector<std::string> Deadline::warnings() const
{
    std::vector<std::string> texts;
    for (const int year : years_without_data) texts.push_back("year_without_data " + std::to_string(year));
    return texts;
}

Result<Deadline, DeadlineRefusal> due(const Calendar& calendar, Instant start, const Limit& limit,
                                      std::span<const Pause> pauses)
{
    const auto at = end_of(calendar, start, limit, tidy(pauses, start));
    if (!at) return DeadlineRefusal::no_working_time;
    return with_warnings(calendar, start, *at, limit);
}

Result<Explanation, DeadlineRefusal> explain(const Calendar& calendar, Instant start, const Limit& limit,
                                             std::span<const Pause> pauses)
{
    const auto deadline = due(calendar, start, limit, pauses);
    if (!deadline) return deadline.error();
    auto spans = unpaused_spans(calendar, start, deadline->at, limit);
    if (!pauses.empty()) spans = with_pauses(spans, tidy(pauses, start), start, deadline->at);
    return Explanation{*deadline, std::move(spans)};
}

}  // namespace shouwen
