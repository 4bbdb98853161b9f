#pragma once

#include "modules/ticket/rules/decide.hpp"

namespace shouwen::ticket {

/// A decision in the making: each event is applied as it is added, so that later ones see its effect.
class Decision {
public:
    Decision(Ticket before, const Giver& by, const Context& context, Instant now);

    const Ticket& ticket() const { return ticket_; }
    const Giver& by() const { return by_; }
    const Context& context() const { return context_; }
    Instant now() const { return now_; }
    Grade grade() const { return ticket_.grade.value_or(Grade::L3); }  ///< ungraded counts as L3 until graded (E5)

    void add(Event event);
    /// Opens an obligation whose limit the policy states. @param pauses  time since `starts_at` that does not count
    void open(ObligationKind kind, Debtor debtor, Instant starts_at, const std::vector<Pause>& pauses = {},
              int subject = 0);
    /// Opens one for a time that was agreed upon.
    void open_until(ObligationKind kind, Debtor debtor, Instant due_at, int subject);
    /// Ends those of the kind that are open; nothing happens when none is.
    void meet(ObligationKind kind, int subject = 0);
    void cancel(ObligationKind kind, const std::string& cause);
    void cancel(ObligationKind kind, int subject, const std::string& cause);
    void cancel_all(const std::string& cause);
    /// What the last round of work owed; promises and the answer to a hand-over stand.
    void cancel_round(const std::string& cause);
    void cancel_all_but(ObligationKind kept, const std::string& cause);
    /// Computes the limits of the kind's open obligations anew, from their original start, for the present grade.
    void recompute(ObligationKind kind, const std::string& cause);
    /// A later time was agreed upon: it counts instead of the policy's limit from now on.
    void put_off(ObligationKind kind, int subject, Instant due_at, const std::string& cause);
    /// Somebody else owes it from now on; nothing happens when they do already.
    void pass(int no, const Debtor& debtor);
    void resume_after_customer();

    /// What the grade asks for while the matter is being handled: L1 start and progress, L2 a plan, L3 an answer.
    void open_limits_of_grade(const std::vector<Pause>& pauses = {});
    /// When the first limit of the grade is over, from the original start; also when it was met meanwhile.
    Instant limit_of_grade() const;
    /// When the limits of the grade stood still so far.
    std::vector<Pause> pauses_of_grade_limits() const;
    void end_limits_of_grade(const std::string& cause);
    /// What the customer was promised is kept. `of_solutions`: the dates of proposed solutions.
    enum class Promises { all, of_solutions };
    void keep_promises(Promises which);
    /// Open promises bind no more.
    void withdraw_promises(Promises which, const std::string& cause);

    Debtor owner() const { return {ticket_.owner, ticket_.owner_unit}; }

    /// Closes the decision: while the customer is waited for, what the policy lists stands still, whenever it was opened;
    /// and whatever happened, a ticket that goes on owes somebody something (invariant 2).
    Decided finish() &&;

private:
    void pause_for_customer();
    void end_pause(const OpenObligation& paused, const std::string& cause);
    std::vector<Pause> pauses_until_now(const OpenObligation& open) const;
    std::string calendar_for(const Debtor& debtor) const;
    Instant due(const std::string& calendar, Instant starts_at, const Limit& limit,
                const std::vector<Pause>& pauses) const;

    Ticket ticket_;
    Events events_;
    const Giver& by_;
    const Context& context_;
    Instant now_;
    std::vector<int> over_before_;  ///< whose limit was over before this decision: that is known and told
};

}  // namespace shouwen::ticket
