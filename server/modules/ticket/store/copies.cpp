#include "modules/ticket/store/copies.hpp"

#include "modules/ticket/store/codec.hpp"
#include "modules/ticket/store/rows.hpp"
#include "modules/ticket/store/slips.hpp"

namespace shouwen::ticket {
namespace {

constexpr sql::Statement select_ids{"ticket.all_ids", "SELECT id FROM ticket ORDER BY id"};
constexpr sql::Statement copy_contacts{
    "contact.copy",
    "INSERT INTO contact (id, ticket_id, customer_id, channel, direction, staff_id, started_at, ended_at, event_seq, content, result) "
    "SELECT id + $2 - $1, $2, $3, channel, direction, staff_id, started_at, ended_at, event_seq, content, result "
    "FROM contact WHERE ticket_id = $1"};

/// The one event that names the number and the customer.
std::string received_as(const StoredEvent& event, const CopyAs& as)
{
    auto received = std::get<TicketReceived>(from_event_json(event.type, event.data));
    received.number = as.number;
    received.customer_id = as.customer;
    return event_data_json(received);
}

}  // namespace

std::vector<TicketId> all_ids(sql::Connection& db)
{
    std::vector<TicketId> ids;
    db.each(select_ids, [&](const sql::Row& row) { ids.push_back(row.id<TicketId>(0)); });
    return ids;
}

Original load_original(sql::Connection& db, TicketId id)
{
    return {load(db, id).value().ticket, is_overdue(db, id), load_events(db, id)};
}

void write_copy(sql::Connection& db, const Original& original, const CopyAs& as)
{
    Ticket ticket = original.ticket;
    ticket.id = as.id;
    ticket.number = as.number;
    ticket.customer = as.customer;
    auto events = original.events;
    ensure(!events.empty(), "a ticket begins with an event");
    events.front().data = received_as(events.front(), as);
    Hash last;
    for (auto& event : events)
        last = event.hash = chain_hash(last, as.id, event.seq, event.at, event.actor, event.type, event.data);
    insert_row(db, ticket, events.back().seq, last, original.overdue);
    for (const auto& e : events) insert_event_row(db, as.id, e.seq, e.at, e.actor, e.type, e.data, e.hash);
    write_tenures(db, nullptr, ticket);
    write_slips(db, nullptr, ticket);
    db.execute(copy_contacts, original.ticket.id, as.id, as.customer);
}

}  // namespace shouwen::ticket
