#include "modules/ticket/store/contacts.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <array>

namespace shouwen::ticket {
namespace {

constexpr sql::Statement select_contacts{
    "contact.of_ticket",
    "SELECT c.id, c.channel, c.direction, c.staff_id, c.started_at, c.ended_at, c.content, c.result, e.data FROM contact c "
    "LEFT JOIN ticket_event e ON e.ticket_id = c.ticket_id AND e.seq = c.event_seq WHERE c.ticket_id = $1 ORDER BY c.id"};
constexpr sql::Statement insert_contact{
    "contact.add",
    "INSERT INTO contact (id, ticket_id, customer_id, channel, direction, staff_id, started_at, ended_at, content, result) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};

/// The words of an event, by whatever name its kind has for them.
std::string said_in(std::string_view data)
{
    const auto value = boost::json::parse(data);
    constexpr std::array names{"content", "result", "solution", "procedure", "told_customer", "summary"};
    for (const char* name : names)
        if (const auto* text = value.as_object().if_contains(name); text && text->is_string())
            return std::string{std::string_view{text->as_string()}};
    return {};
}

}  // namespace

std::vector<Contact> contacts_of(sql::Connection& db, TicketId ticket)
{
    std::vector<Contact> contacts;
    db.each(
        select_contacts,
        [&](const sql::Row& row) {
            contacts.push_back({row.id<ContactId>(0), parse_name<Channel>(row.text(1)).value(),
                                parse_name<ContactDirection>(row.text(2)).value(), row.id<StaffId>(3), row.instant(4),
                                row.optional_instant(5), row.is_null(8) ? row.string(6) : said_in(row.text(8)),
                                row.string(7)});
        },
        ticket);
    return contacts;
}

void add_contact(sql::Connection& db, const Ticket& ticket, const Contact& contact)
{
    db.execute(insert_contact, contact.id, ticket.id, ticket.customer, name_of(contact.channel),
               name_of(contact.direction), contact.staff, contact.started_at, contact.ended_at, contact.content,
               contact.result);
}

}  // namespace shouwen::ticket
