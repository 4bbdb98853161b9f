#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"

#include <string>
#include <vector>

namespace shouwen::ticket {

/// Why the rules refuse a command in the present state; the spelling is the API's `code`.
// clang-format off
BOOST_DEFINE_ENUM_CLASS(Refusal,
    already_answered,          // A3: somebody was first
    not_answered_yet,
    not_owner,                 // an owner's act by somebody else who may not act for others
    not_triaged, already_triaged, grade_unchanged,
    not_in_handling, not_in_feedback,
    ticket_closed, ticket_open, cancelled_for_good,
    out_of_scope,              // A7: it cannot be closed by whom it does not concern
    complaint_needs_handling, complex_needs_handling,
    solution_missing, solution_agreed, agreement_missing,
    result_missing, result_given,
    rating_missing, already_rated, dissatisfaction_open, rework_open,
    promise_open,
    record_incomplete,         // D2, E11
    time_in_the_past, reason_required,
    already_waiting, not_waiting,
    category_unknown,
    slip_unknown,
    slip_not_issued, slip_not_acknowledged, slip_not_completed, slip_completed, slip_ended,
    slip_ruled,                // A14: a ruling cannot be rejected
    slip_open,                 // A8: the matter ends when every slip is confirmed
    ruling_pending,            // A14: rejected too often, the supervisor says where it goes
    extension_too_late, extension_open, extension_missing, time_not_later,
    rejection_reason_unknown, unit_unknown, handler_unknown, lead_twice,
    hand_over_open, hand_over_missing, not_successor, successor_unknown,  // A4
    not_permitted)
// clang-format on

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
