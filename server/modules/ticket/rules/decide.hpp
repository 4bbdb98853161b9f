#pragma once

#include "base/result.hpp"
#include "modules/policy/rules/policy.hpp"
#include "modules/ticket/rules/command.hpp"
#include "modules/ticket/rules/event.hpp"
#include "modules/ticket/rules/refusal.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace shouwen::ticket {

/// Who gives a command, as far as the rules of the ticket care. Rights were decided before, by the organisation's one
/// function; what is left is the difference between the owner and others.
struct Giver {
    StaffId staff = {};  ///< none: the customer or the policy's clock
    UnitId unit = {};
    Source source = Source::staff;
    bool may_act_for_others = false;
    bool may_close_with_reason = false;
    bool may_cancel = false;
    bool works_on_slip = false;  ///< on the one that the command is about
};

/// What the decisions need to know beyond the ticket.
struct Context {
    policy::PolicyPtr policy;  ///< never null
    /// Name of the calendar by which a unit works; empty: the policy's default.
    std::function<std::string(UnitId)> calendar_of;
    /// Whether the person is still at work (a reopened ticket goes back to them).
    std::function<bool(StaffId)> at_work;
    /// Fields of the record that the customer's file has: name, contact, address.
    std::vector<std::string> known_of_customer;
    /// Whether the unit may be handed a part of a ticket of that merchant (none: the platform's own).
    std::function<bool(UnitId, UnitId merchant)> takes_slips = {};
    /// Whether the person is at work and belongs to the unit or one below it.
    std::function<bool(StaffId, UnitId)> works_for = {};
    /// The unit in which the person would own the ticket; none: they are not at work, may own none or may not read it.
    std::function<UnitId(StaffId, const Ticket&)> takes_over = {};
};

/// The events that took place and the ticket after them.
struct Decided {
    Events events;
    Ticket ticket;
};

/// Intake of a new ticket.
Result<Decided, Refused> receive(const Receive& command, const Giver& by, const Context& context, Instant now);

/// Every other command. Pure.
/// @param now  when the server received the command (UTC)
/// @returns the events in their order and the ticket after them, or the refusal
Result<Decided, Refused> decide(const Ticket& ticket, const Command& command, const Giver& by, const Context& context,
                                Instant now);

/// Fields that the record of its class must have and has not (D2): name, contact, address, demand, category, area.
std::vector<std::string> missing_fields(const Ticket& ticket, const Context& context);

/// Whether the ticket's category is about somebody's account and nobody has checked yet who asks (E3).
bool lacks_identity(const Ticket& ticket, const policy::Policy& policy);
/// Whether the customer is spoken with, so that a person may ask (phone, counter).
bool is_spoken(Channel channel);

/// Whether an owner's limits ran out without the customer's answer, so that the ticket may be filed unrated.
std::optional<Instant> rating_waited_until(const Ticket& ticket);

/// Names of the commands (as in the API) that would not be refused for the state of the ticket or the person. For pages:
/// they show no other ones.
std::vector<std::string_view> commands_now(const Ticket& ticket, const Giver& by, const Context& context, Instant now);
/// The same for one of its slips.
std::vector<std::string_view> slip_commands_now(const Ticket& ticket, int slip, const Giver& by, const Context& context,
                                                Instant now);

}  // namespace shouwen::ticket
