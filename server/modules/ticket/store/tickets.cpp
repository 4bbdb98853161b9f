#include "modules/ticket/store/tickets.hpp"

#include "modules/ticket/store/codec.hpp"
#include "modules/ticket/store/rows.hpp"
#include "modules/ticket/store/slips.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace shouwen::ticket {
namespace {

constexpr sql::Statement select_ticket{
    "ticket.load",
    "SELECT t.state, t.last_seq, t.last_hash, e.at, t.overdue FROM ticket t LEFT JOIN ticket_event e "
    "ON e.ticket_id = $1 AND e.seq = t.last_seq WHERE t.id = $1"};
constexpr sql::Statement lock_ticket{"ticket.lock", "SELECT 1 FROM ticket WHERE id = $1 FOR UPDATE"};
constexpr sql::Statement select_tickets_sqlite{
    "ticket.load_all", "SELECT state FROM ticket WHERE id IN (SELECT value FROM json_each($1))"};
constexpr sql::Statement select_tickets_postgres{
    "ticket.load_all",
    "SELECT state FROM ticket WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON)))"};
constexpr sql::Statement insert_ticket{
    "ticket.insert",
    "INSERT INTO ticket (id, number, version, step, channel, class, grade, customer_id, owner_id, owner_unit_id, queue_unit_id, merchant_id, area_id, "
    "created_at, closed_at, next_due_at, overdue, last_seq, last_hash, secret_hash, state) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"};
constexpr sql::Statement update_ticket{
    "ticket.update",
    "UPDATE ticket SET version = $2, step = $3, class = $4, grade = $5, owner_id = $6, owner_unit_id = $7, queue_unit_id = $8, merchant_id = $9, "
    "area_id = $10, closed_at = $11, next_due_at = $12, overdue = $13, last_seq = $14, last_hash = $15, state = $16 WHERE id = $1"};
constexpr sql::Statement insert_event{
    "ticket_event.insert",
    "INSERT INTO ticket_event (ticket_id, seq, at, actor_id, type, data, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr sql::Statement select_events{
    "ticket_event.of_ticket",
    "SELECT seq, at, actor_id, type, data, hash FROM ticket_event WHERE ticket_id = $1 ORDER BY seq"};
constexpr sql::Statement insert_tenure{
    "tenure.insert",
    "INSERT INTO tenure (ticket_id, no, staff_id, unit_id, from_at, to_at, cause) VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr sql::Statement end_tenure{"tenure.end",
                                    "UPDATE tenure SET to_at = $3 WHERE ticket_id = $1 AND no = $2 AND to_at IS NULL"};
constexpr sql::Statement insert_contact{
    "contact.of_event",
    "INSERT INTO contact (id, ticket_id, customer_id, channel, direction, staff_id, started_at, event_seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr sql::Statement count_number{
    "number_counter.next",
    "INSERT INTO number_counter (day, last) VALUES ($1, 1) ON CONFLICT (day) DO UPDATE SET last = number_counter.last + 1 RETURNING last"};
constexpr sql::Statement count_open_of_owner{"ticket.open_of_owner",
                                             "SELECT COUNT(*) FROM ticket WHERE owner_id = $1 AND closed_at IS NULL"};
constexpr sql::Statement select_scopes_of_customer{
    "ticket.scopes_of_customer",
    "SELECT DISTINCT t.merchant_id, t.owner_id, t.owner_unit_id, t.queue_unit_id, s.unit_id FROM ticket t "
    "LEFT JOIN slip_unit s ON s.ticket_id = t.id WHERE t.customer_id = $1 LIMIT 200"};
const sql::Statement select_ids_after{"ticket.ids_after", "SELECT id FROM ticket WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr sql::Statement select_greatest_id{
    "ticket.greatest_id",
    "SELECT MAX(id) FROM (SELECT MAX(id) AS id FROM ticket UNION ALL SELECT MAX(id) FROM contact) AS greatest"};
constexpr sql::Statement select_overdue{"ticket.overdue", "SELECT overdue FROM ticket WHERE id = $1"};
constexpr sql::Statement select_by_secret{"ticket.by_secret", "SELECT id, secret_hash FROM ticket WHERE number = $1"};

template <class E>
std::optional<std::string_view> name_or_null(const std::optional<E>& word)
{
    return word ? std::optional{name_of(*word)} : std::nullopt;
}

bool is_overdue(const Ticket& ticket, Instant now)
{
    return std::ranges::any_of(ticket.obligations,
                               [now](const auto& each) { return !each.paused_at && each.due_at <= now; });
}

/// The direction in which an event spoke with the customer; none when it did not (B16).
struct Direction {
    using Word = std::optional<std::string_view>;
    Word operator()(const TicketReceived&) const { return "in"; }
    Word operator()(const CustomerWrote&) const { return "in"; }
    Word operator()(const Responded&) const { return "out"; }
    Word operator()(const Replied&) const { return "out"; }
    Word operator()(const Promised& e) const { return e.by_solution ? Word{} : Word{"out"}; }
    Word operator()(const ProgressTold&) const { return "out"; }
    Word operator()(const SolutionProposed&) const { return "out"; }
    Word operator()(const ResultTold&) const { return "out"; }
    Word operator()(const ResolvedAtFirstContact&) const { return "out"; }
    Word operator()(const Transferred&) const { return "out"; }
    Word operator()(const SlipCustomerContacted&) const { return "out"; }
    Word operator()(const ExtensionGranted& e) const { return e.told_customer.empty() ? Word{} : Word{"out"}; }
    Word operator()(const FollowUpRecorded&) const { return "out"; }
    Word operator()(const auto&) const { return std::nullopt; }
};

/// An event in its stored form, chained to the one before.
struct Link {
    std::int64_t seq;
    std::string_view type;
    std::string data;
    Hash hash;
    std::optional<std::string_view> direction;
};

std::vector<Link> chain_up(const Stored* before, std::span<const Decided> decided, StaffId actor, Instant now)
{
    std::vector<Link> links;
    std::int64_t seq = before ? before->last_seq : 0;
    Hash last = before ? before->last_hash : Hash{};
    for (const auto& each : decided) {
        links.reserve(links.size() + each.events.size());
        for (const auto& event : each.events) {
            const auto type = event_name(event);
            auto data = event_data_json(event);
            last = chain_hash(last, each.ticket.id, ++seq, now, actor, type, data);
            links.push_back({seq, type, std::move(data), last, std::visit(Direction{}, event)});
        }
    }
    return links;
}

void write_events(sql::Connection& db, const std::vector<Link>& links, const Ticket& ticket, StaffId actor, Instant now,
                  IdSource& ids)
{
    for (const auto& link : links) {
        insert_event_row(db, ticket.id, link.seq, now, actor, link.type, link.data, link.hash);
        if (link.direction)
            db.execute_later(insert_contact, ids.next<ContactId>(now), ticket.id, ticket.customer,
                             name_of(ticket.channel), *link.direction, actor, now, link.seq);
    }
}

}  // namespace

