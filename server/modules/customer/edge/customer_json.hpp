#pragma once

#include "api/json_writer.hpp"
#include "modules/customer/store/listing.hpp"
#include "modules/customer/store/records.hpp"
#include "modules/organisation/rules/audit.hpp"
#include "modules/organisation/rules/organisation.hpp"

#include <span>

/// Customers as the API shows them: always through the actor's mask (C6).
namespace shouwen::customer {

/// A file for lists and answers. The platform's own notes are not for a merchant's staff.
void write_customer(api::JsonWriter& out, const CustomerRow& customer, const organisation::Actor& actor);

/// A file with its past. @param reveals  audit entries; a merchant's staff are shown those of their own people
void write_file(api::JsonWriter& out, const CustomerRow& customer, std::span<const RecentTicket> tickets,
                std::span<const Change> changes, std::span<const organisation::AuditEntry> reveals,
                const organisation::Actor& actor, const organisation::Organisation& organisation);

}  // namespace shouwen::customer
