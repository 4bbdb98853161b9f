#pragma once

#include "app/demo_material.hpp"
#include "base/zone.hpp"

#include <random>
#include <vector>

/// From a story to commands with times. Pure: the same source of chance gives the same scripts.
namespace shouwen::app::demonstration {

enum class Act {
    receive,
    respond,
    customer_says,
    reply,
    note,
    classify,
    promise,
    tell_progress,
    escalate,
    wait,
    resume,
    propose,
    decline,
    agree,
    finish,
    give_result,
    resolve,
    rate_low,
    rate,
    archive,
    cancel,
    reopen
};

struct Beat {
    Act act = Act::receive;
    int line = 0;       ///< of the story's talk
    Duration after{0};  ///< the beat before
    Instant at;
};
using Script = std::vector<Beat>;

class Chance {
public:
    explicit Chance(std::uint64_t seed) : source_(seed) {}
    /// 0 <= result < below
    std::int64_t up_to(std::int64_t below)
    {
        return static_cast<std::int64_t>(source_() % static_cast<std::uint64_t>(below));
    }
    bool one_in(int n) { return up_to(n) == 0; }
    Duration between(Duration from, Duration to) { return from + Duration{up_to((to - from).count() + 1)}; }

private:
    std::mt19937_64 source_;
};

struct Course {
    bool brief = false;           ///< only what moves the matter on
    bool declined_first = false;  ///< the first solution finds no favour
    bool silent = false;          ///< the customer does not rate: the policy files it
    bool reopened = false;        ///< after the archive
};
Script write_script(const Story& story, const Course& course, Chance& chance);

/// Gives the beats their times, forwards from the first one. People work from 9 to 21; what is urgent waits for no morning.
void begin_at(Script& script, Instant start, const Story& story, const Zone& zone, Chance& chance);
/// The same from the beat `last`, which is at `at`, backwards; what follows it lies ahead.
void reach(Script& script, std::size_t last, Instant at, const Story& story, const Zone& zone, Chance& chance);

/// The place of the act in the script; nothing when it does not happen.
std::optional<std::size_t> find(const Script& script, Act act);

}  // namespace shouwen::app::demonstration