std::optional<Instant> next_due_of(const Ticket& ticket)
{
    const auto* next = ticket.next_due();
    return next && !ticket.is_closed() ? std::optional{next->due_at} : std::nullopt;
}

void insert_row(sql::Connection& db, const Ticket& t, std::int64_t last_seq, const Hash& last_hash, bool overdue,
                const std::optional<Hash>& secret_hash)
{
    db.execute_later(insert_ticket, t.id, t.number, t.version, name_of(t.step), name_of(t.channel),
                     name_or_null(t.class_), name_or_null(t.grade), t.customer, t.owner, t.owner_unit, t.queue_unit,
                     t.merchant, t.area, t.created_at, t.archived_at, next_due_of(t), overdue, last_seq,
                     sql::Value::bytes(last_hash.raw()),
                     secret_hash ? sql::Value::bytes(secret_hash->raw()) : sql::Value{nullptr}, to_state_json(t));
}

void insert_event_row(sql::Connection& db, TicketId ticket, std::int64_t seq, Instant at, StaffId actor,
                      std::string_view type, std::string_view data, const Hash& hash)
{
    db.execute_later(insert_event, ticket, seq, at, actor, type, data, sql::Value::bytes(hash.raw()));
}

void write_tenures(sql::Connection& db, const Ticket* before, const Ticket& after)
{
    const std::size_t known = before ? before->tenures.size() : 0;
    if (known > 0 && !before->tenures.back().to && after.tenures[known - 1].to)
        db.execute_later(end_tenure, after.id, static_cast<std::int64_t>(known), *after.tenures[known - 1].to);
    for (std::size_t i = known; i < after.tenures.size(); ++i) {
        const auto& tenure = after.tenures[i];
        db.execute_later(insert_tenure, after.id, static_cast<std::int64_t>(i + 1), tenure.staff_id, tenure.unit_id,
                         tenure.from, tenure.to, name_of(tenure.cause));
    }
}

void lock(sql::Connection& db, TicketId id)
{
    if (db.dialect() == sql::Dialect::postgres) db.execute(lock_ticket, id);
}

