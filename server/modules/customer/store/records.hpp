#pragma once

#include "modules/customer/rules/customer.hpp"
#include "platform/sql/sql.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// How a file is changed, for this module's own stores.
namespace shouwen::customer {

/// The columns that `read_customer` reads, of a table named c, in its order.
CustomerRow read_customer(const sql::Row& row);

/// Why a field has a line in the history.
BOOST_DEFINE_ENUM_CLASS(ChangeKind, edited, filled, given)

struct Change {
    Instant at{};
    StaffId by;
    ChangeKind kind = ChangeKind::edited;
    std::string field;
    std::string before;
    std::string after;
};
void add_change(sql::Connection& db, CustomerId id, const Change& change);
/// Newest first.
std::vector<Change> changes_of(sql::Connection& db, CustomerId id, int limit);

/// Replaces the file by `after`, writes a line of history for each field that differs and asks for indexing.
/// @param phone_given  the new telephone number as typed
/// @returns the file with its new version; unchanged when nothing differs
CustomerRow change(sql::Connection& db, const CustomerRow& before, CustomerRow after, std::string_view phone_given,
                   ChangeKind kind, StaffId by, Instant now);

/// One more number or address under which somebody is known; nothing happens when it is known already.
/// @param kind  `phone` or `email`  @param normal  the form compared
void add_contact_point(sql::Connection& db, CustomerId id, std::string_view kind, std::string_view normal,
                       std::string_view given);

}  // namespace shouwen::customer
