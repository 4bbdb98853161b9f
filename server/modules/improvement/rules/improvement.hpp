#pragma once

#include "base/field_error.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"
#include "modules/obligation/rules/stage.hpp"

#include <optional>
#include <string>
#include <vector>

/// Improvement items (改进项, D13): a measure against what was found wanting, with who sees to it, by when, and whether it helped.
namespace shouwen::improvement {

/// Where the shortcoming was found: 投诉 回访 质检 自行提出.
BOOST_DEFINE_ENUM_CLASS(Source, complaint, follow_up, inspection, manual)
/// open 整改中: the owner owes the measure; to_check 待验证: the checker owes the check; effective 有效; cancelled 已取消.
BOOST_DEFINE_ENUM_CLASS(State, open, to_check, effective, cancelled)
BOOST_DEFINE_ENUM_CLASS(Refusal, improvement_not_open, improvement_not_finished, improvement_ended)

/// One measure and what became of it. What does not help is followed by another round.
struct Round {
    int no = 1;
    std::string measure;
    Instant due_at;
    Instant check_at;  ///< when its effect is to be checked
    std::optional<Instant> finished_at;
    std::string summary;  ///< what was done
    std::optional<Instant> checked_at;
    StaffId checked_by;
    std::optional<bool> effective;
    std::string finding;
};

struct Improvement {
    ImprovementId id;
    std::int64_t version = 1;
    Source source = Source::manual;
    std::string reference;  ///< what the source is called, for people
    TicketId ticket;        ///< that it came from, if any
    std::string title;
    std::string problem;
    UnitId unit;  ///< the owner's, when the item was given to them
    UnitId merchant;
    StaffId owner;
    StaffId checker;  ///< never the owner
    State state = State::open;
    StaffId author;
    Instant created_at;
    std::optional<Instant> ended_at;
    std::string reason;         ///< of the cancellation
    std::vector<Round> rounds;  ///< never empty
    // What time does to it.
    StaffId debtor;  ///< owner or checker
    obligation::Watched watched;
    std::optional<Instant> breached_at;

    const Round& round() const { return rounds.back(); }
};

/// A measure as somebody writes it down.
struct Plan {
    std::string measure;
    Instant due_at;
    Instant check_at;
};
/// The measure is for later, and its check later still. @param pointer  of the object that holds the fields
FieldErrors check(const Plan& plan, Instant now, const std::string& pointer = "");

/// The first round of a new item begins. @pre the plan passed `check`
void begin(Improvement& item, const Plan& plan, Instant now);
/// The owner has done it. @returns why not
std::optional<Refusal> finish(Improvement& item, const std::string& summary, Instant now);
/// Whether it helped. @param next  the new measure, when it did not
std::optional<Refusal> assess(Improvement& item, StaffId by, bool effective, const std::string& finding,
                              const std::optional<Plan>& next, Instant now);
struct Change {
    StaffId owner;  ///< none: as it is; so with the others
    UnitId unit;    ///< of the new owner
    StaffId checker;
    std::optional<Instant> due_at;
    std::optional<Instant> check_at;
};
/// Somebody else, or other dates, from now on.
std::optional<Refusal> change(Improvement& item, const Change& change, Instant now);
std::optional<Refusal> cancel(Improvement& item, const std::string& reason, Instant now);

}  // namespace shouwen::improvement