std::optional<Stored> load(sql::Connection& db, TicketId id)
{
    return db.first(
        select_ticket,
        [](const sql::Row& row) {
            return Stored{from_state_json(row.text(0)), row.integer(1), Hash::from_raw(row.bytes(2)).value_or(Hash{}),
                          row.optional_instant(3).value_or(Instant{}), row.boolean(4)};
        },
        id);
}

std::vector<Ticket> load_all(sql::Connection& db, std::span<const TicketId> ids)
{
    std::vector<Ticket> tickets;
    if (ids.empty()) return tickets;
    std::string list;
    for (const TicketId id : ids) list += (list.empty() ? "[" : ",") + std::to_string(id.value);
    list += "]";
    db.each(
        db.dialect() == sql::Dialect::sqlite ? select_tickets_sqlite : select_tickets_postgres,
        [&](const sql::Row& row) { tickets.push_back(from_state_json(row.text(0))); }, list);
    return tickets;
}

ChainEnd save(sql::Connection& db, const Stored* before, std::span<const Decided> decided, StaffId actor, Instant now,
              IdSource& ids, const std::optional<Hash>& secret_hash)
{
    const auto links = chain_up(before, decided, actor, now);
    ensure(!links.empty(), "a decision has at least one event");
    const auto& t = decided.back().ticket;
    const auto& end = links.back();
    if (!before)
        insert_row(db, t, end.seq, end.hash, is_overdue(t, now), secret_hash);
    else
        db.execute_later(update_ticket, t.id, t.version, name_of(t.step), name_or_null(t.class_), name_or_null(t.grade),
                         t.owner, t.owner_unit, t.queue_unit, t.merchant, t.area, t.archived_at, next_due_of(t),
                         is_overdue(t, now), end.seq, sql::Value::bytes(end.hash.raw()), to_state_json(t));
    write_events(db, links, t, actor, now, ids);
    write_tenures(db, before ? &before->ticket : nullptr, t);
    write_slips(db, before ? &before->ticket : nullptr, t);
    return {end.seq, end.hash};
}

std::string next_number(sql::Connection& db, LocalDate day)
{
    const auto text = fmt::format("{:04}{:02}{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                                  static_cast<unsigned>(day.day()));
    const auto last = db.first(
        count_number, [](const sql::Row& row) { return row.integer(0); }, text);
    return fmt::format("{}-{:06}", text, last.value());
}

std::vector<StoredEvent> load_events(sql::Connection& db, TicketId id)
{
    std::vector<StoredEvent> events;
    db.each(
        select_events,
        [&](const sql::Row& row) {
            events.push_back({row.integer(0), row.instant(1), row.id<StaffId>(2), row.string(3), row.string(4),
                              Hash::from_raw(row.bytes(5)).value_or(Hash{})});
        },
        id);
    return events;
}

int open_count_of(sql::Connection& db, StaffId owner)
{
    return static_cast<int>(db.first(
                                  count_open_of_owner, [](const sql::Row& row) { return row.integer(0); }, owner)
                                .value_or(0));
}

std::vector<organisation::TicketScope> scopes_of_customer(sql::Connection& db, CustomerId customer)
{
    std::vector<organisation::TicketScope> scopes;
    db.each(
        select_scopes_of_customer,
        [&](const sql::Row& row) {
            scopes.push_back({row.id<UnitId>(0), row.id<StaffId>(1), row.id<UnitId>(2), row.id<UnitId>(3), {}});
            if (const auto unit = row.id<UnitId>(4)) scopes.back().slip_units.push_back(unit);
        },
        customer);
    return scopes;
}

std::vector<std::int64_t> ids_after(sql::Connection& db, std::int64_t after, int limit)
{
    std::vector<std::int64_t> ids;
    db.each(
        select_ids_after, [&](const sql::Row& row) { ids.push_back(row.integer(0)); }, after, limit);
    return ids;
}

std::int64_t greatest_id(sql::Connection& db)
{
    std::int64_t greatest = 0;
    db.each(select_greatest_id, [&](const sql::Row& row) { greatest = row.is_null(0) ? 0 : row.integer(0); });
    return greatest;
}

bool is_overdue(sql::Connection& db, TicketId id)
{
    return db
        .first(
            select_overdue, [](const sql::Row& row) { return row.boolean(0); }, id)
        .value_or(false);
}

std::optional<TicketId> find_by_secret(sql::Connection& db, std::string_view number, const Hash& secret_hash)
{
    std::optional<TicketId> found;
    db.each(
        select_by_secret,
        [&](const sql::Row& row) {
            const auto stored = row.is_null(1) ? std::nullopt : Hash::from_raw(row.bytes(1));
            if (stored && *stored == secret_hash) found = row.id<TicketId>(0);
        },
        number);
    return found;
}

}  // namespace shouwen::ticket
