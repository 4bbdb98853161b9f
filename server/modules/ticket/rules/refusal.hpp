#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"

#include <string>
#include <vector>

namespace shouwen::ticket {

/// The reasons, each once: more than Boost.Describe's own macro can count.
// clang-format off
#define SHOUWEN_TICKET_REFUSALS(X) \
    X(Refusal, already_answered)  /* A3: somebody was first */ \
    X(Refusal, not_answered_yet) \
    X(Refusal, not_owner)  /* an owner's act by somebody else who may not act for others */ \
    X(Refusal, not_triaged) \
    X(Refusal, already_triaged) \
    X(Refusal, grade_unchanged) \
    X(Refusal, not_in_handling) \
    X(Refusal, not_in_feedback) \
    X(Refusal, ticket_closed) \
    X(Refusal, ticket_open) \
    X(Refusal, cancelled_for_good) \
    X(Refusal, out_of_scope)  /* A7: it cannot be closed by whom it does not concern */ \
    X(Refusal, complaint_needs_handling) \
    X(Refusal, complex_needs_handling) \
    X(Refusal, solution_missing) \
    X(Refusal, solution_agreed) \
    X(Refusal, agreement_missing) \
    X(Refusal, result_missing) \
    X(Refusal, result_given) \
    X(Refusal, rating_missing) \
    X(Refusal, already_rated) \
    X(Refusal, dissatisfaction_open) \
    X(Refusal, rework_open) \
    X(Refusal, promise_open) \
    X(Refusal, record_incomplete)  /* D2, E11 */ \
    X(Refusal, time_in_the_past) \
    X(Refusal, reason_required) \
    X(Refusal, already_waiting) \
    X(Refusal, not_waiting) \
    X(Refusal, category_unknown) \
    X(Refusal, slip_unknown) \
    X(Refusal, slip_not_issued) \
    X(Refusal, slip_not_acknowledged) \
    X(Refusal, slip_not_completed) \
    X(Refusal, slip_completed) \
    X(Refusal, slip_ended) \
    X(Refusal, slip_ruled)  /* A14: a ruling cannot be rejected */ \
    X(Refusal, slip_open)  /* A8: the matter ends when every slip is confirmed */ \
    X(Refusal, ruling_pending)  /* A14: rejected too often, the supervisor says where it goes */ \
    X(Refusal, extension_too_late) \
    X(Refusal, extension_open) \
    X(Refusal, extension_missing) \
    X(Refusal, time_not_later) \
    X(Refusal, rejection_reason_unknown) \
    X(Refusal, unit_unknown) \
    X(Refusal, handler_unknown) \
    X(Refusal, lead_twice) \
    X(Refusal, hand_over_open)  /* A4 */ \
    X(Refusal, hand_over_missing) \
    X(Refusal, not_successor) \
    X(Refusal, successor_unknown) \
    X(Refusal, identity_missing)  /* E3: what is about an account is answered to whom we know */ \
    X(Refusal, identity_question_unknown) \
    X(Refusal, identity_by_system)  /* E3: online nobody puts sensitive questions */ \
    X(Refusal, identity_unknown) \
    X(Refusal, identity_look_up_down) \
    X(Refusal, follow_up_ended)  /* D12: nobody owes that revisit any more */ \
    X(Refusal, not_permitted)
// clang-format on
/// Why the rules refuse a command in the present state; the spelling is the API's `code`.
SHOUWEN_DEFINE_LONG_ENUM_CLASS(Refusal, SHOUWEN_TICKET_REFUSALS)
#undef SHOUWEN_TICKET_REFUSALS

/// A refusal with what its text needs: who was first, until when, which fields (`slips/0/unit_id`).
struct Refused {
    Refusal code;
    StaffId staff = {};
    Instant until = {};
    std::vector<std::string> fields = {};

    Refused(Refusal why) : code(why) {}
    Refused(Refusal why, StaffId who) : code(why), staff(who) {}
    Refused(Refusal why, Instant when) : code(why), until(when) {}
    Refused(Refusal why, std::vector<std::string> which) : code(why), fields(std::move(which)) {}
};

}  // namespace shouwen::ticket
