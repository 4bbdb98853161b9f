#include "app/verify.hpp"

#include "app/centre.hpp"
#include "app/command_line.hpp"
#include "app/verify_ticket.hpp"
#include "modules/attachment/store/attachments.hpp"
#include "modules/customer/store/customers.hpp"
#include "modules/follow_up/store/follow_ups.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "modules/search/store/search_store.hpp"
#include "platform/outbox/checking.hpp"
#include "platform/postgres/postgres_store.hpp"
#include "platform/sqlite/file_check.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

namespace shouwen::app {
namespace {

constexpr int tickets_per_read = 200;
constexpr std::int64_t tickets_per_progress = 10'000;

/// Which of the tickets name a customer that exists.
std::set<CustomerId> customers_of(sql::Connection& db, const std::vector<ticket::StoredTicket>& tickets)
{
    std::vector<CustomerId> named;
    for (const auto& each : tickets) named.push_back(each.row.customer);
    std::set<CustomerId> known;
    for (const auto& each : customer::find_all(db, named)) known.insert(each.id);
    return known;
}

/// The next tickets with all that belongs to them, of one snapshot.
std::vector<TicketRows> read_batch(sql::Store& store, TicketId after, bool index_complete)
{
    std::vector<TicketRows> batch;
    store.read([&](sql::Connection& db) {
        batch.clear();
        auto tickets = ticket::stored_after(db, after, tickets_per_read);
        if (tickets.empty()) return;
        const TicketId last = tickets.back().row.id;
        const auto customers = customers_of(db, tickets);
        const auto documents = search::documented(db, search::SearchKind::ticket, after.value, last.value);
        for (auto& each : tickets) {
            const bool has_customer = customers.contains(each.row.customer);
            const bool has_document = !index_complete || std::ranges::binary_search(documents, each.row.id.value);
            batch.push_back({std::move(each), {}, has_customer, has_document});
        }
        obligation::each_stored(db, after, last, [&](TicketId id, obligation::ObligationRow row) {
            const auto of = std::ranges::lower_bound(batch, id, {}, [](const TicketRows& each) { return each.row.id; });
            if (of != batch.end() && of->row.id == id) of->obligations.push_back(std::move(row));
        });
        follow_up::each_stored(db, after, last, [&](const follow_up::FollowUp& row) {
            const auto of =
                std::ranges::lower_bound(batch, row.ticket, {}, [](const TicketRows& each) { return each.row.id; });
            if (of != batch.end() && of->row.id == row.ticket) of->follow_ups.push_back(row);
        });
    });
    return batch;
}

void add(Checked& into, Finding finding)
{
    ++into.finding_count;
    if (into.findings.size() < findings_max) into.findings.push_back(std::move(finding));
}

/// 4: what was breached and ended before its limit was told when it happened.
void check_early_breaches(sql::Connection& db, const std::vector<EarlyBreach>& breaches, Checked& into)
{
    if (breaches.empty()) return;
    std::map<TicketId, std::string> told;
    for (const auto& each : breaches) told[each.ticket];
    outbox::each_of_topic(db, "breached", [&](TicketId ticket, std::string_view payload) {
        if (const auto found = told.find(ticket); found != told.end()) found->second += payload;
    });
    for (const auto& each : breaches)
        if (told[each.ticket].find(fmt::format("\"obligation_kind\":\"{}\"", each.kind)) == std::string::npos)
            add(into, {"4", each.number, each.text});
}

}  // namespace

Checked check_store(sql::Store& store, const std::function<void(std::int64_t)>& progress)
{
    Checked checked;
    bool index_complete = false;
    store.read([&](sql::Connection& db) {
        index_complete = search::queue_length(db) == 0;
        checked.notices = outbox::notice_count(db);
        checked.audit_entries = organisation::audit_entry_count(db);
        outbox::check(db, [&](std::string text) { add(checked, {"8", "", std::move(text)}); });
        if (const auto broken = organisation::first_broken_audit_entry(db))
            add(checked, {"audit", "", fmt::format("entry {}: changed, or follows a gap", *broken)});
    });
    TicketId after;
    std::vector<EarlyBreach> early;
    for (;;) {
        const auto batch = read_batch(store, after, index_complete);
        if (batch.empty()) break;
        for (const auto& rows : batch) {
            ++checked.tickets;
            checked.events += static_cast<std::int64_t>(rows.events.size());
            checked.obligations += static_cast<std::int64_t>(rows.obligations.size());
            check_ticket(rows, [&](std::string_view invariant, std::string text) {
                add(checked, {std::string{invariant}, rows.row.number, std::move(text)});
            });
            std::ranges::move(early_breaches(rows), std::back_inserter(early));
            if (progress && checked.tickets % tickets_per_progress == 0) progress(checked.tickets);
        }
        after = batch.back().row.id;
    }
    store.read([&](sql::Connection& db) { check_early_breaches(db, early, checked); });
    return checked;
}

void check_file_of(const std::filesystem::path& store, Checked& into)
{
    for (auto& problem : sqlite::check_file(store)) add(into, {"file", "", std::move(problem)});
}

void check_attachments(sql::Store& store, const std::filesystem::path& data_dir, Checked& into)
{
    store.read([&](sql::Connection& db) {
        for (const auto& fault : attachment::check_blobs(db, data_dir / "blobs"))
            add(into, {"file", "",
                       fmt::format("attachment {} of ticket {}: {}", fault.attachment.text(), fault.ticket.text(),
                                   name_of(fault.kind))});
    });
}

std::string shown(const Finding& finding)
{
    return fmt::format("{:<9} {} {}", finding.invariant, finding.ticket.empty() ? "-" : finding.ticket, finding.text);
}

int verify(const StorePlace& place, std::ostream& out)
{
    const bool is_file = !postgres::is_address(place.store);
    if (is_file && !std::filesystem::exists(place.store)) {
        std::cerr << place.store << ": there is no store\n";
        return 1;
    }
    Checked checked;
    if (is_file) check_file_of(place.store, checked);
    const auto store = open_store({.store = place.store});
    // Whoever names no folder (a copy into another database) has only rows to check.
    if (!place.data_dir.empty()) check_attachments(*store, place.data_dir, checked);
    auto rows = check_store(
        *store, [](std::int64_t tickets) { std::cerr << "\r" << tickets << " tickets checked" << std::flush; });
    for (auto& finding : checked.findings) rows.findings.insert(rows.findings.begin(), std::move(finding));
    rows.finding_count += checked.finding_count;
    for (const auto& finding : rows.findings) out << shown(finding) << "\n";
    out << fmt::format("{} tickets, {} events, {} obligations, {} notices, {} audit entries checked; {} findings\n",
                       rows.tickets, rows.events, rows.obligations, rows.notices, rows.audit_entries,
                       rows.finding_count);
    return rows.finding_count == 0 ? 0 : 1;
}

}  // namespace shouwen::app
