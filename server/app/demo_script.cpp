#include "app/demo_script.hpp"

#include <algorithm>

namespace shouwen::app::demonstration {
namespace {

using namespace std::chrono_literals;

constexpr auto opens = 9h;
constexpr auto closes = 21h;

struct Span {
    Duration from;
    Duration to;
};

/// How long people take, by grade: L1, L2, L3.
Span usual(Act act, Grade grade)
{
    const auto by = [grade](Span urgent, Span important, Span general) {
        return grade == Grade::L1 ? urgent : grade == Grade::L2 ? important : general;
    };
    switch (act) {
        case Act::receive: return {0s, 0s};
        case Act::respond: return by({15s, 50s}, {2min, 24min}, {3min, 100min});
        case Act::customer_says: return by({40s, 2min}, {1min, 12min}, {1min, 20min});
        case Act::reply: return by({30s, 2min}, {1min, 6min}, {1min, 8min});
        case Act::note: return {1min, 3min};
        case Act::classify: return by({20s, 2min}, {1min, 8min}, {1min, 9min});
        case Act::promise: return by({1min, 3min}, {4min, 20min}, {2min, 30min});
        case Act::tell_progress: return by({3min, 8min}, {20min, 60min}, {2h, 9h});
        case Act::escalate: return by({1min, 3min}, {4min, 20min}, {20min, 3h});
        case Act::wait: return {4min, 20min};
        case Act::resume: return by({4min, 15min}, {1h, 9h}, {3h, 22h});
        case Act::propose: return by({2min, 6min}, {10min, 40min}, {40min, 9h});
        case Act::decline: return by({1min, 3min}, {8min, 70min}, {20min, 7h});
        case Act::agree: return by({1min, 3min}, {5min, 60min}, {15min, 8h});
        case Act::finish: return by({4min, 12min}, {1h, 9h}, {3h, 26h});
        case Act::give_result: return by({2min, 12min}, {10min, 3h}, {10min, 5h});
        case Act::resolve: return by({4min, 12min}, {3min, 20min}, {2min, 14min});
        case Act::rate_low:
        case Act::rate: return {8min, 20h};
        case Act::archive: return {4min, 5h};
        case Act::cancel: return {4min, 40min};
        case Act::reopen: return {9h, 40h};
    }
    return {};
}

struct Writer {
    const Story& story;
    const Course& course;
    Chance& chance;
    Script script = {};

    void add(Act act, int line = 0)
    {
        const auto span = usual(act, story.grade.value_or(Grade::L3));
        Duration after = chance.between(span.from, span.to);
        // Now and then something is left lying.
        if (act != Act::rate && act != Act::rate_low && act != Act::reopen && chance.one_in(28)) after *= 5;
        script.push_back({act, line, after, {}});
    }
    void add_if(bool happens, Act act)
    {
        if (happens) add(act);
    }

    void open()
    {
        add(Act::receive);
        if (!story.cancel.empty()) return add(Act::cancel);
        if (course.brief) {
            add_if(story.is_queued(), Act::respond);
            return add(Act::classify);
        }
        bool answered = false;
        for (std::size_t i = 0; i < story.talk.size(); ++i) {
            const bool by_staff = story.talk[i].from == "staff";
            const bool first = by_staff && !answered;
            add(first && story.is_queued() ? Act::respond
                : by_staff                 ? Act::reply
                                           : Act::customer_says,
                static_cast<int>(i));
            answered = answered || by_staff;
            if (first) add(Act::classify);
        }
        add_if(!story.note.empty(), Act::note);
    }

    void handle()
    {
        if (story.is_settled_at_once() && !course.declined_first) return add(Act::resolve);
        if (!course.brief) {
            add_if(story.promise.has_value(), Act::promise);
            add_if(!story.escalation.empty(), Act::escalate);
            if (!story.waiting.empty()) {
                add(Act::wait);
                add(Act::resume);
            }
        }
        add(Act::propose);
        if (course.declined_first) {
            add(Act::decline);
            add(Act::propose);
        }
        add(Act::agree);
        add_if(!course.brief && !story.progress.empty(), Act::tell_progress);
        add(Act::finish);
        add(Act::give_result);
    }

    void close()
    {
        if (story.dissatisfied && !course.brief) {
            add(Act::rate_low);
            for (const Act act : {Act::propose, Act::agree, Act::finish, Act::give_result}) add(act);
        }
        if (course.silent || !story.rating) return;
        add(Act::rate);
        add(Act::archive);
    }
};

Duration time_of_day(Instant at, const Zone& zone)
{
    const auto local = zone.local(at);
    return std::chrono::duration_cast<Duration>(local - std::chrono::floor<std::chrono::days>(local));
}

bool never_rests(const Beat& beat, const Story& story)
{
    return story.grade == Grade::L1 || beat.act == Act::receive;
}

Instant morning_after(Instant at, const Zone& zone, Chance& chance)
{
    const Duration of_day = time_of_day(at, zone);
    if (of_day >= opens && of_day < closes) return at;
    const Duration wait = of_day < opens ? opens - of_day : 24h - of_day + opens;
    return at + wait + chance.between(1min, 50min);
}

Instant evening_before(Instant at, const Zone& zone, Chance& chance)
{
    const Duration of_day = time_of_day(at, zone);
    if (of_day >= opens && of_day < closes) return at;
    const Duration since = of_day >= closes ? of_day - closes : of_day + 24h - closes;
    return at - since - chance.between(1min, 50min);
}

void go_on(Script& script, std::size_t from, const Story& story, const Zone& zone, Chance& chance)
{
    for (std::size_t i = from; i < script.size(); ++i) {
        const Instant at = script[i - 1].at + std::max<Duration>(script[i].after, 1s);
        script[i].at = never_rests(script[i], story) ? at : morning_after(at, zone, chance);
    }
}

}  // namespace

Script write_script(const Story& story, const Course& course, Chance& chance)
{
    Writer writer{story, course, chance};
    writer.open();
    if (story.cancel.empty()) {
        writer.handle();
        writer.close();
        if (course.reopened) {
            writer.add(Act::reopen);
            writer.add(Act::classify);
            writer.handle();
            writer.close();
        }
    }
    return std::move(writer.script);
}

void begin_at(Script& script, Instant start, const Story& story, const Zone& zone, Chance& chance)
{
    script.front().at = start;
    go_on(script, 1, story, zone, chance);
}

void reach(Script& script, std::size_t last, Instant at, const Story& story, const Zone& zone, Chance& chance)
{
    script[last].at = at;
    for (std::size_t i = last; i-- > 0;) {
        const Instant before = script[i + 1].at - std::max<Duration>(script[i + 1].after, 1s);
        script[i].at = never_rests(script[i], story) ? before : evening_before(before, zone, chance);
    }
    go_on(script, last + 1, story, zone, chance);
}

std::optional<std::size_t> find(const Script& script, Act act)
{
    const auto found = std::ranges::find(script, act, &Beat::act);
    if (found == script.end()) return std::nullopt;
    return static_cast<std::size_t>(found - script.begin());
}

}  // namespace shouwen::app::demonstration
