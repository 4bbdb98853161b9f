#include "modules/customer/edge/customer_json.hpp"

#include <boost/json/parse.hpp>

namespace shouwen::customer {
namespace {

bool is_platforms_own(std::string_view field)
{
    return field == "note" || field == "tags";
}

void write_members(api::JsonWriter& out, const CustomerRow& customer, const organisation::Actor& actor)
{
    const auto seen = shown(customer, organisation::mask_for(actor));
    out.member("id", customer.id).member("name", seen.name);
    out.text_or_null("phone", seen.phone).text_or_null("email", seen.email);
    out.text_or_null("account_no", seen.account_no).text_or_null("address", seen.address);
    out.member("language", customer.language);
    if (!actor.merchant) out.text_or_null("note", customer.note).key("tags").raw(customer.tags);
    out.member("version", customer.version)
        .member("created_at", customer.created_at)
        .member("updated_at", customer.updated_at);
}

void write_ticket(api::JsonWriter& out, const RecentTicket& ticket)
{
    out.begin_object().member("id", ticket.id).member("number", ticket.number).member("subject", ticket.subject);
    out.member("step", ticket.step).member("created_at", ticket.created_at).end_object();
}

void write_change(api::JsonWriter& out, const Change& change, const organisation::Mask& mask,
                  const organisation::Organisation& organisation)
{
    out.begin_object().member("at", change.at).key("by");
    if (change.by)
        out.begin_object().member("id", change.by).member("name", organisation.name_of_staff(change.by)).end_object();
    else
        out.value(nullptr);
    out.member("kind", change.kind).member("field", change.field);
    out.text_or_null("before", shown(change.field, change.before, mask));
    out.text_or_null("after", shown(change.field, change.after, mask)).end_object();
}

bool is_of_merchant(StaffId staff, UnitId merchant, const organisation::Organisation& organisation)
{
    const auto* person = organisation.find(staff);
    return person && organisation.merchant_of(person->unit) == merchant;
}

/// Who looked at what of the masked data, and why.
void write_reveal(api::JsonWriter& out, const organisation::AuditEntry& reveal,
                  const organisation::Organisation& organisation)
{
    const auto data = boost::json::parse(reveal.data);
    const auto text = [&](const char* member) { return std::string_view{data.at(member).as_string()}; };
    out.begin_object().member("at", reveal.at).key("by").begin_object();
    out.member("id", reveal.actor).member("name", organisation.name_of_staff(reveal.actor)).end_object();
    out.member("field", text("field")).member("reason", text("reason")).end_object();
}

}  // namespace

void write_customer(api::JsonWriter& out, const CustomerRow& customer, const organisation::Actor& actor)
{
    out.begin_object();
    write_members(out, customer, actor);
    out.end_object();
}

void write_file(api::JsonWriter& out, const CustomerRow& customer, std::span<const RecentTicket> tickets,
                std::span<const Change> changes, std::span<const organisation::AuditEntry> reveals,
                const organisation::Actor& actor, const organisation::Organisation& organisation)
{
    out.begin_object();
    write_members(out, customer, actor);
    out.key("tickets").begin_array();
    for (const auto& ticket : tickets) write_ticket(out, ticket);
    out.end_array().key("changes").begin_array();
    const auto mask = organisation::mask_for(actor);
    for (const auto& change : changes)
        if (!actor.merchant || !is_platforms_own(change.field)) write_change(out, change, mask, organisation);
    out.end_array().key("reveals").begin_array();
    for (const auto& reveal : reveals)
        if (!actor.merchant || is_of_merchant(reveal.actor, actor.merchant, organisation))
            write_reveal(out, reveal, organisation);
    out.end_array().end_object();
}

}  // namespace shouwen::customer
