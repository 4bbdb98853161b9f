#pragma once

#include "modules/customer/rules/customer.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <span>
#include <vector>

/// The files of customers. All of it runs inside the caller's transaction.
namespace shouwen::customer {

std::optional<CustomerRow> find(sql::Connection& db, CustomerId id);

/// In ascending order of id, each once; unknown ids are left out. One statement for all.
std::vector<CustomerRow> find_all(sql::Connection& db, std::span<const CustomerId> ids);

/// The file that a contact at intake belongs to (A10): the same telephone number, else the same mail address, is the same
/// file; a differing name is kept in its history. Gaps are filled. Without a staff member (a customer's own request) no
/// number, address or account is added to a file that exists: whoever knows somebody's number must not become reachable
/// as that person. What was said so is kept in the history for a person to decide on.
/// Refreshes the file in the search index, whose scope the caller's new ticket may widen.
/// @pre `check(given)` found nothing
CustomerId find_or_create(sql::Connection& db, IdSource& ids, const NewCustomer& given, StaffId by, Instant now);

/// The files that `given` might belong to, by number or mail, the oldest first; at most twenty of each.
std::vector<CustomerRow> find_same(sql::Connection& db, const NewCustomer& given);

/// A new file, whoever else has the same number. @pre `check(given)` found nothing
CustomerId create(sql::Connection& db, IdSource& ids, const NewCustomer& given, StaffId by, Instant now);

/// Asks the indexer to look at the file anew; also when it gets a ticket of another merchant or unit.
void queue_for_search(sql::Connection& db, CustomerId id);

/// The greatest id in use; 0 when there is none. Ids go on after it.
std::int64_t greatest_id(sql::Connection& db);
/// The next ids after one, in their order.
std::vector<std::int64_t> ids_after(sql::Connection& db, std::int64_t after, int limit);

}  // namespace shouwen::customer
