#include "modules/ticket/rules/consequences.hpp"

namespace shouwen::ticket {

using enum ObligationKind;

void end_waiting(Decision& d)
{
    if (!d.ticket().waiting_since) return;
    d.add(WaitingEnded{});
    d.resume_after_customer();
    if (d.grade() != Grade::L1) d.cancel(tell_progress, "customer_answered");
}

void answer_customer(Decision& d)
{
    // Who wrote past the result is waited for anew: from the answer, as from the result itself (D11).
    if (d.ticket().result && d.ticket().find(respond)) {
        d.cancel(close_out, "customer_wrote");
        d.open(close_out, d.owner(), d.now());
    }
    d.meet(respond);
    d.meet(start_handling);
    d.meet(explain_plan);
    if (d.ticket().step == Step::handling && d.grade() == Grade::L3) d.meet(resolve_or_answer);
}

void owe_next_word(Decision& d)
{
    if (!d.ticket().find(tell_progress)) d.open(tell_progress, d.owner(), d.now());
}

}  // namespace shouwen::ticket
