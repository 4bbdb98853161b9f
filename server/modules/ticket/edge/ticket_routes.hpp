#pragma once

#include "api/routes.hpp"
#include "base/hash.hpp"
#include "modules/customer/rules/customer.hpp"
#include "modules/ticket/store/desk.hpp"

#include <functional>

namespace shouwen::ticket {

/// What the routes need from the customer module; `app` supplies it.
struct Customers {
    std::function<std::optional<customer::CustomerRow>(sql::Connection&, CustomerId)> find;
    std::function<std::vector<customer::CustomerRow>(sql::Connection&, std::span<const CustomerId>)> find_all;
    std::function<CustomerId(sql::Connection&, IdSource&, const customer::NewCustomer&, StaffId by, Instant)>
        find_or_create;
    std::function<void(sql::Connection&, CustomerId)> queue_for_search;
};

/// Called in the transaction: once it is committed, whoever may see the ticket and looks at it gets the news.
using Publish = std::function<void(sql::Connection&, const Ticket&, std::string_view command)>;

/// Work that a change leaves for the background: obligations' clock, outbox, index.
using Wake = std::function<void()>;

/// Asks whether an account or order number is one of ours. May block: never on an event loop, never in a transaction.
using LookUpIdentity =
    std::function<LookUp(IdentityMethod, const std::string& reference, const customer::CustomerRow&)>;

struct RouteContext {
    Desk& desk;
    sql::Store& store;
    const Clock& clock;
    Customers customers;
    Publish publish;
    Wake wake;
    /// The unit whose queue takes what names no merchant.
    std::function<UnitId()> service_desk;
    LookUpIdentity look_up = {};  ///< none: nothing can be looked up
};

/// Tickets for staff: take in, read, list, command.
void add_ticket_routes(api::Routes& routes, const RouteContext& context);
/// The work record of a ticket (工作记录, B16).
void add_contact_routes(api::Routes& routes, const RouteContext& context);
/// Carries `AddAttachment` out for the attachment module, in its transaction.
std::function<api::Written(sql::Connection&, const api::Actor&, TicketId, AddAttachment, Instant)> attachment_adder(
    const RouteContext& context);
/// The ticket that the number in the path and `Authorization: Ticket <secret>` open; nothing when they open none.
std::optional<TicketId> ticket_of_customer(sql::Connection& db, const http::Request& request);
/// Carries `AddAttachment` out for a customer; the answer is the customer's view of the request.
std::function<api::Written(sql::Connection&, TicketId, AddAttachment, Instant)> customers_attachment_adder(
    const RouteContext& context);
/// Tickets for customers: submit, follow, write, agree, rate.
void add_public_routes(api::Routes& routes, const RouteContext& context);

/// The problem that a refusal of the rules becomes.
api::Problem problem_of(const Refused& refused, const organisation::Organisation& organisation);

/// Reads `{id?} | {name, phone?, email?, account_no?, address?}`.
struct CustomerInput {
    CustomerId id;
    customer::NewCustomer fresh;
};
/// The fields of intake that staff and customers share.
struct IntakeInput {
    Receive receive;
    CustomerInput customer;
};
void read_intake(api::ObjectReader& in, IntakeInput& into);
/// Checks ids against the organisation; adds `merchant_unknown`, `area_unknown`.
void check_places(const IntakeInput& input, const organisation::Organisation& organisation, FieldErrors& errors);

}  // namespace shouwen::ticket
