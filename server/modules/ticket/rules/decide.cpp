#include "modules/ticket/rules/decide.hpp"

#include "modules/ticket/rules/check.hpp"
#include "modules/ticket/rules/commands.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace shouwen::ticket {
namespace {

using enum ObligationKind;

bool is_present(Channel channel)
{
    // The customer is at the phone or the counter, or the person who registers a mail or fax is the first to handle it (A2).
    return channel == Channel::phone || channel == Channel::counter || channel == Channel::email ||
           channel == Channel::fax;
}

std::vector<std::string_view> not_refused(std::span<const std::pair<std::string_view, Command>> samples,
                                          const Ticket& ticket, const Giver& by, const Context& context, Instant now)
{
    std::vector<std::string_view> names;
    for (const auto& [name, command] : samples)
        if (!check(command, ticket, by, context, now)) names.push_back(name);
    return names;
}

}  // namespace

Result<Decided, Refused> receive(const Receive& c, const Giver& by, const Context& context, Instant now)
{
    if (c.class_ && is_foreign_category(*c.class_, c.category, *context.policy))
        return Refused{Refusal::category_unknown};
    Ticket fresh;
    fresh.id = c.id;
    Decision d{std::move(fresh), by, context, now};
    d.add(TicketReceived{c.number, c.channel, c.customer, c.subject, c.content, c.demand, c.class_, c.category, c.area,
                         c.merchant, c.queue_unit, c.occurred_at});
    if (by.staff && is_present(c.channel)) {
        d.add(OwnershipTaken{by.staff, by.unit, TenureCause::receipt});
        d.open(triage, d.owner(), now);
    } else {
        d.open(respond, {{}, c.queue_unit}, now);
    }
    auto decided = std::move(d).finish();
    decided.ticket.version = 1;
    return decided;
}

Result<Decided, Refused> decide(const Ticket& ticket, const Command& command, const Giver& by, const Context& context,
                                Instant now)
{
    if (auto refused = check(command, ticket, by, context, now)) return std::move(*refused);
    Decision d{ticket, by, context, now};
    std::visit(Act{d}, command);
    auto decided = std::move(d).finish();
    ++decided.ticket.version;
    return decided;
}

std::optional<Instant> rating_waited_until(const Ticket& ticket)
{
    const auto* open = ticket.find(close_out);
    if (!open) return std::nullopt;
    return open->due_at;
}

std::vector<std::string> missing_fields(const Ticket& ticket, const Context& context)
{
    std::vector<std::string> missing;
    const auto* rules = ticket.class_ ? context.policy->rules_of(*ticket.class_) : nullptr;
    if (!rules) return missing;
    for (const auto& field : rules->required_fields) {
        const bool present =
            field == "demand"     ? !ticket.demand.empty()
            : field == "category" ? !ticket.category.empty()
            : field == "area"     ? static_cast<bool>(ticket.area)
                              : std::ranges::find(context.known_of_customer, field) != context.known_of_customer.end();
        if (!present) missing.push_back(field);
    }
    return missing;
}

std::vector<std::string_view> commands_now(const Ticket& ticket, const Giver& by, const Context& context, Instant now)
{
    const Instant later = now + std::chrono::hours{1};
    const Class of = ticket.class_.value_or(Class::consultation);
    const Grade other = ticket.grade == Grade::L1 ? Grade::L2 : Grade::L1;
    const std::array<std::pair<std::string_view, Command>, 27> samples{{
        {"respond", Respond{}},
        {"classify", Classify{of, {}, Grade::L3, Complexity::simple, true, std::nullopt}},
        {"amend", Amend{}},
        {"regrade", Regrade{other, {}}},
        {"note", Note{}},
        {"reply", Reply{}},
        {"promise", MakePromise{{}, later, {}}},
        {"tell_progress", TellProgress{}},
        {"resolve_at_first_contact", ResolveAtFirstContact{}},
        {"propose_solution", ProposeSolution{{}, {}, later}},
        {"record_agreement", RecordAgreement{}},
        {"finish_implementation", FinishImplementation{}},
        {"give_result", GiveResult{}},
        {"rate", Rate{5, {}, {}}},
        {"rework", StartRework{}},
        {"wait_for_customer", WaitForCustomer{}},
        {"resume", Resume{}},
        {"escalate", Escalate{}},
        {"archive", Archive{by.may_close_with_reason ? "reason" : ""}},
        {"reopen", Reopen{}},
        {"cancel", Cancel{}},
        {"transfer", Transfer{}},
        {"hand_over", HandOver{}},
        {"accept_hand_over", AcceptHandOver{}},
        {"decline_hand_over", DeclineHandOver{}},
        {"withdraw_hand_over", WithdrawHandOver{}},
        // A number is possible everywhere; it is offered where somebody has to be known first (E3).
        {"verify_identity", VerifyIdentity{IdentityMethod::account_no, {}, LookUp::matched}},
    }};
    auto names = not_refused(samples, ticket, by, context, now);
    if (!lacks_identity(ticket, *context.policy)) std::erase(names, "verify_identity");
    return names;
}

std::vector<std::string_view> slip_commands_now(const Ticket& ticket, int no, const Giver& by, const Context& context,
                                                Instant now)
{
    const auto* slip = ticket.find_slip(no);
    if (!slip) return {};
    const Instant later = std::max(slip->due_at, now) + std::chrono::hours{1};
    const auto& reasons = context.policy->document().rejection_reasons;
    const auto chosen =
        std::ranges::find_if(reasons, [&](const auto& each) { return context.policy->is_rejection_reason(each.code); });
    const std::array<std::pair<std::string_view, Command>, 13> samples{{
        {"acknowledge", AcknowledgeSlip{no}},
        {"reject", RejectSlip{no, chosen == reasons.end() ? "" : chosen->code}},
        {"appoint_handler", AppointHandler{no, {}}},
        {"contact_customer", ContactCustomer{no, {}}},
        {"progress", ReportSlipProgress{no, {}}},
        {"propose", ProposeForSlip{no, {}, later}},
        {"extend", Extend{no, {}, later}},
        {"grant_extension", GrantExtension{no, {}}},
        {"decline_extension", DeclineExtension{no, {}}},
        {"complete", CompleteSlip{no, {}, {}}},
        {"confirm", ConfirmSlip{no}},
        {"return_for_rework", ReturnSlip{no, {}}},
        {"withdraw", WithdrawSlip{no, {}}},
    }};
    return not_refused(samples, ticket, by, context, now);
}

}  // namespace shouwen::ticket
