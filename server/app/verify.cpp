#include "app/verify.hpp"

#include "app/command_line.hpp"
#include "app/verify_ticket.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "platform/sqlite/backup.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>

namespace shouwen::app {
namespace {

constexpr int tickets_per_read = 200;
constexpr std::int64_t tickets_per_progress = 10'000;

constexpr sql::Statement select_tickets{
    "verify.tickets",
    "SELECT t.id, t.number, t.version, t.step, t.channel, t.class, t.grade, t.customer_id, t.owner_id, t.owner_unit_id, t.queue_unit_id, "
    "t.merchant_id, t.area_id, t.created_at, t.closed_at, t.next_due_at, t.overdue, t.last_seq, t.last_hash, t.state, c.id, d.id "
    "FROM ticket t LEFT JOIN customer c ON c.id = t.customer_id "
    "LEFT JOIN search_document d ON d.kind = 'ticket' AND d.ref_id = t.id "
    "WHERE t.id > $1 ORDER BY t.id LIMIT $2"};
constexpr sql::Statement select_events{"verify.events",
                                       "SELECT ticket_id, seq, at, actor_id, type, data, hash FROM ticket_event "
                                       "WHERE ticket_id > $1 AND ticket_id <= $2 ORDER BY ticket_id, seq"};
constexpr sql::Statement select_tenures{"verify.tenures",
                                        "SELECT ticket_id, staff_id, unit_id, from_at, to_at, cause FROM tenure "
                                        "WHERE ticket_id > $1 AND ticket_id <= $2 ORDER BY ticket_id, no"};
constexpr sql::Statement select_obligations{
    "verify.obligations",
    "SELECT ticket_id, no, kind, subject, debtor_staff_id, debtor_unit_id, calendar, time_limit, policy_version, starts_at, due_at, pauses, "
    "paused_at, breached_at, met_at, cancelled_at, cause, next_at FROM obligation WHERE ticket_id > $1 AND ticket_id <= $2 ORDER BY ticket_id, no"};
constexpr sql::Statement count_queue{"verify.search_queue", "SELECT COUNT(*) FROM search_queue"};
constexpr sql::Statement count_notices{"verify.notices", "SELECT COUNT(*) FROM notice"};
constexpr sql::Statement count_audit{"verify.audit_entries", "SELECT COUNT(*) FROM audit_entry"};
constexpr sql::Statement outbox_without_state{
    "verify.outbox_state",
    "SELECT id FROM outbox WHERE (next_at IS NOT NULL) + (sent_at IS NOT NULL) + (dead_at IS NOT NULL) <> 1 ORDER BY id"};
constexpr sql::Statement notice_without_cause{
    "verify.notice_cause",
    "SELECT n.id FROM notice n LEFT JOIN outbox o ON o.id = n.outbox_id AND o.channel = 'notice' AND o.sent_at IS NOT NULL "
    "AND o.topic = n.kind WHERE o.id IS NULL ORDER BY n.id"};
constexpr sql::Statement sent_without_notice{
    "verify.sent_without_notice",
    "SELECT o.id FROM outbox o LEFT JOIN notice n ON n.outbox_id = o.id WHERE o.channel = 'notice' AND o.sent_at IS NOT NULL AND n.id IS NULL "
    "ORDER BY o.id"};

constexpr sql::Statement told_breaches{"verify.told_breaches",
                                       "SELECT ticket_id, payload FROM outbox WHERE topic = 'breached'"};

TicketRow read_ticket(const sql::Row& row, bool index_complete)
{
    return {.id = row.id<TicketId>(0),
            .number = row.string(1),
            .version = row.integer(2),
            .step = row.string(3),
            .channel = row.string(4),
            .class_ = row.optional_string(5).value_or(""),
            .grade = row.optional_string(6).value_or(""),
            .customer = row.id<CustomerId>(7),
            .owner = row.id<StaffId>(8),
            .owner_unit = row.id<UnitId>(9),
            .queue_unit = row.id<UnitId>(10),
            .merchant = row.id<UnitId>(11),
            .area = row.id<AreaId>(12),
            .created_at = row.instant(13),
            .closed_at = row.optional_instant(14),
            .next_due_at = row.optional_instant(15),
            .overdue = row.boolean(16),
            .last_seq = row.integer(17),
            .last_hash = Hash::from_raw(row.bytes(18)).value_or(Hash{}),
            .state = row.string(19),
            .has_customer = !row.is_null(20),
            .has_document = !row.is_null(21) || !index_complete};
}

ObligationRow read_obligation(const sql::Row& row)
{
    return {.no = row.integer(1),
            .kind = row.string(2),
            .subject = row.integer(3),
            .debtor = {row.id<StaffId>(4), row.id<UnitId>(5)},
            .calendar = row.string(6),
            .limit = row.optional_string(7).value_or(""),
            .policy_version = row.integer(8),
            .starts_at = row.instant(9),
            .due_at = row.instant(10),
            .pauses = row.string(11),
            .paused_at = row.optional_instant(12),
            .breached_at = row.optional_instant(13),
            .met_at = row.optional_instant(14),
            .cancelled_at = row.optional_instant(15),
            .cause = row.optional_string(16).value_or(""),
            .next_at = row.optional_instant(17)};
}

/// The next tickets with all that belongs to them, of one snapshot.
std::vector<TicketRows> read_batch(sql::Store& store, TicketId after, bool index_complete)
{
    std::vector<TicketRows> batch;
    store.read([&](sql::Connection& db) {
        batch.clear();
        db.each(
            select_tickets,
            [&](const sql::Row& row) {
                batch.push_back({read_ticket(row, index_complete), {}, {}, {}});
            },
            after.value, tickets_per_read);
        if (batch.empty()) return;
        const TicketId last = batch.back().ticket.id;
        // Both sides ascend by ticket; rows without a ticket are the foreign keys' matter.
        std::size_t at = 0;
        const auto owner_of = [&](const sql::Row& row) -> TicketRows* {
            const auto id = row.id<TicketId>(0);
            while (at < batch.size() && batch[at].ticket.id < id) ++at;
            return at < batch.size() && batch[at].ticket.id == id ? &batch[at] : nullptr;
        };
        db.each(
            select_events,
            [&](const sql::Row& row) {
                if (auto* of = owner_of(row))
                    of->events.push_back({row.integer(1), row.instant(2), row.id<StaffId>(3), row.string(4),
                                          row.string(5), Hash::from_raw(row.bytes(6)).value_or(Hash{})});
            },
            after.value, last.value);
        at = 0;
        db.each(
            select_tenures,
            [&](const sql::Row& row) {
                if (auto* of = owner_of(row))
                    of->tenures.push_back(
                        {row.id<StaffId>(1), row.id<UnitId>(2), row.instant(3), row.optional_instant(4),
                         parse_name<ticket::TenureCause>(row.text(5)).value_or(ticket::TenureCause::receipt)});
            },
            after.value, last.value);
        at = 0;
        db.each(
            select_obligations,
            [&](const sql::Row& row) {
                if (auto* of = owner_of(row)) of->obligations.push_back(read_obligation(row));
            },
            after.value, last.value);
    });
    return batch;
}

void add(Checked& into, Finding finding)
{
    ++into.finding_count;
    if (into.findings.size() < findings_max) into.findings.push_back(std::move(finding));
}

std::int64_t count(sql::Connection& db, const sql::Statement& statement)
{
    return db.first(statement, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

/// 8: each message has one state, each notice one message, each delivered message one notice.
void check_outbox(sql::Connection& db, Checked& into)
{
    const auto each = [&](const sql::Statement& statement, std::string_view text) {
        db.each(statement, [&](const sql::Row& row) {
            add(into, {"8", "", fmt::format(fmt::runtime(text), row.integer(0))});
        });
    };
    each(outbox_without_state, "outbox {}: expected one of pending, sent and dead");
    each(notice_without_cause, "notice {}: no delivered message of the outbox stands behind it");
    each(sent_without_notice, "outbox {}: delivered, but nobody was shown it");
}

/// 4: what was breached and ended before its limit was told when it happened.
void check_early_breaches(sql::Connection& db, const std::vector<EarlyBreach>& breaches, Checked& into)
{
    if (breaches.empty()) return;
    std::map<TicketId, std::string> told;
    for (const auto& each : breaches) told[each.ticket];
    db.each(told_breaches, [&](const sql::Row& row) {
        if (const auto found = told.find(row.id<TicketId>(0)); found != told.end()) found->second += row.text(1);
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
        index_complete = count(db, count_queue) == 0;
        checked.notices = count(db, count_notices);
        checked.audit_entries = count(db, count_audit);
        check_outbox(db, checked);
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
                add(checked, {std::string{invariant}, rows.ticket.number, std::move(text)});
            });
            std::ranges::move(early_breaches(rows), std::back_inserter(early));
            if (progress && checked.tickets % tickets_per_progress == 0) progress(checked.tickets);
        }
        after = batch.back().ticket.id;
    }
    store.read([&](sql::Connection& db) { check_early_breaches(db, early, checked); });
    return checked;
}

void check_file_of(const std::filesystem::path& store, Checked& into)
{
    for (auto& problem : sqlite::check_file(store)) add(into, {"file", "", std::move(problem)});
}

int verify(const StorePlace& place, std::ostream& out)
{
    if (!std::filesystem::exists(place.store)) {
        std::cerr << place.store.string() << ": there is no store\n";
        return 1;
    }
    sqlite::SqliteOptions options;
    options.path = place.store;
    Checked checked;
    check_file_of(place.store, checked);
    const auto store = sqlite::open_sqlite(std::move(options));
    auto rows = check_store(
        *store, [](std::int64_t tickets) { std::cerr << "\r" << tickets << " tickets checked" << std::flush; });
    for (auto& finding : checked.findings) rows.findings.insert(rows.findings.begin(), std::move(finding));
    rows.finding_count += checked.finding_count;
    for (const auto& finding : rows.findings)
        out << fmt::format("{:<9} {} {}\n", finding.invariant, finding.ticket.empty() ? "-" : finding.ticket,
                           finding.text);
    out << fmt::format("{} tickets, {} events, {} obligations, {} notices, {} audit entries checked; {} findings\n",
                       rows.tickets, rows.events, rows.obligations, rows.notices, rows.audit_entries,
                       rows.finding_count);
    return rows.finding_count == 0 ? 0 : 1;
}

}  // namespace shouwen::app
