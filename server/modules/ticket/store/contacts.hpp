#pragma once

#include "base/names.hpp"
#include "modules/ticket/rules/ticket.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <string>
#include <vector>

namespace shouwen::ticket {

BOOST_DEFINE_ENUM_CLASS(ContactDirection, in, out)

/// One call, chat, mail, visit or SMS (接触记录, B16).
struct Contact {
    ContactId id;
    Channel channel = Channel::phone;
    ContactDirection direction = ContactDirection::in;
    StaffId staff;
    Instant started_at;
    std::optional<Instant> ended_at;
    std::string content;
    std::string result;
};

/// In their order. What was said in an event is read from there: it is stored once.
std::vector<Contact> contacts_of(sql::Connection& db, TicketId ticket);
void add_contact(sql::Connection& db, const Ticket& ticket, const Contact& contact);

}  // namespace shouwen::ticket
