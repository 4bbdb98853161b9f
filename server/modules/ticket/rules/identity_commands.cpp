#include "modules/ticket/rules/commands.hpp"

#include <algorithm>
#include <string_view>

namespace shouwen::ticket {
namespace {

std::vector<std::string_view> codes_in(std::string_view list)
{
    std::vector<std::string_view> codes;
    while (!list.empty()) {
        const auto comma = list.find(',');
        auto code = list.substr(0, comma);
        while (code.starts_with(' ')) code.remove_prefix(1);
        while (code.ends_with(' ')) code.remove_suffix(1);
        codes.push_back(code);
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
    return codes;
}

bool may_be_asked(std::string_view code, const policy::Policy& policy)
{
    return std::ranges::any_of(policy.document().identity_questions,
                               [&](const policy::Category& each) { return !each.retired && each.code == code; });
}

/// The last three letters of a number that is long enough to hide the others: what is on record tells nobody the number.
std::string masked(const std::string& number)
{
    constexpr std::size_t shown = 3;
    if (number.size() <= 2 * shown) return "****";
    return "****" + number.substr(number.size() - shown);
}

}  // namespace

bool is_spoken(Channel channel)
{
    return channel == Channel::phone || channel == Channel::counter;
}

bool lacks_identity(const Ticket& ticket, const policy::Policy& policy)
{
    return !ticket.identity && ticket.class_ && policy.needs_identity(*ticket.class_, ticket.category);
}

Verdict Check::operator()(const VerifyIdentity& c) const
{
    if (auto refused = refuse_unanswered(t)) return refused;
    switch (c.method) {
        case IdentityMethod::asked: {
            if (!is_spoken(t.channel)) return Refused{Refusal::identity_by_system};
            const auto codes = codes_in(c.reference);
            const auto known = [&](std::string_view code) { return may_be_asked(code, *context.policy); };
            if (codes.empty() || !std::ranges::all_of(codes, known))
                return Refused{Refusal::identity_question_unknown, std::vector<std::string>{"reference"}};
            return allowed;
        }
        case IdentityMethod::account_no:
        case IdentityMethod::order_no:
            if (c.found == LookUp::matched) return allowed;
            return Refused{c.found == LookUp::unknown ? Refusal::identity_unknown : Refusal::identity_look_up_down};
        case IdentityMethod::supervised:
            if (!by.may_act_for_others) return Refused{Refusal::not_permitted};
            return allowed;
    }
    return allowed;
}
void Act::operator()(const VerifyIdentity& c) const
{
    const bool is_number = c.method == IdentityMethod::account_no || c.method == IdentityMethod::order_no;
    d.add(IdentityVerified{c.method, is_number ? masked(c.reference) : c.reference});
}

}  // namespace shouwen::ticket
