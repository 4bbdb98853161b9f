#pragma once

#include "modules/customer/rules/customer.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <string>
#include <vector>

/// Who of the customers may be seen, and what of their past. The tickets decide (C1); read here, owned by their module.
namespace shouwen::customer {

/// Where the customer is known. Costs by the customer's tickets; nobody whose fence is open needs to ask.
organisation::CustomerScope scope_of(sql::Connection& db, const CustomerRow& customer);

/// What a list asks for; empty: all. Sorted by name when only `name` is given, else the newest first.
struct CustomerFilter {
    std::string name;  ///< its beginning
    std::optional<PhoneQuery> phone;
};
/// The last one of the page before; the same filter must be given again.
struct CustomerPosition {
    std::string name;
    CustomerId id;
};
/// Exactly those for which `can_see_customer` holds. @param fence  of an actor who may read customers
std::vector<CustomerRow> list(sql::Connection& db, const CustomerFilter& filter, const organisation::ReadFence& fence,
                              const std::optional<CustomerPosition>& after, int limit);

/// A ticket as a customer's file shows it.
struct RecentTicket {
    TicketId id;
    std::string number;
    std::string subject;
    std::string step;
    Instant created_at{};
};
/// The newest ones within the fence.
std::vector<RecentTicket> recent_tickets(sql::Connection& db, CustomerId id, const organisation::ReadFence& fence,
                                         int limit);

}  // namespace shouwen::customer
