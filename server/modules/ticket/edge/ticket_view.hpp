#pragma once

#include "modules/customer/rules/customer.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/ticket/rules/child_id.hpp"
#include "modules/ticket/rules/decide.hpp"
#include "modules/ticket/store/lists.hpp"
#include "platform/json/json_writer.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The forms in which tickets leave the server.
namespace shouwen::ticket {

/// What a form needs beyond the ticket.
struct ViewContext {
    const organisation::Organisation& organisation;
    const policy::Policy& policy;
    const organisation::Mask& mask;  ///< of whoever reads
};

/// The `Ticket` of the API without `commands`, as lists have it; the object stays open for more members.
void write_ticket_members(JsonWriter& out, const Ticket& ticket, const customer::CustomerRow& customer, bool overdue,
                          const ViewContext& context);

/// A slip's members in the API; the object stays open for more.
void write_slip_members(JsonWriter& out, const Ticket& ticket, const TransferSlip& slip,
                        const organisation::Organisation& organisation);

/// What the reader may do about a slip now.
struct SlipCommands {
    int slip = 0;
    std::vector<std::string_view> commands;
};

/// The whole `Ticket`.
std::string ticket_json(const Ticket& ticket, const customer::CustomerRow& customer, bool overdue,
                        const ViewContext& context, const std::vector<std::string_view>& commands,
                        const std::vector<SlipCommands>& slip_commands);

/// The customer's own view: nothing internal, nobody's number.
std::string public_json(const Ticket& ticket, const std::vector<StoredEvent>& events,
                        const organisation::Organisation& organisation);

/// `{id, name}` or null.
void write_person(JsonWriter& out, std::string_view key, StaffId id, const organisation::Organisation& organisation);

}  // namespace shouwen::ticket
