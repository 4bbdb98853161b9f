#include "modules/follow_up/rules/follow_up.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace shouwen::follow_up {
namespace {

constexpr auto again_at_most = std::chrono::hours{24 * 31};

bool fits(const std::string& answer, policy::QuestionKind kind)
{
    switch (kind) {
        case policy::QuestionKind::score: return answer.size() == 1 && answer[0] >= '1' && answer[0] <= '5';
        case policy::QuestionKind::yes_no: return answer == "yes" || answer == "no";
        case policy::QuestionKind::text: return true;
    }
    return false;
}

void check_answers(const Attempt& attempt, const policy::FollowUpRules& rules, FieldErrors& errors)
{
    for (std::size_t i = 0; i < attempt.answers.size(); ++i) {
        const auto& given = attempt.answers[i];
        const auto at = "/answers/" + std::to_string(i);
        const auto question = std::ranges::find(rules.questions, given.code, &policy::Question::code);
        if (question == rules.questions.end())
            errors.push_back({at + "/code", "question_unknown", {}});
        else if (!fits(given.answer, question->kind))
            errors.push_back({at + "/answer", "not_a_choice",
                              question->kind == policy::QuestionKind::score ? "1, 2, 3, 4, 5" : "yes, no"});
        const auto twice =
            std::ranges::find(attempt.answers.begin(), attempt.answers.begin() + static_cast<std::ptrdiff_t>(i),
                              given.code, &Answered::code);
        if (twice != attempt.answers.begin() + static_cast<std::ptrdiff_t>(i))
            errors.push_back({at + "/code", "duplicate", {}});
    }
}

}  // namespace

FieldErrors check(const Attempt& attempt, const policy::FollowUpRules& rules, Instant now)
{
    FieldErrors errors;
    const auto require = [&](bool given, const char* pointer) {
        if (!given) errors.push_back({pointer, "required", {}});
    };
    const bool reached = attempt.outcome == Outcome::reached;
    if (reached) {
        require(attempt.satisfaction.has_value(), "/satisfaction");
        require(!attempt.experience.empty(), "/experience");
        require(attempt.recurred.has_value(), "/recurred");
        if (attempt.recurred == true) require(attempt.recurrence.has_value(), "/recurrence");
        if (attempt.recurred != true && attempt.recurrence) errors.push_back({"/recurrence", "not_recurred", {}});
        check_answers(attempt, rules, errors);
    } else {
        // Who was not spoken to has said nothing.
        if (attempt.satisfaction) errors.push_back({"/satisfaction", "not_reached", {}});
        if (attempt.recurred) errors.push_back({"/recurred", "not_reached", {}});
        if (attempt.recurrence) errors.push_back({"/recurrence", "not_reached", {}});
        if (!attempt.answers.empty()) errors.push_back({"/answers", "not_reached", {}});
    }
    if (attempt.outcome == Outcome::call_later) {
        require(attempt.again_at.has_value(), "/again_at");
        if (attempt.again_at && *attempt.again_at <= now) errors.push_back({"/again_at", "time_in_the_past", {}});
        if (attempt.again_at && *attempt.again_at > now + again_at_most)
            errors.push_back({"/again_at", "time_too_far", {}});
    } else if (attempt.again_at) {
        errors.push_back({"/again_at", "not_call_later", {}});
    }
    return errors;
}

Result<FollowUp, Refusal> after(const FollowUp& before, const Attempt& attempt, const policy::Policy& policy,
                                Instant now)
{
    FollowUp then = before;
    ++then.attempt_count;
    const auto end = [&](State as) {
        then.state = as;
        then.ended_at = now;
    };
    switch (attempt.outcome) {
        case Outcome::reached:
            then.satisfaction = attempt.satisfaction;
            then.recurred = attempt.recurred;
            end(State::done);
            break;
        case Outcome::refused: end(State::refused); break;
        case Outcome::call_later: then.next_attempt_at = *attempt.again_at; break;
        case Outcome::no_answer:
            // Three calls within a minute are one that nobody heard.
            if (now < before.next_attempt_at) return Refusal::follow_up_too_early;
            then.next_attempt_at = now + policy.attempt_interval();
            if (++then.unanswered_count >= policy.document().follow_up.attempts_max) end(State::unreached);
            break;
    }
    return then;
}

}  // namespace shouwen::follow_up
