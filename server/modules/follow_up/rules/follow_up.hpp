#pragma once

#include "base/field_error.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"
#include "modules/policy/rules/policy.hpp"
#include "modules/ticket/rules/ticket.hpp"

#include <optional>
#include <string>
#include <vector>

/// Revisits (回访, D12): after the result a customer is asked what it was like and whether it came back.
namespace shouwen::follow_up {

using Outcome = ticket::FollowUpOutcome;

/// due 待回访; done 已回访; refused 客户拒访; unreached 未接通, by the policy's number of attempts; cancelled 已取消: the ticket went
/// back to work, and its next result is revisited instead.
BOOST_DEFINE_ENUM_CLASS(State, due, done, refused, unreached, cancelled)
BOOST_DEFINE_ENUM_CLASS(Refusal, follow_up_too_early)
/// What follows when the matter has come back: the ticket goes on, or a new one is made that names it.
BOOST_DEFINE_ENUM_CLASS(Recurrence, reopen, new_ticket)

/// What a unit owes for one result. The obligation of the same number has the limit and is ended with it.
struct FollowUp {
    TicketId ticket;
    int no = 0;  ///< the obligation's
    UnitId unit;
    UnitId merchant;
    State state = State::due;
    Instant opened_at;
    Instant due_at;
    Instant next_attempt_at;  ///< before it, another unanswered call does not count
    int attempt_count = 0;
    int unanswered_count = 0;
    std::optional<Instant> ended_at;
    std::optional<int> satisfaction;  ///< 1 to 5
    std::optional<bool> recurred;

    bool operator==(const FollowUp&) const = default;
};

/// The answer to one of the policy's questions: `4`, `yes`, or words.
struct Answered {
    std::string code;
    std::string answer;
};

/// One try to reach the customer and what came of it.
struct Attempt {
    int no = 0;  ///< counted within the revisit
    Instant at;
    StaffId by;
    Outcome outcome = Outcome::reached;
    std::string experience;           ///< the customer's own words; of what was not reached: what happened
    std::optional<Instant> again_at;  ///< when the customer wishes to be called
    std::optional<int> satisfaction;
    std::optional<bool> recurred;
    std::vector<Answered> answers;
    std::optional<Recurrence> recurrence;
    TicketId linked_ticket;  ///< made for what came back
};

/// What is missing or wrong for its outcome, with pointers into the request's body.
FieldErrors check(const Attempt& attempt, const policy::FollowUpRules& rules, Instant now);

/// The revisit after the attempt, with which its ticket's obligation ends if `ended_at` is set; or why it does not count.
/// @pre the revisit is due and the attempt passed `check`
Result<FollowUp, Refusal> after(const FollowUp& before, const Attempt& attempt, const policy::Policy& policy,
                                Instant now);

}  // namespace shouwen::follow_up
